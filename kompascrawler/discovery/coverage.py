"""Tells whether anything was missed: on days that are over, and lately.

A run finds articles on listings that a cache may have kept for a while. So each WIB day is read
once more by its listing when it is over, and again a week later; then it is closed. What a listing
shows and the store lacks is fetched. The ledger (store/ledger.py) remembers. How long a section may
be silent is learned from its own pauses: what a cache keeps for ever says "nothing new" for ever.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from kompascrawler.discovery.tasks import IndexQuery, is_front
from kompascrawler.identity import WIB, day_of
from kompascrawler.sections import Section
from kompascrawler.store.ledger import Day, Ledger
from kompascrawler.store.model import Discovery, Link
from kompascrawler.store.store import Store

SETTLED: Final = 8
"""Days from the beginning of a day to its last look: what comes out late is there a week later."""
LONGEST_OUTAGE: Final = timedelta(days=31)
"""Days without a run that are made up for; of earlier ones a person decides (``--backfill``)."""
MOST_DAYS: Final = 10
"""Days that one run reads."""
PER_PAGE: Final = 20
"""Articles on a page (docs/site.md, section 8)."""
_REPEATED: Final = 14
"""Days of age up to which a look that is not believed is repeated every day."""
_MOST_PAGES: Final = 60
"""Pages of one day; the fullest day known has 53 (docs/site.md, section 8)."""
HOUR: Final = 3600.0
LEAST: Final = 12 * HOUR
"""Seconds of silence that are never too long: a night and a slow morning."""
UNLEARNED: Final = 72 * HOUR
"""Seconds that are too long for a section whose pauses are not known yet."""
FEWEST: Final = 10
"""Pauses that are enough to learn from."""
OUTLIERS: Final = 2
"""The longest pauses, of which nothing is learned: outages of the site, or of ours."""


def due_days(known: Mapping[date, Day], today: date, floor: date | None) -> list[date]:
    """Return the days to be read in a run of ``today``, newest first.

    ``floor`` is the first day of the collection. Days between two runs are due, too.
    """
    begun = min(known, default=today)
    days = {day for day, line in known.items() if day < today and _is_due(line, today)}
    between = (today - timedelta(days=back) for back in range(1, LONGEST_OUTAGE.days + 1))
    days |= {day for day in between if day >= begun and day not in known}
    return sorted((day for day in days if floor is None or day >= floor), reverse=True)[:MOST_DAYS]


def _is_due(line: Day, today: date) -> bool:
    if line.closed or line.looked_at is None:
        return not line.closed
    looked_on = datetime.fromisoformat(line.looked_at).astimezone(WIB).date()
    age, looked = (today - line.day).days, looked_on - line.day
    if line.doubt:  # repeated the next day; after 2, 4, 8, … days where no listing answers
        is_soon = bool(line.listed) and age <= _REPEATED
        return age > looked.days and (is_soon or age >= 2 * looked.days)
    return looked.days < 1 or looked.days < SETTLED <= age


@dataclass(slots=True, kw_only=True)
class DayReading:
    """A day whose listing is being read. ``query`` is the next page to request."""

    day: date
    sites: Sequence[str]
    """Values of ``site`` to try in turn while a listing shows nothing, or fails."""
    known: Collection[str]
    """Identities of the day's stored articles."""
    query: IndexQuery
    listed: set[str] = field(default_factory=set)
    """Identities of the section's articles of the day."""
    first: set[str] = field(default_factory=set)
    """What a listing has shown that looks old, while another host's is read as well."""
    last_page: frozenset[str] = frozenset()
    is_over: bool = False
    has_answer: bool = False
    """A listing of the day was read to its end."""
    is_unproven: bool = False
    """The listing looks old, and no other host's can be had."""

    def read(self, links: Sequence[Link], listed: frozenset[str]) -> None:
        """Read a page; ``links`` are the section's articles on it, ``listed`` all addresses."""
        own = {link.id for link in links if link.id.startswith(f"{self.day}-")}
        # No listing of the day: another's, or empty by mistake.
        is_other = 2 * len(own) < len(links) or (not listed and bool(self.known))
        if self.query.page == 1 and is_other:
            self._ask_otherwise()
            return
        is_end = not listed or listed == self.last_page or self.query.page == _MOST_PAGES
        self.listed |= own
        self.last_page = listed
        # An article is stored that is newer than all listed, as where a cache answers.
        is_old = max(self.known, default="") > max(self.listed, default="~")
        lacks_older = any(article < min(self.listed, default="~") for article in self.known)
        if not is_end and (len(listed) >= PER_PAGE or lacks_older):
            self.query = self.query.next_page()
        elif is_old and not self.first:
            self.first = self.listed
            self._ask_otherwise(other_host=True)
        else:
            self._end(has_answer=True)

    def fail(self) -> None:
        """Go on with another host's listing, or leave the day to the next run."""
        self.is_unproven = bool(self.first)
        self._ask_otherwise(other_host=True)

    def _ask_otherwise(self, *, other_host: bool = False) -> None:
        left = self.sites[self.sites.index(self.query.site) + 1 :]
        host = is_front(self.query.site)
        if sites := [site for site in left if not other_host or is_front(site) != host]:
            self.query = IndexQuery(site=sites[0], day=self.day)
            self.listed, self.last_page = set(), frozenset()
        else:
            # Whoever answers and shows nothing has said so; who fails is asked again.
            self._end(has_answer=not other_host)

    def _end(self, *, has_answer: bool) -> None:
        self.listed |= self.first
        self.is_over, self.has_answer = True, has_answer or bool(self.first)

    def doubt(self, before: Day | None) -> str | None:
        """Say why the listing is not believed, after the look ``before``; None: it is.

        Two looks that list the same number are believed: articles that are stored and not listed
        have been deleted.
        """
        if self.is_unproven:
            return "it looks old: its newest is older than what is stored; no other listing answers"
        if before is not None and before.looked_at is not None and self.listed:
            if before.listed == len(self.listed):
                return None
            if before.listed > len(self.listed):
                return f"it lists {len(self.listed)}, and {before.listed} at the look before"
        unlisted = set(self.known) - self.listed
        return f"it does not list {len(unlisted)} that are stored" if unlisted else None


