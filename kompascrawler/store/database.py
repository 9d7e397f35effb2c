"""The database file: its tables, how it is opened, and transactions that are whole or nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kompascrawler.store.errors import explained
from kompascrawler.store.files import make_folder, sync_folder
from kompascrawler.store.interface import StoreError

FILE_NAME = "state.sqlite3"
"""The database's file in the data folder; SQLite keeps two more beside it, -wal and -shm."""
APPLICATION_ID = 0x4B6F6D70
"""Marks a database as ours ("Komp"), for ``file`` and for us."""
VERSION = 1
"""Version of the tables; to be raised with every change of them."""
PATIENCE = 30.0
"""Seconds to wait for another process's transaction; ours take milliseconds."""

TABLES = """
-- Every article of the section that was ever found, and what became of it.
CREATE TABLE found (
    id            TEXT PRIMARY KEY,
    url           TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,              -- RFC 3339, UTC
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'stored', 'given_up')),
    tries         INTEGER NOT NULL DEFAULT 0, -- how often fetching or parsing failed
    cause         TEXT,                       -- of the last failure
    next_try      REAL NOT NULL DEFAULT 0     -- seconds since 1970; waits until then
) WITHOUT ROWID;
CREATE INDEX waiting ON found (id) WHERE state = 'waiting';

-- How far the listing has been read: 'newest_listed' and 'oldest_asked', identities.
CREATE TABLE bound (name TEXT PRIMARY KEY, id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE gap (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    low    TEXT,                              -- exclusive; NULL: down to the first article
    high   TEXT NOT NULL                      -- inclusive
);

-- Every record, in the order of storing.
CREATE TABLE article (
    number        INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    revision      INTEGER NOT NULL,
    first_seen_at TEXT NOT NULL,
    content_hash  TEXT NOT NULL,
    sketch        BLOB NOT NULL,              -- similarity.sketch, 4 bytes a number, big end first
    original      INTEGER REFERENCES article, -- the first article with this content; NULL: itself
    file          TEXT                        -- published file, below the data folder; NULL: none
);
CREATE INDEX article_by_hash ON article (content_hash);

-- Where a near duplicate is looked up: similarity.keys of every sketch.
CREATE TABLE sketch_key (
    key     INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES article,
    PRIMARY KEY (key, article)
) WITHOUT ROWID;

-- Records not yet published. The file is settled before it is written.
CREATE TABLE outbox (
    article INTEGER PRIMARY KEY REFERENCES article,
    line    BLOB NOT NULL,                    -- the record as it will stand in the file
    file    TEXT                              -- NULL: not yet in a batch
);
CREATE TABLE batches (run_id TEXT PRIMARY KEY, planned INTEGER NOT NULL) WITHOUT ROWID;
"""


class Database:
    """An open database. Every error of the disk or of SQLite leaves it as a ``StoreError``."""

    def __init__(self, folder: Path) -> None:
        """Open the database of a data folder; create folder and database where missing."""
        self.path = folder / FILE_NAME
        with explained("open the store", self.path):
            make_folder(folder)
            self._connection = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)
        try:
            self._set_up()
        except StoreError:
            self._connection.close()
            raise

    @contextmanager
    def reading(self, action: str) -> Iterator[sqlite3.Connection]:
        """Give the connection for queries; ``action`` says what for, should they fail."""
        with explained(action, self.path):
            yield self._connection

    @contextmanager
    def writing(self, action: str) -> Iterator[sqlite3.Connection]:
        """Give the connection for one transaction, durable at the end, undone by any error.

        One process at a time gets this far; the others wait.
        """
        with explained(action, self.path):
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # SQLite has undone some failed transactions by itself; and where undoing fails,
                # too, the next opening does it.
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the file; what was written is durable without it."""
        self._connection.close()

    def _set_up(self) -> None:
        with self.reading("open the store") as connection:
            # A commit returns when it is on the disk; readers never wait for a writer.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            # Every article touches much the same pages: copied into the database once for some
            # 250 articles (16 MB of log) instead of 60, a tenth of the CPU of storing.
            connection.execute("PRAGMA wal_autocheckpoint = 4000")
            connection.execute("PRAGMA foreign_keys = ON")
            is_new = self._is_empty(connection)
        if is_new:
            with self.writing("set up the store") as connection:
                if self._is_empty(connection):  # no other process was quicker
                    _create_tables(connection)
                sync_folder(self.path.parent)

    def _is_empty(self, connection: sqlite3.Connection) -> bool:
        """Tell whether the database has no tables; raise StoreError where it is none of ours."""
        ((tables,),) = connection.execute("SELECT count(*) FROM sqlite_master")
        ((application,),) = connection.execute("PRAGMA application_id")
        ((version,),) = connection.execute("PRAGMA user_version")
        if tables and application != APPLICATION_ID:
            raise StoreError(
                f"{self.path} belongs to another program; name another folder with -s DATA_DIR=…"
            )
        if version > VERSION:
            raise StoreError(
                f"{self.path} was written by a newer kompascrawler (its tables have version"
                f" {version}, this program knows {VERSION}); upgrade the program. Nothing changed."
            )
        return not tables


def _create_tables(connection: sqlite3.Connection) -> None:
    # Not executescript: it would end the transaction.
    for statement in TABLES.split(";\n"):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
