"""Reads one gap of the index to its end, page by page.

A page may be an old one, which some cache kept. That all of its articles are known proves
nothing: a gap closes only where page joins page (``Walk.joins``). What a cache hides all the
same is found when the day is closed by its own listing (coverage.py).

A listing shows the newest articles first, but for strangers: a story of years ago that was updated
("Diperbarui"), an address with a wrong date. They must not say how far the listing was read.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from kompascrawler.discovery.tasks import IndexQuery, is_front
from kompascrawler.identity import day_of
from kompascrawler.store.model import Discovery, Gap, Link

FRONT_PAGES = 10
"""Pages that a front page leads to (docs/site.md, section 11.2)."""
EMPTY_DAYS = 7
"""Empty days after which a walk that has no known article below it has read the whole index."""
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
    parts: list[list[str]] = []  # the best of each length; the list is read backwards
    for article in reversed(ids):
        length = bisect_right(parts, article, key=itemgetter(0))
        parts[length : length + 1] = [[article, *(parts[length - 1] if length else ())]]
    return parts[-1] if parts else []


@dataclass(slots=True, kw_only=True)
class Walk:
    """One gap being read. ``query`` is the next page to request."""

    gap: Gap
    query: IndexQuery
    sites: tuple[str, ...]
    """Values of ``site`` to try in turn while a listing shows nothing, or fails."""
    oldest: str | None
    """The bound of this run's ``since``."""
    is_over: bool = False
    """No further request; the gap is closed, or stays open for a later run."""
    answered: bool = False
    """The index has listed something in answer to this walk."""
    has_days: bool = True
    """The index respects the ``date`` parameter, as far as is known."""
    has_ended: bool = False
    """The pages of the listing without days were read to their end."""
    fullest_page: int = 0
    empty_days: int = 0
    last_page: frozenset[str] = frozenset()
    doubted: IndexQuery | None = None
    """A page that was empty, or not believed, and is requested once more."""
    joined: IndexQuery | None = None
    """The last page that joins the one before: nothing is missing down to its end."""
    bottom: str | None = None
    """The oldest article down to which its listing was read without a hole."""
    stalls: int = 0
    """Pages that did not lead further down: one is believed."""

    def read(self, links: Sequence[Link], *, listed: frozenset[str], has_news: bool) -> Discovery:
        """Read a page and return what it changes; sets ``query`` to the next page, or ``is_over``.

        ``links`` are the section's articles on the page in order, ``listed`` the addresses of
        everything listed there, ``has_news`` tells whether any of the links was unknown.
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
            return self._read_newest(ids, is_end=is_end, has_news=has_news)
        return self._read_day(ids, self.query.day, is_end=is_end)

    def fail(self) -> bool:
        """Go on with the front page's own listings; False where nothing stands in for the index."""
        fronts = tuple(filter(is_front, self.sites))
        self.is_over = not fronts or is_front(self.query.site)
        if not self.is_over:
            self.sites = fronts
            is_deep = self.query.day is not None or self.query.page >= FRONT_PAGES
            self._ask(IndexQuery(site=fronts[0], day=first_day(self.gap) if is_deep else None))
        return not self.is_over

    def _is_doubtful(self) -> bool:
        """Whether an empty page may be a mistake of the site, and is requested again."""
        is_last = 0 < len(self.last_page) < self.fullest_page or self.empty_days > 0
        is_expected = self.query.day is not None and is_last
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

    def _ask(self, query: IndexQuery) -> Discovery:
        """Go to another listing; its pages are compared only with each other."""
        self.query = query
        self.last_page = frozenset()
        self.joined = self.bottom = None
        self.stalls = 0
        return Discovery(lowered=self.gap)

    def _ask_by_day(self) -> Discovery:
        return self._ask(IndexQuery(site=self.query.site, day=first_day(self.gap)))

    def _ask_next(self) -> Discovery:
        self.query = self.query.next_page()
        return Discovery(lowered=self.gap)

    def joins(self, ids: Sequence[str]) -> bool:
        """Whether nothing can lie between a page and what was read before.

        Its newest article was listed before (overlap), or it is the next page of the same listing
        and has articles of the gap (neighbours in time). Where it has none, it ends where the gap
        does, as an old page may: then only the day's own listing counts.
        """
        reached = span(ids)
        if reached is None:  # a page of other sections
            self.joined = self.query if self._follows() else None
            return True
        if not is_ordered(ids):
            return False
        if self.bottom is None:
            is_joined = reached.newest >= self.gap.high or self._begins_day()
        else:
            is_joined = reached.newest >= self.bottom
        if not is_joined and not (self._follows() and self._is_neighbour(reached.newest)):
            return False
        if self.bottom is None or reached.oldest < self.bottom:
            self.bottom, self.joined = reached.oldest, self.query
        else:
            self.stalls += 1
        return self.stalls <= 1

    def _follows(self) -> bool:
        """Whether the page comes next after one that joined, or first."""
        before = self.joined
        return self.query.page == 1 or (before is not None and before.next_page() == self.query)

    def _begins_day(self) -> bool:
        day = self.query.day
        return day is not None and self.query.page == 1 and not self.gap.high.startswith(f"{day}-")

    def _is_neighbour(self, newest: str) -> bool:
        if self.query.page == 1:
            return False
        if self.query.day is not None or self.doubted == self.query:
            return True
        is_inside = self.gap.low is None or newest > self.gap.low
        return is_inside and day_of(self.bottom or self.gap.high) - day_of(newest) <= NEIGHBOURS

    def _distrust(self) -> Discovery:
        """Read the day's own listing instead; where it was that, leave the gap to a later run."""
        if self.query.day is not None or self.doubted == self.query:
            return self._finish(reached=False)
        if self.has_days:
            return self._ask_by_day()
        self.doubted = self.query
        self.last_page = frozenset()
        return Discovery(lowered=self.gap)

    def _read_newest(self, ids: list[str], *, is_end: bool, has_news: bool) -> Discovery:
        reached = span(ids)
        if not is_end and not self._is_read() and not self.joins(ids):
            return self._distrust()
        if reached and not is_end:
            self._lower(reached.oldest)
        if self._is_done() and (is_end or not has_news):
            return self._finish(reached=self._is_read())
        if not is_end:
            return self._ask_next()
        self.has_ended = True
        return self._ask_by_day() if self.answered and self.has_days else self._end_index()

    def _read_day(self, ids: list[str], day: date, *, is_end: bool) -> Discovery:
        own = [article for article in ids if article.startswith(day.isoformat())]
        if ids and not own:
            # The index ignores the parameter and lists the newest articles instead.
            self.has_days = False
            if self.has_ended:
                return self._end_index()
            self._ask(IndexQuery(site=self.query.site))
            return Discovery()
        if not is_end and not self.joins(own):
            return self._distrust()
        if own and not is_end:
            self._lower(min(own))
        if self._is_done():
            return self._finish(reached=self._is_read())
        return self._end_day(day) if is_end else self._ask_next()

    def _end_day(self, day: date) -> Discovery:
        known = (self.gap.low, self.gap.high if self.joined is None else None)
        if any(bound is not None and bound.startswith(f"{day}-") for bound in known):
            return self._distrust()  # the listing is cut short
        # Links of a front page's frame stand on every page of its archive.
        is_blank = self.query.page == 1 and not self.last_page
        was_empty = self.bottom is None if self.query.kind == "front" else is_blank
        self.empty_days = self.empty_days + 1 if was_empty else 0
        self._lower(day.isoformat())
        if self._is_done():
            return self._finish(reached=self._is_read())
        # Where the gap ends at a day that somebody named, not at an article that is known.
        is_endless = self.gap.low is None or len(self.gap.low) == len("YYYY-MM-DD")
        if self.empty_days == EMPTY_DAYS and is_endless:
            return self._finish(reached=self._is_whole_index())
        return self._ask(replace(self.query, day=day - timedelta(days=1), page=1))

    def _lower(self, bound: str) -> None:
        """Move the gap's upper bound down, never below what this run asks for."""
        bound = max(bound, self.oldest or bound)
        if bound < self.gap.high:
            self.gap = self.gap._replace(high=bound)

    def _is_read(self) -> bool:
        return self.gap.low is not None and self.gap.high <= self.gap.low

    def _is_done(self) -> bool:
        """Whether nothing is left of the gap that this run asks for."""
        return self._is_read() or (self.oldest is not None and self.gap.high <= self.oldest)

    def _end_index(self) -> Discovery:
        return self._finish(reached=self._is_whole_index() and self.gap.low is None)

    def _is_whole_index(self) -> bool:
        """Whether the listing is the index, whose end is the beginning of the site."""
        return self.answered and self.query.kind == "index"

    def _finish(self, *, reached: bool) -> Discovery:
        self.is_over = True
        return Discovery(closed=self.gap) if reached else Discovery(lowered=self.gap)


def first_day(gap: Gap) -> date:
    """Return the newest day of a gap that is not read; one that is its bare bound is read."""
    day = day_of(gap.high)
    return day if len(gap.high) > 10 else day - timedelta(days=1)
