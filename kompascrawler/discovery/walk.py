"""Reads one gap of the index to its end, page by page.

A page may be an old one, which some cache kept. That all of its articles are known proves
nothing: a gap closes only where page joins page (``Walk.joins``). What a cache hides all the
same is found when the day is closed by its own listing (coverage.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from kompascrawler.discovery.listing import (
    NEIGHBOURS,
    IndexQuery,
    Span,
    day_of,
    is_front,
    is_ordered,
    span,
)
from kompascrawler.store.model import Discovery, Gap, Link

FRONT_PAGES = 10
"""Pages that a front page leads to (docs/site.md, section 11.2)."""
EMPTY_DAYS = 7
"""Days without any article after which a walk that has no article below it has reached the oldest
day of the index."""


@dataclass(slots=True, kw_only=True)
class Walk:
    """One gap being read. ``query`` is the next page to request."""

    gap: Gap
    query: IndexQuery
    sites: tuple[str, ...]
    """Values of ``site`` to try in turn while a listing shows nothing, or fails."""
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
    """A page that was empty, or not believed, and is requested once more."""
    joined: IndexQuery | None = None
    """The last page that joins the one before: nothing is missing down to its end."""
    bottom: str | None = None
    """The oldest article down to which its listing was read without a hole."""
    stalls: int = 0
    """Pages that did not lead further down."""

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

    def fail(self) -> bool:
        """Go on with the front page's own listings where the index could not be had.

        Return False where nothing stands in for it.
        """
        fronts = [site for site in self.sites if is_front(site)]
        if fronts and not is_front(self.query.site):
            self.sites = tuple(fronts)
            is_deep = self.query.day is not None or self.query.page >= FRONT_PAGES
            self._ask(IndexQuery(site=fronts[0], day=first_day(self.gap) if is_deep else None))
        else:
            self.is_over = True
        return not self.is_over

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
        self.joined = self.bottom = None
        self.stalls = 0

    # whether a page is believed ------------------------------------------------------------------
    def joins(self, ids: Sequence[str]) -> bool:
        """Whether nothing can lie between a page and what was read before.

        Its newest article was listed before (overlap), or it is the next page of the same listing
        and has articles of the gap (neighbours in time). Where it has none, the end of a page and
        the end of the gap fall together, as they do on an old page: then only the day's own
        listing counts.
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
        return self._advance(reached)

    def _follows(self) -> bool:
        """Whether the page comes next after one that joined, or first."""
        return self.query.page == 1 or (
            self.joined is not None and self.joined.next_page() == self.query
        )

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

    def _advance(self, reached: Span) -> bool:
        """Note a page that joins; False for more than one that leads no further down."""
        if self.bottom is None or reached.oldest < self.bottom:
            self.bottom = reached.oldest
            self.joined = self.query
        else:
            self.stalls += 1
        return self.stalls <= 1

    def _distrust(self) -> Discovery:
        """Read the day's own listing instead; where it was that, leave the gap to a later run."""
        if self.query.day is not None or self.doubted == self.query:
            return self._finish(reached=False)
        if self.has_days:
            self._ask(IndexQuery(site=self.query.site, day=first_day(self.gap)))
        else:
            self.doubted = self.query
            self.last_page = frozenset()
        return Discovery(lowered=self.gap)

    # pages ---------------------------------------------------------------------------------------
    def _read_newest(
        self, ids: list[str], oldest_wanted: str | None, *, is_end: bool, has_news: bool
    ) -> Discovery:
        reached = span(ids)
        if not is_end and not self._is_below(None) and not self.joins(ids):
            return self._distrust()
        if reached and not is_end:
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
        return self._finish(reached=self._is_whole_index() and self.gap.low is None)

    def _read_day(
        self, ids: list[str], day: date, oldest_wanted: str | None, *, is_end: bool
    ) -> Discovery:
        own = [article for article in ids if article.startswith(day.isoformat())]
        if ids and not own:
            # The index ignores the parameter and lists the newest articles instead.
            self.has_days = False
            if self.has_ended:
                return self._finish(reached=self._is_whole_index() and self.gap.low is None)
            self._ask(IndexQuery(site=self.query.site))
            return Discovery()
        if not is_end and not self.joins(own):
            return self._distrust()
        if own and not is_end:
            self._lower(min(own), oldest_wanted)
        if self._is_below(oldest_wanted):
            return self._finish(reached=self._is_below(None))
        if not is_end:
            self.query = self.query.next_page()
            return Discovery(lowered=self.gap)
        return self._end_day(day, oldest_wanted)

    def _end_day(self, day: date, oldest_wanted: str | None) -> Discovery:
        if self._is_cut_short(day):
            return self._distrust()
        # Links of a front page's frame stand on every page of its archive.
        is_blank = self.query.page == 1 and not self.last_page
        was_empty = self.bottom is None if self.query.kind == "front" else is_blank
        self.empty_days = self.empty_days + 1 if was_empty else 0
        self._lower(day.isoformat(), oldest_wanted)
        if self._is_below(oldest_wanted):
            return self._finish(reached=self._is_below(None))
        if self.empty_days == EMPTY_DAYS and not self._has_floor:
            return self._finish(reached=self._is_whole_index())
        self._ask(replace(self.query, day=day - timedelta(days=1), page=1))
        return Discovery(lowered=self.gap)

    def _is_cut_short(self, day: date) -> bool:
        known = (self.gap.low, self.gap.high if self.joined is None else None)
        return any(bound is not None and bound.startswith(f"{day}-") for bound in known)

    def _is_whole_index(self) -> bool:
        """Whether the listing is the index, whose end is the beginning of the site."""
        return self.answered and self.query.kind == "index"

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