class Days:
    """The days that a run reads, one after the other; none is due before ``begin``."""

    def __init__(self, store: Store, section: Section, sites: Sequence[str]) -> None:
        self._store = store
        self._section = section
        self._ledger = Ledger(store.data_dir, section.name)
        self._sites = sites
        self._known: Mapping[date, Day] = {}
        self._due: list[date] = []
        self._reading: DayReading | None = None
        self._over: list[DayReading] = []
        self._today: date | None = None

    def begin(self, today: date, floor: str | None, newest: str | None) -> None:
        """Look up what is due in a run of ``today``; ``floor`` is the lowest bound wanted.

        A ledger begins with the day of ``newest``, down to which the site has been read already.
        """
        self._today = today
        self._known = self._ledger.read()
        if not self._known and newest is not None:
            begun = Day(day=day_of(newest), section=self._section.name)
            self._ledger.append([begun])
            self._known = {begun.day: begun}
        self._due = due_days(self._known, today, day_of(floor) if floor else None)

    @property
    def query(self) -> IndexQuery | None:
        """The page to request next, or None when every day is read."""
        if self._reading is None and self._due:
            day = self._due.pop(0)
            known, query = self._stored_on(day), IndexQuery(site=self._sites[0], day=day)
            self._reading = DayReading(day=day, sites=self._sites, known=known, query=query)
        return self._reading.query if self._reading else None

    def _stored_on(self, day: date) -> list[str]:
        owns = self._section.owns
        return [link.id for link in self._store.stored_on(day) if owns(link.url)]

    def holds(self, query: IndexQuery) -> bool:
        """Tell whether a page is the one to be read of a day."""
        return self._reading is not None and self._reading.query == query

    def read(self, links: Sequence[Link], listed: frozenset[str]) -> None:
        """Read the page; ``links`` are the section's articles on it, ``listed`` all addresses."""
        assert self._reading is not None
        self._reading.read(links, listed)
        self._end(self._reading)

    def fail(self) -> bool:
        """Do without the page, which could not be had; tell whether another stands in for it."""
        reading = self._reading
        assert reading is not None
        if not is_front(reading.query.site):
            self._sites = [site for site in self._sites if is_front(site)] or self._sites
        reading.fail()
        self._end(reading)
        return not reading.is_over

    def _end(self, reading: DayReading) -> None:
        if reading.is_over:
            self._reading = None
        if reading.is_over and reading.has_answer:
            self._over.append(reading)
            if reading.doubt(self._known.get(reading.day)) is None:
                self._close_gaps(reading.day.isoformat())

    def _close_gaps(self, day: str) -> None:
        """Lower the gaps that reach down from a day that was read; it holds nothing more."""
        for gap in self._store.gaps(self._section.name):
            if gap.high.startswith(f"{day}-"):
                lowered = Discovery(lowered=gap._replace(high=day))
                is_covered = gap.low is not None and gap.low >= day
                self._store.learn(Discovery(closed=gap) if is_covered else lowered)

    def finish(self, now: datetime) -> None:
        """Write down what the run has found of its days, at its end. Raises StoreError.

        The day of the run itself is written down as one to be read when it is over.
        """
        if self._today is None:
            return
        results = [self._result(reading, now) for reading in self._over]
        if self._today not in self._known:
            results.append(Day(day=self._today, section=self._section.name))
        self._ledger.append(results)

    def _result(self, reading: DayReading, now: datetime) -> Day:
        """Return what the look has told."""
        stored = set(self._stored_on(reading.day)) & reading.listed
        doubt = reading.doubt(self._known.get(reading.day))
        is_settled = (now.astimezone(WIB).date() - reading.day).days >= SETTLED
        return Day(
            day=reading.day,
            section=self._section.name,
            listed=len(reading.listed),
            have=len(stored),
            missing=tuple(sorted(reading.listed - stored, reverse=True)),
            looked_at=now.isoformat(timespec="seconds"),
            closed=doubt is None and is_settled,
            doubt=doubt,
        )


