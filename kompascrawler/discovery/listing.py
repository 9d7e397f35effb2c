"""What can be requested, the links of a page by kind, and how far down listings were read.

*Index* is the site's listing by day, indeks.kompas.com. A listing shows the newest articles first,
but not all of it can be trusted: a story of years ago that was updated ("Diperbarui") may stand
among those of today, and so may an address with a wrong date. Such strangers must not say how far
the listing was read.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final, Literal, NamedTuple, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from kompascrawler.identity import WIB, parse_address
from kompascrawler.sections import Scope
from kompascrawler.store.model import Gap, Link

INDEX_HOST = "indeks.kompas.com"
OLDEST_DAY: Final = date(2009, 1, 1)
"""First day that the index may list; the oldest ids known are of 2009 (docs/site.md, section 1)."""
_PAGE = re.compile(r"0*[1-9][0-9]{0,8}")
AHEAD: Final = timedelta(days=366)
"""How far an article's day may lie in the future. A few wrong dates together would count as the
newest articles ever listed. The margin is large because clocks can be wrong."""
MOST_ARTICLES: Final = 500
"""Articles that are taken from one page: front pages have some 85 links, index pages 20."""
NEIGHBOURS = timedelta(days=2)
"""Two articles further apart than this are no neighbours; Global publishes 31 to 42 articles a
day (docs/site.md, section 8)."""
COMPANY = 3
"""So many neighbours among themselves are no strangers, however far they are from the rest."""
ORDERED = 0.6
"""Share of a page that is in order at least: the front page has its headlines first, and pages of
another order (by readers, by topic) stay far below."""
STRANGERS = 2
"""So many are never too many."""


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
    if parts.path not in ("", "/") or not _PAGE.fullmatch(page):
        return None
    return IndexQuery(site=parameters.get("site", "all"), day=day, page=int(page))


class SortedLinks(NamedTuple):
    """The links of a page, by kind."""

    articles: list[Link]
    """Articles of the section, each once, in the page's order."""
    others: Counter[str]
    """How many led elsewhere: ``other_section``, ``video``, ``photo``, ``tag``, ``other``,
    ``future``, ``beyond`` (what a page lists after ``MOST_ARTICLES``)."""

    def of(self, section: Scope) -> Self:
        """Return them without the articles of other sections."""
        return self._replace(articles=[link for link in self.articles if section.owns(link.url)])


def sort_links(hrefs: Iterable[str], section: Scope, *, page: str | None = None) -> SortedLinks:
    """Tell the section's articles from other links, by address alone.

    ``page`` is the address of the page that they stand on.
    """
    latest = f"{datetime.now(WIB) + AHEAD:%Y-%m-%d-~}"
    articles: dict[str, Link] = {}
    others: Counter[str] = Counter()
    for href in hrefs:
        address = parse_address(href)
        if address is None:
            others[_kind(href)] += 1
        elif address.id > latest:
            others["future"] += 1
        elif section.holds(address) and len(articles) >= MOST_ARTICLES:
            others["beyond"] += address.id not in articles
        elif section.holds(address):
            articles.setdefault(address.id, Link(address.id, address.url, page))
        else:
            others["other_section"] += 1
    return SortedLinks(list(articles.values()), others)


