"""Listings in all their markups, and the boxes beside them that are none."""

import re
from pathlib import Path

import pytest
from lxml import etree

from kompascrawler.identity import parse_address
from kompascrawler.pages import article_page
from kompascrawler.pages.index import (
    front_hrefs,
    index_hrefs,
    listing_hrefs,
    terkini,
    updated_items,
)
from kompascrawler.pages.markup import LARGE, PageRefused, Trees, parse
from tests.conftest import read_page
from tests.replica import Request, Site

INDEX = "https://indeks.kompas.com/?site=global&page=2"


def tree(site: Site, url: str) -> etree._Element:
    """Return a page of the replica, parsed."""
    return parse(site.answer(Request.get(url)).body)


def ids(hrefs: list[str]) -> list[str]:
    """Return the identities of the articles among some links."""
    return [address.id for href in hrefs if (address := parse_address(href))]


@pytest.mark.parametrize("layout", ["2020", "2021", "2023-04", "2023-11"])
def test_terkini_of_every_layout(layout: str) -> None:
    """The block has the 15 newest in order, without the boxes that reuse its classes."""
    site = Site(articles=60, layout=layout)
    block = terkini(Trees(b"", tree(site, site.stories[40].url)))
    assert ids(block.hrefs) == [story.id for story in site.stories[:15]]
    assert block.pager == "https://indeks.kompas.com?site=global&page=2"


@pytest.mark.parametrize("markup", ["2020", "2024"])
def test_index_of_both_markups(markup: str) -> None:
    """A page of the archive has 20 articles in order."""
    site = Site(articles=60, markup=markup)  # type: ignore[arg-type]
    assert ids(index_hrefs(tree(site, INDEX))) == [story.id for story in site.stories[20:40]]


@pytest.mark.parametrize("markup", ["2020", "2024"])
def test_front_page_of_both_markups(markup: str) -> None:
    """The front page leads to the newest articles, wherever their links stand."""
    site = Site(articles=60, markup=markup)  # type: ignore[arg-type]
    found = ids(front_hrefs(tree(site, "https://www.kompas.com/global")))
    assert {story.id for story in site.stories[:15]} <= set(found)


def test_an_empty_index_lists_nothing() -> None:
    """Behind the last page there is nothing, whatever stands in the right column."""
    site = Site(articles=5)
    assert index_hrefs(tree(site, INDEX)) == []


ASIDE = b"""<div class="latest--indeks"><h3><a class="article__link" href="https://x/a">A</a></h3>
</div><div class="col-bs10-3"><div class="articleList"><a class="article-link" href="https://x/b">B</a>
</div></div>"""


def test_a_list_in_the_right_column_is_none() -> None:
    """Boxes beside the archive's list reuse its classes, the list's own among them."""
    assert index_hrefs(parse(ASIDE)) == ["https://x/a"]


UNSEEN = b"""<div class="kolom"><div class="judul"><h3> Terkini Lainnya </h3></div>
<div class="daftar"><div class="articleItem"><a class="article-link"
href="https://www.kompas.com/global/read/2026/11/20/101500170/a"><h2>A</h2></a></div></div></div>
<div class="sidebar"><a class="article-link" href="https://www.kompas.com/x">B</a></div>"""


def test_terkini_in_a_markup_that_nobody_has_seen() -> None:
    """The block is told by its heading: names of classes around it may change."""
    assert ids(terkini(Trees(UNSEEN, parse(UNSEEN))).hrefs) == ["2026-11-20-101500170"]


def test_page_without_the_block() -> None:
    """Advertorials have none (docs/site.md, section 3)."""
    page = b"<html><h2>Terkini</h2><a class='article__link' href='x'>x</a></html>"
    assert terkini(Trees(page, parse(page))) == ([], None)


def test_terkini_of_the_real_pages(real_pages: Path) -> None:
    """15 links on every page that has the block: all but advertorials, home pages and 2015."""
    for path in sorted((real_pages / "pages").glob("*.gz")):
        has_block = not any(kind in path.name for kind in ("__biz__", "__home__", "2015-03__"))
        block = terkini(Trees(b"", parse(read_page(path))))
        assert len(block.hrefs) == 15 * has_block, path.name
        if "__www_global__" in path.name:
            assert block.pager == "https://indeks.kompas.com?site=global&page=2"


@pytest.mark.parametrize(
    "location",
    [
        "https://www.kompas.com/global/read/2026/11/20/100000170/a-b",
        "\n  https://www.kompas.com/global/read/2026/11/20/100000170/a-b\n ",
        "<![CDATA[ https://www.kompas.com/global/read/2026/11/20/100000170/a-b ]]>",
    ],
)
def test_addresses_of_a_sitemap(location: str) -> None:
    """Blanks and CDATA around an address do not hide it; entities are undone."""
    body = f"<urlset><url><loc>{location}</loc></url><url><loc>https://x/?a=1&amp;b=2</loc></url>"
    found = listing_hrefs(body.encode(), None, "sitemap")
    assert found == [
        "https://www.kompas.com/global/read/2026/11/20/100000170/a-b",
        "https://x/?a=1&b=2",
    ]


def test_any_link_of_a_front_page_s_further_page() -> None:
    """Where no known item stands on it; an index page without items has no links."""
    url = "https://www.kompas.com/global/read/2026/11/20/100000170/a"
    aside = f'<aside class="sidebar"><a href="{url}2">'
    body = f'<p><a href="{url}">t</a><a href="/tag/x">x</a></p>{aside}'
    assert listing_hrefs(body.encode(), None, "front") == [url]
    assert listing_hrefs(body.encode(), None, "index") == []


def test_a_listing_that_is_large_is_not_read() -> None:
    """Reading it could take longer than the run has."""
    with pytest.raises(PageRefused) as refused:
        listing_hrefs(b"<p>" + b"x" * LARGE, None, "index")
    assert refused.value.reason == "too_large"


def test_updated_items_of_an_article_page() -> None:
    """What its listing marks as updated; that the article itself was does not count."""
    site = Site(seed=3, articles=30)
    story = next(story for story in site.stories if story.updated_at)
    body = site.answer(Request.get(story.url)).body
    assert b"Diperbarui" in body
    page = article_page(story.url, body)
    assert updated_items(page.trees.tail, "utf-8") == {}
    first = terkini(page.trees).hrefs[0]
    mark = "<span>Diperbarui 20/11/2026, 10:00 WIB</span><a "
    marked = re.sub(rf'<a (?=[^<>]*href="{first}")'.encode(), mark.encode(), body)
    assert marked != body
    marks = updated_items(article_page(story.url, marked).trees.tail, "utf-8")
    assert [*marks] == [first]
