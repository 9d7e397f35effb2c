"""Each assumption is judged as the replica that is visited really is."""

from pathlib import Path
from typing import Any

import pytest

from kompascrawler.doctor.assumptions import ASSUMPTIONS
from kompascrawler.doctor.command_line import check_site
from kompascrawler.doctor.result import lines
from kompascrawler.doctor.visit import Reply
from tests.doctor.visiting import judged, look_at
from tests.replica import Request, Site
from tests.replica.behaviours import BEHAVIOURS

ROOT = Path(__file__).parents[2]
WWW = "https://www.kompas.com/global"
LETS_IN = "The site answers a crawler that says who it is."
ALL = "?page=all answers with all pages of an article."
STAYS = "?page=all says how many pages there are."
SECOND = "?page=2 answers with page 2, not with page 1 again."
SERVED = "The text is in the page, not written by a script."
GLOBAL = "indeks.kompas.com answers site=global."
LOOK = "The index lists 20 articles a page, in one of two known looks."
OTHER = "internasional.kompas.com shows the section, or leads to it."
LAYOUT = "An article has a known layout, with every field."
ROBOTS = "robots.txt of each host permits what the crawler requests."
NEW_LOOK = {"status": 200, "body": b"<html><body><p>Baru.</p></body></html>"}
FRONT = "The section's front page links to its newest articles."


@pytest.mark.parametrize("markup", ["2020", "2024"])
def test_everything_holds_for_a_site_as_it_is_expected(markup: str) -> None:
    """Both looks of listings, articles of several pages."""
    seen, _ = look_at(markup=markup, halaman="ten_pages", layout="2023-11")
    assert {one.state for one in check_site(seen)} == {"ok"}


@pytest.mark.parametrize(
    ("halaman", "expected"),
    [
        ("ten_pages", ("ok", None, "ok")),
        ("all_is_first", ("warn", "ok", "ok")),
        ("all_first_numbers_work", ("warn", "warn", "ok")),
        ("numbers_are_first", ("warn", "ok", "warn")),
        ("missing_404", ("warn", "ok", None)),
        ("script_pager_href", ("warn", "ok", "warn")),
        ("scroll", ("warn", None, "warn")),
    ],
)
def test_how_the_pages_of_an_article_are_had(
    halaman: str, expected: tuple[str | None, ...]
) -> None:
    """What `?page=all` and `?page=2` answer is found out, whatever it is.

    Whether `?page=all` has a pager depends on the layout, too (None).
    """
    seen, _ = look_at(halaman=halaman)
    found = judged(seen)
    for sentence, state in zip((ALL, STAYS, SECOND), expected, strict=True):
        assert state in (None, found[sentence].state), found[sentence]


def test_every_behaviour_of_the_replica_is_judged_without_an_error() -> None:
    """A visit comes to an end with any of them, and no article is lost by it."""
    for halaman in BEHAVIOURS:
        seen, _ = look_at(halaman=halaman)
        assert "fail" not in {one.state for one in check_site(seen)}, halaman


A_DAY = "The index lists one day by date=."
SECOND_LISTINGS = {
    "The front page has further pages (?page=2).": "/global?page=2",
    "The front page has an archive by day (/search/DATE).": "/search/",
    "www.kompas.com has a news sitemap of the section.": "-global.xml",
    "internasional.kompas.com has a news sitemap of the section.": "-internasional.xml",
    A_DAY: "date=",
}


@pytest.mark.parametrize(("sentence", "part"), list(SECOND_LISTINGS.items()))
def test_listings_beside_the_index(sentence: str, part: str) -> None:
    """Without one of them the crawler has another way; one that fails leaves it unchecked."""
    empty, gone = Reply(url=WWW, status=200, body=b"<html>"), Reply(url=WWW, status=404)
    for reply, state in ((empty, "warn"), (gone, "unchecked")):
        seen, _ = look_at(lambda url, reply=reply: reply if part in url else None)  # type: ignore[misc]
        found = {name: one.state for name, one in judged(seen).items()}
        assert found[sentence] == state
        assert {found[other] for other in SECOND_LISTINGS} == {"ok", state}


TEN_PAGES = {"layout": "2023-11", "halaman": "ten_pages"}
DECLARED = "Page 1 declares the text of the whole article."


@pytest.mark.parametrize(
    ("options", "before", "after", "expected"),
    [
        (TEN_PAGES, b"", b"", ("ok", "the first of its")),
        ({"layout": "2026"}, b"", b"", ("ok", " of its")),
        ({"layout": "2021"}, b"", b"", ("warn", "no text is declared")),
        (TEN_PAGES, b"KOMPAS.com", b"KOMPAS.tv", ("ok", " of its")),
        (TEN_PAGES, b"<p>", b"<p>Lain. ", ("fail", "other words")),
    ],
)
def test_the_declared_text(
    options: dict[str, Any], before: bytes, after: bytes, expected: tuple[str, str]
) -> None:
    """It is compared with the page's own."""
    site = Site(**{"seed": 3, "articles": 60} | options)

    def change(url: str) -> Reply | None:
        body = site.answer(Request.get(url)).body.replace(before, after) if before else b""
        return Reply(url=url, status=200, body=body) if body and "/read/" in url else None

    found = judged(look_at(change, **options)[0])[DECLARED]
    assert (found.state, expected[1] in found.found) == (expected[0], True), found


