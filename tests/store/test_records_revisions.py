"""Articles stored without some of their pages: tried again, bettered, given up."""

import json
from dataclasses import replace
from typing import Any

import pytest

from kompascrawler.items import Article, Halaman
from kompascrawler.store.links import MOST_TRIES
from kompascrawler.store.model import AlreadyStored, Link
from kompascrawler.store.store import Store
from tests.store.synthetic import Clock, make_article

TEXTS = {1: "Kapal tiba.", 2: "Kapal tiba.\n\nPasar buka.", 3: "Kapal tiba.\n\nPasar buka.\n\nX."}


def article(pages: int, **fields: Any) -> Article:
    """Return the record of an article of three pages of which so many were had."""
    halaman = Halaman(
        pages_expected=3,
        pages_fetched=pages,
        route="numbered",
        words_declared=600,
        words_counted=200 * pages,
        complete=pages == 3,
    )
    values: dict[str, Any] = {"text": TEXTS[pages], "halaman": halaman} | fields
    return make_article(1, **values)


LINK = Link(article(1).id, article(1).url)


def published(store: Store) -> list[tuple[int, int]]:
    """Return revision and pages of every published record, in the order of publishing."""
    store.publish()
    files = sorted(store.data_dir.glob("articles/*/*.jsonl"))
    records = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    return [(record["revision"], record["halaman"]["pages_fetched"]) for record in records]


def test_an_incomplete_article_is_stored_and_published(store: Store) -> None:
    """Its readers see at once what there is, and that it is not all."""
    store.put(article(2))
    assert (store.is_stored(LINK.id), store.is_settled(LINK.id)) == (True, False)
    assert published(store) == [(1, 2)]


def test_a_complete_article_is_settled(store: Store) -> None:
    """So is one of which nobody says how much it is."""
    store.put(article(3))
    store.put(make_article(2))
    assert store.is_settled(LINK.id)
    assert store.is_settled(make_article(2).id)


def test_an_incomplete_article_is_due_again(store: Store, clock: Clock) -> None:
    """After the wait of a first failure, and it is listed with what it lacks."""
    store.put(article(2))
    clock.pass_by(minutes=9)
    assert store.due() == []
    clock.pass_by(minutes=1)
    assert store.due() == [LINK]
    ((link, tries, cause, *_),) = store.failures()
    assert (link, tries, cause) == (LINK, 1, "incomplete: 2 of 3 pages, 400 of 600 words")


def test_the_complete_article_is_the_next_revision(store: Store, clock: Clock) -> None:
    """Same identity, first seen when it was, published beside the first, and due no more."""
    store.put(article(1))
    clock.pass_by(hours=1)
    whole = article(3)
    store.put(whole)
    assert (whole.revision, whole.first_seen_at) == (2, "2026-11-22T18:45:00+00:00")
    assert published(store) == [(1, 1), (2, 3)]
    clock.pass_by(days=2)
    assert (store.due(), store.failures(), store.is_settled(LINK.id)) == ([], [], True)


def test_published_revisions_stay_as_they_are(store: Store) -> None:
    """The next one goes to a file of its own."""
    store.put(article(1))
    assert published(store) == [(1, 1)]
    (first,) = store.data_dir.glob("articles/*/*.jsonl")
    content = first.read_bytes()
    store.put(article(3))
    assert published(store) == [(1, 1), (2, 3)]
    assert first.read_bytes() == content


def test_more_pages_are_a_revision_and_still_due(store: Store, clock: Clock) -> None:
    """What is better but not whole is published, and waits longer than before."""
    store.put(article(1))
    store.put(article(2))
    assert published(store) == [(1, 1), (2, 2)]
    clock.pass_by(minutes=24)
    assert store.due() == []
    clock.pass_by(minutes=1)
    assert store.due() == [LINK]


@pytest.mark.parametrize("pages", [1, 2])
def test_no_more_pages_are_a_failed_try(store: Store, pages: int) -> None:
    """Nothing is published, and the article waits longer."""
    store.put(article(2))
    with pytest.raises(AlreadyStored):
        store.put(article(pages, text="Kapal tiba lagi."))
    assert published(store) == [(1, 2)]
    assert [failure.tries for failure in store.failures()] == [2]


def test_the_same_content_is_no_revision(store: Store) -> None:
    """Where the site has changed its count, the article is whole after all."""
    store.put(article(2))
    now_whole = replace(article(2).halaman, pages_expected=2, words_declared=400, complete=True)
    with pytest.raises(AlreadyStored):
        store.put(article(2, halaman=now_whole))
    assert published(store) == [(1, 2)]
    assert (store.is_settled(LINK.id), store.due(), store.failures()) == (True, [], [])


@pytest.mark.parametrize("pages", [1, 2, 3])
def test_nothing_betters_a_complete_article(store: Store, pages: int) -> None:
    """An article that was had whole stays, and is due no more, unless all of it has changed."""
    store.put(article(3))
    with pytest.raises(AlreadyStored):
        store.put(article(pages))
    with pytest.raises(AlreadyStored):
        store.put(article(min(pages, 2), text="Teks lain."))
    assert (published(store), store.due(), store.failures()) == ([(1, 3)], [], [])


def test_an_article_that_stays_incomplete_is_given_up(store: Store, clock: Clock) -> None:
    """After the last try it is never due, and still listed; its record stays."""
    store.put(article(2))
    for _ in range(MOST_TRIES - 1):
        with pytest.raises(AlreadyStored):
            store.put(article(2))
    clock.pass_by(days=400)
    assert store.due() == []
    ((_, tries, _, next_try, _),) = store.failures()
    assert (tries, next_try) == (MOST_TRIES, None)
    assert published(store) == [(1, 2)]


def test_a_failed_fetch_of_an_incomplete_article_counts(store: Store, clock: Clock) -> None:
    """It waits longer, and is due after that."""
    store.put(article(2))
    assert store.add_failure(LINK, "http 500") == 2
    clock.pass_by(minutes=30)
    assert store.due() == [LINK]


def test_an_article_that_was_given_up_can_still_become_whole(store: Store) -> None:
    """When somebody asks for it by name."""
    store.put(article(2))
    for _ in range(MOST_TRIES):
        store.add_failure(LINK, "http 500")
    store.put(article(3))
    assert (store.is_settled(LINK.id), published(store)) == (True, [(1, 2), (2, 3)])


def test_a_revision_is_no_duplicate_of_its_first(store: Store) -> None:
    """Nor is a republication of the whole article an original."""
    long = " ".join(make_article(7).text for _ in range(2))
    store.put(article(2, text=make_article(7).text, content_hash="a"))
    whole = article(3, text=long, content_hash="b")
    assert store.find_duplicate(whole) is None
    store.put(whole)
    assert store.find_duplicate(make_article(2, text=long, content_hash="b")) == (LINK.id, 1.0)


def test_a_republication_of_an_article_with_revisions_can_be_stored(store: Store) -> None:
    """Its original is the article, whichever revision it resembles."""
    store.put(article(2))
    store.put(article(3))
    copy = make_article(2, text=TEXTS[3], duplicate_of=LINK.id, similarity=1.0)
    store.put(copy)
    assert store.find_duplicate(make_article(3, text=TEXTS[3])) == (LINK.id, 1.0)
