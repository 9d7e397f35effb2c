"""Where the links of a page lead."""

from typing import Self

import pytest
from scrapy.crawler import Crawler
from scrapy.robotstxt import RobotParser

from kompascrawler.debugging.pages import STORED, Guide, PageLink, Robots
from kompascrawler.pages import PageRefused
from kompascrawler.sections import SECTIONS
from kompascrawler.store.model import ArticleHistory
from tests.pages.cases import load
from tests.replica.robots import ROBOTS

KNOWN = "https://www.kompas.com/global/read/2020/10/19/112913570/judul"
ID = "2020-10-19-112913570"


class Denying(RobotParser):
    """A robots.txt that forbids everything."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, robotstxt_body: bytes) -> Self:
        return cls()

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        return False


class Asked:
    """A request, as the signal has it."""

    url = "https://www.kompas.com/robots.txt"


NEW = ArticleHistory(ID, KNOWN, None, "", "waiting", 0, None, None, [], [], [], None)


def guide(robots: Robots | None = None, known: ArticleHistory | None = None) -> Guide:
    """Return who knows where links lead, with one article in the store, or none."""
    robots = robots or Robots("kompascrawler")
    return Guide(SECTIONS["global"], robots, lambda article_id: known)


@pytest.mark.parametrize(
    ("href", "fate"),
    [
        (KNOWN, "follow"),
        ("https://money.kompas.com/read/2020/10/19/112913526/judul", "other section"),
        ("https://www.kompas.com/tag/gempa", "not an article"),
        ("https://www.example.com/", "off-site"),
        ("https://video.kompas.com/watch/1", "off-site"),
        ("javascript:void(0)", "off-site"),
        ("http://[", "off-site"),
    ],
)
def test_what_becomes_of_a_link(href: str, fate: str) -> None:
    """A listing's link is judged by its address."""
    assert guide().fate(href)[0] == fate


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (NEW._replace(state="stored"), "stored"),
        (NEW, "found, not requested yet"),
        (NEW._replace(state="given_up", tries=10), "given up"),
        (NEW._replace(tries=2, next_try="then"), "failed 2 times, next try after then"),
    ],
)
def test_an_article_that_is_known_is_not_followed(known: ArticleHistory, why: str) -> None:
    """What the store knows of it is told."""
    assert guide(known=known).fate(KNOWN) == ("known", why)


def test_live_rules_count_more_than_the_stored_ones() -> None:
    """A host that has been asked for its robots.txt is judged by it, and that is said."""
    robots = Robots("kompascrawler")
    assert robots.ask(KNOWN) == (True, "the robots.txt of www.kompas.com as of 3 October 2026")
    robots.robots_parsed(Denying(), Asked())
    assert guide(robots).fate(KNOWN) == ("forbidden", "the live robots.txt")


def test_the_stored_rules_are_those_of_the_site_for_all() -> None:
    """They are the first part of the stored copy, as the replica has it too."""
    assert ROBOTS.startswith(STORED)


def links(name: str) -> list[PageLink]:
    """Return the links of a committed page."""
    case = load(name)
    return list(guide().links_of(case.asked, case.body, None))


def test_every_list_of_an_article_is_told() -> None:
    """The newest articles, their pager and the links in the text, each with what becomes of it."""
    found = {(link.found_in, link.fate) for link in links("read_2020_single")}
    assert found == {
        ("Terkini Lainnya", "follow"), ("its pager", "index"), ("Baca juga", "not followed"),
    }  # fmt: skip


def test_a_link_in_the_text_says_what_is_known_of_its_article() -> None:
    """It is not followed; whether the article is known, or of another section, is told."""
    case = load("read_2020_single")
    stored = guide(known=NEW._replace(state="stored"))
    told = {
        link.why
        for where in (guide(), stored)
        for link in where.links_of(case.asked, case.body, None)
        if link.found_in == "Baca juga"
    }
    assert told == {
        "kept in `related`; the article: not known",
        "kept in `related`; the article: known: stored",
    }


def test_the_pages_of_an_article_are_told() -> None:
    """The pager's addresses stand under the site's word for them."""
    pages = [link.url for link in links("read_2020_roundup_paged") if link.found_in == "Halaman"]
    assert pages
    assert all("page=" in url for url in pages)


def test_a_page_that_is_refused_leads_nowhere() -> None:
    """As in a crawl."""
    with pytest.raises(PageRefused):
        list(guide().links_of(KNOWN, b"<h1>Just a moment...</h1>", None))


def test_listings_are_told_by_their_address() -> None:
    """The index's items, and every link of a front page."""
    item = f'<div class="latest--indeks"><a class="article__link" href="{KNOWN}">x</a></div>'
    page = f'{item}<a href="https://www.kompas.com/tag/x">y</a>'.encode()
    of_index = list(guide().links_of("https://indeks.kompas.com/?site=global", page, None))
    of_front = list(guide().links_of("https://www.kompas.com/global", page, None))
    assert [(link.found_in, link.fate) for link in of_index] == [("index", "follow")]
    assert [link.fate for link in of_front] == ["follow", "not an article"]
