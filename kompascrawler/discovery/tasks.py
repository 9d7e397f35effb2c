"""What can be requested, and what a person asks for: the arguments of ``scrapy crawl``.

*Index* is the site's listing by day, indeks.kompas.com. Arguments (``-a NAME=VALUE``) are checked
before any request.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal, NamedTuple, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from kompascrawler.identity import ID, WIB, parse_address
from kompascrawler.sections import Scope
from kompascrawler.store.model import Gap, Link

INDEX_HOST = "indeks.kompas.com"
_NUMBER = re.compile(r"0*[1-9][0-9]{0,8}")
_FRONT = re.compile(
    r"(?i:https?://(?P<host>[^/?#]+))(?P<path>[^?#]*?)"
    r"(?:/search/(?P<day>\d{4}-\d\d-\d\d))?/*(?:[?#].*)?"
)
"""A front page, or its archive of a day (docs/site.md, section 11.2)."""
_BARE_HOST = re.compile(r"(?:[a-z0-9-]+\.)*kompas\.com(?=[/?#:]|$)", re.IGNORECASE)
# Slugs hold commas too.
_START: Final = rf"https?:|{_BARE_HOST.pattern}|{ID.pattern}"
_BETWEEN_STARTS = re.compile(rf",(?=[\s,]*(?:{_START}))", re.IGNORECASE)
_DAYS = re.compile(r"[1-9]\d{0,3}d")
_BETWEEN_REFRESHED = re.compile(rf",(?=[\s,]*(?:{_START}|{_DAYS.pattern}(?:,|$)))", re.IGNORECASE)
_SIBLING = re.compile(
    r"(?P<article>https?://(?:[\w-]+\.)?kompas\.com/(?:[a-z-]+/)?)(?:copy|komentar|image)(?=/\d)",
    re.IGNORECASE,
)
"""The copy, the comments or the photos of an article (docs/site.md, section 1)."""
_AHEAD = timedelta(days=1)
"""How far ``since`` may lie in the future: in half of the world it is already tomorrow. A later day
would find nothing in any run, and would be kept as the start of the collection."""
_GIVEN_BY_SCRAPYD = "_job"
"""The job id that Scrapyd passes to every crawl; not used here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexQuery:
    """One page of the index (docs/site.md, section 8), or of what a front page has in its place."""

    site: str
    """The ``site`` parameter: which channels are listed. Or the address of a front page, whose own
    pager and archive by day list the same, or of a sitemap (docs/site.md, sections 11.2, 11.6)."""
    day: date | None = None
    """Only articles of this WIB day; None: the whole index, newest first."""
    page: int = 1
    """Page of the listing, from 1, of 20 articles each."""

    @property
    def url(self) -> str:
        """Address of the page."""
        if is_front(self.site):
            day = f"/search/{self.day}" if self.day else ""
            return f"{self.site.rstrip('/')}{day}" + (f"?page={self.page}" if self.page > 1 else "")
        parameters = {"site": self.site}
        if self.day is not None:
            parameters["date"] = self.day.isoformat()
        return f"https://{INDEX_HOST}/?{urlencode(parameters | {'page': str(self.page)})}"

    @property
    def is_newest(self) -> bool:
        """Tell whether the page begins with the newest articles of all."""
        return self.day is None and self.page == 1 and self.kind != "sitemap"

    @property
    def kind(self) -> Literal["index", "front", "sitemap"]:
        """Where the page stands. A sitemap has one page, and no order."""
        if not is_front(self.site):
            return "index"
        return "sitemap" if self.site.endswith(".xml") else "front"

    def next_page(self) -> Self:
        """Return the page that continues this one; the site writes no page count (docs/site.md)."""
        return replace(self, page=self.page + 1)


def is_front(site: str) -> bool:
    """Tell whether a listing is that of a front page, not of the index."""
    return "://" in site


class FrontPage(NamedTuple):
    """The front page of a section."""

    url: str


Task = FrontPage | IndexQuery | Link
"""What can be requested."""


def parse_index_url(url: str) -> IndexQuery | None:
    """Return which page of the index ``url`` means, or None when it means none.

    >>> parse_index_url("https://indeks.kompas.com?site=global&page=2")
    IndexQuery(site='global', day=None, page=2)
    """
    try:
        parts = urlsplit(url)
        parameters = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        day = date.fromisoformat(parameters["date"]) if "date" in parameters else None
    except ValueError:
        return None
    page = parameters.get("page", "1")
    if parts.scheme not in ("http", "https") or parts.hostname != INDEX_HOST:
        return None
    if parts.path not in ("", "/") or not _NUMBER.fullmatch(page):
        return None
    return IndexQuery(site=parameters.get("site", "all"), day=day, page=int(page))


