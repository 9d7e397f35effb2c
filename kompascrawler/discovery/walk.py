"""Reads one gap of the index to its end, page by page.

How far a listing reaches is told from its order. It shows the newest articles first, but not all of
it can be trusted: a story of years ago that was updated ("Diperbarui") may stand among those of
today, and so may an address with a wrong date. Such strangers must not say how far the listing was
read.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from kompascrawler.discovery.links import IndexQuery
from kompascrawler.store.model import Discovery, Gap, Link

NEIGHBOURS = timedelta(days=2)
"""Two articles further apart than this are no neighbours; Global publishes 31 to 42 articles a
day (docs/site.md, section 8)."""
COMPANY = 3
"""So many neighbours among themselves are no strangers, however far they are from the rest."""
EMPTY_DAYS = 7
"""Days without any article after which a walk that has no article below it has reached the oldest
day of the index."""


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
    groups = _neighbours(_descending(ids))
    if not groups:
        return None
    enough = min(COMPANY, max(map(len, groups)))
    kept = [group for group in groups if len(group) >= enough]
    return Span(kept[0][0], kept[-1][-1])


def _descending(ids: Sequence[str]) -> list[str]:
    """Return the longest part of ``ids`` that goes from newer to older, strangers left out."""
    ends: list[int] = []  # index of the last member of the best part of each length, from below
    previous: list[int | None] = []
    keys: list[str] = []  # the same members, ascending, because the list is read backwards
    for place in range(len(ids) - 1, -1, -1):
        length = bisect_right(keys, ids[place])
        previous.append(ends[length - 1] if length else None)
        keys[length : length + 1] = [ids[place]]
        ends[length : length + 1] = [place]
    part: list[str] = []
    place_or_none = ends[-1] if ends else None
    while place_or_none is not None:
        part.append(ids[place_or_none])
        place_or_none = previous[len(ids) - 1 - place_or_none]
    return part


def _neighbours(ids: Sequence[str]) -> list[list[str]]:
    """Part descending identities where two are no neighbours."""
    groups = [[article] for article in ids[:1]]
    for newer, older in pairwise(ids):
        if _day(newer) - _day(older) > NEIGHBOURS:
            groups.append([])
        groups[-1].append(older)
    return groups


def _day(article_id: str) -> date:
    return date.fromisoformat(article_id[:10])


@dataclass(slots=True, kw_only=True)
class Walk:
    """One gap being read. ``query`` is the next page to request."""

    gap: Gap
    query: IndexQuery
    sites: tuple[str, ...]
    """Values of ``site`` to try in turn while the index lists nothing."""
    is_over: bool = False
    """No further request; the gap is closed, or stays open for a later run."""
    answered: bool = False
    """The index has listed something in answer to this walk."""
    has_days: bool = True
    """The index respects the ``date`` parameter, as far as is known."""
    has_ended: bool = False
    """The pages of the listing without days were read to their end."""
    fullest_page: int = 0
    """The most that a page has listed."""
    empty_days: int = 0
    last_page: frozenset[str] = field(default_factory=frozenset)
    doubted: IndexQuery | None = None
    """A page that was empty and is requested once more."""

    def read(
        self,
        links: Sequence[Link],
        *,
        listed: frozenset[str],
        has_news: bool,
        oldest_wanted: str | None = None,
    ) -> Discovery:
        """Read a page and return what it changes; sets ``query`` to the next page, or ``is_over``.

        ``links`` are the section's articles on the page in order, ``listed`` the addresses of
        everything listed there, ``has_news`` tells whether any of the links was unknown,
        ``oldest_wanted`` is the bound of this run's ``since``.
        """
        if not listed and not self.answered and self._ask_otherwise():
            return Discovery()
        if not listed and self._is_doubtful():
            self.doubted = self.query
            return Discovery()
        # An index that is asked for a page behind its end may show its last page again.
        is_end = not listed or listed == self.last_page
        self.answered = self.answered or bool(listed)
        self.last_page = listed
        self.fullest_page = max(self.fullest_page, len(listed))
        ids = [link.id for link in links]
        if self.query.day is None:
            return self._read_newest(ids, oldest_wanted, is_end=is_end, has_news=has_news)
        return self._read_day(ids, self.query.day, oldest_wanted, is_end=is_end)

    def _is_doubtful(self) -> bool:
        """Whether an empty page may be a mistake of the site, and is requested again."""
        is_expected = self.query.day is not None and (
            0 < len(self.last_page) < self.fullest_page or self.empty_days > 0
        )
        return self.answered and not is_expected and self.doubted != self.query

    def _ask_otherwise(self) -> bool:
        """Turn to the next ``site``, then to the listing without days; False: nothing is left."""
        index = self.sites.index(self.query.site) + 1 if self.query.site in self.sites else 0
        if index < len(self.sites):
            self._ask(replace(self.query, site=self.sites[index], page=1))
        elif self.query.day is not None:
            self.has_days = False
            self._ask(IndexQuery(site=self.sites[0]))
        else:
            return False
        return True

    def _ask(self, query: IndexQuery) -> None:
        """Go to another listing; its pages are compared only with each other."""
        self.query = query
        self.last_page = frozenset()

    def _read_newest(
        self, ids: list[str], oldest_wanted: str | None, *, is_end: bool, has_news: bool
    ) -> Discovery:
        if reached := span(ids):
            self._lower(reached.oldest, oldest_wanted)
        if self._is_below(oldest_wanted) and (is_end or not has_news):
            return self._finish(reached=self._is_below(None))
        if not is_end:
            self.query = self.query.next_page()
            return Discovery(lowered=self.gap)
        self.has_ended = True
        if self.answered and self.has_days:
            self._ask(IndexQuery(site=self.query.site, day=first_day(self.gap)))
            return Discovery(lowered=self.gap)
        return self._finish(reached=self.answered and self.gap.low is None)

    def _read_day(
        self, ids: list[str], day: date, oldest_wanted: str | None, *, is_end: bool
    ) -> Discovery:
        own = [article for article in ids if article.startswith(day.isoformat())]
        if ids and not own:
            # The index ignores the parameter and lists the newest articles instead.
            self.has_days = False
            if self.has_ended:
                return self._finish(reached=self.gap.low is None)
            self._ask(IndexQuery(site=self.query.site))
            return Discovery()
        if own:
            self._lower(min(own), oldest_wanted)
        if not is_end:
            self.query = self.query.next_page()
            return Discovery(lowered=self.gap)
        return self._end_day(day, oldest_wanted)

    def _end_day(self, day: date, oldest_wanted: str | None) -> Discovery:
        was_empty = self.query.page == 1 and not self.last_page
        self.empty_days = self.empty_days + 1 if was_empty else 0
        self._lower(day.isoformat(), oldest_wanted)
        if self._is_below(oldest_wanted):
            return self._finish(reached=self._is_below(None))
        if self.empty_days == EMPTY_DAYS and not self._has_floor:
            return self._finish(reached=self.answered)
        self._ask(replace(self.query, day=day - timedelta(days=1), page=1))
        return Discovery(lowered=self.gap)

    @property
    def _has_floor(self) -> bool:
        """Whether the gap ends at an article that is known, not at a day that somebody named."""
        return self.gap.low is not None and len(self.gap.low) > len("YYYY-MM-DD")

    def _lower(self, bound: str, oldest_wanted: str | None) -> None:
        """Move the gap's upper bound down, never below what this run asks for."""
        bound = max(bound, oldest_wanted or bound)
        if bound < self.gap.high:
            self.gap = self.gap._replace(high=bound)

    def _is_below(self, oldest_wanted: str | None) -> bool:
        bounds = [bound for bound in (self.gap.low, oldest_wanted) if bound is not None]
        return bool(bounds) and self.gap.high <= max(bounds)

    def _finish(self, *, reached: bool) -> Discovery:
        self.is_over = True
        return Discovery(closed=self.gap) if reached else Discovery(lowered=self.gap)


def first_day(gap: Gap) -> date:
    """Return the newest day of a gap that is not read yet.

    A bound that is a bare day says that the day itself is read.
    """
    day = date.fromisoformat(gap.high[:10])
    return day if len(gap.high) > 10 else day - timedelta(days=1)
