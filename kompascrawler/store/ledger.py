"""How far the site was read: of each WIB day, how many articles it lists, and how many are stored.

That is ``coverage.jsonl``, a line an object; lines are only ever appended, and the last line of a
day and section counts.
"""

import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final, Self

from kompascrawler.identity import day_of
from kompascrawler.store.disk import explained, make_folder, sync_folder
from kompascrawler.store.model import Gap

FILE_NAME: Final = "coverage.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What is known of a day."""

    day: date
    section: str
    listed: int = 0
    """Articles of the section that the day's listing had at the last look."""
    have: int = 0
    """Those of them that were stored after that look."""
    missing: tuple[str, ...] = ()
    """Identities of the others."""
    looked_at: str | None = None
    """When the listing was read last, RFC 3339 in UTC; None: not yet, to be read."""
    closed: bool = False
    """The listing was read a week later, too, and is not read again."""
    doubt: str | None = None
    """Why the last look is not believed; None: it is."""

    @classmethod
    def from_line(cls, line: str) -> Self:
        """Return the day of a line; raise ValueError for none. Fields of later versions go."""
        values = json.loads(line)
        try:
            day = cls(
                day=date.fromisoformat(values["day"]),
                section=str(values["section"]),
                listed=int(values["listed"]),
                have=int(values["have"]),
                missing=tuple(map(str, values["missing"])),
                looked_at=values["looked_at"],
                closed=bool(values["closed"]),
                doubt=values.get("doubt"),
            )
            if day.looked_at is not None:
                datetime.fromisoformat(day.looked_at)
        except (KeyError, TypeError) as error:
            raise ValueError(f"no day: {error!r}") from error
        return day


class Ledger:
    """The ledger of a data folder, of one section."""

    def __init__(self, data_dir: Path, section: str) -> None:
        self.data_dir = data_dir
        self._path = data_dir / FILE_NAME
        self.section = section

    def read(self) -> dict[date, Day]:
        """Return the days of the section. Raises StoreError.

        A line that is none (cut by a crash, edited by hand) says nothing: its day is read again.
        """
        with explained("read the days' coverage", self._path):
            text = _text_of(self._path)
        days: dict[date, Day] = {}
        for line in text.splitlines():
            with suppress(ValueError):
                day = Day.from_line(line)
                if day.section == self.section:
                    days[day.day] = day
        return days

    def append(self, days: Iterable[Day]) -> None:
        """Add days, durably, in one piece. Raises StoreError."""
        lines = [json.dumps(asdict(day), default=str, ensure_ascii=False) for day in days]
        if not lines:
            return
        with explained("write the days' coverage", self._path):
            make_folder(self._path.parent)
            with self._path.open("ab+") as file:
                # What a crash left of a line would spoil the next one.
                file.seek(max(0, file.seek(0, os.SEEK_END) - 1))
                torn = file.read(1) not in (b"", b"\n")
                file.write("".join(f"{line}\n" for line in ["", *lines][not torn :]).encode())
                file.flush()
                os.fsync(file.fileno())
            sync_folder(self._path.parent)


def days_of(data_dir: Path, sections: Iterable[str]) -> list[Day]:
    """Return the days of several sections, one section after the other. Raises StoreError."""
    return [day for name in sections for day in Ledger(data_dir, name).read().values()]


DOUBTFUL_FILE: Final = "doubtful.json"
MOST: Final = 2_000
"""Articles that are remembered, the latest: a bad listing must not fill anything."""
_LATEST: Final = 7
"""How many days older than what a listing is asked for an article may be that it alone shows, since
some are published late. The listing of a day is read again a week later."""


def late_for(bound: str) -> str:
    """Return the bound that what is published late still lies above."""
    day = date.fromisoformat(bound[:10]).toordinal() - _LATEST
    return date.fromordinal(max(1, day)).isoformat()


class Doubtful:
    """``doubtful.json``: articles that one listing alone has shown, and that do not fit its days.

    One bad listing may make addresses up. Where the file is lost, they are doubted anew.
    """

    def __init__(self, data_dir: Path) -> None:
        """Read the file. Raises StoreError."""
        self._path = data_dir / DOUBTFUL_FILE
        self._listings: dict[str, str] = {}
        with explained("read doubtful articles", self._path):
            text = _text_of(self._path)
        with suppress(ValueError, AttributeError):  # cut off by a crash; no object
            self._listings = {str(one): str(place) for one, place in json.loads(text).items()}
        self._before = dict(self._listings)
        self.confirmed = 0
        """Articles that a second listing has shown in this run."""

    @property
    def added(self) -> int:
        """Articles that are doubtful since this run."""
        return len(self._listings.keys() - self._before.keys())

    def confirms(self, article_id: str, listing: str) -> bool:
        """Note that a listing shows an article; tell whether it is the second one."""
        if self._listings.setdefault(article_id, listing) == listing:
            return False
        del self._listings[article_id]
        self.confirmed += 1
        return True

    def save(self) -> None:
        """Remember the latest. Raises StoreError."""
        latest = dict(list(self._listings.items())[-MOST:])
        if latest != self._before:
            with explained("remember doubtful articles", self._path):
                self._path.write_text(json.dumps(latest, indent=0), encoding="utf-8")


def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


OLDEST_DAY: Final = date(2009, 1, 1)
"""First day that the index may list; the oldest ids known are of 2009 (docs/site.md, section 1)."""


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
