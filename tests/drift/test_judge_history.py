"""What rows of the store tell: which runs wait, which were healthy, what was accepted."""

import pytest

from kompascrawler.drift.judge import History, Row, held, missed, read_history, row_of
from kompascrawler.drift.rates import Rate, total

ONE = {"title": Rate(1, 1)}


def waiting() -> Row:
    """Return the row of a run with one page, which waits."""
    return row_of(ONE, accepted={}, drifted={}, runs_judged=0)


def judged(runs: int, *drifted: str) -> Row:
    """Return the row of a run with one page, which judged so many."""
    return row_of(
        ONE,
        accepted={},
        drifted=dict.fromkeys(drifted, Rate(1, 12)),
        runs_judged=runs,
        is_healthy=not drifted,
    )


@pytest.mark.parametrize(
    ("newest_first", "wait", "healthy"),
    [
        ([], 0, 0),
        ([waiting()], 1, 0),
        ([waiting(), waiting()], 2, 0),
        ([judged(1)], 0, 1),
        ([waiting(), judged(2), waiting()], 1, 2),
        # What waited before a judgement goes with it.
        ([judged(3, "title"), waiting(), waiting(), judged(1)], 0, 1),
        ([judged(1), judged(2, "title"), waiting(), judged(2), waiting()], 0, 3),
        # The rows that a judgement was of may be forgotten by now.
        ([waiting(), judged(9)], 1, 1),
    ],
)
def test_rows_wait_or_are_healthy_or_are_neither(
    newest_first: list[Row], wait: int, healthy: int
) -> None:
    """By the judgement that came after them."""
    history = read_history(newest_first)
    assert len(history.waiting) == wait
    assert total(history.waiting).get("title", Rate(0, 0)) == Rate(wait, wait)
    assert history.healthy.get("title", Rate(0, 0)) == Rate(healthy, healthy)


def test_the_latest_runs_without_a_miss_are_told() -> None:
    """Up to the first one in which a measure misses."""
    missing = row_of({"title": Rate(0, 1)}, accepted={}, drifted={}, runs_judged=0)
    waited = read_history([waiting(), waiting(), missing, waiting()]).waiting
    assert held(waited) == {"title": Rate(2, 2)}
    assert total(map(missed, waited)) == {"title": Rate(0, 1)}


def test_a_run_that_drifted_leaves_the_names_of_what_was_found() -> None:
    """And none of its measures."""
    assert judged(2, "title", "tags").keys() == {"drifted/title", "drifted/tags", "judged"}
    assert read_history([judged(2, "title")]).drifted == {"title": Rate(1, 12)}


def test_what_was_found_is_handed_on_until_it_is_over() -> None:
    """By each row that waits to the next; its own measures are kept to be judged."""
    handed_on = row_of(ONE, accepted={}, drifted={"title": Rate(1, 12)}, runs_judged=0)
    history = read_history([handed_on, judged(2, "title")])
    assert (history.drifted, history.waiting) == ({"title": Rate(1, 12)}, [ONE])
    assert read_history([waiting(), handed_on]).drifted == {}


def test_what_is_accepted_is_learned_anew() -> None:
    """Rows of before count for other measures only; what was accepted waits for no acceptance."""
    both = {"title": Rate(1, 1), "tags": Rate(1, 1)}
    before = row_of(both, accepted={}, drifted={}, runs_judged=1)
    named = judged(1, "title")
    after = row_of(both, accepted={"title": 1}, drifted={}, runs_judged=1)
    assert read_history([after, named, before]) == History(
        waiting=[],
        healthy={"title": Rate(1, 1), "tags": Rate(2, 2)},
        accepted={"title": 1},
        drifted={},
    )
