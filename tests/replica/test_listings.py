"""Listing pages beside the index: older pages of a front, a day, sitemaps, what a cache kept."""

import re

import pytest
from lxml import etree

from tests.replica import Request, Site
from tests.replica.gateway import Gateway
from tests.replica.test_site import LINKS, get

GLOBAL = "https://www.kompas.com/global"


def links(site: Site, url: str) -> list[str]:
    """Return the articles that a listing of 2024 lists."""
    return LINKS["2024"].findall(get(site, url))


@pytest.fixture(scope="module")
def site() -> Site:
    """Return a site of six days."""
    return Site(articles=228, markup="2024")


def test_a_front_page_has_ten_pages(site: Site) -> None:
    """Each lists twenty articles more; the first leads to the others, the eleventh is empty."""
    pages = [links(site, f"{GLOBAL}?page={n}") for n in range(1, 12)]
    newest = [story.url for story in site.stories]
    assert [url for page in pages for url in page] == newest[:200]
    first = get(site, GLOBAL)
    found = re.findall(r'href="https://www.kompas.com/global\?page=(\d+)"', first)
    assert found == [str(n) for n in range(2, 11)]
    assert len(pages[10]) == 0


def test_a_day_has_an_archive(site: Site) -> None:
    """Its pages list the articles of the day, and no others."""
    day = [story.url for story in site.stories if f"{story.published_at:%m-%d}" == "11-18"]
    url = f"{GLOBAL}/search/2026-11-18"
    assert links(site, url) + links(site, f"{url}?page=2") == day
    assert links(site, f"{url}?page=3") == links(site, f"{GLOBAL}/search/2019-01-01") == []
    assert site.answer(Request.get("https://www.kompas.com/x/search/2026-11-18")).status == 404


def test_the_index_of_a_day_lists_its_articles(site: Site) -> None:
    """site=global and date together."""
    day = [story.url for story in site.stories if f"{story.published_at:%m-%d}" == "11-17"]
    url = "https://indeks.kompas.com/?site=global&date=2026-11-17"
    assert links(site, url) + links(site, f"{url}&page=2") == day


@pytest.mark.parametrize("host", ["www", "internasional", "money"])
def test_news_sitemaps_list_two_days(site: Site, host: str) -> None:
    """sitemap.xml leads to them; blanks stand around their addresses."""
    index = etree.fromstring(get(site, f"https://{host}.kompas.com/sitemap.xml").encode())
    places = [text.strip() for text in index.xpath("//*[local-name()='loc']/text()")]
    assert all(place.startswith(f"https://{host}.kompas.com/sitemap-news-") for place in places)
    news = etree.fromstring(get(site, places[0]).encode())
    listed = [text.strip() for text in news.xpath("//*[local-name()='loc']/text()")]
    titles = news.xpath("//*[local-name()='title']/text()")
    assert len(listed) == len(titles) > 0
    if host != "money":
        assert listed == [story.url for story in site.stories][: len(listed)]
        assert titles == [story.title for story in site.stories][: len(listed)]
        assert len(listed) == 76
    elsewhere = places[0].replace(host, "tekno", 1)
    assert site.answer(Request.get(elsewhere)).status == 404


@pytest.mark.parametrize(
    "url", [GLOBAL, "https://indeks.kompas.com/?site=global", f"{GLOBAL}/search/2026-11-20"]
)
def test_a_stale_listing_lacks_the_newest(url: str) -> None:
    """It is what it was so many articles ago, and once only where it is ordered once."""
    gateway = Gateway(site := Site(articles=30, markup="2024"))
    before = site.answer(Request.get(url)).body
    site.publish(4)
    gateway.faults.add("stale", back=4, times=1)
    assert LINKS["2024"].findall(gateway.answer(Request.get(url)).body.decode()) == LINKS[
        "2024"
    ].findall(before.decode())
    assert gateway.answer(Request.get(url)).body != before


def test_an_article_is_never_stale() -> None:
    """Only listings are kept."""
    gateway = Gateway(site := Site(articles=5))
    gateway.faults.add("stale")
    request = Request.get(site.stories[0].url)
    assert gateway.answer(request) == site.answer(request)
