"""Pages that a person names: an address, a file or an article; and where their links lead.

Fetches nothing.
"""

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from protego import Protego
from scrapy.robotstxt import RobotParser
from w3lib.url import file_uri_to_path

from kompascrawler.discovery.tasks import parse_index_url
from kompascrawler.identity import ID, parse_address
from kompascrawler.pages import PageRefused, article_page
from kompascrawler.pages.index import front_hrefs, index_hrefs, terkini
from kompascrawler.pages.layout import survey
from kompascrawler.pages.markup import parse
from kompascrawler.sections import Scope, sort_links
from kompascrawler.store.kept import rejected_page
from kompascrawler.store.model import ArticleHistory
from kompascrawler.terminal import Row, row_lines

LARGEST: Final = 64 << 20
"""Most bytes of a page (the largest page seen has 0.6 MB)."""
_ADDRESS = re.compile(r"https?://.*", re.IGNORECASE | re.DOTALL)
_BARE_ADDRESS = re.compile(r"(?:[a-z]+\.)?kompas\.com(?:/.*)?", re.IGNORECASE)
"""An address as browsers show it."""
_ACCEPTED: Final = (
    "an address (https://…), a saved page (.html, .html.gz) or the id of an article"
    " (2023-09-16-170000170)"
)
_UNNAMED = re.compile(r"[0-9a-f]{40}")
"""Name of a refused page whose address names no article (``store.kept``)."""
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


class NoSuchPage(ValueError):  # noqa: N818 - what happened; the message says what to do
    """There is no such page, or it cannot be read; one line with what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPage:
    """A page that a person named."""

    url: str
    """Its address: from the note beside it, else from the page, else of the file."""
    body: bytes | None = None
    """Decompressed; None for a page that must be fetched."""
    encoding: str | None = None
    """What the note beside it states."""
    remark: str | None = None
    """What a person should know about it."""


def find_page(
    name: str, *, data_dir: Path, section: Scope, history: Callable[[str], ArticleHistory | None]
) -> FoundPage:
    """Return the page that ``name`` stands for, as docs/debug.md says. Raises NoSuchPage."""
    if _ADDRESS.fullmatch(name):
        return FoundPage(url=_with_a_host(name))
    if _BARE_ADDRESS.fullmatch(name) and not Path(name).exists():
        return FoundPage(url=f"https://{name}")
    if ID.fullmatch(name):
        return _article(name, data_dir, section, history(name))
    if _UNNAMED.fullmatch(name):
        return _read(rejected_page(data_dir, name))
    if not name:
        raise NoSuchPage(f"nothing is named: give {_ACCEPTED}")
    path = file_uri_to_path(name) if name.startswith("file:") else name
    return _read(Path(path).expanduser())


def _with_a_host(url: str) -> str:
    with suppress(ValueError):
        parts = urlsplit(url)
        if parts.hostname and parts.port != 0:  # a port out of range raises
            return url
    raise NoSuchPage(f"{url} is not an address that can be fetched: give https://host/path")


def _read(path: Path) -> FoundPage:
    """Return a page from its file, with what the note beside it says. Raises NoSuchPage."""
    body = _bytes_of(path)
    note = _note_of(path.with_name(f"{path.name.partition('.html')[0]}.json"))
    reason = note.get("message") or note.get("cause") or note.get("reason")
    return FoundPage(
        # Refused pages state `url`, cases of the tests `asked`.
        url=str(note.get("url") or note.get("asked") or _stated(body) or path.resolve().as_uri()),
        body=body,
        encoding=str(note["encoding"]) if note.get("encoding") else None,
        remark=f"{path} was kept because: {reason}" if reason else None,
    )


def _article(
    article_id: str, data_dir: Path, section: Scope, history: ArticleHistory | None
) -> FoundPage:
    refused = rejected_page(data_dir, article_id)
    if refused.is_file() and (history is None or history.state != "stored"):
        return _read(refused)
    if history is not None:
        return FoundPage(url=history.url)
    if url := section.address_of(article_id):
        remark = f"not in the store: the address is made of the id ({url})"
        return FoundPage(url=url, remark=remark)
    raise NoSuchPage(
        f"{article_id}: the store does not know this article, and its id does not tell where in"
        f" the section {section.name!r} it stands; give its address"
    )


def _bytes_of(path: Path) -> bytes:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            body = file.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise NoSuchPage(f"{path}: no such file; give {_ACCEPTED}") from error
    except (OSError, EOFError, ValueError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise NoSuchPage(f"{path} cannot be read: {reason}") from error
    if len(body) > LARGEST:
        raise NoSuchPage(f"{path} holds more than {LARGEST >> 20} MiB: that is no page")
    return body


def _note_of(path: Path) -> dict[str, Any]:
    try:
        note = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise NoSuchPage(f"{path}, the note beside the page, cannot be read: {error}") from error
    return note if isinstance(note, dict) else {}


def _stated(body: bytes) -> str | None:
    """Return the address that a page gives itself."""
    with suppress(PageRefused):
        landmarks = survey(parse(body), frozenset(), stop="")
        return landmarks.canonical or landmarks.metas.get("og:url")
    return None


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
    rows = list[Row]()
    for found_in, group in groupby(links, lambda link: link.found_in):
        part = list(group)
        rows.append(Row(f"{found_in}: {len(part)}"))
        for link in part:
            is_read = link.fate in ("follow", "index")
            rows.append(Row(f"  {link.fate}", link.url, "good" if is_read else ""))
            rows += [Row("", f"  {link.why}")] if link.why else []
    return row_lines(rows, indent=17)
