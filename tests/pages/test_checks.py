"""Which marks a page shows, and on which pages a mark is not to be expected."""

import pytest

from kompascrawler.drift.measures import ELSEWHERE, MEASURES, checks_of_record
from kompascrawler.pages import article_page
from kompascrawler.pages.checks import (
    UNREAD,
    Checks,
    articles_linked,
    checks_of,
    checks_of_refused,
)
from tests.replica import Request, Site
from tests.replica.layouts import LAYOUTS


def page_of(halaman: str = "normal", layout: str = "mix", query: str = "?page=all") -> bytes:
    """Return the newest article's page of a site."""
    site = Site(articles=20, halaman=halaman, layout=layout)
    return site.answer(Request.get(site.stories[0].url + query)).body


def signs(markup: bytes) -> Checks:
    """Return what a page of the newest article shows."""
    url = Site(articles=20).stories[0].url
    return checks_of(article_page(f"{url}?page=all", markup), links=15)


def test_every_mark_is_measured_and_every_measure_has_a_mark() -> None:
    """Nothing is counted that nobody judges, and nothing is judged that nobody counts."""
    markup = page_of("all_is_first")
    shown = signs(markup) | checks_of_record(300, is_whole=True)
    for lost in (b"read__title", b"read__time"):
        shown |= signs(markup.replace(lost, b"x"))
    explaining = {mark for mark, _ in ELSEWHERE.values()}
    assert shown.keys() == MEASURES.keys() | explaining
    assert {name for marks in UNREAD.values() for name in marks} <= MEASURES.keys()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_page_of_every_layout_shows_all(layout: str) -> None:
    """No mark is missing that can be expected on it; the whole text is declared since 2023."""
    lacking = {name for name, is_there in signs(page_of(layout=layout)).items() if not is_there}
    assert lacking == ({"text_declared"} if layout in ("2020", "2021") else set())


def test_of_2015_little_is_expected() -> None:
    """One page of that time is known."""
    site = Site(articles=20, layout="2015")
    url = site.stories[0].url
    page = article_page(url, site.answer(Request.get(url)).body)
    assert checks_of(page, links=0) == {"layout": True, "body": True, "title": True}


def test_an_advertorial_needs_neither_credits_nor_list() -> None:
    """Its head names the house as author, and it lists no other stories."""
    markup = page_of(layout="2020")
    for role in (b"author", b"editor"):
        start = markup.index(b'name="content_%b" content="' % role) + len(role) + 25
        markup = markup[:start] + b"advertorial" + markup[markup.index(b'"', start) :]
    assert not signs(markup).keys() & {"names", "credits", "credits_agree", "terkini"}


@pytest.mark.parametrize(
    ("halaman", "change", "marks"),
    [
        ("all_is_first", (b"", b""), {True}),
        ("all_is_first", (b"read__paging", b"laman"), {False}),
        ("normal", (b"", b""), set()),
        # A link to another article's second page is no sign of a pager.
        (
            "normal",
            (b"</h1>", b'</h1><a href="/global/read/2020/10/17/160000470/x?page=2">'),
            set(),
        ),
    ],
)
def test_a_pager_is_expected_where_further_pages_are_linked(
    halaman: str, change: tuple[bytes, bytes], marks: set[bool]
) -> None:
    """And nowhere else: most articles in one piece have none."""
    markup = page_of(halaman)
    shown = signs(markup.replace(*change) if change[0] else markup)
    assert {shown[name] for name in ("pager",) if name in shown} == marks


def test_a_refused_page_counts_where_it_says_that_it_is_an_article() -> None:
    """Whatever its layout; other reasons of refusal have other causes."""
    article, home = b'<meta property="og:type" content="article" />', b"<title>Kompas.com</title>"
    assert checks_of_refused("no_layout", article) == {"layout": False}
    assert checks_of_refused("no_body", article) == {"layout": True, "body": False}
    assert checks_of_refused("no_layout", home) == {}
    assert checks_of_refused("challenge", article) == {}


def test_articles_of_a_listing_are_counted_outside_its_side_columns() -> None:
    """Each once, whatever the markup of the list."""
    site = Site(articles=30)
    listing = site.answer(Request.get("https://indeks.kompas.com/?site=global&page=1")).body
    aside = (
        b'<div class="sidebar"><a href="https://www.kompas.com/tren/read/2020/10/17/160000465/x">'
    )
    assert articles_linked(listing.replace(b"article__link", b"tautan")) == 20
    assert articles_linked(listing.replace(b"</body>", aside)) == 20
