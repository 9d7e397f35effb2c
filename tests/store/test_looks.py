"""When stored articles are looked at again, and what comes of it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kompascrawler.identity import published_at
from kompascrawler.store.model import Link, Revisit, Validators
from kompascrawler.store.store import Store
from tests.store.synthetic import Clock, make_article

HOUR = 3600
AFTER = (6 * HOUR, 24 * HOUR, 168 * HOUR)
ARTICLE = make_article(1)
LINK = Link(ARTICLE.id, ARTICLE.url)
PUBLISHED = published_at(ARTICLE.id)


def hours(number: float) -> datetime:
    """Return the time so many hours after the article came out."""
    assert PUBLISHED is not None
    return datetime.fromtimestamp(PUBLISHED.timestamp() + number * HOUR, UTC)


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """Return a store that has stored the article an hour after it came out."""
    clock.now = hours(1)
    opened = Store(tmp_path / "data", "run", clock=clock, revisit_after=AFTER)
    opened.put(make_article(1))
    yield opened
    opened.close()


def due(store: Store) -> list[str]:
    """Return the identities of what is to be looked at."""
    return [revisit.link.id for revisit in store.due_looks(30)]


def test_the_schedule_decays(store: Store, clock: Clock) -> None:
    """Looks are due 6 hours, a day and a week after publication, and then no more."""
    seen = []
    for hour in range(1, 400):
        clock.now = hours(hour + 0.01)
        if due(store):
            seen.append(hour)
            assert not store.end_look(LINK.id, "unchanged")
    assert seen == [6, 24, 168]
    assert store.counts().revisits == 0


def test_one_look_makes_up_for_those_that_were_missed(store: Store, clock: Clock) -> None:
    """After two days without a run one look follows, and then that of a week."""
    clock.now = hours(50)
    assert due(store) == [LINK.id]
    store.end_look(LINK.id, "unchanged")
    assert due(store) == []
    clock.now = hours(169)
    assert due(store) == [LINK.id]


def test_old_articles_are_not_looked_at(store: Store, clock: Clock) -> None:
    """A first filling brings no looks: an article a week old when it is stored has none."""
    clock.now = hours(24 * 30)
    store.put(make_article(6))
    assert [entry.link.id for entry in store.due_looks(30)] == [LINK.id]
    assert store.counts().revisits == 1


def test_the_newest_are_looked_at_first(store: Store, clock: Clock) -> None:
    """Within the limit, by the time of publication."""
    for number in (6, 11, 16):
        store.put(make_article(number))
    clock.now = hours(7)
    newest = sorted((make_article(number).id for number in (1, 6, 11, 16)), reverse=True)
    assert due(store) == newest
    assert [one.link.id for one in store.due_looks(2)] == newest[:2]


def test_what_was_dropped_is_left_alone(store: Store, clock: Clock) -> None:
    """Only what is stored whole is looked at."""
    clock.now = hours(7)
    with store._database.writing("test") as db:
        db.execute("UPDATE link SET state = 'dropped'")
    assert due(store) == []


def test_a_failed_look_is_repeated_and_then_waits(store: Store, clock: Clock) -> None:
    """After an hour, after two, and then at the next time of the schedule; nothing is failed."""
    clock.now = hours(6.1)
    for wait in (1, 2):
        store.end_look(LINK.id, "failed", "timeout")
        clock.pass_by(hours=wait, minutes=-6)
        assert due(store) == []
        clock.pass_by(minutes=1)
        assert due(store) == [LINK.id]
    store.end_look(LINK.id, "failed", "timeout")
    clock.now = hours(23.9)
    assert due(store) == []
    clock.now = hours(24.1)
    assert due(store) == [LINK.id]
    assert (store.failures(), store.is_settled(LINK.id)) == ([], True)
    history = store.history(LINK.id)
    assert history is not None
    assert [(look.outcome, look.cause) for look in history.looks] == [("failed", "timeout")] * 3


def test_a_missing_page_is_certain_after_a_day(store: Store, clock: Clock) -> None:
    """It is looked at again 24 hours later, whoever looks in between."""
    clock.now = hours(6.1)
    assert not store.end_look(LINK.id, "gone")
    clock.now = hours(12)
    assert not store.end_look(LINK.id, "gone")
    clock.now = hours(30)
    assert due(store) == []
    clock.now = hours(30.2)
    assert due(store) == [LINK.id]
    assert not store.end_look(LINK.id, "gone")  # nor is any other page there
    store.put(make_article(6))
    clock.now = hours(54.2)
    assert due(store) == [LINK.id]
    assert store.end_look(LINK.id, "gone")


def test_a_page_that_was_there_in_between_is_not_gone(store: Store, clock: Clock) -> None:
    """The day begins anew."""
    clock.now = hours(6.1)
    store.end_look(LINK.id, "gone")
    clock.now = hours(20)
    store.end_look(LINK.id, "unchanged")
    clock.now = hours(31)
    assert not store.end_look(LINK.id, "gone")


def test_a_known_deletion_is_nothing_new(store: Store, clock: Clock) -> None:
    """After the tombstone the schedule goes on, and a page that is there again is a revision."""
    deleted = make_article(1, text="", deleted_at="2026-11-22T18:45:00+00:00")
    store.put(deleted)
    assert (deleted.revision, deleted.changed) == (2, ["text", "deleted_at"])
    assert store.is_known(make_article(1, text="", deleted_at="2026-11-23T18:45:00+00:00"))
    clock.now = hours(168.1)
    assert not store.end_look(LINK.id, "gone")
    history = store.history(LINK.id)
    assert history is not None
    assert [look.outcome for look in history.looks] == ["unchanged"]
    assert (store.counts().deletions, history.revisions[-1].deleted_at is not None) == (1, True)
    back = make_article(1)
    store.put(back)
    assert (back.revision, back.changed) == (3, ["text", "deleted_at"])


def test_an_old_article_that_was_asked_for_is_watched_if_it_is_gone(
    store: Store, clock: Clock
) -> None:
    """It has no schedule; only what a deletion needs is remembered, and then nothing."""
    clock.now = hours(24 * 400)
    store.end_look(LINK.id, "unchanged")
    assert store.counts().revisits == 0
    store.end_look(LINK.id, "gone")
    clock.pass_by(days=1)
    assert due(store) == [LINK.id]
    store.end_look(LINK.id, "unchanged")
    assert store.counts().revisits == 0


def test_validators_are_kept_until_the_last_look(store: Store, clock: Clock) -> None:
    """What an answer said of itself goes with the next look."""
    said = Validators(LINK.url, '"tag"', None)
    store.keep_validators(LINK.id, said)
    clock.now = hours(7)
    store.end_look(LINK.id, "unchanged")
    clock.now = hours(25)
    assert [one.validators for one in store.due_looks(1)] == [said]


@pytest.mark.parametrize(
    "later",
    [{"text": "Another text."}, {"text": "", "deleted_at": "2026-11-22T18:45:00+00:00"}],
    ids=["revised", "deleted"],
)
def test_validators_of_an_earlier_revision_are_not_sent(
    store: Store, clock: Clock, later: dict[str, str]
) -> None:
    """A page that is again as it was is read: "not modified" would leave the record as it is."""
    store.keep_validators(LINK.id, Validators(LINK.url, '"tag"', None))
    clock.now = hours(7)
    store.put(make_article(1, **later))
    clock.now = hours(25)
    assert [one.validators for one in store.due_looks(1)] == [None]


def test_validators_take_no_transaction_of_their_own(store: Store, clock: Clock) -> None:
    """They are durable with the next one that succeeds, and after publishing."""
    other = make_article(2)
    said = {LINK.id: Validators(LINK.url, '"one"', None), other.id: Validators("x", None, "two")}
    commits = []
    with store._database.reading() as db:
        db.set_trace_callback(lambda it: commits.append(it) if it == "COMMIT" else None)
    store.keep_validators(LINK.id, said[LINK.id])
    with pytest.raises(ValueError, match="surrogates"):
        store.put(make_article(3, text="\ud800"))
    store.put(other)
    store.keep_validators(other.id, said[other.id])
    assert len(commits) == 1
    store.publish()
    assert len(commits) == 3
    store.keep_validators(other.id, said[other.id])
    store.publish()
    assert len(commits) == 4
    store.publish()
    assert len(commits) == 4
    clock.now = hours(48)
    later = Store(store.data_dir, "later", clock=clock, revisit_after=AFTER)
    assert {one.link.id: one.validators for one in later.due_looks(9)} == said
    later.close()


def test_a_death_is_a_look_that_failed(store: Store, clock: Clock) -> None:
    """A page that kills the run is not looked at in each run; the article stays what it is."""
    clock.now = hours(6.1)
    store.under_way.begin(LINK)
    store.close()
    later = Store(store.data_dir, "later", clock=clock, revisit_after=AFTER)
    later.under_way._run_id = "later"
    assert later.note_deaths() == []
    later.under_way.begin(LINK)
    assert later.note_deaths() == [LINK]
    assert (due(later), later.failures(), later.is_settled(LINK.id)) == ([], [], True)
    later.close()


def test_settled_articles_come_in_portions(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """All from a day on, newest first, however many."""
    monkeypatch.setattr("kompascrawler.store.looks._AT_ONCE", 2)
    for number in range(2, 9):
        store.put(make_article(number))
    wanted = sorted((make_article(n).id for n in range(1, 9)), reverse=True)
    assert [one.link.id for one in store.settled("")] == wanted
    assert [one.link.id for one in store.settled(wanted[2])] == wanted[:3]


@pytest.mark.parametrize(
    ("updated", "fetched", "is_looked_at"),
    [
        (3, 5, True),
        (3, 2.9, False),
        (None, 8, True),
        (None, 3, False),
        (99, 8, True),
        (99, 3, False),
    ],
)
def test_an_update_brings_an_article_forward_once(
    store: Store, clock: Clock, updated: float | None, fetched: float, *, is_looked_at: bool
) -> None:
    """If it came after the article was fetched; of no time, or a future one, from 6 hours on.

    Stored an hour after it came out; the hour of the update, and of the listing.
    """
    clock.now = hours(fetched)
    time = hours(updated) if updated is not None else None
    expected = Revisit(LINK, None) if is_looked_at else None
    if updated == 3 and fetched == 2.9:
        store.end_look(LINK.id, "unchanged")
        clock.now = hours(3.1)
        store.end_look(LINK.id, "unchanged")
    assert store.bring_forward(LINK.id, time) == expected
    assert due(store) == ([LINK.id] if is_looked_at else [])
    store.end_look(LINK.id, "unchanged")
    assert store.bring_forward(LINK.id, time) is None


def test_only_what_is_stored_is_brought_forward(store: Store) -> None:
    """An article that no run has stored is found and fetched as any other."""
    assert store.bring_forward("2026-11-12-990001170", hours(5)) is None
