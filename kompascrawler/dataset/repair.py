"""Mend a data folder: afterwards the store says what the published files hold, and each is sound.

The published files are the truth. A file that is not as it was published is set aside; what was
lost with it is due again, and comes as a new revision. Records that are only in the outbox are
published. All of it is one transaction, and each step before its end can be repeated.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kompascrawler.dataset.forget import ASIDE
from kompascrawler.dataset.manifest_repair import ManifestRepair, move
from kompascrawler.dataset.verify import content_of, difference, published_on_disk, record_of
from kompascrawler.halaman.completeness import shortfall
from kompascrawler.items import Article
from kompascrawler.outcome.terminal import counted
from kompascrawler.store import links, manifest, outbox, records, takedown
from kompascrawler.store.database import FILE_NAME as STORE
from kompascrawler.store.database import Database
from kompascrawler.store.database import damage as damage_of
from kompascrawler.store.errors import explained
from kompascrawler.store.lock import RunLock
from kompascrawler.store.manifest import Entry
from kompascrawler.store.model import Link, NoStore, OlderStore, StoreError
from kompascrawler.store.store import Store

CAUSE: Final = "its published file was lost or damaged"
"""Why an article that was published is due again."""
Key = tuple[str, int]
"""Identity and revision of a record."""


class Placement:
    """Puts records into their places; what has none in the end is lost."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.execute("CREATE TEMP TABLE placed (article INTEGER PRIMARY KEY)")

    def is_placed(self, key: Key) -> bool:
        """Tell whether a record stands in a file that was looked at."""
        row = self._db.execute(
            "SELECT 1 FROM placed JOIN article ON number = placed.article"
            " WHERE id = ? AND revision = ?",
            key,
        )
        return row.fetchone() is not None

    def place(self, key: Key, line: bytes, file: int) -> None:
        """Note that a record stands in a published file, by its number."""
        article = self._known(key, line)
        self._db.execute("INSERT INTO placed VALUES (?)", (article,))
        self._db.execute(
            "UPDATE article SET file = ?1 WHERE number = ?2 AND file IS NOT ?1", (file, article)
        )
        self._db.execute("DELETE FROM outbox WHERE article = ?", (article,))

    def publish(self, key: Key, line: bytes) -> None:
        """Have a record published in another file."""
        if not self.is_placed(key):
            article = self._known(key, line)
            self._db.execute(
                "INSERT OR IGNORE INTO outbox VALUES (?, ?, NULL)", (article, line + b"\n")
            )

    def miss(self, key: Key, line: bytes) -> None:
        """Note that a record was published whose line cannot be trusted any more."""
        known = self._db.execute("SELECT 1 FROM article WHERE id = ? LIMIT 1", key[:1])
        if known.fetchone() is None:
            self._known(key, line)

    def _known(self, key: Key, line: bytes) -> int:
        """Return the number of a record, which is remembered where it was not, or was lost."""
        row = self._db.execute(
            "SELECT number, content_hash = '' FROM article WHERE id = ? AND revision = ?", key
        ).fetchone()
        if row and not row[1]:
            return int(row[0])
        article = Article.from_json(line)
        link, run_id = Link(article.id, article.url), article.run_id
        crawled = _time(article.crawled_at)
        links.settle(self._db, link, None, _time(article.first_seen_at), run_id)
        if not records.is_whole(article):
            links.settle(self._db, link, shortfall(article.halaman), crawled, run_id)
        if takedown.is_blank(article):
            takedown.note(self._db, article.id, article.deleted_at or "", takedown.TITLE)
        if row is None:
            stored_at = links.seconds(crawled)
            return records.insert(self._db, article, stored_at=stored_at, run_id=run_id)
        records.restore(self._db, int(row[0]), article)
        return int(row[0])

    def queue_lost(self) -> int:
        """Make due what has no place and waits for none; return how many articles.

        Such a record counts as one without any page, so that another one betters it.
        """
        self._db.execute(
            "UPDATE article SET content_hash = '', pages = 0, file = NULL"
            " WHERE content_hash <> '' AND number NOT IN (SELECT article FROM placed)"
            " AND number NOT IN (SELECT article FROM outbox)"
        )
        lost = self._db.execute(
            "SELECT DISTINCT id FROM article AS lost WHERE content_hash = '' AND pages = 0"
            " AND NOT EXISTS (SELECT 1 FROM article AS later WHERE"
            " later.id = lost.id AND later.revision > lost.revision AND later.content_hash <> '')"
        ).fetchall()
        self._db.executemany("UPDATE article SET is_whole = 0 WHERE id = ?", lost)
        self._db.executemany(
            "UPDATE link SET state = 'waiting', tries = 0, next_try = 0, cause = ?"
            " WHERE id = ? AND state <> 'dropped'",
            [(CAUSE, article_id) for (article_id,) in lost],
        )
        return len(lost)


def key_of(line: bytes, file: str) -> Key | None:
    """Return what a line of a file is the record of, or None where it is none."""
    with suppress(ValueError):
        article = record_of(line, file)
        return article.id, article.revision
    return None


