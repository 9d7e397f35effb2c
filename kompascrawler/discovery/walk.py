"""Reading the archive down to where it is known already: one walk a gap.

A *gap* (store/interface.py) is a stretch of the listing that no run has read to its end. A walk
reads it page by page and moves the gap's upper bound down as it goes, so that a run that is cut
short leaves behind exactly what is still to be read.

Fresh gaps begin at the newest articles and are read by page number, as the pager does. Older
ones begin somewhere below and are read by day (the archive's ``date`` parameter), which leads
there at once. By day is also how a walk goes on where the pages end before the gap does: an
archive may show only so many pages, or answer one of them with nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from kompascrawler.discovery.index_query import IndexQuery
from kompascrawler.discovery.order import span
from kompascrawler.store.interface import Finding, Gap, Link

EMPTY_DAYS = 7
"""Days without any article after which a walk that has no article below it has reached the
beginning of the archive; Global publishes 31 to 42 articles a day (SITE.md section 8)."""


@dataclass(slots=True, kw_only=True)
class Walk:
    """One gap being read. ``query`` is the page to ask for next."""

    gap: Gap
    query: IndexQuery
    sites: tuple[str, ...]
    """Values of ``site`` to try in turn while the archive answers nothing."""
    is_over: bool = False
    """Nothing more will be asked for; the gap is closed, or stays open for a later run."""
    answered: bool = False
    """The archive has listed something in answer to this walk."""
    has_days: bool = True
    """The archive heeds the ``date`` parameter, as far as is known."""
    has_ended: bool = False
    """The pages of the listing without days were read to their end."""
    fullest_page: int = 0
    """The most that a page has listed."""
    empty_days: int = 0
    last_page: frozenset[str] = field(default_factory=frozenset)
    doubted: IndexQuery | None = None
    """A page that was empty and is asked for once more."""

    def read(
        self,
        links: Sequence[Link],
        *,
        listed: frozenset[str],
        has_news: bool,
        oldest_wanted: str | None = None,
    ) -> Finding:
        """Take in a page and say what it changes; ``query`` then is the next page, or it is over.

        ``links`` are the section's articles on the page in order, ``listed`` the addresses of
        everything listed there, ``has_news`` tells whether any of the links was unknown,
        ``oldest_wanted`` is the bound of this run's ``since``.
        """
        if not listed and not self.answered and self._ask_otherwise():
            return Finding()
        if not listed and self._is_doubtful():
            self.doubted = self.query
            return Finding()
        # An archive that is asked for a page behind its end may show its last page again.
        is_end = not listed or listed == self.last_page
        self.answered = self.answered or bool(listed)
        self.last_page = listed
        self.fullest_page = max(self.fullest_page, len(listed))
        ids = [link.id for link in links]
        if self.query.day is None:
            return self._read_newest(ids, oldest_wanted, is_end=is_end, has_news=has_news)
        return self._read_day(ids, self.query.day, oldest_wanted, is_end=is_end)

    def _is_doubtful(self) -> bool:
        """Tell whether an empty page may be a slip of the site, so that it is asked for again."""
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
        """Turn to another listing; its pages are compared with each other only."""
        self.query = query
        self.last_page = frozenset()

    def _read_newest(
        self, ids: list[str], oldest_wanted: str | None, *, is_end: bool, has_news: bool
    ) -> Finding:
        if reached := span(ids):
            self._lower(reached.oldest, oldest_wanted)
        if self._is_below(oldest_wanted) and (is_end or not has_news):
            return self._finish(reached=self._is_below(None))
        if not is_end:
            self.query = self.query.next_page()
            return Finding(lowered=self.gap)
        self.has_ended = True
        if self.answered and self.has_days:
            self._ask(IndexQuery(site=self.query.site, day=first_day(self.gap)))
            return Finding(lowered=self.gap)
        return self._finish(reached=self.answered and self.gap.low is None)

    def _read_day(
        self, ids: list[str], day: date, oldest_wanted: str | None, *, is_end: bool
    ) -> Finding:
        own = [article for article in ids if article.startswith(day.isoformat())]
        if ids and not own:
            # The archive ignores the parameter and lists the newest articles instead.
            self.has_days = False
            if self.has_ended:
                return self._finish(reached=self.gap.low is None)
            self._ask(IndexQuery(site=self.query.site))
            return Finding()
        if own:
            self._lower(min(own), oldest_wanted)
        if not is_end:
            self.query = self.query.next_page()
            return Finding(lowered=self.gap)
        return self._end_day(day, oldest_wanted)

    def _end_day(self, day: date, oldest_wanted: str | None) -> Finding:
        was_empty = self.query.page == 1 and not self.last_page
        self.empty_days = self.empty_days + 1 if was_empty else 0
        self._lower(day.isoformat(), oldest_wanted)
        if self._is_below(oldest_wanted):
            return self._finish(reached=self._is_below(None))
        if self.empty_days == EMPTY_DAYS and not self._has_floor:
            return self._finish(reached=self.answered)
        self._ask(replace(self.query, day=day - timedelta(days=1), page=1))
        return Finding(lowered=self.gap)

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

    def _finish(self, *, reached: bool) -> Finding:
        self.is_over = True
        return Finding(closed=self.gap) if reached else Finding(lowered=self.gap)


def first_day(gap: Gap) -> date:
    """Return the newest day of a gap that is not read yet.

    A bound that is a bare day says that the day itself is read.
    """
    day = date.fromisoformat(gap.high[:10])
    return day if len(gap.high) > 10 else day - timedelta(days=1)
