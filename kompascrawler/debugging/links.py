"""Where the links of a page lead, and what a crawl does about each. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, NamedTuple, Protocol
from urllib.parse import urlsplit

from protego import Protego

from kompascrawler.debugging.paint import PLAIN, Paint, Style
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
"""Rules of www.kompas.com, last seen on 3 October 2026 (docs/site.md, section 8); those of the
other hosts were never seen."""


class Rules(Protocol):
    """A parsed robots.txt (``scrapy.robotstxt.RobotParser``)."""

    def allowed(self, url: str, user_agent: str | bytes) -> bool:
        """Tell whether a user agent may ask for an address."""


class Permission(NamedTuple):
    """Whether robots.txt permits an address, and which one says so."""

    is_allowed: bool
    source: str


class Robots:
    """The live rules of every host that was asked, and the stored ones for all others."""

    def __init__(self, user_agent: str) -> None:
        self._user_agent = user_agent
        self._live: dict[str, Rules] = {}
        self._stored = Protego.parse(STORED)

    def robots_parsed(self, robotparser: Rules, request: Any) -> None:
        """Keep a host's rules: a handler of Scrapy's signal of that name."""
        self._live[urlsplit(request.url).netloc] = robotparser

    def ask(self, url: str) -> Permission:
        """Tell whether a crawl may ask for an address."""
        if rules := self._live.get(urlsplit(url).netloc):
            return Permission(rules.allowed(url, self._user_agent), "the live robots.txt")
        allowed = self._stored.can_fetch(url, self._user_agent)
        return Permission(allowed, "the robots.txt of www.kompas.com as of 3 October 2026")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
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


class Guide:
    """Tells what a crawl does about links."""

    def __init__(
        self, section: Section, robots: Robots, history: Callable[[str], ArticleHistory | None]
    ) -> None:
        """``history`` returns what the store knows about an article."""
        self._section = section
        self._robots = robots
        self._history = history

    def links_of(self, url: str, body: bytes, encoding: str | None) -> Iterator[PageLink]:
        """Yield every link that a crawl looks at, in the page's order.

        The address tells the kind of page, as in ``scrapy parse``. Raises PageRefused; a crawl
        then follows nothing.
        """
        if parse_address(url):
            yield from self._of_article(url, body, encoding)
        elif parse_index_url(url):
            yield from self._listed("index", index_hrefs(parse(body, encoding)))
        else:
            yield from self._listed("front page", front_hrefs(parse(body, encoding)))

    def _of_article(self, url: str, body: bytes, encoding: str | None) -> Iterator[PageLink]:
        page = article_page(url, body, encoding)
        block = terkini(page.tree)
        yield from self._listed("Terkini Lainnya", block.hrefs)
        if block.pager:
            fate, why = self._pager(block.pager)
            yield PageLink(found_in="its pager", url=block.pager, fate=fate, why=why)
        for href in page.pager_hrefs:
            fate = "not followed" if self._robots.ask(href).is_allowed else "forbidden"
            why = "a crawl asks for page numbers if ?page=all is incomplete"
            yield PageLink(found_in="Halaman", url=href, fate=fate, why=why)
        for link in page.body.related:
            why = self._related(link.url)
            yield PageLink(found_in="Baca juga", url=link.url, fate="not followed", why=why)

    def _listed(self, found_in: str, hrefs: list[str]) -> Iterator[PageLink]:
        for href in hrefs:
            fate, why = self.fate(href)
            yield PageLink(found_in=found_in, url=href, fate=fate, why=why)

    def _related(self, href: str) -> str:
        """Describe a link in the text; no crawl follows it: the listings have what is wanted."""
        fate, why = self.fate(href)
        known = "not known" if fate == "follow" else f"{fate}{why and f': {why}'}"
        return f"kept in `related`; the article: {known}"

    def _pager(self, href: str) -> tuple[str, str]:
        query = parse_index_url(href)
        if query is None:
            return "not followed", "not a page of the index"
        permission = self._robots.ask(query.url)
        if not permission.is_allowed:
            return "forbidden", permission.source
        return "index", "read if the block does not reach a known article"

    def fate(self, href: str) -> tuple[str, str]:
        """Return what a crawl does about a link of a listing, and why."""
        found = sort_links([href], self._section)
        if not found.articles:
            return self._of_other(href, next(iter(found.others)))
        permission = self._robots.ask(found.articles[0].url)
        if not permission.is_allowed:
            return "forbidden", permission.source
        history = self._history(found.articles[0].id)
        return ("known", in_short(history)) if history else ("follow", "")

    def _of_other(self, href: str, kind: str) -> tuple[str, str]:
        if kind == "other_section":
            return "other section", ""
        host = _host(href)
        if not any(host == own or host.endswith(f".{own}") for own in self._section.hosts):
            return "off-site", ""
        return "not an article", "" if kind == "other" else kind


def in_short(history: ArticleHistory) -> str:
    """Describe the state of an article in a few words."""
    if history.state != "waiting":
        return history.state.replace("_", " ")
    if not history.tries:
        return "found, not asked for yet"
    return f"failed {history.tries} times, next try after {history.next_try}"


def _host(href: str) -> str:
    try:
        return urlsplit(href).hostname or ""
    except ValueError:
        return ""


def link_lines(links: Iterable[PageLink], paint: Paint = PLAIN) -> Iterator[str]:
    """Yield a heading for each part of the page, and its links."""
    for found_in, group in groupby(links, lambda link: link.found_in):
        part = list(group)
        yield paint(f"{found_in}: {len(part)}", "strong")
        for link in part:
            style: Style = "good" if link.fate in ("follow", "index") else ""
            yield paint(f"  {link.fate:<14} {link.url}", style)
            if link.why:
                yield f"  {'':<14}   {link.why}"
