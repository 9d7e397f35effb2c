"""What earlier runs measured, as the store keeps it: one row a run that read articles. Pure.

A row holds the run's measures and marks of ours. Runs with too few pages to be judged wait until a
later one has enough together with them. Of a run that drifted only what was found is kept: it
stands, handed on from row to row, until later pages show that it is over, or a person accepts it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kompascrawler.drift.measures import NONE, Rate

Rates = Mapping[str, Rate]
Row = Mapping[str, tuple[int, int]]
"""What the store keeps of a run: name → two numbers."""

_JUDGED: Final = "judged"
"""Mark of a row whose run judged: (1 if healthy, else 0; number of runs judged)."""
_DRIFTED: Final = "drifted/"
"""Mark with the name of a measure that was named and is not known to be over: its rate then."""
_ACCEPTED: Final = "accepted/"
"""Mark with the name of a measure whose baseline is learned anew, from the rows whose mark
holds the same number; the next acceptance of the measure counts it up."""
_MARKS: Final = (_JUDGED, _DRIFTED, _ACCEPTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is known before a run is judged."""

    waiting: Rates = field(default_factory=dict)
    """Measures of the runs before this one that are not judged yet."""
    missed: Rates = field(default_factory=dict)
    """The same of those runs alone that a measure misses in: a change began after the others."""
    held: Rates = field(default_factory=dict)
    """The same of the latest of those runs, as long as a measure misses in none of them."""
    runs_waiting: int = 0
    healthy: Rates = field(default_factory=dict)
    """Measures of earlier runs that were judged and healthy."""
    accepted: dict[str, int] = field(default_factory=dict)
    """Measures whose minimum holds no more: how often a person has said so."""
    drifted: Rates = field(default_factory=dict)
    """Measures that were named and are neither over nor accepted; each as it was when judged."""


def read_history(rows: Sequence[Row]) -> History:
    """Return what is known from the rows of the latest runs, newest first."""
    runs_waiting = next((n for n, row in enumerate(rows) if _JUDGED in row), len(rows))
    waiting = [_marked(row) for row in rows[:runs_waiting]]
    accepted = _accepted(rows[0]) if rows else {}
    return History(
        waiting=total(waiting),
        missed=total(map(missed, waiting)),
        held=_held(waiting),
        runs_waiting=runs_waiting,
        healthy=total(_still_valid(row, accepted) for row in _healthy(rows[runs_waiting:])),
        accepted=accepted,
        drifted=standing(rows),
    )


def standing(rows: Sequence[Row]) -> dict[str, Rate]:
    """Return the measures that are known to have drifted; the newest row is enough to know."""
    return _marked(rows[0], _DRIFTED) if rows else {}


def total(runs: Iterable[Rates]) -> dict[str, Rate]:
    """Return the rates over the pages of all."""
    sums: dict[str, Rate] = {}
    for rates in runs:
        for name, rate in rates.items():
            sums[name] = sums.get(name, NONE) + rate
    return sums


def missed(rates: Rates) -> dict[str, Rate]:
    """Return the measures that do not hold on every page."""
    return {name: rate for name, rate in rates.items() if rate.misses}


def _held(newest_first: Iterable[Rates]) -> dict[str, Rate]:
    """Return the measures of the latest runs, each up to the first run that it misses in."""
    held: dict[str, Rate] = {}
    ended: set[str] = set()
    for rates in newest_first:
        ended |= missed(rates).keys()
        held = total((held, {name: rate for name, rate in rates.items() if name not in ended}))
    return held


def row_of(
    rates: Rates,
    *,
    accepted: Mapping[str, int],
    drifted: Rates,
    runs_judged: int,
    is_healthy: bool = True,
) -> dict[str, tuple[int, int]]:
    """Return what is kept of a run that judged so many runs, itself included; 0 where it waits.

    ``is_healthy``: nothing has drifted in what was judged.
    """
    row: dict[str, tuple[int, int]] = {} if runs_judged and not is_healthy else dict(rates)
    row |= {f"{_ACCEPTED}{name}": (times, times) for name, times in accepted.items()}
    row |= {f"{_DRIFTED}{name}": rate for name, rate in drifted.items()}
    if runs_judged:
        row[_JUDGED] = (int(is_healthy), runs_judged)
    return row


def _healthy(rows: Sequence[Row]) -> Iterator[Row]:
    """Return the rows that were judged and healthy; the newest of ``rows`` has judged."""
    left, is_healthy = 0, False
    for row in rows:
        if _JUDGED in row:
            is_healthy, left = bool(row[_JUDGED][0]), row[_JUDGED][1]
        if is_healthy and left > 0:
            yield row
        left -= 1


def _still_valid(row: Row, accepted: Mapping[str, int]) -> dict[str, Rate]:
    then = _accepted(row)
    return {
        name: rate for name, rate in _marked(row).items() if then.get(name) == accepted.get(name)
    }


def _accepted(row: Row) -> dict[str, int]:
    return {name: times for name, (times, _) in _marked(row, _ACCEPTED).items()}


def _marked(row: Row, mark: str = "") -> dict[str, Rate]:
    """Return what has a mark, by the name behind it; without one, the measures."""
    return {
        name.removeprefix(mark): Rate(*two)
        for name, two in row.items()
        if (name.startswith(mark) if mark else not name.startswith(_MARKS))
    }
