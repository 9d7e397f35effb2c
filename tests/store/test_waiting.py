"""Waiting times of articles that failed."""

from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.store.links import FIRST_WAIT, LONGEST_WAIT, MOST_TRIES, wait_after


def test_each_wait_is_twice_the_one_before() -> None:
    """A quarter of an hour, then doubling up to a day."""
    waits = [wait_after(tries) / 60 for tries in range(1, MOST_TRIES)]
    assert waits == [15, 30, 60, 120, 240, 480, 960, 1440, 1440]


@given(st.integers(1, 10_000))
def test_waits_stay_within_bounds(tries: int) -> None:
    """However often an article fails, the wait is between a quarter of an hour and a day."""
    assert FIRST_WAIT <= wait_after(tries) <= LONGEST_WAIT
