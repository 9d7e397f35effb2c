"""How long a section may be silent before that is an alarm: learned from its own pauses. Pure.

A front page and an index that some cache keeps for ever say "nothing new" for ever.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

HOUR: Final = 3600.0
LEAST: Final = 12 * HOUR
"""Seconds of silence that are never too long: a night and a slow morning."""
UNLEARNED: Final = 72 * HOUR
"""Seconds that are too long for a section whose pauses are not known yet."""
FEWEST: Final = 10
"""Pauses that are enough to learn from."""
OUTLIERS: Final = 2
"""The longest pauses, of which nothing is learned: outages of the site, or of ours."""


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

    @classmethod
    def of(cls, moments: Sequence[int], now: float, *, is_sought: bool) -> "News":
        """Judge by the times at which runs found news; ``is_sought``: whether this run looked."""
        return cls(max(moments, default=None), silence(moments, now) if is_sought else None)

    @classmethod
    def of_all(cls, told: "Mapping[str, News]") -> "News":
        """Return what the sections of a run know together, by their names.

        >>> News.of_all({"global": News(7, None), "money": News(3, "nothing new for 90 hours")})
        News(last_news=7, silence='money: nothing new for 90 hours', doubtful=0, confirmed=0)
        """
        silent = [f"{name}: {each.silence}" for name, each in told.items() if each.silence]
        times = [each.last_news for each in told.values() if each.last_news is not None]
        *_, last = told.values()
        if len(told) == 1:
            return last
        # What is doubtful is known to all of them together.
        return last._replace(last_news=max(times, default=None), silence="; ".join(silent) or None)


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
    if not moments:
        return None
    most, silent = longest_plausible(moments), now - max(moments)
    if silent <= most:
        return None
    return f"nothing new for {silent / HOUR:.0f} hours; {most / HOUR:.0f} were plausible"
