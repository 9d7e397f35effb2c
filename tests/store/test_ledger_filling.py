"""How far a first filling has come, and what is said of it."""

from datetime import date

import pytest

from kompascrawler.outcome.cards import ExitStatus
from kompascrawler.outcome.counts import Engine, RunCounts
from kompascrawler.outcome.outcome import headline
from kompascrawler.outcome.verdict import judge
from kompascrawler.store.ledger import OLDEST_DAY, Filling, fill_of
from kompascrawler.store.model import Gap

NEWEST, HIGH, SINCE = "2026-11-26-1", "2024-03-02-5", "2020-01-01"


@pytest.mark.parametrize(
    ("low", "oldest", "goal"),
    [
        (None, None, OLDEST_DAY),
        (SINCE, SINCE, date(2020, 1, 1)),
        ("2026-11-20-1", SINCE, None),
        ("2026-11-20-1", None, None),
    ],
)
def test_what_is_a_filling(low: str | None, oldest: str | None, goal: date | None) -> None:
    """A gap down to the oldest day wanted, or to the beginning; no gap between two runs."""
    found = fill_of([Gap(1, low, HIGH)], NEWEST, oldest)
    assert (found and found.goal) == goal


def run(reached: date, began: date = date(2024, 3, 12)) -> RunCounts:
    """Return the counts of a run of an hour that its budget ended."""
    filling = Filling(
        newest=date(2026, 11, 26), began=began, reached=reached, goal=date(2023, 4, 28)
    )
    return RunCounts(
        budget_hit="MAX_RUN_SECONDS=3600",
        filling=filling,
        engine=Engine(has_started=True, finish_reason="budget", seconds=3600),
    )


def test_a_run_that_fills_the_index_does_not_look_like_failure() -> None:
    """Status 9 for scripts; for people the day, and the time that is left."""
    verdict = judge(run(date(2024, 3, 2)), max_failed_share=0.2)
    assert verdict.status is ExitStatus.BUDGET
    assert verdict.is_healthy
    said = "OK: filling: reached 2024-03-02, about 31 h left at this rate"
    assert headline(verdict).startswith(said)


def test_a_filling_that_does_not_advance_is_no_progress() -> None:
    """It is told as any run that a budget ended."""
    verdict = judge(run(date(2024, 3, 12)), max_failed_share=0.2)
    assert (verdict.status, verdict.is_healthy) == (ExitStatus.BUDGET, False)


def test_a_day_can_take_several_runs() -> None:
    """Articles that were stored are an advance, too; there is no rate to tell the time left by."""
    counts = run(date(2024, 3, 12))
    counts.store.articles = 5
    verdict = judge(counts, max_failed_share=0.2)
    assert verdict.is_healthy
    assert verdict.cause == "filling: reached 2024-03-12 (ended by MAX_RUN_SECONDS=3600)"


def test_the_share_is_that_of_the_days() -> None:
    """From the newest to the goal, within 0 and 1."""
    filling = Filling(
        newest=date(2026, 1, 11), began=date(2026, 1, 11), reached=date(2026, 1, 6),
        goal=date(2026, 1, 1),
    )  # fmt: skip
    assert filling.share == 0.5
