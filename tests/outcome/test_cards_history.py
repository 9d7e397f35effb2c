"""What a row of runs tells."""

from datetime import UTC, datetime, timedelta

import pytest

from kompascrawler.outcome.cards import ExitStatus, RunCard, Verdict, last_success
from kompascrawler.outcome.monitoring import previous_verdict
from kompascrawler.outcome.status import next_due
from tests.outcome.cards import a_card

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
    latest = NOON + timedelta(minutes=max(minutes, default=0))
    due = None if step is None else latest + timedelta(minutes=step)
    assert next_due(runs(*minutes)) == due


def test_next_due_follows_the_latest_run() -> None:
    """One step after its beginning."""
    assert next_due(runs(0, 15, 30, 45)) == NOON + timedelta(minutes=60)
    assert next_due(runs(0, 15)) is None


def test_last_success_is_the_latest_that_was_fine() -> None:
    """Failed runs after it do not hide it."""
    fine, failed = runs(0, 15), runs(30, status=ExitStatus.BLOCKED)
    assert last_success([*failed, *fine]) == fine[0]
    assert last_success(failed) is None


@pytest.mark.parametrize(
    "status", [ExitStatus.INTERRUPTED, ExitStatus.TERMINATED, ExitStatus.LOCKED, ExitStatus.USAGE]
)
def test_the_previous_verdict_is_one_that_says_something(status: ExitStatus) -> None:
    """A run that a person ended is passed over, and so is the run itself."""
    (latest,), ended, blocked = (
        runs(30),
        runs(15, status=status),
        runs(0, status=ExitStatus.BLOCKED),
    )
    assert previous_verdict([latest, *ended, *blocked], latest) == blocked[0]
    assert previous_verdict([latest, *ended], latest) is None