class ArgumentError(ValueError):
    """An invalid argument; the message is one line that says what is accepted."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))  # an argument may hold anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """The arguments of a crawl."""

    starts: tuple[Task, ...] = ()
    """Where to start; empty: the section's front page."""
    refresh_from: str | None = None
    """The bound from which on stored articles are looked at again; None: none but those due."""
    max_articles: int | None = None
    """Stop after this many new records; None: no limit."""
    since: date | None = None
    """First WIB day of publication wanted, inclusive; None: no bound."""
    until: date | None = None
    """Last WIB day of publication wanted, inclusive; None: no bound."""

    @property
    def wants_newest(self) -> bool:
        """Whether nothing is named that the run is to be about."""
        return not self.starts and self.refresh_from is None

    @property
    def oldest(self) -> str | None:
        """The bound that every wanted identity lies above, or None."""
        return self.since.isoformat() if self.since else None

    @property
    def newest(self) -> str | None:
        """The bound that every wanted identity lies below, or None."""
        if self.until is None or self.until == date.max:
            return None
        return (self.until + timedelta(days=1)).isoformat()

    def wants(self, article_id: str) -> bool:
        """Tell whether an article's day of publication is one of those asked for."""
        return not (
            (self.oldest is not None and article_id < self.oldest)
            or (self.newest is not None and article_id >= self.newest)
        )

    def reach(self, gap: Gap) -> bool:
        """Tell whether a day that is asked for may lie in a gap."""
        is_above = self.newest is not None and gap.low is not None and gap.low >= self.newest
        return not is_above and not (self.oldest is not None and gap.high <= self.oldest)


def parse_arguments(given: Mapping[str, str | None], section: Scope) -> Arguments:
    """Return the arguments of a crawl of ``section``; raise ``ArgumentError`` for a bad one."""
    known = {"start_urls", "max_articles", "since", "until", "refresh"}
    if unknown := sorted(set(given) - known - {_GIVEN_BY_SCRAPYD}):
        raise ArgumentError(
            f"unknown argument {', '.join(unknown)}: accepted are {', '.join(sorted(known))}"
        )
    for name, value in given.items():
        if value and not value.isprintable():
            raise ArgumentError(f"{name}={value!a} holds characters that are none of an argument")
    since, until = _parse_day("since", given), _parse_day("until", given)
    if since and until and since > until:
        raise ArgumentError(f"since={since} lies after until={until}: give the earlier day first")
    if since and since > (today := datetime.now(WIB).date()) + _AHEAD:
        raise ArgumentError(
            f"since={since} lies in the future: give a day up to today, {today} in Jakarta"
        )
    named, refresh_from = _parse_refresh(given.get("refresh"), section)
    return Arguments(
        starts=_parse_starts(given.get("start_urls"), section) + named,
        refresh_from=refresh_from,
        max_articles=_parse_count("max_articles", given),
        since=since,
        until=until,
    )


def _parse_day(name: str, given: Mapping[str, str | None]) -> date | None:
    if (value := given.get(name)) is None:
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=WIB).date()
    except ValueError:
        example = f"for example {name}=2026-11-01"
        raise ArgumentError(
            f"{name}={value} is no day: write it as YYYY-MM-DD, {example}"
        ) from None


def _parse_count(name: str, given: Mapping[str, str | None]) -> int | None:
    if (value := given.get(name)) is None:
        return None
    if not _NUMBER.fullmatch(value) or len(value) > 9:
        raise ArgumentError(f"{name}={value} is no number of articles: give a whole number from 1")
    return int(value)


def _parse_starts(value: str | None, section: Scope) -> tuple[Task, ...]:
    if value is None:
        return ()
    urls = [url for part in _BETWEEN_STARTS.split(value) if (url := part.strip(", \t\n"))]
    if not urls:
        raise ArgumentError("start_urls is empty: give one or more addresses with commas between")
    return tuple(_parse_start(url, section) for url in urls)


def _parse_refresh(value: str | None, section: Scope) -> tuple[tuple[Task, ...], str | None]:
    """Return the articles to look at, and the bound from which on all are looked at."""
    pieces = _BETWEEN_REFRESHED.split(value) if value is not None else []
    named: list[Task] = []
    days = 0
    for piece in (one.strip(", \t\n") for one in pieces):
        if _DAYS.fullmatch(piece):
            days = max(days, int(piece[:-1]))
            continue
        address = parse_address(_pasted(piece, section))
        if address is None or not section.holds(address):
            raise ArgumentError(
                f"refresh={piece} is neither an article of the section {section.name!r} nor a"
                " number of days: give ids or addresses with commas between, or days such as 7d"
            )
        named.append(Link(address.id, address.url))
    oldest = datetime.now(WIB) - timedelta(days=days)
    return tuple(named), f"{oldest:%Y-%m-%d-%H%M%S}" if days else None


def _parse_start(said: str, section: Scope) -> Task:
    url = _pasted(said, section)
    if (address := parse_address(url)) and section.holds(address):
        return Link(address.id, address.url)
    query = parse_index_url(url)
    place = _FRONT.fullmatch(url)
    for part in section.parts:
        if query is not None and query.site in part.index_sites:
            return query
        if place and f"{place['host'].lower()}{place['path']}" in part.front_forms:
            if place["day"] is None:
                return FrontPage(part.front)
            with suppress(ValueError):  # the index has the same articles
                return IndexQuery(site=part.index_sites[0], day=date.fromisoformat(place["day"]))
    first = section.parts[0]
    raise ArgumentError(
        f"start_urls={said} is not an address of the section {section.name!r}: give an article of "
        f"it, its front page {first.front} or a page of {IndexQuery(site=first.index_sites[0]).url}"
    )


def _pasted(said: str, section: Scope) -> str:
    """Return what a person pastes as the address that it means.

    An id, an address without a scheme or of the site for phones, and what stands beside an
    article: its copy, its comments, its photos.
    """
    if ID.fullmatch(said):
        return section.address_of(said) or said
    url = f"https://{said}" if _BARE_HOST.match(said) else said
    url = re.sub(r"(?i)^(https?://)m\.kompas\.com", r"\1www.kompas.com", url)
    return _SIBLING.sub(r"\g<article>read", url, count=1)
