"""What a row of runs tells."""

from datetime import UTC, datetime, timedelta

import pytest

from kompascrawler.runs.card import RunCard
from kompascrawler.runs.history import last_success, next_due, standing, usual_step
from kompascrawler.verdict import ExitStatus, Verdict
from tests.runs.cards import a_card

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def runs(*minutes: float, status: ExitStatus = ExitStatus.FINE) -> list[RunCard]:
    """Return the cards of runs that began so many minutes after noon, newest first."""
    times = [(NOON + timedelta(minutes=minute)).isoformat() for minute in minutes]
    return [a_card(time, verdict=Verdict.of(status, "a cause")) for time in sorted(times)[::-1]]


@pytest.mark.parametrize(
    ("minutes", "step"),
    [
        ((0, 15, 30, 45), 15),
        ((0, 15, 30, 45, 60.2, 120, 135), 15),
        ((0, 15, 30), None),
        ((0, 1, 30, 400, 402), None),
        ((0, 0, 0, 0), None),
        ((), None),
    ],
    ids=["cron", "one left out", "too few", "by hand", "a clock that stood still", "none"],
)
def test_usual_step(minutes: tuple[float, ...], step: float | None) -> None:
    """The step of most runs, where most have about the same."""
    assert usual_step(runs(*minutes)) == (None if step is None else timedelta(minutes=step))


def test_next_due_follows_the_latest_run() -> None:
    """One step after its beginning."""
    assert next_due(runs(0, 15, 30, 45)) == NOON + timedelta(minutes=60)
    assert next_due(runs(0, 15)) is None


def test_last_success_is_the_latest_that_was_fine() -> None:
    """Failed runs after it do not hide it."""
    fine, failed = runs(0, 15), runs(30, status=ExitStatus.BLOCKED)
    assert last_success([*failed, *fine]) == fine[0]
    assert last_success(failed) is None


FINE, BLOCKED, DRIFT = ExitStatus.FINE, ExitStatus.BLOCKED, ExitStatus.DRIFT
JUDGED = None  # a fine run that had pages enough to judge


@pytest.mark.parametrize(
    ("statuses", "stands"),
    [
        ([], None),
        ([FINE, BLOCKED], 0),
        ([ExitStatus.INTERRUPTED, BLOCKED], 1),
        ([ExitStatus.TERMINATED, ExitStatus.LOCKED, ExitStatus.USAGE, FINE], 3),
        ([ExitStatus.INTERRUPTED], None),
        # that nothing was judged is no end of drift
        ([DRIFT, FINE], 0),
        ([FINE, FINE, DRIFT], 2),
        ([FINE, ExitStatus.INTERRUPTED, DRIFT], 2),
        ([FINE, BLOCKED, DRIFT], 0),
        ([FINE, FINE, BLOCKED], 0),
        ([JUDGED, FINE, DRIFT], 0),
        ([FINE, JUDGED, DRIFT], 0),
    ],
)
def test_the_verdict_that_stands(statuses: list[ExitStatus | None], stands: int | None) -> None:
    """Is that of the latest run that says something; drift stands until pages are judged again."""
    cards = [
        a_card(
            f"2026-11-22T{23 - number:02}:00:00+00:00",
            verdict=Verdict.of(FINE if status is JUDGED else status, "a cause"),
            drift_judged=10 if status is JUDGED else 0,
        )
        for number, status in enumerate(statuses)
    ]
    assert standing(cards) is (None if stands is None else cards[stands])
