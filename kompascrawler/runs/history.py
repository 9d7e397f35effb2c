"""What a row of run cards tells beside the latest of them. Pure; cards stand newest first."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Final

from kompascrawler.runs.card import RunCard
from kompascrawler.verdict.status import ExitStatus

SAYS_NOTHING: Final = frozenset(
    {ExitStatus.USAGE, ExitStatus.LOCKED, ExitStatus.INTERRUPTED, ExitStatus.TERMINATED}
)
"""Ends of a run that say nothing of how crawling goes: a person or another run caused them."""
_RECENT: Final = 20
"""Runs whose steps are looked at: earlier ones may have had another timetable."""
_FEWEST_STEPS: Final = 3
"""Steps between runs from which on they may be called regular."""
_REGULAR: Final = 0.25
"""By which share of the usual step most steps may differ, where runs are regular."""


def last_success(cards: Iterable[RunCard]) -> RunCard | None:
    """Return the latest run that was fine."""
    return next((card for card in cards if card.verdict.status is ExitStatus.FINE), None)


def previous_verdict(cards: Iterable[RunCard], card: RunCard) -> RunCard | None:
    """Return the latest other run whose verdict says something of how crawling goes."""
    return next(
        (
            other
            for other in cards
            if other.run_id != card.run_id and other.verdict.status not in SAYS_NOTHING
        ),
        None,
    )


def usual_step(cards: Sequence[RunCard]) -> timedelta | None:
    """Return the time from one run's beginning to the next one's, where most are about the same.

    None where that cannot be told: fewer than four runs, or runs at no regular times.
    """
    latest = pairwise(cards[:_RECENT])
    steps = [(_began(later) - _began(earlier)).total_seconds() for later, earlier in latest]
    if len(steps) < _FEWEST_STEPS:
        return None
    usual = median(steps)
    spread = median(abs(step - usual) for step in steps)
    return timedelta(seconds=usual) if usual > 0 and spread <= _REGULAR * usual else None


def next_due(cards: Sequence[RunCard]) -> datetime | None:
    """Return when the next run is to be expected, an estimate; None where nothing says so."""
    step = usual_step(cards)
    return _began(cards[0]) + step if step else None


def _began(card: RunCard) -> datetime:
    return datetime.fromisoformat(card.started_at)
