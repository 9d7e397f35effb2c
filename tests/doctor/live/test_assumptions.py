"""Each assumption is judged as the replica that is visited really is."""

from pathlib import Path

import pytest

from kompascrawler.doctor.answer import Answer
from kompascrawler.doctor.live.articles import ARTICLES
from kompascrawler.doctor.live.listings import LISTINGS
from kompascrawler.doctor.report import of_visit
from tests.doctor.live.visiting import judged, look_at
from tests.replica import Request, Site
from tests.replica.behaviours import BEHAVIOURS

ROOT = Path(__file__).parents[3]
WWW = "https://www.kompas.com/global"
LETS_IN = "The site answers a crawler that says who it is."
ALL = "?page=all answers with all pages of an article."
STAYS = "?page=all still says how many pages there are."
SECOND = "?page=2 answers with page 2, not with page 1 again."
SERVED = "The text is in the page as it is served, not written by a script."
GLOBAL = "indeks.kompas.com answers site=global."
LOOK = "The archive lists 20 articles a page, in one of two known looks."
OTHER = "internasional.kompas.com shows the section, or leads to it."
LAYOUT = "A current article has a known layout, with every field in its place."
ROBOTS = "robots.txt of each host permits what the crawler asks for."
NEW_LOOK = {"status": 200, "body": b"<html><body><p>Baru.</p></body></html>"}
FRONT = "The section's front page links to its newest articles."


@pytest.mark.parametrize("markup", ["2020", "2024"])
def test_everything_holds_for_a_site_as_it_is_expected(markup: str) -> None:
    """Both looks of listings, articles of several pages."""
    seen, _ = look_at(markup=markup, halaman="ten_pages", layout="2023-11")
    assert {one.verdict for one in of_visit(seen)} == {"holds"}


@pytest.mark.parametrize(
    ("halaman", "expected"),
    [
        ("ten_pages", ("holds", None, "holds")),
        ("all_is_first", ("differs", "holds", "holds")),
        ("all_first_numbers_work", ("differs", "differs", "holds")),
        ("numbers_are_first", ("differs", "holds", "differs")),
        ("missing_404", ("differs", "holds", None)),
        ("script_pager_href", ("differs", "holds", "differs")),
        ("scroll", ("differs", None, "differs")),
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
    for sentence, verdict in zip((ALL, STAYS, SECOND), expected, strict=True):
        assert verdict in (None, found[sentence].verdict), found[sentence]


def test_every_behaviour_of_the_replica_is_judged_without_an_error() -> None:
    """A visit comes to an end with any of them, and no article is lost by it."""
    for halaman in BEHAVIOURS:
        seen, _ = look_at(halaman=halaman)
        assert "fails" not in {one.verdict for one in of_visit(seen)}, halaman


def test_a_text_that_a_script_writes() -> None:
    """It is said that such articles need the browser."""
    seen, _ = look_at(halaman="script_body")
    assert judged(seen)[SERVED].verdict == "differs"


@pytest.mark.parametrize(
    ("options", "sentence", "verdict", "said"),
    [
        ({"markup": "2024"}, LOOK, "holds", "since 2024"),
        ({"markup": "2020"}, LOOK, "holds", "2017 to early 2024"),
        ({"index_global": False, "halaman": "ten_pages"}, GLOBAL, "differs", "site=news lists"),
        ({"internasional": "same"}, OTHER, "holds", "20 articles"),
    ],
)
def test_listings(options: dict[str, object], sentence: str, verdict: str, said: str) -> None:
    """Look and parameter of the archive, and what the second host shows."""
    judgement = judged(look_at(None, **options)[0])[sentence]
    assert (judgement.verdict, said in judgement.seen) == (verdict, True), judgement


def _instead(part: str, **answer: object):  # type: ignore[no-untyped-def]  # a Change
    return lambda url: Answer(url=url, **answer) if part in url else None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("part", "answer", "sentence", "verdict"),
    [
        ("/read/", NEW_LOOK, LAYOUT, "fails"),
        ("/read/", {"status": 500}, LAYOUT, "unchecked"),
        ("/read/", {"status": 200, "imposter": "maintenance"}, LAYOUT, "unchecked"),
        ("/global", NEW_LOOK, FRONT, "differs"),
        ("/global", {"status": 404}, FRONT, "unchecked"),
        ("indeks", NEW_LOOK, GLOBAL, "fails"),
        ("indeks", {"problem": "Forbidden by robots.txt", "is_ours": True}, ROBOTS, "fails"),
        ("internasional", {"status": 301, "leads_to": WWW}, OTHER, "holds"),
        ("internasional", {"status": 301, "leads_to": "https://www.kompas.id/"}, OTHER, "differs"),
        ("internasional", {"status": 301, "leads_to": f"{WWW}/tentang"}, OTHER, "differs"),
        ("", {"status": 200, "imposter": "challenge"}, LETS_IN, "fails"),
        ("", {"status": 403}, LETS_IN, "fails"),
    ],
)  # fmt: skip
def test_a_site_that_has_changed(
    part: str, answer: dict[str, object], sentence: str, verdict: str
) -> None:
    """What no longer holds is told from what could not be checked."""
    assert judged(look_at(_instead(part, **answer))[0])[sentence].verdict == verdict


def test_a_front_page_that_leads_to_the_second_host() -> None:
    """Then that host needs no request of its own, and is known to show the section."""
    front = Site(seed=3, articles=60).answer(Request.get(WWW)).body
    moved = Answer(url="https://internasional.kompas.com/", status=200, body=front)
    seen, visitor = look_at(lambda url: moved if url == WWW else None)
    assert (seen.other_front, judged(seen)[OTHER].verdict) == (None, "holds")
    assert not any("internasional" in url for url in visitor.asked)


def test_numbers_in_70_elsewhere() -> None:
    """Global articles on a host that is not known would be lost: that fails."""
    link = b'<a href="https://global.kompas.com/read/2026/11/20/120000170/judul">Judul</a>'
    seen, _ = look_at(_instead("/global", status=200, body=b"<html><body>%s</body></html>" % link))
    sentence = next(one for one in judged(seen) if "numbers in 70" in one)
    assert judged(seen)[sentence].verdict == "fails"


def test_the_code_that_depends_on_it_is_there() -> None:
    """Each assumption names files of this project, and a section of the description."""
    for one in (*LISTINGS, *ARTICLES):
        assert one.code
        assert all((ROOT / file).exists() for file in one.code), one.code
        assert one.source.startswith("SITE.md section ")


def test_the_lines_say_what_depends_on_it() -> None:
    """Only where something is to be looked at, within 80 columns."""
    seen, _ = look_at(halaman="numbers_are_first")
    lines = {one.assumption: one.lines() for one in of_visit(seen)}
    assert "-> depends on it:" in " ".join(lines[ALL])
    assert "-> depends on it:" not in " ".join(lines[FRONT])
    assert all(len(line) <= 80 for of_one in lines.values() for line in of_one)
