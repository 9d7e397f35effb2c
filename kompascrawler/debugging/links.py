"""What robots.txt allows: the live rules where a host has been asked, else a stored copy."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, NamedTuple, Protocol
from urllib.parse import urlsplit

from protego import Protego

from kompascrawler.debugging.paint import PLAIN, Paint
from kompascrawler.discovery.links import parse_index_url, sort_links
from kompascrawler.identity import parse_address
from kompascrawler.pages import article_page
from kompascrawler.pages.index import front_hrefs, index_hrefs, terkini
from kompascrawler.pages.markup import parse
from kompascrawler.sections import Section
from kompascrawler.store.model import ArticleHistory

STORED: Final = """User-Agent: *
Disallow: /search/?q=
Disallow: /komentar/*
Disallow: /copy/*
Disallow: *?jxrecoid=*
Disallow: *?utm_source=*
Disallow: *?source=*
"""
"""The rules of www.kompas.com for everybody, as seen last on 3 October 2026 (SITE.md section 8).

Those of the other hosts were never seen.
"""


class Rules(Protocol):
    """A robots.txt that has been read (``scrapy.robotstxt.RobotParser``)."""

    def allowed(self, url: str, user_agent: str | bytes) -> bool:
        """Tell whether a user agent may ask for an address."""


class Answer(NamedTuple):
    """Whether an address may be asked for, and who says so."""

    is_allowed: bool
    source: str


class Robots:
    """The rules of every host that has been asked for them, and the stored ones."""

    def __init__(self, user_agent: str) -> None:
        self._user_agent = user_agent
        self._live: dict[str, Rules] = {}
        self._stored = Protego.parse(STORED)

    def robots_parsed(self, robotparser: Rules, request: Any) -> None:
        """Remember a host's rules: a handler of Scrapy's signal of that name."""
        self._live[urlsplit(request.url).netloc] = robotparser

    def ask(self, url: str) -> Answer:
        """Tell whether an address may be asked for."""
        if rules := self._live.get(urlsplit(url).netloc):
            return Answer(rules.allowed(url, self._user_agent), "the live robots.txt")
        allowed = self._stored.can_fetch(url, self._user_agent)
        return Answer(allowed, "the robots.txt of www.kompas.com as of 3 October 2026")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """A link, and what becomes of it."""

    found_in: str
    """``Terkini Lainnya``, ``its pager``, ``Halaman``, ``Baca juga``, ``archive`` or
    ``front page``."""
    url: str
    """As the page gives it."""
    fate: str
    """``follow``, ``known``, ``other section``, ``off-site``, ``forbidden`` (by robots.txt),
    ``not an article``, ``archive`` (a page of it) or ``not followed``."""
    why: str
    """The same in words; empty where there is no more to say."""


class Guide:
    """Tells what a crawl does about a link."""

    def __init__(
        self, section: Section, robots: Robots, story: Callable[[str], ArticleHistory | None]
    ) -> None:
        """``story`` is what the store knows of an article, None where it does not know it."""
        self._section = section
        self._robots = robots
        self._story = story

    def links_of(self, url: str, body: bytes, encoding: str | None) -> Iterator[PageLink]:
        """Yield every link of a page that a crawl looks at, in the page's order.

        What kind of page it is is told by its address, as ``scrapy parse`` does. Raises
        PageRefused, in which case a crawl follows nothing.
        """
        if parse_address(url):
            yield from self._of_article(url, body, encoding)
        elif parse_index_url(url):
            yield from self._listed("archive", index_hrefs(parse(body, encoding)))
        else:
            yield from self._listed("front page", front_hrefs(parse(body, encoding)))

    def _of_article(self, url: str, body: bytes, encoding: str | None) -> Iterator[PageLink]:
        page = article_page(url, body, encoding)
        block = terkini(page.tree)
        yield from self._listed("Terkini Lainnya", block.hrefs)
        if block.pager:
            yield self._pager(block.pager)
        for href in page.pager_hrefs:
            yield PageLink(
                found_in="Halaman",
                url=href,
                fate="forbidden" if not self._robots.ask(href).is_allowed else "not followed",
                why="pages are asked for by number where ?page=all falls short",
            )
        for link in page.body.related:
            yield self._related(link.url)

    def _listed(self, found_in: str, hrefs: list[str]) -> Iterator[PageLink]:
        for href in hrefs:
            fate, why = self.fate(href)
            yield PageLink(found_in=found_in, url=href, fate=fate, why=why)

    def _related(self, href: str) -> PageLink:
        """Tell of a link in the text, which no crawl follows: the listings have what is wanted."""
        fate, why = self.fate(href)
        known = "not known" if fate == "follow" else f"{fate}{why and f': {why}'}"
        return PageLink(
            found_in="Baca juga",
            url=href,
            fate="not followed",
            why=f"noted in `related`; the article: {known}",
        )

    def _pager(self, href: str) -> PageLink:
        query = parse_index_url(href)
        if query is None:
            return PageLink(
                found_in="its pager", url=href, fate="not followed", why="no page of the archive"
            )
        answer = self._robots.ask(query.url)
        return PageLink(
            found_in="its pager",
            url=href,
            fate="archive" if answer.is_allowed else "forbidden",
            why="read where the block does not reach down to what is known"
            if answer.is_allowed
            else answer.source,
        )

    def fate(self, href: str) -> tuple[str, str]:
        """Return what becomes of a link of a listing, and why."""
        found = sort_links([href], self._section)
        if not found.articles:
            return self._of_other(href, next(iter(found.others)))
        answer = self._robots.ask(found.articles[0].url)
        if not answer.is_allowed:
            return "forbidden", answer.source
        story = self._story(found.articles[0].id)
        return ("known", in_short(story)) if story else ("follow", "")

    def _of_other(self, href: str, kind: str) -> tuple[str, str]:
        if kind == "other_section":
            return "other section", ""
        host = _host(href)
        if not any(host == own or host.endswith(f".{own}") for own in self._section.hosts):
            return "off-site", ""
        return "not an article", "" if kind == "other" else kind


def in_short(story: ArticleHistory) -> str:
    """Say in a few words what became of an article."""
    if story.state == "waiting":
        if not story.tries:
            return "found, not asked for yet"
        return f"failed {story.tries} times, tried again from {story.next_try} on"
    return {"stored": "stored", "given_up": "given up", "dropped": "dropped"}[story.state]


def _host(href: str) -> str:
    try:
        return urlsplit(href).hostname or ""
    except ValueError:
        return ""


_FOLLOWED: Final = frozenset({"follow", "archive"})


def link_lines(links: Iterable[PageLink], paint: Paint = PLAIN) -> Iterator[str]:
    """Yield a heading for each part of the page, and a line a link."""
    for found_in, group in groupby(links, lambda link: link.found_in):
        part = list(group)
        yield paint.strong(f"{found_in}: {len(part)}")
        for link in part:
            line = f"  {link.fate:<14} {link.url}"
            yield paint.good(line) if link.fate in _FOLLOWED else line
            if link.why:
                yield f"  {'':<14}   {link.why}"
