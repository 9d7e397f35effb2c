"""The gate is open today, and shuts at every planted fault."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from kompascrawler.cleaning.clean import Dateline
from kompascrawler.pages import article, body, elements
from kompascrawler.pages.article import ReadPage
from kompascrawler.pages.collect import Body
from tests.quality import gate
from tests.quality.golden import read_gold

CLEAN = import_module("kompascrawler.cleaning.clean")  # the package names a function so too


def test_the_gate_is_open() -> None:
    """No figure is lower than pinned, over the very cases and gold that are pinned."""
    assert gate.complaints(gate.measure(), gate.digest(), gate.read_pinned()) == []


def test_every_gold_says_what_it_rests_on() -> None:
    """A gold is what somebody read, and names it; there are some of each template."""
    golds = read_gold(gate.CASES)
    assert all("read by hand" in gold["rests_on"] for gold in golds.values())
    templates = {name.partition("-")[0] + name.split("-")[1] for name in golds}
    assert templates == {"kcm2015", "read2020", "read2021", "read2023"}


def _without_rules(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(CLEAN, "CUTTERS", [one for one in CLEAN.CUTTERS if one[1] == "baca_juga"])


def _without_first_paragraph(patch: pytest.MonkeyPatch) -> None:
    def shorter(container: Any, base: str) -> Body:
        found = body.read_body(container, base)
        found.blocks = found.blocks[1:]
        return found

    patch.setattr(article, "read_body", shorter)


def _without_title(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ReadPage, "title", None)


def _with_captions(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(elements, "PHOTOS", frozenset())


def _with_posts(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(elements, "EMBED_QUOTES", {})


def _with_related(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("kompascrawler.pages.related.parse_address", lambda _: None)
    patch.setattr(CLEAN, "CUTTERS", [one for one in CLEAN.CUTTERS if one[1] != "baca_juga"])


def _without_pages(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ReadPage, "pages_declared", None)


def _without_dateline(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(CLEAN, "split_datelines", lambda text: (Dateline(None, text), 0))


@pytest.mark.parametrize(
    ("plant", "figure"),
    [
        (_without_rules, "nothing_added"),
        (_without_first_paragraph, "paragraphs_whole"),
        (_without_first_paragraph, "text_f1"),
        (_without_title, "field_title"),
        (_with_captions, "clean_texts"),
        (_with_posts, "clean_texts"),
        (_with_related, "field_related"),
        (_with_related, "clean_texts"),
        (_without_pages, "field_pages"),
        (_without_dateline, "field_dateline"),
    ],
)
def test_a_planted_fault_shuts_it(monkeypatch: pytest.MonkeyPatch, plant: Any, figure: str) -> None:
    """What goes wrong is named by the figure that it lowers."""
    plant(monkeypatch)
    shut = gate.complaints(gate.measure(), gate.digest(), gate.read_pinned())
    assert any(line.startswith(f"{figure} fell from ") for line in shut)


def test_another_corpus_shuts_it(tmp_path: Path) -> None:
    """Cases or gold that are not those pinned say how to pin them."""
    pinned = gate.read_pinned()
    assert gate.digest(tmp_path) != pinned["digest"]
    shut = gate.complaints(pinned["figures"], gate.digest(tmp_path), pinned)
    assert shut == [f"the cases or their gold are not those that are pinned: {gate.REPIN}"]


def test_the_digest_is_that_of_pages_and_gold(tmp_path: Path) -> None:
    """A gold that is edited by hand is another corpus."""
    name = "read-2020-plain"
    for file in (gate.CASES / name).iterdir():
        (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / name / file.name).write_bytes(file.read_bytes())
    before = gate.digest(tmp_path)
    (tmp_path / name / "gold.json").write_text("{}")
    assert gate.digest(tmp_path) != before


def test_pinning_lowers_nothing_without_a_reason() -> None:
    """A figure falls, or goes, only with a reason, which stays in the file."""
    pinned = {"digest": "a", "figures": {"text_f1": 0.9, "gone": 1.0}, "lowered": []}
    with pytest.raises(gate.Lower, match=r"text_f1 0\.9 to 0\.8, gone 1\.0 to None"):
        gate.pin({"text_f1": 0.8}, "b", pinned, None)
    new = gate.pin({"text_f1": 0.8}, "b", pinned, "the old gold was wrong")
    assert new["figures"] == {"text_f1": 0.8}
    lowered = {"text_f1": [0.9, 0.8], "gone": [1.0, None]}
    assert new["lowered"] == [{"reason": "the old gold was wrong", "figures": lowered}]
    assert gate.pin({"text_f1": 1.0}, "c", new, None)["lowered"] == new["lowered"]


def test_a_record_that_is_missing_counts_as_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is refused lowers every figure instead of leaving the mean."""
    given = gate.records()
    del given["read-2020-plain"]
    monkeypatch.setattr(gate, "records", lambda _: given)
    shut = gate.complaints(gate.measure(), gate.digest(), gate.read_pinned())
    assert {line.partition(" ")[0] for line in shut} >= {
        "text_f1",
        "paragraphs_whole",
        "field_title",
    }