def test_an_index_that_ignores_days() -> None:
    """It lists the newest articles of several days: no day can be closed by it."""
    seen, _ = look_at(index_dates=False)
    assert judged(seen)[A_DAY].state == "warn"


def test_a_text_that_a_script_writes() -> None:
    """It is said that such articles need the browser."""
    seen, _ = look_at(halaman="script_body")
    assert judged(seen)[SERVED].state == "warn"


@pytest.mark.parametrize(
    ("options", "sentence", "state", "said"),
    [
        ({"markup": "2024"}, LOOK, "ok", "since 2024"),
        ({"markup": "2020"}, LOOK, "ok", "2017 to early 2024"),
        ({"index_global": False, "halaman": "ten_pages"}, GLOBAL, "warn", "site=news lists"),
        ({"internasional": "same"}, OTHER, "ok", "20 articles"),
    ],
)
def test_listings(options: dict[str, object], sentence: str, state: str, said: str) -> None:
    """Look and parameter of the index, and what the second host shows."""
    judgement = judged(look_at(None, **options)[0])[sentence]
    assert (judgement.state, said in judgement.found) == (state, True), judgement


def _instead(part: str, **answer: object):  # type: ignore[no-untyped-def]  # a Change
    return lambda url: Reply(url=url, **answer) if part in url else None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("part", "answer", "sentence", "state"),
    [
        ("/read/", NEW_LOOK, LAYOUT, "fail"),
        ("/read/", {"status": 500}, LAYOUT, "unchecked"),
        ("/read/", {"status": 200, "non_content": "maintenance"}, LAYOUT, "unchecked"),
        ("/global", NEW_LOOK, FRONT, "warn"),
        ("/global", {"status": 404}, FRONT, "unchecked"),
        ("indeks", NEW_LOOK, GLOBAL, "fail"),
        ("indeks", {"problem": "Forbidden by robots.txt", "is_ours": True}, ROBOTS, "fail"),
        ("internasional", {"status": 301, "leads_to": WWW}, OTHER, "ok"),
        ("internasional", {"status": 301, "leads_to": "https://www.kompas.id/"}, OTHER, "warn"),
        ("internasional", {"status": 301, "leads_to": f"{WWW}/tentang"}, OTHER, "warn"),
        ("", {"status": 200, "non_content": "challenge"}, LETS_IN, "fail"),
        ("", {"status": 403}, LETS_IN, "fail"),
    ],
)  # fmt: skip
def test_a_site_that_has_changed(
    part: str, answer: dict[str, object], sentence: str, state: str
) -> None:
    """What no longer holds is told from what could not be checked."""
    assert judged(look_at(_instead(part, **answer))[0])[sentence].state == state


def test_a_front_page_that_leads_to_the_second_host() -> None:
    """Then that host needs no request of its own, and is known to show the section."""
    front = Site(seed=3, articles=60).answer(Request.get(WWW)).body
    moved = Reply(url="https://internasional.kompas.com/", status=200, body=front)
    seen, visitor = look_at(lambda url: moved if url == WWW else None)
    assert (seen.other_front, judged(seen)[OTHER].state) == (None, "ok")
    assert "https://internasional.kompas.com/" not in visitor.asked


def test_numbers_in_70_elsewhere() -> None:
    """Global articles on a host that is not known would be lost: that fails."""
    link = b'<a href="https://global.kompas.com/read/2026/11/20/120000170/judul">Judul</a>'
    seen, _ = look_at(_instead("/global", status=200, body=b"<html><body>%s</body></html>" % link))
    sentence = next(one for one in judged(seen) if "numbers in 70" in one)
    assert judged(seen)[sentence].state == "fail"


def test_the_code_that_depends_on_it_is_there() -> None:
    """Each assumption names files of this project, and a section of the description."""
    known = (ROOT / "docs" / "site.md").read_text()
    for one in ASSUMPTIONS:
        assert one.code
        files = [ROOT / "kompascrawler" / name for name in one.code]
        assert all(file.exists() for file in files), files
        assert f"\n## {one.section}. " in known


def test_the_lines_say_what_depends_on_it() -> None:
    """Only where something is to be looked at, within 80 columns."""
    seen, _ = look_at(halaman="numbers_are_first")
    shown = {one.name: lines(one, 80) for one in check_site(seen)}
    assert "-> depends on it:" in " ".join(shown[ALL])
    assert "-> depends on it:" not in " ".join(shown[FRONT])
    assert all(len(line) <= 80 for of_one in shown.values() for line in of_one)
