"""The generated site answers the addresses that the real one has."""

import re

import pytest

from tests.replica import Request, Site
from tests.replica.listing import Markup

LINKS = {
    "2020": re.compile(r'<a class="article__link" href="([^"]+)"'),
    "2024": re.compile(r'<a class="article-link" href="([^"]+)"'),
}


def get(site: Site, url: str) -> str:
    """Return the page at an address that answers 200."""
    reply = site.answer(Request.get(url))
    assert reply.status == 200, url
    return reply.body.decode()


def walk(site: Site, query: str, markup: Markup = "2020") -> list[list[str]]:
    """Return the links of each index page, until one has none."""
    pages: list[list[str]] = []
    while True:
        page = get(site, f"https://indeks.kompas.com/?{query}&page={len(pages) + 1}")
        links = LINKS[markup].findall(page)
        if not links:
            return pages
        pages.append(links)


@pytest.mark.parametrize("markup", ["2020", "2024"])
def test_the_index_lists_every_story_once_newest_first(markup: Markup) -> None:
    """A walk of ``site=global`` finds all, twenty a page, in both looks."""
    site = Site(articles=90, markup=markup)
    pages = walk(site, "site=global", markup)
    assert [url for page in pages for url in page] == [story.url for story in site.stories]
    assert [len(page) for page in pages] == [20, 20, 20, 20, 10]


@pytest.mark.parametrize("query", ["site=news", "site=all"])
def test_wider_indexes_hold_global_among_others(site: Site, query: str) -> None:
    """``news`` and ``all`` list the Global articles and those of other channels."""
    listed = [url for page in walk(site, query) for url in page]
    assert {story.url for story in site.stories} < set(listed)
    assert len(listed) == len(set(listed))


def test_news_lists_fewer_channels_than_all(site: Site) -> None:
    """``site=news`` leaves out Tren, Money and the video site."""
    hosts = {
        name: {re.split(r"/(?:read|watch)/", url)[0] for page in walk(site, name) for url in page}
        for name in ("site=news", "site=all")
    }
    assert hosts["site=news"] == {"https://www.kompas.com/global", "https://nasional.kompas.com"}
    assert hosts["site=all"] - hosts["site=news"] == {
        "https://www.kompas.com/tren",
        "https://money.kompas.com",
        "https://video.kompas.com",
    }


def test_index_may_answer_nothing_for_global() -> None:
    """Without ``index_global`` only the wider indexes list Global."""
    site = Site(articles=30, index_global=False)
    assert walk(site, "site=global") == []
    assert walk(site, "site=news")
    assert LINKS["2020"].findall(get(site, "https://www.kompas.com/global"))


def test_index_takes_a_date(site: Site) -> None:
    """``date`` leaves the articles of that WIB day."""
    listed = [url for page in walk(site, "site=global&date=2026-11-18") for url in page]
    assert listed == [s.url for s in site.stories if s.id.startswith("2026-11-18")]
    assert listed


def test_index_may_ignore_the_date() -> None:
    """Without ``index_dates`` the parameter changes nothing."""
    site = Site(articles=30, index_dates=False)
    assert walk(site, "site=global&date=2026-11-18") == walk(site, "site=global")


@pytest.mark.parametrize("markup", ["2020", "2024"])
def test_front_page_has_the_twenty_newest(markup: Markup) -> None:
    """The section front lists the newest, and headlines beside them."""
    site = Site(articles=60, markup=markup)
    page = get(site, "https://www.kompas.com/global")
    assert LINKS[markup].findall(page) == [story.url for story in site.stories[:20]]
    assert site.stories[1].url in page.partition(LINKS[markup].search(page)[0])[0]  # type: ignore[index]  # there are links


def test_a_later_front_page_shows_what_was_published() -> None:
    """New articles come to the top of the front page and of the index at once."""
    site = Site(articles=60)
    before = site.stories
    site.publish(3)
    for url in ("https://www.kompas.com/global", "https://indeks.kompas.com?site=global"):
        links = LINKS["2020"].findall(get(site, url))
        assert links[3] == before[0].url
        assert links[:3] == [story.url for story in site.stories[:3]]


