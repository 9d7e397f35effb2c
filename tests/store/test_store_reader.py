"""Looking at a store: while a crawl writes, where nothing may be written, and what it tells."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kompascrawler.store.database import FILE_NAME
from kompascrawler.store.model import (
    Attempt,
    Discovery,
    Gap,
    Link,
    NoStore,
    StoreCounts,
    StoreError,
)
from kompascrawler.store.store import Store, open_reader
from tests.conftest import remount
from tests.store.synthetic import Clock, make_article
from tests.store.test_links import MID, NEW, OLD
from tests.store.test_reader import BREAKER
from tests.store.test_records_revisions import article

FRONT = "https://www.kompas.com/global"


def test_the_story_of_an_article(store: Store, clock: Clock) -> None:
    """Where it was found, each try that failed, each record with its file."""
    part = article(1)
    link = Link(part.id, part.url, FRONT)
    store.learn(Discovery(links=[link]))
    began = clock().isoformat(timespec="seconds")
    store.add_failure(link, "http 500")
    clock.pass_by(hours=1)
    store.put(part)
    tried = clock().isoformat(timespec="seconds")
    store.publish()
    with open_reader(store.data_dir) as reader:
        story = reader.history(part.id)
    assert story is not None
    assert (story.found_on, story.first_seen_at, story.state) == (FRONT, began, "waiting")
    assert story.attempts == [
        Attempt(began, "run", "failed", "http 500"),
        Attempt(tried, "run", "incomplete", "incomplete: 1 of 3 pages, 200 of 600 words"),
    ]
    assert story.next_try is not None
    assert datetime.fromisoformat(story.next_try) > clock().astimezone(UTC)
    (revision,) = story.revisions
    assert (revision.number, revision.stored_at, revision.is_whole) == (1, tried, False)
    assert revision.file is not None
    assert (store.data_dir / revision.file).exists()


def test_a_settled_article_is_tried_no_more(store: Store) -> None:
    """It has a record that waits to be published, and no next try."""
    store.put(make_article(1))
    story = store.history(make_article(1).id)
    assert story is not None
    assert (story.state, story.next_try, story.attempts) == ("stored", None, [])
    assert [(made.run_id, made.file, made.is_whole) for made in story.revisions] == [
        ("run", None, True)
    ]
    assert store.history(NEW.id) is None


def test_a_republication_names_its_original(store: Store) -> None:
    """The story says of which article a record has the content."""
    store.put(make_article(1))
    store.put(make_article(2, duplicate_of=make_article(1).id, similarity=1.0))
    story = store.history(make_article(2).id)
    assert story is not None
    assert [made.duplicate_of for made in story.revisions] == [make_article(1).id]


def test_counts(store: Store) -> None:
    """Every kind is counted by itself."""
    store.put(make_article(2))
    store.publish()
    store.put(article(1))
    store.put(article(2))
    store.learn(Discovery(links=[NEW, MID, OLD], opened=(None, OLD.id)))
    store.drop([OLD.id])
    for _ in range(10):
        store.add_failure(MID, "timeout")
    expected = StoreCounts(
        articles=2, revisions=1, incomplete=1, waiting=2, given_up=1, dropped=1, outbox=2, gaps=1,
        deletions=0, revisits=0,
    )  # fmt: skip
    with open_reader(store.data_dir) as reader:
        assert reader.counts() == store.counts() == expected


def test_a_reader_sees_what_the_store_says(store: Store) -> None:
    """Failures, gaps, hosts left alone and measures are the same for both."""
    store.learn(Discovery(newest=NEW.id, opened=(None, NEW.id)))
    store.add_failure(NEW, "timeout")
    store.set_breaker(BREAKER)
    store.add_measures({"title": (1, 2)})
    with open_reader(store.data_dir) as reader:
        assert reader.failures() == store.failures() != []
        assert reader.gaps() == store.gaps() == [Gap(1, None, NEW.id)]
        assert reader.newest_listed() == NEW.id
        assert reader.breakers() == [BREAKER]
        assert reader.measures() == [{"title": (1, 2)}]


def test_nobody_waits_for_the_other(store: Store) -> None:
    """A reader reads in the middle of a transaction, which commits while the reader is open."""
    store.put(make_article(1))
    with open_reader(store.data_dir) as reader:
        with store._database.writing("wait") as db:
            db.execute("DELETE FROM outbox")
            assert reader.counts().outbox == 1
        assert reader.counts().outbox == 0


def test_without_a_store_nothing_is_made(tmp_path: Path) -> None:
    """It is said that no crawl has been here."""
    with pytest.raises(NoStore, match="no crawl has used"), open_reader(tmp_path / "data"):
        pass
    assert list(tmp_path.iterdir()) == []
    (tmp_path / FILE_NAME).touch()  # a run that could not even make its tables
    with pytest.raises(NoStore, match="no crawl has used"), open_reader(tmp_path):
        pass


def test_a_read_only_disk_can_be_read(small_disk: Path) -> None:
    """Also right after a kill, whose last records stand in the log only."""
    script = (
        "import os, sys; from pathlib import Path; from kompascrawler.store.store import *;"
        "from tests.store.synthetic import make_article;"
        "store = Store(Path(sys.argv[1]), 'run'); store.put(make_article(1)); os._exit(9)"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(small_disk)], check=False)
    assert killed.returncode == 9
    with open_reader(small_disk) as reader:
        assert reader.counts().articles == 1
    Store(small_disk, "later").close()
    remount(small_disk, "ro")
    with open_reader(small_disk) as reader:
        assert reader.counts().articles == 1


@pytest.mark.parametrize(
    ("content", "message"), [(b"\x93garbage" * 999, "not a database"), (b"", "older")]
)
def test_what_cannot_be_read_is_explained(tmp_path: Path, content: bytes, message: str) -> None:
    """A damaged file and an empty one, each in a sentence, and both stay as they are."""
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(StoreError, match=message), open_reader(tmp_path):
        pass
    assert (tmp_path / FILE_NAME).read_bytes() == content
