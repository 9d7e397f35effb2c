"""Every change that is planted in the pages is named, by its own cause and no other."""

from functools import cache
from typing import NamedTuple

import pytest

from kompascrawler.drift.measures import MEASURES
from kompascrawler.pages.checks import Checks
from tests.drift.looking import Life, Rules, causes, look
from tests.replica import Site

ARTICLES = 24
_CREDITS = ("read__credit__item|credit-author|credit-title", "kredit")
_TITLE, _BODY = ("read__title", "kepala"), ("read__content", "isi")
_CUT = (r'(class="read__content">)[\s\S]*?(<span class="liftdown)', r"\1<p>Isi</p>\2")
_FEW_WORDS = (r'(content_total_(?:words|pages)" content=")\d+', r"\g<1>1")
_NO_NAMES = (r"content_(author|editor)", r"\1")

PLANTED: dict[str, tuple[Rules, float, str]] = {
    "body renamed": ([_BODY], 1.0, "body container gone"),
    "title renamed": ([_TITLE], 1.0, "title gone"),
    "title gone everywhere": ([_TITLE, ("og:title|headline", "x")], 1.0, "title gone"),
    "another headline": (
        [(r'(<h1 class="read__title">)[^<]*', r"\1Berita Terpopuler Hari Ini")],
        1.0,
        "title contradicts",
    ),
    "new layout on a part": ([_TITLE, _BODY], 0.4, "unknown layout"),
    "new layout": ([_TITLE, _BODY], 1.0, "unknown layout"),
    "time renamed": ([("read__time", "waktu")], 1.0, "time gone"),
    "date in words": (
        [(r'(<div class="read__time">).*?(</div>)', r"\1kemarin sore\2")],
        1.0,
        "dates unreadable",
    ),
    "date in the head": (
        [(r'(content_PublishedDate" content=")[^"]*', r"\g<1>20 November")],
        1.0,
        "dates unreadable",
    ),
    "another date": (
        [(r'(content_PublishedDate" content=")[^"]*', r"\g<1>2020-01-01 00:00:00")],
        1.0,
        "dates contradict",
    ),
    "credits renamed": ([_CREDITS], 1.0, "credits gone"),
    "other names in the head": (
        [(r'(content_(?:author|editor)" content=")[^"]*', r"\1Orang Lain")],
        1.0,
        "credits contradict",
    ),
    "Terkini Lainnya renamed": ([("article__link", "tautan")], 1.0, "Terkini Lainnya gone"),
    "Terkini Lainnya shortened": (
        [(r'class="article__link"( href="[^"]*/\d{5}[0-4]\d70/)', r'class="tautan"\1')],
        1.0,
        "Terkini Lainnya short",
    ),
    "names gone": ([_CREDITS, _NO_NAMES], 1.0, "field missing"),
    "description gone": ([('name="description"', "")], 1.0, "field missing"),
    "section gone on 30 %": ([("content_category", "kanal")], 0.3, "field missing"),
    "tags gone": ([("content_tags|read__tagging", "label")], 1.0, "field missing"),
    "photos gone on 30 %": ([('class="(cover-)?photo', 'class="foto')], 0.3, "field missing"),
    "count of words gone": ([("content_total_words", "kata")], 1.0, "field missing"),
    "address gone": ([('og:url|rel="canonical"', "x")], 1.0, "field missing"),
    "body cut, count and declared text too": (
        [_CUT, _FEW_WORDS, (r'(keywordBrandSafety = ")[^"]*', r"\1Isi")],
        1.0,
        "text shrunk",
    ),
    # What is not read of an article is not there: it is incomplete as well.
    "text in other elements": (
        [(r"<p>([^<]{20})", r"<p><button>\1")],
        1.0,
        "incomplete articles, text shrunk",
    ),
    "body cut": (
        [(r'(class="read__content">)[\s\S]*?(<span class="liftdown)', r"\1<p>Isi</p>\2")],
        1.0,
        "incomplete articles",
    ),
    "words counted otherwise": (
        [(r'(content_total_words" content=")', r"\g<1>9")],
        1.0,
        "incomplete articles",
    ),
    "pager renamed": ([("read__paging", "laman")], 1.0, "pager changed"),
}
"""A change of the markup → the rules that make it, the share of articles, and its causes."""


class Planted(NamedTuple):
    """Pages of a site, without and with a change."""

    before: list[Checks]
    after: list[Checks]
    causes: set[str]

    @property
    def ten(self) -> list[Checks]:
        """Ten articles: as many changed ones as there are of three in ten, or all."""
        pairs = list(zip(self.before, self.after, strict=True))
        changed = [after for before, after in pairs if after != before]
        same = [after for before, after in pairs if after == before]
        return [*changed[:3], *same[:7]] if len(same) >= 7 else changed[:10]


@cache
def _before(halaman: str) -> Site:
    return Site(seed=7, articles=ARTICLES, halaman=halaman)


@cache
def _healthy(halaman: str) -> list[Checks]:
    return look(_before(halaman))


@pytest.fixture(scope="module", params=PLANTED)
def planted(request: pytest.FixtureRequest) -> Planted:
    """Return the pages of a site with a change in it, and the causes it should be named by."""
    rules, share, named = PLANTED[request.param]
    halaman = "all_is_first" if request.param == "pager renamed" else "normal"
    after = look(_before(halaman), rules, share)
    return Planted(_healthy(halaman), after, set(named.split(", ")))


def test_named_in_the_first_run(planted: Planted) -> None:
    """Without any earlier run, the floors tell."""
    assert causes(Life().run(planted.after)) == planted.causes


def test_named_in_a_later_run(planted: Planted) -> None:
    """After healthy runs, too."""
    life = Life()
    assert life.run(planted.before).causes == []
    assert causes(life.run(planted.after)) == planted.causes


def test_named_with_ten_articles(planted: Planted) -> None:
    """Ten articles are enough for a change on all of them, and for one on 3 of them."""
    assert len(planted.ten) == 10
    assert causes(Life().run(planted.ten)) == planted.causes


def test_every_cause_is_planted() -> None:
    """All but those of listings, which are planted in crawls."""
    named = {cause for _, _, named in PLANTED.values() for cause in named.split(", ")}
    assert named == {measure.cause for measure in MEASURES.values()}


def test_a_pager_of_another_kind_is_named_by_what_was_learned() -> None:
    """No link to a further page is left: that articles lack words and have no pager tells."""
    life = Life()
    for _ in range(2):
        assert life.run(_healthy("all_is_first")).causes == []
    assert causes(life.run(_healthy("scroll"))) == {"pager changed"}
