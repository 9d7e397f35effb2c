"""How far a collection that is filled for the first time has come. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from kompascrawler.store.model import Gap

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

    def time_left(self, seconds: float) -> timedelta | None:
        """Return the time that the rest takes if this run took so many seconds for its part.

        >>> began, reached = date(2026, 11, 26), date(2026, 11, 16)
        >>> goal = date(2026, 1, 1)
        >>> filling = Filling(newest=began, began=began, reached=reached, goal=goal)
        >>> filling.time_left(3600).total_seconds() / 3600
        31.9
        """
        if not self.advances:
            return None
        left = (self.reached - self.goal).days / (self.began - self.reached).days
        return timedelta(seconds=max(0.0, left) * seconds)

    def describe(self, seconds: float) -> str:
        """Return one line: how far it has come, after so many seconds of this run."""
        left = self.time_left(seconds)
        rate = f", about {duration(left)} left at this rate" if left is not None else ""
        return f"filling{self.section and f' {self.section}'}: reached {self.reached}{rate}"


def duration(time: timedelta) -> str:
    """Say roughly how long something takes.

    >>> [duration(timedelta(hours=hours)) for hours in (0.3, 31, 200)]
    ['18 min', '31 h', '8 days']
    """
    hours = time.total_seconds() / 3600
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
            days = (newest_listed, gap.high, gap.low or OLDEST_DAY.isoformat())
            newest, reached, goal = (date.fromisoformat(day[:10]) for day in days)
            return Filling(newest=newest, began=reached, reached=reached, goal=goal)
    return None