def _time(text: str) -> datetime:
    """Return a time of a record; now, where it states none."""
    with suppress(ValueError):
        return datetime.fromisoformat(text).astimezone(UTC)
    return datetime.now(UTC)


def repair(data_dir: Path, run_id: str) -> list[str]:
    """Mend a data folder; return what was done, a line each. Raises Locked and StoreError."""
    lock = RunLock.take(data_dir, run_id)
    try:
        saved, done = _set_store_aside(data_dir)
        with (
            closing(Database.open(data_dir)) as database,
            database.writing("repair the store") as db,
        ):
            # Entries are noted after the records that stand in their files.
            db.execute("PRAGMA defer_foreign_keys = ON")
            done += Repair(db, data_dir, run_id).run(saved)
        with closing(Store(data_dir, run_id)) as store:
            if published := store.publish():
                what = counted(published, "record")
                done.append(f"published {what} that stood in no published file")
    finally:
        lock.release()
    return done


def _set_store_aside(data_dir: Path) -> tuple[list[bytes], list[str]]:
    """Move a database away that SQLite cannot read, or not all of it.

    Return the lines of its outbox, as far as they can be read, and what was done.
    """
    try:
        with closing(Database.open_for_reading(data_dir)) as database, database.reading() as db:
            damage = damage_of(db)
    except (NoStore, OlderStore):
        return [], []
    except StoreError as error:
        if type(error.__cause__) is not sqlite3.DatabaseError:
            raise
        damage = [str(error.__cause__)]
    if not damage:
        return [], []
    saved: list[bytes] = []  # as far as they can be read
    with suppress(sqlite3.Error), closing(sqlite3.connect(data_dir / STORE)) as db:
        saved.extend(bytes(line) for (line,) in db.execute("SELECT line FROM outbox"))
    for suffix in ("-wal", "-shm", ""):
        path = data_dir / f"{STORE}{suffix}"
        if path.exists():
            move(path, data_dir / ASIDE / path.name)
    return saved, [f"{STORE}: {damage[0]}; it lies in {ASIDE}, and was made anew"]


class Repair:
    """The repair of one data folder, in one transaction of its store."""

    def __init__(self, db: sqlite3.Connection, data_dir: Path, run_id: str) -> None:
        self._db = db
        self._data_dir = data_dir
        self._manifest = ManifestRepair(db, data_dir, run_id)
        self._placement = Placement(db)
        self._done: list[str] = []

    def run(self, saved: Sequence[bytes]) -> list[str]:
        """Mend; return what was done. ``saved`` are lines that were not published yet."""
        for file, number in outbox.returned(self._db, self._data_dir):
            with explained("remove a replaced file", self._data_dir / file):
                (self._data_dir / file).unlink()
            self._done.append(f"{file}: removed again; number {number} has its lines")
        self._db.execute("UPDATE outbox SET file = NULL")
        self._db.execute("DELETE FROM manifest WHERE sha256 IS NULL AND kind <> 'adopted'")
        entries = self._manifest.entries.values()
        for entry in manifest.current(entries):
            self._look_at(entry.file, entry)
        kept = manifest.files_kept(entries)
        for file in published_on_disk(self._data_dir):
            if file not in kept:
                self._look_at(file, None)
        for line in saved:
            if key := key_of(line, ""):
                self._placement.publish(key, line.removesuffix(b"\n"))
        if lost := self._placement.queue_lost():
            what = counted(lost, "article")
            self._done.append(f"{what} lost with their files, and due to be fetched again")
        if self._manifest.save():
            self._done.append(f"{manifest.FILE_NAME}: rewritten")
        return self._done

    def _look_at(self, file: str, entry: Entry | None) -> None:
        """Leave a file as it is, or set it aside."""
        content = content_of(self._data_dir, file)
        *lines, torn = (content or b"").split(b"\n")
        keys = [key_of(line, file) for line in lines]
        stated = entry or self._manifest.last_of(file)
        change = difference(stated, content) if stated else None
        cause = change or self._fault(keys, torn)
        if cause is None:
            if entry is None:
                self._done.append(f"{file}: entered in {manifest.FILE_NAME}")
            number = entry.number if entry else self._manifest.adopt(file, content or b"")
            for key, line in zip(keys, lines, strict=True):
                assert key is not None
                self._placement.place(key, line, number)
            return
        lies = self._manifest.set_aside(file, entry)
        self._done.append(f"{file}: {cause}" + (f"; it lies in {lies}" if lies != file else ""))
        keep = self._placement.publish if change is None else self._placement.miss
        for key, line in zip(keys, lines, strict=True):
            if key is not None:
                keep(key, line)

    def _fault(self, keys: Sequence[tuple[str, int] | None], torn: bytes) -> str | None:
        """Say why a file cannot stand as it is, or None."""
        if not (keys or torn):
            return "it is empty"
        if torn or None in keys:
            return f"line {keys.index(None) + 1 if None in keys else len(keys) + 1} is no record"
        if len(set(keys)) < len(keys) or any(map(self._placement.is_placed, filter(None, keys))):
            return "it repeats records"
        return None
