"""Waiting times of articles that failed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.store.links import EARLY, FIRST_WAIT, LONGEST_WAIT, MOST_TRIES, wait_after
from kompascrawler.store.model import Discovery, Gap, Link, StoreError
from kompascrawler.store.store import Store
from tests.store.synthetic import Clock, make_article


def test_each_wait_is_twice_the_one_before() -> None:
    """A quarter of an hour, then doubling up to a day."""
    waits = [wait_after(tries) / 60 for tries in range(1, MOST_TRIES)]
    assert waits == [15, 30, 60, 120, 240, 480, 960, 1440, 1440]


@given(st.integers(1, 10_000))
def test_waits_stay_within_bounds(tries: int) -> None:
    """However often an article fails, the wait is between a quarter of an hour and a day."""
    assert FIRST_WAIT <= wait_after(tries) <= LONGEST_WAIT


OLD = Link("2026-11-13-080000070", "https://www.kompas.com/global/read/2026/11/13/080000070/a")
MID = Link("2026-11-14-080000070", "https://www.kompas.com/global/read/2026/11/14/080000070/b")
NEW = Link("2026-11-15-080000070", "https://www.kompas.com/global/read/2026/11/15/080000070/c")


def test_links_are_news_once(store: Store) -> None:
    """Of a finding only what no run had found before is news, in the page's order."""
    store.learn(Discovery(links=[MID]))
    assert store.learn(Discovery(links=[OLD, MID, NEW, OLD])).new == [OLD, NEW]


def test_what_is_found_is_due_newest_first(store: Store) -> None:
    """Articles are fetched from the newest down, whatever the order on the page."""
    store.learn(Discovery(links=[MID, NEW, OLD]))
    assert store.due() == [NEW, MID, OLD]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({"oldest": MID.id}, [NEW, MID]),
        ({"newest": MID.id}, [MID, OLD]),
        ({"oldest": MID.id, "newest": MID.id}, [MID]),
        ({"oldest": "2026-11-16"}, []),
    ],
)
def test_bounds_of_what_is_due_are_inclusive(
    store: Store, bounds: dict[str, str], expected: list[Link]
) -> None:
    """A run can be limited to days of publication."""
    store.learn(Discovery(links=[OLD, MID, NEW]))
    assert store.due(oldest=bounds.get("oldest"), newest=bounds.get("newest")) == expected


def test_a_stored_article_is_never_due_again(store: Store) -> None:
    """Nothing that is stored is fetched once more, also when another page links to it."""
    article = make_article(1)
    store.put(article)
    assert store.learn(Discovery(links=[Link(article.id, article.url)])).new == []
    assert store.due() == []


def test_a_failed_article_waits(store: Store, clock: Clock) -> None:
    """It is due again after its waiting time, less what a run lasts, and not before."""
    assert store.add_failure(NEW, "timeout") == 1
    clock.pass_by(seconds=FIRST_WAIT - EARLY - 1)
    assert store.due() == []
    clock.pass_by(seconds=1)
    assert store.due() == [NEW]


def test_the_run_a_quarter_of_an_hour_later_finds_a_failure_due(store: Store, clock: Clock) -> None:
    """An article that fails minutes into a run is tried again in the next one."""
    clock.pass_by(minutes=4)
    store.add_failure(NEW, "timeout")
    clock.pass_by(minutes=11)
    assert store.due() == [NEW]


def test_an_article_is_given_up_but_not_forgotten(store: Store, clock: Clock) -> None:
    """After the last try it is never due, still listed, and no news when it is found again."""
    for tries in range(1, MOST_TRIES + 1):
        assert store.add_failure(NEW, f"answer {tries}") == tries
    clock.pass_by(days=400)
    assert store.due() == []
    cause = f"answer {MOST_TRIES}"
    assert store.failures() == [(NEW, MOST_TRIES, cause, None, "given_up")]
    assert store.learn(Discovery(links=[NEW])).new == []


def test_a_failed_article_can_still_be_stored(store: Store) -> None:
    """Success ends the list of failures, also for an article that was given up."""
    article = make_article(1)
    for _ in range(MOST_TRIES):
        store.add_failure(Link(article.id, article.url), "timeout")
    store.put(article)
    assert store.is_stored(article.id)
    assert store.failures() == []


def test_a_late_failure_does_not_undo_storing(store: Store) -> None:
    """A retry of an article that is stored meanwhile leaves it stored."""
    article = make_article(1)
    store.put(article)
    store.add_failure(Link(article.id, article.url), "timeout")
    assert store.is_stored(article.id)
    assert store.due() == []
    assert store.failures() == []


def test_a_clock_set_back_holds_nothing_back(store: Store, clock: Clock) -> None:
    """A next try a year ahead was written under a wrong clock: the article is due."""
    store.add_failure(NEW, "timeout")
    clock.pass_by(days=-365)
    assert store.due() == [NEW]


def test_a_clock_set_back_a_little_keeps_the_wait_bounded(store: Store, clock: Clock) -> None:
    """After a small step back the article is due within the longest wait."""
    store.add_failure(NEW, "timeout")
    clock.pass_by(hours=-2)
    assert store.due() == []
    clock.pass_by(hours=24)
    assert store.due() == [NEW]


def test_first_seen_is_when_a_link_was_found(store: Store, clock: Clock) -> None:
    """Storing fills in the time of the first link, not of the fetch."""
    article = make_article(1)
    store.learn(Discovery(links=[Link(article.id, article.url)]))
    clock.pass_by(hours=5)
    store.put(article)
    assert article.first_seen_at == "2026-11-22T18:45:00+00:00"


def test_bounds_of_the_listing_are_remembered(store: Store) -> None:
    """A finding without a bound leaves the earlier one as it is; bounds only grow apart."""
    assert (store.newest_listed(), store.oldest_asked()) == (None, None)
    store.learn(Discovery(newest=MID.id, oldest=MID.id))
    store.learn(Discovery(newest=NEW.id))
    assert (store.newest_listed(), store.oldest_asked()) == (NEW.id, MID.id)
    store.learn(Discovery(newest=MID.id, oldest=OLD.id))
    assert (store.newest_listed(), store.oldest_asked()) == (NEW.id, OLD.id)


def test_a_gap_is_opened_lowered_and_closed(store: Store) -> None:
    """A gap keeps its number until it has been read to its end."""
    gap = store.learn(Discovery(opened=(None, NEW.id))).gap
    assert gap is not None
    assert store.gaps() == [gap] == [Gap(gap.number, None, NEW.id)]
    lower = gap._replace(high=MID.id)
    store.learn(Discovery(lowered=lower))
    assert store.gaps() == [lower]
    store.learn(Discovery(closed=lower))
    assert store.gaps() == []


def test_gaps_come_newest_first(store: Store) -> None:
    """The newest stretch is read first."""
    store.learn(Discovery(opened=(None, OLD.id)))
    store.learn(Discovery(opened=(OLD.id, NEW.id)))
    assert [gap.high for gap in store.gaps()] == [NEW.id, OLD.id]


def test_a_finding_is_remembered_as_a_whole_or_not_at_all(store: Store) -> None:
    """Where one part cannot be kept, none is."""
    no_bound: Any = None
    with pytest.raises(StoreError, match="remember links"):
        store.learn(Discovery(links=[NEW], newest=NEW.id, opened=(None, no_bound)))
    assert store.due() == []
    assert store.newest_listed() is None