class News(NamedTuple):
    """What a run knows of news at its end."""

    last_news: int | None
    """When a run found something new last, seconds since 1970."""
    silence: str | None
    """Why it is doubtful that there is nothing new; None: it is not, or nobody looked."""
    doubtful: int = 0
    """Articles that one listing alone has shown since this run; they wait for a second one."""
    confirmed: int = 0
    """Articles that had waited so, or for a moment, and that another listing has shown."""


def longest_plausible(moments: Sequence[float]) -> float:
    """Return the seconds without news that are still plausible.

    ``moments`` are the times (seconds since 1970, ascending) at which runs found news. A pause
    may last twice as long as those before; with rare runs it is as long as they are apart.

    >>> longest_plausible([6 * HOUR * number for number in range(20)]) / HOUR
    12.0
    >>> longest_plausible([24 * HOUR * number for number in range(20)]) / HOUR
    48.0
    """
    pauses = sorted(later - earlier for earlier, later in pairwise(sorted(set(moments))))
    if len(pauses) < FEWEST:
        return UNLEARNED
    return max(LEAST, 2 * pauses[-1 - OUTLIERS])


def silence(moments: Sequence[float], now: float) -> str | None:
    """Say how long nothing new was found, where that is longer than plausible; else None."""
    most, silent = longest_plausible(moments), now - max(moments, default=now)
    if silent <= most:
        return None
    return f"nothing new for {silent / HOUR:.0f} hours; {most / HOUR:.0f} were plausible"
