"""Listings that a cache has kept for a while: what they hide is found all the same."""

from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kompascrawler.store.ledger import Ledger
from kompascrawler.store.store import Store

from .simulation import CachedListing, Run, published_between

STEPS = st.lists(
    st.tuples(st.integers(1, 30), st.booleans(), st.integers(0, 2**32)), min_size=1, max_size=7
)
"""Of each run: hours since the one before, whether caches answer, what they choose."""


HEALTHY = 10
"""Days without caches at the end: the last look at a day is a week after it, and may be repeated
the next day where articles have been deleted since."""


def history(folder: Path, steps: list[tuple[int, bool, int]]) -> tuple[CachedListing, list[int]]:
    """Let a site publish and delete while runs meet caches, then healthy days.

    Return the site and the index pages that each of these days cost.
    """
    now = datetime(2026, 11, 2, 6, 0)  # noqa: DTZ001 - only its digits are used
    listing = CachedListing([])
    listing.change(published_between(now - timedelta(days=1), now, minutes=33), [])
    Run(folder, listing, today=now.date()).go()
    for hours, has_caches, seed in steps:
        chance = Random(seed)
        then, now = now, now + timedelta(hours=hours)
        deleted = chance.sample(listing.ids, chance.choice((0, 0, 1, 2)))
        listing.change(published_between(then, now, minutes=33), deleted)
        listing.chance = chance if has_caches else None
        Run(folder, listing, today=now.date()).go()
    listing.chance = None
    costs = []
    for _ in range(HEALTHY):
        now += timedelta(days=1)
        listing.asked.clear()
        Run(folder, listing, today=now.date()).go()
        costs.append(len(listing.asked))
    return listing, costs


def assert_nothing_is_missing(steps: list[tuple[int, bool, int]]) -> None:
    """After healthy runs and the closing of the days, everything listed is stored."""
    with TemporaryDirectory() as folder:
        listing, _ = history(Path(folder), steps)
        store = Store(Path(folder), "run")
        assert [one for one in listing.ids if not store.is_stored(one)] == []
        days = Ledger(Path(folder), "global").read()
        over = sorted(days)[:-HEALTHY]
        assert over
        assert all(days[day].closed and not days[day].missing for day in over)


@settings(max_examples=12, deadline=None)
@given(STEPS)
def test_what_caches_hide_is_found(steps: list[tuple[int, bool, int]]) -> None:
    """Any page of any listing may be of any earlier state, in any run."""
    assert_nothing_is_missing(steps)


@pytest.mark.soak
@settings(max_examples=400, deadline=None)
@given(STEPS)
def test_what_caches_hide_is_found_in_many_histories(steps: list[tuple[int, bool, int]]) -> None:
    """The same, often."""
    assert_nothing_is_missing(steps)