def _kind(href: str) -> str:
    """Name what a link that is no article leads to (docs/site.md, section 7)."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return "other"
    host, first = parts.hostname or "", parts.path.split("/")[1:2]
    if host in ("video.kompas.com", "tv.kompas.com", "www.kompas.tv"):
        return "video"
    if host == "foto.kompas.com" or first == ["photo"]:
        return "photo"
    return "tag" if first in (["tag"], ["topik-pilihan"]) else "other"


class Span(NamedTuple):
    """The newest and the oldest identity that a listing reaches."""

    newest: str
    oldest: str


def span(ids: Sequence[str]) -> Span | None:
    """Return how far a listing reaches; None where it lists nothing.

    Where in doubt the span is too small, which costs a page read twice and loses nothing.

    >>> span(["2026-11-20-7", "2021-02-17-5", "2026-11-20-3", "2026-11-19-9", "2020-01-01-1"])
    Span(newest='2026-11-20-7', oldest='2026-11-19-9')
    """
    descending = _descending(ids)
    groups = [[article] for article in descending[:1]]
    for newer, older in pairwise(descending):
        if day_of(newer) - day_of(older) > NEIGHBOURS:
            groups.append([])
        groups[-1].append(older)
    enough = min(COMPANY, max(map(len, groups), default=0))
    kept = [group for group in groups if len(group) >= enough]
    return Span(kept[0][0], kept[-1][-1]) if kept else None


def is_ordered(ids: Sequence[str]) -> bool:
    """Tell whether a listing goes from newer to older, a few strangers left out."""
    return len(ids) - len(_descending(ids)) <= max(STRANGERS, (1 - ORDERED) * len(ids))


def _descending(ids: Sequence[str]) -> list[str]:
    """Return the longest part of ``ids`` that goes from newer to older, strangers left out."""
    keys: list[str] = []  # the first members of the best parts of each length, the last ones first
    ends: list[int] = []  # where they stand; the list is read backwards
    following: dict[int, int | None] = {}
    for place in range(len(ids) - 1, -1, -1):
        length = bisect_right(keys, ids[place])
        following[place] = ends[length - 1] if length else None
        keys[length : length + 1] = [ids[place]]
        ends[length : length + 1] = [place]
    part, at = list[str](), ends[-1] if ends else None
    while at is not None:
        part.append(ids[at])
        at = following[at]
    return part


def day_of(article_id: str) -> date:
    """Return the WIB day of an identity, or of a bound that is a bare day."""
    return date.fromisoformat(article_id[:10])


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A first reading of the index, from the newest day down to the oldest one wanted (WIB)."""

    newest: date
    began: date
    """Where this run has begun."""
    reached: date
    goal: date
    section: str = ""
    """Named where there are several."""

    @property
    def advances(self) -> bool:
        """Whether this run has got further."""
        return self.reached < self.began

    @property
    def share(self) -> float:
        """Share of the days that have been read, 0 to 1."""
        days = (self.newest - self.goal).days
        return min(1.0, max(0.0, (self.newest - self.reached).days / days)) if days > 0 else 1.0

    def describe(self, seconds: float) -> str:
        """Return one line: how far it has come, after so many seconds of this run.

        >>> began, reached, goal = date(2026, 11, 26), date(2026, 11, 16), date(2026, 1, 1)
        >>> filling = Filling(newest=began, began=began, reached=reached, goal=goal)
        >>> [filling.describe(seconds).split()[4:6] for seconds in (30, 3600, 36_000)]
        [['16', 'min'], ['32', 'h'], ['13', 'days']]
        """
        rate = ""
        if self.advances:
            left = max(0, (self.reached - self.goal).days) / (self.began - self.reached).days
            rate = f", about {_duration(left * seconds / 3600)} left at this rate"
        return f"filling{self.section and f' {self.section}'}: reached {self.reached}{rate}"


def _duration(hours: float) -> str:
    if hours < 1:
        return f"{hours * 60:.0f} min"
    return f"{hours:.0f} h" if hours < 100 else f"{hours / 24:.0f} days"


def fill_of(
    gaps: Sequence[Gap], newest_listed: str | None, oldest_asked: str | None
) -> Filling | None:
    """Return a filling that is under way, as if this run began now.

    It is the gap that reaches down to the oldest day wanted, or to the beginning.
    """
    for gap in gaps:
        if newest_listed and (gap.low is None or (oldest_asked and gap.low <= oldest_asked)):
            goal = day_of(gap.low) if gap.low else OLDEST_DAY
            newest, reached = day_of(newest_listed), day_of(gap.high)
            return Filling(newest=newest, began=reached, reached=reached, goal=goal)
    return None
