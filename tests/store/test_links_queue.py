"""The retry queue in a person's hands: articles tried again, and dropped."""

from dataclasses import replace

import pytest

from kompascrawler.store.links import MOST_TRIES
from kompascrawler.store.model import Discovery
from kompascrawler.store.store import Store
from tests.store.synthetic import Clock, make_article
from tests.store.test_links import MID, NEW, OLD


def give_up(store: Store) -> None:
    """Have NEW fail until it is given up."""
    for _ in range(MOST_TRIES):
        store.add_failure(NEW, "timeout")


def test_what_was_given_up_is_due_at_once(store: Store) -> None:
    """A person's word counts more than the number of tries, which begins anew."""
    give_up(store)
    assert (store.retry([NEW.id]), store.due()) == (1, [NEW])
    assert store.add_failure(NEW, "timeout") == 1
    assert store.due() == []


def test_an_article_to_be_tried_again_stays_listed(store: Store) -> None:
    """Until it is had, with the cause of its last failure."""
    store.add_failure(NEW, "http 500")
    store.retry()
    assert [(link, tries, cause) for link, tries, cause, *_ in store.failures()] == [
        (NEW, 0, "http 500")
    ]


def test_all_are_those_that_failed(store: Store) -> None:
    """Neither what was never tried nor what was dropped."""
    store.learn(Discovery(links=[OLD]))
    store.add_failure(MID, "timeout")
    give_up(store)
    store.drop([MID.id])
    assert store.retry() == 1
    assert store.due() == [NEW, OLD]


def test_a_dropped_article_is_never_asked_for_again(store: Store, clock: Clock) -> None:
    """Neither later, nor found again, nor failing once more; it stays listed."""
    store.add_failure(NEW, "timeout")
    assert store.drop([NEW.id, NEW.id]) == 1
    clock.pass_by(days=400)
    store.add_failure(NEW, "timeout")
    assert store.learn(Discovery(links=[NEW])).new == []
    assert store.due() == []
    assert [failure.state for failure in store.failures()] == ["dropped"]


def test_an_article_never_tried_can_be_dropped(store: Store) -> None:
    """And taken up again by its id."""
    store.learn(Discovery(links=[NEW]))
    assert (store.drop([NEW.id]), store.due()) == (1, [])
    assert (store.retry([NEW.id]), store.due()) == (1, [NEW])


@pytest.mark.parametrize("article_id", ["2026-11-12-000001170", "2000-01-01-000000070"])
def test_what_is_settled_or_unknown_stays_as_it_is(store: Store, article_id: str) -> None:
    """Nothing is counted and nothing is due."""
    article = make_article(1, id="2026-11-12-000001170")
    store.put(article)
    assert (store.drop([article_id]), store.retry([article_id]), store.due()) == (0, 0, [])
    assert store.is_settled(article.id)


def test_a_dropped_article_that_comes_all_the_same_is_stored(store: Store) -> None:
    """Somebody has asked for it by its address."""
    article = make_article(1)
    store.learn(Discovery(links=[NEW._replace(id=article.id)]))
    store.drop([article.id])
    store.put(article)
    assert (store.is_settled(article.id), store.failures()) == (True, [])


def test_a_dropped_article_that_comes_incomplete_stays_dropped(store: Store) -> None:
    """It was under way when a person dropped it: its record is kept, and nobody asks again."""
    whole = make_article(1)
    article = replace(whole, halaman=replace(whole.halaman, pages_expected=2, complete=False))
    store.learn(Discovery(links=[NEW._replace(id=article.id)]))
    store.drop([article.id])
    store.put(article)
    assert store.is_stored(article.id)
    assert [failure.state for failure in store.failures()] == ["dropped"]