@pytest.mark.parametrize(
    "form",
    [
        "{base}/junk-slug",
        "{base}",
        "{base}/{slug}?utm_source=x",
        "{internasional}/{slug}",
        "{xml}/{slug}",
        "{base}/twitter.com",
    ],
)
def test_all_forms_of_an_address_answer_the_same_article(site: Site, form: str) -> None:
    """Date and number alone decide (docs/site.md, section 17)."""
    url = site.stories[3].url
    base, _, slug = url.rpartition("/")
    address = form.format(
        base=base,
        slug=slug,
        internasional=base.replace("www.kompas.com/global", "internasional.kompas.com"),
        xml=base.replace("/read/", "/read/xml/"),
    )
    assert get(site, address) == get(site, url)


@pytest.mark.parametrize(
    ("address", "location"),
    [
        ("http://www.kompas.com/global", "https://www.kompas.com/global"),
        ("http://indeks.kompas.com?site=global", "https://indeks.kompas.com/?site=global"),
    ],
)
def test_plain_http_leads_to_https(site: Site, address: str, location: str) -> None:
    """Every http address is redirected for good."""
    reply = site.answer(Request.get(address))
    assert (reply.status, reply.headers["Location"]) == (301, location)


def test_amp_leads_to_the_article(site: Site) -> None:
    """An AMP address redirects to the canonical one."""
    story = site.stories[0]
    amp = story.url.replace("www.kompas.com", "amp.kompas.com")
    reply = site.answer(Request.get(amp))
    assert (reply.status, reply.headers["Location"]) == (301, story.url)


def test_internasional_may_lead_to_www() -> None:
    """With ``internasional="redirect"`` the old host redirects, its query kept."""
    site = Site(articles=30, internasional="redirect")
    story = site.stories[0]
    old = story.url.replace("www.kompas.com/global", "internasional.kompas.com")
    reply = site.answer(Request.get(f"{old}?page=all"))
    assert (reply.status, reply.headers["Location"]) == (301, f"{story.url}?page=all")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.kompas.com/global/read/2026/11/19/000000070/tidak-ada",
        "https://www.kompas.com/nowhere",
        "https://nasional.kompas.com/x",
    ],
)
def test_unknown_addresses_are_404(site: Site, url: str) -> None:
    """What does not exist is not found."""
    assert site.answer(Request.get(url)).status == 404


def test_an_article_not_yet_published_is_404() -> None:
    """Tomorrow's article answers only once it is out."""
    site, later = Site(articles=30), Site(articles=30)
    later.publish(5)
    url = later.stories[0].url
    assert site.answer(Request.get(url)).status == 404
    site.publish(5)
    assert site.answer(Request.get(url)).status == 200


def test_articles_of_other_channels_answer(site: Site) -> None:
    """The listed articles of the other channels have pages of their own."""
    listed = [url for page in walk(site, "site=all")[:2] for url in page]
    for url in listed:
        if "/read/" in url:
            assert "read__title" in get(site, f"{url}?page=all")


@pytest.mark.parametrize("host", ["www", "indeks", "internasional", "nasional"])
def test_robots_txt_is_on_every_host(site: Site, host: str) -> None:
    """Each host has the robots.txt of the stored copy."""
    assert "Disallow: *?utm_source=*" in get(site, f"https://{host}.kompas.com/robots.txt")


def test_an_unknown_layout_is_refused() -> None:
    """A name that is no layout says which there are."""
    with pytest.raises(ValueError, match=r"2023-11"):
        Site(layout="1999")


def test_truth_of_an_unknown_article_is_an_error(site: Site) -> None:
    """Asking for what does not exist raises KeyError."""
    with pytest.raises(KeyError):
        site.truth("2026-11-19-000000070")


def test_heavy_pages_have_the_weight_of_the_real_ones() -> None:
    """``padding="real"``: about 230 KB and 1,400 elements, as the captured pages of 2020."""
    site = Site(articles=30, layout="2020", padding="real")
    pages = [get(site, f"{story.url}?page=all") for story in site.stories]
    assert 200_000 < sum(map(len, pages)) / len(pages) < 260_000
    assert 1_200 < sum(page.count("<") - page.count("</") for page in pages) / len(pages) < 1_700
