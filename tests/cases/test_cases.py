"""Cases as files."""

from pathlib import Path

import pytest

from tests.cases import cases
from tests.cases.rewrite import Rewriter
from tests.replica import Request, Site

SITE = Site(articles=1)
URL = SITE.stories[0].url
PAGE = SITE.answer(Request.get(URL)).body


@pytest.mark.parametrize("name", ["a", "read-2020", "kcm_2015", "x" * 60])
def test_names_of_cases(name: str) -> None:
    """A name is small letters and digits, with single marks between them."""
    cases.check_name(name)


@pytest.mark.parametrize(
    "name", ["", "Besar", "a b", "../a", "a/b", ".a", "-a", "a-", "a--b", "é", "x" * 61]
)
def test_what_is_no_name(name: str) -> None:
    """A name is never a path, hidden, or too long."""
    with pytest.raises(cases.CaseError, match="is no name of a case"):
        cases.check_name(name)


def test_a_case_is_written_and_read(tmp_path: Path) -> None:
    """What is written is what is read, in place of one that was there, whose gold stays."""
    made = cases.make_case("one", URL, PAGE)
    place = cases.write_case(made, tmp_path)
    (place / "gold.json").write_text("{}")
    other = cases.make_case("one", URL, PAGE, remark="again")
    cases.write_case(other, tmp_path)
    read = cases.read_case(tmp_path, "one")
    assert read == other
    assert read.changes == []
    assert (place / "gold.json").read_text() == "{}"
    assert cases.names_of(tmp_path) == ["one"] == [path.name for path in tmp_path.iterdir()]


def test_a_page_that_keeps_its_words_is_no_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the rewriting leaves a text as it was, nothing is made."""
    monkeypatch.setattr(Rewriter, "page", lambda _, page: page)
    with pytest.raises(cases.CaseError, match="still holds"):
        cases.make_case("one", URL, PAGE)


def test_a_page_that_loses_its_shape_is_no_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the rewritten page gives another record, nothing is made."""
    rewrite = Rewriter.page
    monkeypatch.setattr(
        Rewriter, "page", lambda of, page: rewrite(of, page).replace(b"</p>", b" x</p>")
    )
    with pytest.raises(cases.CaseError, match="the page gives another record"):
        cases.make_case("one", URL, PAGE)
