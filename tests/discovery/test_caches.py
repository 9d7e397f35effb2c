"""Listings that a cache has kept for a while: what they hide is found all the same."""

from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kompascrawler.discovery.tasks import IndexQuery
from kompascrawler.identity import day_of
from kompascrawler.store.ledger import Ledger
from kompascrawler.store.store import Store

from .simulation import (
    TODAY,
    CachedListing,
    Listing,
    Run,
    article_ids,
    published_between,
    url_of,
)

STEPS = st.lists(
    st.tuples(st.integers(1, 30), st.booleans(), st.integers(0, 2**32)), min_size=1, max_size=7
)
"""Of each run: hours since the one before, whether caches answer, what they choose."""


HEALTHY = 10
"""Days without caches at the end: the last look at a day is a week after it, and may be repeated
the next day where articles have been deleted since."""


def history(folder: Path, steps: list[tuple[int, bool, int]]) -> tuple[CachedListing, list[int]]:
    """Let a site publish, revise and delete while runs meet caches, then healthy days.

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
        left = [one for one in listing.published if one not in deleted]
        revised = chance.sample(left, chance.choice((0, 0, 1, 2)))
        listing.change(published_between(then, now, minutes=33), deleted, revised)
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


SITE = article_ids(230)
NEW = 70


def shuffled(ids: list[str]) -> list[str]:
    """Return them as a list by readers has them."""
    return Random(3).sample(ids, len(ids))


OLD_PAGES: dict[str, tuple[int, list[str]]] = {
    "page 1 before the news": (1, SITE[NEW:][:20]),
    "page 2 before the news": (2, SITE[NEW + 20 :][:20]),
    "page 1 of two hours ago": (1, SITE[3:][:20]),
    "page 2 of ten articles ago": (2, SITE[30:][:20]),
    "500 old links": (2, article_ids(730)[230:]),
    "the front page": (2, [*SITE[1:4], SITE[0], *SITE[4:20]]),
    "page 1 again as page 3": (3, SITE[:20]),
    "page 1 again as page 2": (2, SITE[:20]),
    "by readers": (2, shuffled(SITE[:200])[:20]),
}


@pytest.mark.parametrize(("page", "shown"), OLD_PAGES.values(), ids=OLD_PAGES)
def test_one_old_page_of_the_index(tmp_path: Path, page: int, shown: list[str]) -> None:
    """160 stored, 70 new: what it hides is found in that run, or in the next healthy ones."""
    Run(tmp_path, Listing(SITE[NEW:]), today=day_of(SITE[NEW])).go()
    old = Listing(SITE)
    ask = old.index

    def index(query: IndexQuery) -> list[str]:
        is_old = query == IndexQuery(site="global", page=page)
        return list(map(url_of, shown)) if is_old else ask(query)

    old.index = index  # type: ignore[method-assign]
    Run(tmp_path, old, today=TODAY).go()
    for days in (0, 1, 2):
        Run(tmp_path, Listing(SITE), today=TODAY + timedelta(days=days)).go()
    store = Store(tmp_path, "run")
    assert [one for one in SITE if not store.is_stored(one)] == []


@pytest.mark.parametrize("what", ["front", "newest"])
def test_an_old_front_page_or_terkini_block(tmp_path: Path, what: str) -> None:
    """The other one tells, or the next healthy run."""
    Run(tmp_path, Listing(SITE[NEW:]), today=day_of(SITE[NEW])).go()
    old = Listing(SITE)
    setattr(old, what, getattr(Listing(SITE[NEW:]), what))
    first = Run(tmp_path, old, today=TODAY).go()
    if what == "newest":  # the front page has shown newer ones, so that the index is asked
        assert sorted(first.fetched, reverse=True) == SITE[:NEW]
    Run(tmp_path, Listing(SITE), today=TODAY).go()
    store = Store(tmp_path, "run")
    assert [one for one in SITE if not store.is_stored(one)] == []


def test_the_price(tmp_path: Path) -> None:
    """An idle run asks for the front page only; a day of some 40 articles costs three pages."""
    listing = Listing(SITE)
    Run(tmp_path, listing, today=TODAY).go()
    costs = []
    for days in (0, 1, 1, 2, 9, 9):
        listing.asked.clear()
        Run(tmp_path, listing, today=TODAY + timedelta(days=days)).go()
        costs.append(len(listing.asked))
    of_today = sum(one.startswith(str(TODAY)) for one in SITE)
    assert of_today == 20
    # Today's 20 fill a page, so that another is asked for; a day without articles costs one.
    # Nine days later seven days are due that no run has read, and two for the second time.
    assert costs == [0, 2, 0, 1, 7 + 2 + 1, 0]
