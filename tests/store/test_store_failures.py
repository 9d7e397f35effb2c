"""Disks and folders that fail: a clear message, nothing lost, and the next run completes."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from kompascrawler.store.database import APPLICATION_ID, FILE_NAME, VERSION
from kompascrawler.store.model import StoreError
from kompascrawler.store.records import to_line
from kompascrawler.store.store import Store
from tests.conftest import remount
from tests.store.published import drafts, published_files, published_ids
from tests.store.synthetic import make_article

WORKER = Path(__file__).with_name("worker.py")
ARTICLES = 400


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Return a file with the articles to store."""
    path = tmp_path / "plan.jsonl"
    path.write_bytes(b"".join(to_line(make_article(number)) for number in range(ARTICLES)))
    return path


def work(data_dir: Path, plan: Path, *limit: str) -> subprocess.CompletedProcess[str]:
    """Store and publish the plan in a process of its own."""
    command = [sys.executable, str(WORKER), str(data_dir), str(plan), "20", *limit]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def check_completed(data_dir: Path, accepted: str, seen: dict[str, str]) -> None:
    """Hold the files to the promise after a run that completed."""
    ids = published_ids(data_dir)
    assert set(accepted.split()) <= set(ids)
    assert ids == {make_article(number).id: 1 for number in range(ARTICLES)}
    assert seen.items() <= published_files(data_dir).items()
    assert drafts(data_dir) == []


@pytest.mark.parametrize("limit", [1_000, 40_000, 120_000, 300_000])
def test_a_limit_on_file_sizes(tmp_path: Path, plan: Path, limit: int) -> None:
    """Writes fail as on a full disk, at the opening, in the log or in the database."""
    data_dir = tmp_path / "data"
    failed = work(data_dir, plan, str(limit))
    assert failed.returncode == 3
    assert "What to do:" in failed.stderr
    assert "free some space" in failed.stderr or "ulimit -f" in failed.stderr
    seen = published_files(data_dir)
    assert work(data_dir, plan).returncode == 0
    check_completed(data_dir, failed.stdout, seen)


def test_a_full_disk(small_disk: Path, plan: Path) -> None:
    """What was accepted before the disk was full is there; more space, and the run completes."""
    data_dir = small_disk / "data"
    failed = work(data_dir, plan)
    assert failed.returncode == 3
    assert "free some space" in failed.stderr
    assert failed.stdout, "the disk is too small for a single article"
    assert drafts(data_dir) == []
    seen = published_files(data_dir)
    remount(small_disk, "size=20m")
    assert work(data_dir, plan).returncode == 0
    check_completed(data_dir, failed.stdout, seen)


def test_a_disk_that_becomes_read_only(small_disk: Path, plan: Path) -> None:
    """An open store says so at the next article; what it had accepted is still published later."""
    data_dir = small_disk / "data"
    store = Store(data_dir, "run")
    store.put(make_article(0))
    store.close()
    remount(small_disk, "ro")
    failed = work(data_dir, plan)
    assert failed.returncode == 3
    assert "let the crawler's user write there" in failed.stderr
    remount(small_disk, "rw,size=20m")
    assert work(data_dir, plan).returncode == 0
    check_completed(data_dir, make_article(0).id, {})


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A file stands where a folder is needed; the message names it."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"file.*What to do: a file stands where a folder"):
        Store(tmp_path / "file" / "data", "run")


def test_a_data_folder_that_is_a_file(tmp_path: Path) -> None:
    """The file stays as it is."""
    (tmp_path / "data").write_text("mine")
    with pytest.raises(StoreError, match="a file stands where a folder is needed"):
        Store(tmp_path / "data", "run")
    assert (tmp_path / "data").read_text() == "mine"


def test_a_file_where_articles_go(store: Store) -> None:
    """Publishing fails with a message, and works once the file is moved."""
    store.put(make_article(1))
    obstacle = store.data_dir / "articles"
    obstacle.write_text("")
    with pytest.raises(StoreError, match=r"publish articles.*/articles.*a file stands where"):
        store.publish()
    obstacle.unlink()
    assert store.publish() == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_of_somebody_else(tmp_path: Path) -> None:
    """A folder without the right to write gives a message, not a traceback of SQLite."""
    (tmp_path / "data").mkdir(mode=0o555)
    with pytest.raises(StoreError, match="let the crawler's user write there"):
        Store(tmp_path / "data", "run")


def test_a_database_of_garbage(tmp_path: Path) -> None:
    """It is said what is damaged and how to go on; nothing is deleted or changed."""
    path = tmp_path / FILE_NAME
    path.write_bytes(b"\x93garbage" * 1000)
    with pytest.raises(StoreError, match=r"state\.sqlite3.*not a database.*nothing was deleted"):
        Store(tmp_path, "run")
    assert path.read_bytes() == b"\x93garbage" * 1000


def test_a_database_damaged_in_the_middle(store: Store) -> None:
    """Damage that shows only while working is reported the same way."""
    for number in range(100):
        store.put(make_article(number))
    store.publish()
    store.close()
    path = store.data_dir / FILE_NAME
    content = bytearray(path.read_bytes())
    content[8192:] = b"\x93" * len(content[8192:])
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"damaged|malformed"):
        Store(store.data_dir, "later").put(make_article(200))


def test_a_newer_database_is_refused(store: Store) -> None:
    """An older program does not write into tables that it does not know."""
    with store._database.writing("grow older") as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(StoreError, match=r"newer kompascrawler.*upgrade the program"):
        Store(store.data_dir, "run")


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    """Nothing is written into a database that is not ours."""
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    with pytest.raises(StoreError, match="belongs to another program"):
        Store(tmp_path, "run")


def test_the_database_says_whose_it_is(store: Store) -> None:
    """``file state.sqlite3`` and we tell it from any other database."""
    store.close()
    content = (store.data_dir / FILE_NAME).read_bytes()
    assert int.from_bytes(content[68:72], "big") == APPLICATION_ID


def test_every_commit_is_on_the_disk(store: Store) -> None:
    """Full synchronisation and a write-ahead log, for every connection."""
    with store._database.reading("look") as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA synchronous").fetchone() == (2,)
        assert db.execute("PRAGMA foreign_keys").fetchone() == (1,)
