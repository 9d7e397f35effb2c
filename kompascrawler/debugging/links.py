"""Where the links of a page lead, and what a crawl does about each. Pure."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from protego import Protego
from scrapy.robotstxt import RobotParser

from kompascrawler.debugging.trace_text import Row, Style, row_lines
from kompascrawler.discovery.listing import parse_index_url, sort_links
from kompascrawler.identity import parse_address
from kompascrawler.pages import article_page
from kompascrawler.pages.index import front_hrefs, index_hrefs, terkini
from kompascrawler.pages.markup import parse
from kompascrawler.sections import Scope
from kompascrawler.store.model import ArticleHistory

STORED: Final = """User-Agent: *
Disallow: /search/?q=
Disallow: /komentar/*
Disallow: /copy/*
Disallow: *?jxrecoid=*
Disallow: *?utm_source=*
Disallow: *?source=*
"""
"""Rules of www.kompas.com, last seen on 3 October 2026 (docs/site.md, section 8); those of the
other hosts were never seen."""


_STYLES: Final[dict[str, Style]] = {"follow": "good", "index": "good"}


class Robots:
    """The live rules of every host that was asked, and the stored ones for all others."""

    def __init__(self, user_agent: str) -> None:
        self._user_agent = user_agent
        self._live: dict[str, RobotParser] = {}
        self._stored = Protego.parse(STORED)

    def robots_parsed(self, robotparser: RobotParser, request: Any) -> None:
        """Keep a host's rules, at Scrapy's signal."""
        self._live[urlsplit(request.url).netloc] = robotparser

    def ask(self, url: str) -> tuple[bool, str]:
        """Tell whether a crawl may ask for an address, and which robots.txt says so."""
        if rules := self._live.get(urlsplit(url).netloc):
            return rules.allowed(url, self._user_agent), "the live robots.txt"
        allowed = self._stored.can_fetch(url, self._user_agent)
        return allowed, "the robots.txt of www.kompas.com as of 3 October 2026"


class PageLink(NamedTuple):
    """A link of a page, and what a crawl does about it."""

    found_in: str
    """``Terkini Lainnya``, ``its pager``, ``Halaman``, ``Baca juga``, ``index`` or
    ``front page``."""
    url: str
    """As the page gives it."""
    fate: str
    """``follow``, ``known``, ``other section``, ``off-site``, ``forbidden`` (by robots.txt),
    ``not an article``, ``index`` (a page of it) or ``not followed``."""
    why: str
    """More about it; may be empty."""


@dataclass(frozen=True, slots=True)
class Guide:
    """Tells what a crawl does about links."""

    section: Scope
    robots: Robots
    history: Callable[[str], ArticleHistory | None]
    """Returns what the store knows about an article."""

    def links_of(self, url: str, body: bytes, encoding: str | None) -> Iterator[PageLink]:
        """Yield every link that a crawl looks at, in the page's order. Raises PageRefused."""
        if parse_address(url):
            yield from self._of_article(url, body, encoding)
        elif parse_index_url(url):
            yield from self._listed("index", index_hrefs(parse(body, encoding)))
        else:
            yield from self._listed("front page", front_hrefs(parse(body, encoding)))

    def _of_article(self, url: str, body: bytes, encoding: str | None) -> Iterator[PageLink]:
        page = article_page(url, body, encoding)
        block = terkini(page.trees)
        yield from self._listed("Terkini Lainnya", block.hrefs)
        if block.pager:
            yield PageLink("its pager", block.pager, *self._pager(block.pager))
        for href in page.pager.hrefs:
            fate = "not followed" if self.robots.ask(href)[0] else "forbidden"
            why = "a crawl requests page numbers if ?page=all is incomplete"
            yield PageLink("Halaman", href, fate, why)
        for link in page.body.related:
            # No crawl follows it: the listings have what is wanted.
            fate, why = self.fate(link.url)
            known = "not known" if fate == "follow" else f"{fate}{why and f': {why}'}"
            why = f"kept in `related`; the article: {known}"
            yield PageLink("Baca juga", link.url, "not followed", why)

    def _listed(self, found_in: str, hrefs: list[str]) -> Iterator[PageLink]:
        return (PageLink(found_in, href, *self.fate(href)) for href in hrefs)

    def _pager(self, href: str) -> tuple[str, str]:
        query = parse_index_url(href)
        if query is None:
            return "not followed", "not a page of the index"
        is_allowed, source = self.robots.ask(query.url)
        if not is_allowed:
            return "forbidden", source
        return "index", "read if the block does not reach a known article"

    def fate(self, href: str) -> tuple[str, str]:
        """Return what a crawl does about a link of a listing, and why."""
        found = sort_links([href], self.section)
        if not found.articles:
            return self._of_other(href, next(iter(found.others)))
        is_allowed, source = self.robots.ask(found.articles[0].url)
        if not is_allowed:
            return "forbidden", source
        history = self.history(found.articles[0].id)
        return ("known", _in_short(history)) if history else ("follow", "")

    def _of_other(self, href: str, kind: str) -> tuple[str, str]:
        if kind == "other_section":
            return "other section", ""
        host = ""
        with suppress(ValueError):
            host = urlsplit(href).hostname or ""
        if not any(f".{host}".endswith(f".{own}") for own in self.section.hosts):
            return "off-site", ""
        return "not an article", "" if kind == "other" else kind


def _in_short(history: ArticleHistory) -> str:
    if history.state != "waiting":
        return history.state.replace("_", " ")
    if not history.tries:
        return "found, not requested yet"
    return f"failed {history.tries} times, next try after {history.next_try}"


def link_lines(links: Iterable[PageLink]) -> Iterator[str]:
    """Yield a heading for each part of the page, and its links."""
    return row_lines(_rows(links), indent=17)


def _rows(links: Iterable[PageLink]) -> Iterator[Row]:
    for found_in, group in groupby(links, lambda link: link.found_in):
        part = list(group)
        yield Row(f"{found_in}: {len(part)}")
        for link in part:
            yield Row(f"  {link.fate}", link.url, _STYLES.get(link.fate, ""))
            if link.why:
                yield Row("", f"  {link.why}")
