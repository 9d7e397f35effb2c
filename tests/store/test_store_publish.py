"""Published files: where, what, and never changed."""

import json
import os
import sqlite3
import stat
from pathlib import Path

import pytest

from kompascrawler.store import publishing
from kompascrawler.store.model import StoreError
from kompascrawler.store.records import to_line
from kompascrawler.store.store import Store
from tests.store.published import drafts, published_files, published_ids
from tests.store.synthetic import make_article


def test_publishing_nothing_writes_nothing(store: Store) -> None:
    """Without records there are no files, no folders and no batch number spent."""
    assert store.publish() == 0
    assert not (store.data_dir / "articles").exists()


def test_a_file_a_day_of_publication(store: Store) -> None:
    """The day in the identity (WIB) decides the folder; numbers are in the order of days."""
    for number in (1, 2, 6):
        store.put(make_article(number))
    assert store.publish() == 3
    assert list(published_files(store.data_dir)) == [
        "articles/published_date=2026-11-12/00000001-run.jsonl",
        "articles/published_date=2026-11-13/00000002-run.jsonl",
    ]


def test_a_file_holds_the_records_in_the_order_of_storing(store: Store) -> None:
    """A line is the record as it was put, byte for byte."""
    articles = [make_article(number) for number in (11, 1, 6)]
    for article in articles:
        store.put(article)
    store.publish()
    path = store.data_dir / "articles/published_date=2026-11-12/00000001-run.jsonl"
    assert path.read_bytes() == b"".join(map(to_line, articles))


def test_later_batches_leave_earlier_files_alone(store: Store) -> None:
    """Every batch has files of its own."""
    store.put(make_article(1))
    store.publish()
    before = published_files(store.data_dir)
    store.put(make_article(6))
    assert store.publish() == 1
    after = published_files(store.data_dir)
    assert set(after) - set(before) == {"articles/published_date=2026-11-12/00000002-run.jsonl"}
    assert before.items() <= after.items()


def test_a_run_continues_its_numbers_when_reopened(store: Store) -> None:
    """The same run_id never gives one name to two batches."""
    store.put(make_article(1))
    store.publish()
    again = Store(store.data_dir, "run")
    again.put(make_article(6))
    again.publish()
    again.close()
    assert published_ids(store.data_dir).total() == 2


def test_what_was_not_published_is_published_by_the_next_run(store: Store) -> None:
    """The outbox survives the process; the files carry the name of the run that wrote them."""
    store.put(make_article(1))
    store.close()
    later = Store(store.data_dir, "later")
    assert later.publish() == 1
    later.close()
    assert list(published_files(store.data_dir)) == [
        "articles/published_date=2026-11-12/00000001-later.jsonl"
    ]


def test_published_records_leave_the_database(store: Store) -> None:
    """The database stays small: of a published record it keeps what later runs need."""
    store.put(make_article(1))
    store.publish()
    with store._database.reading("look") as db:
        assert db.execute("SELECT count(*) FROM outbox").fetchone() == (0,)
        assert db.execute("SELECT id, revision, file FROM article").fetchall() == [
            (make_article(1).id, 1, 1)
        ]


def test_another_file_of_that_name_is_not_overwritten(store: Store) -> None:
    """A strange file stops publishing with a message; once it is moved, nothing is missing."""
    path = store.data_dir / "articles/published_date=2026-11-12/00000001-run.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("somebody else's\n")
    store.put(make_article(1))
    with pytest.raises(StoreError, match=r"00000001-run\.jsonl.*another content.*move this one"):
        store.publish()
    assert path.read_text() == "somebody else's\n"
    path.rename(path.with_suffix(".aside"))
    assert store.publish() == 1
    assert json.loads(path.read_bytes())["id"] == make_article(1).id


def test_readers_of_the_folder_may_be_other_users(store: Store) -> None:
    """Files get the permissions that the umask allows, as any other file of the user."""
    store.put(make_article(1))
    store.publish()
    (name,) = published_files(store.data_dir)
    reference = store.data_dir / "reference"
    reference.touch()
    mode = (store.data_dir / name).stat().st_mode
    assert stat.S_IMODE(mode) == stat.S_IMODE(reference.stat().st_mode)


@pytest.mark.parametrize("run_id", ["", "../x", "a/b", ".hidden", "with blank", "x" * 101])
def test_a_run_id_must_make_a_file_name(tmp_path: Path, run_id: str) -> None:
    """What would lead out of the folder or hide the file is refused before anything is written."""
    with pytest.raises(ValueError, match="run_id"):
        Store(tmp_path / "data", run_id)
    assert not (tmp_path / "data").exists()


def test_publishing_leaves_no_drafts(store: Store) -> None:
    """Nothing but finished files is left in the folders."""
    store.put(make_article(1))
    store.publish()
    assert drafts(store.data_dir) == []


def test_a_file_is_on_the_disk_before_it_counts_as_published(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Content before the name, the name before the mark: what a power cut asks for."""
    steps: list[str] = []
    fsync, rename, set_published = os.fsync, Path.rename, publishing.set_published

    def watched_fsync(descriptor: int) -> None:
        steps.append(f"sync {Path(f'/proc/self/fd/{descriptor}').readlink().name}")
        fsync(descriptor)

    def watched_rename(path: Path, target: Path) -> Path:
        steps.append(f"rename to {target.name}")
        return rename(path, target)

    def watched_mark(db: sqlite3.Connection) -> int:
        steps.append("mark")
        return set_published(db)

    store.put(make_article(1))
    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(Path, "rename", watched_rename)
    monkeypatch.setattr(publishing, "set_published", watched_mark)
    store.publish()
    assert steps == [
        "sync data",  # articles was created in it
        "sync articles",  # and the day's folder in that
        "sync .00000001-run.jsonl.draft",
        "rename to 00000001-run.jsonl",
        "sync data",
        "sync articles",
        "sync published_date=2026-11-12",
        "sync data",  # manifest.jsonl was created in it
        "sync manifest.jsonl",
        "mark",
    ]
