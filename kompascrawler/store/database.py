"""The database file: how it is opened and brought up to date, and whole transactions.

The tables are made version by version by the files of ``steps/``. A new database goes through
every step as an old one does, so that both end up the same. A step that has been released is never
changed; a change of the tables is a new step at the end.
"""

import sqlite3
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

from kompascrawler.store.disk import drafted, explained, make_folder, reported, sync_folder
from kompascrawler.store.duplicates import coarse, packed, packed_hash
from kompascrawler.store.ledger import Ledger
from kompascrawler.store.model import NoStore, OlderStore, StoreError


def rfc3339(time: datetime) -> str:
    """Return a time as people read it: UTC, to the second."""
    return time.astimezone(UTC).isoformat(timespec="seconds")


def rfc3339_of(seconds: float) -> str:
    """Return a time in seconds since 1970 as people read it."""
    return rfc3339(datetime.fromtimestamp(seconds, UTC))


def seconds(time: datetime) -> int:
    """Return a time in whole seconds since 1970, as it is stored."""
    return int(time.timestamp())


def _rfc3339(stored: float | None) -> str | None:
    return None if stored is None else rfc3339_of(stored)


def _packed_sketch(stored: bytes) -> bytes:
    return packed(coarse(struct.unpack(f">{len(stored) // 4}I", stored)))


FUNCTIONS: Final[Mapping[str, Callable[[Any], bytes | str]]] = {
    "packed_hash": packed_hash,
    "packed_sketch": _packed_sketch,
}
"""Functions of one argument that the steps call, beside ``has_days``."""
VERSION: Final = 8
"""Version of the tables that this program works with."""
_FOLDER: Final = Path(__file__).parent / "steps"
STEPS: Final = tuple(
    (_FOLDER / f"to_{number}.sql").read_text(encoding="utf-8") for number in range(1, VERSION + 1)
)
"""What brings the tables from each version to the next; the first makes them."""
FILE_NAME = "state.sqlite3"
"""The database's file in the data folder; SQLite keeps two more beside it, -wal and -shm."""
APPLICATION_ID = 0x4B6F6D70
"""Marks a database as ours ("Komp"), for ``file`` and for us."""
PATIENCE = 30.0
"""Seconds to wait for another process's transaction; ours take milliseconds."""


class Database:
    """An open database. Every error of the disk or of SQLite leaves it as a ``StoreError``."""

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        on_failure: Callable[[StoreError], None] | None = None,
    ) -> None:
        """``on_failure`` is told of each StoreError before it is raised."""
        self.path = path
        self._connection = connection
        self._on_failure = on_failure
        self._deferred: list[tuple[str, tuple[object, ...]]] = []
        connection.create_function("rfc3339", 1, _rfc3339, deterministic=True)

    @classmethod
    def open(cls, folder: Path, *, on_failure: Callable[[StoreError], None] | None = None) -> Self:
        """Open the database of a data folder; create folder and database where missing."""
        path = folder / FILE_NAME
        with explained("open the store", path):
            make_folder(folder)
            connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
        with ExitStack() as stack:
            stack.enter_context(closing(connection))
            database = cls(path, connection, on_failure)
            database._set_up()
            stack.pop_all()
        return database

    @classmethod
    def open_for_reading(cls, folder: Path) -> Self:
        """Open the database of a data folder as it is. Raises NoStore and OlderStore."""
        path = folder / FILE_NAME
        with explained("read the store", path):
            missing = f"No store in {folder.absolute()}: no crawl has used this data folder yet."
            if not path.exists():
                raise NoStore(missing)
            with ExitStack() as stack:
                connection = stack.enter_context(closing(_connect_for_reading(path)))
                version = version_of(connection, path)
                if not version:
                    raise NoStore(missing)
                if version < VERSION:
                    raise OlderStore(
                        f"{path} was written by an older kompascrawler (its tables have version"
                        f" {version}, this program reads {VERSION}); the next crawl brings it up"
                        " to date."
                    )
                stack.pop_all()
        return cls(path, connection)

    @contextmanager
    def reading(self, action: str = "read the store") -> Iterator[sqlite3.Connection]:
        """Give the connection for queries; ``action`` says what for, should they fail."""
        with reported(self._on_failure), explained(action, self.path):
            yield self._connection

    @contextmanager
    def writing(self, action: str) -> Iterator[sqlite3.Connection]:
        """Give the connection for one transaction, durable at the end, undone by any error.

        One process at a time gets this far; the others wait.
        """
        with reported(self._on_failure), explained(action, self.path):
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                for statement, values in self._deferred:
                    self._connection.execute(statement, values)
                yield self._connection
                self._connection.execute("COMMIT")
                self._deferred.clear()
            except BaseException:
                # SQLite has undone some failed transactions by itself; and where undoing fails,
                # too, the next opening does it.
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise

    def defer(self, statement: str, *values: object) -> None:
        """Have the next transaction begin with a change that a crash may lose."""
        self._deferred.append((statement, values))

    def write_deferred(self) -> None:
        """Make durable what was deferred."""
        if self._deferred:
            with self.writing("write to the store"):
                pass

    def shrink(self) -> None:
        """Write the file anew: nothing that was deleted stays in what it does not use."""
        with self.reading("shrink the store") as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

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
            version = version_of(connection, self.path)
        if version < VERSION:
            with self.writing("bring the store up to date") as connection:
                self._upgrade(connection, version_of(connection, self.path))
        with self.reading("open the store") as connection:
            # Only now: a step that makes a table anew drops the old one, which others refer to.
            connection.execute("PRAGMA foreign_keys = ON")

    def _upgrade(self, connection: sqlite3.Connection, version: int) -> None:
        """Bring the tables from a version to ours; 0 is an empty database.

        The transaction keeps others from writing while the copy is made, and from upgrading too:
        who comes second finds nothing to do.
        """
        if 0 < version < VERSION:
            self._back_up(version)
        for name, function in FUNCTIONS.items():
            connection.create_function(name, 1, function, deterministic=True)
        folder = self.path.parent
        connection.create_function("has_days", 1, lambda name: bool(Ledger(folder, name).read()))
        for step in STEPS[version:]:
            # Not executescript: it would end the transaction.
            for statement in step.split(";\n"):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        sync_folder(self.path.parent)

    def _back_up(self, version: int) -> None:
        """Keep a copy beside it, which the older program can read."""
        with drafted(self.path.with_name(f"{FILE_NAME}.version-{version}")) as draft:
            draft.unlink(missing_ok=True)
            with (
                closing(sqlite3.connect(self.path)) as ours,
                closing(sqlite3.connect(draft)) as copy,
            ):
                ours.backup(copy)


def _connect_for_reading(path: Path) -> sqlite3.Connection:
    """Open the database for reading.

    Where nobody has it open and the folder cannot be written, SQLite cannot make the files that
    it shares between processes; the database is then read as one that does not change.
    """
    address = path.absolute().as_uri()
    connection = sqlite3.connect(f"{address}?mode=ro", uri=True, timeout=PATIENCE)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise
        return sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True)
    return connection


def damage(connection: sqlite3.Connection) -> list[str]:
    """Return what SQLite finds wrong with a database, a line each. Reads all of it."""
    found = [str(line) for (line,) in connection.execute("PRAGMA integrity_check")]
    lost = connection.execute("PRAGMA foreign_key_check")
    return [line for line in found if line != "ok"] + [
        f"{table}: row {row} refers to nothing" for table, row, *_ in lost
    ]


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """Return the version of a database's tables, 0 without any. Raises StoreError."""
    ((tables,),) = connection.execute("SELECT count(*) FROM sqlite_master")
    ((application,),) = connection.execute("PRAGMA application_id")
    ((version,),) = connection.execute("PRAGMA user_version")
    if tables and application != APPLICATION_ID:
        raise StoreError(
            f"{path} belongs to another program; name another folder with -s DATA_DIR=…"
        )
    if version > VERSION:
        raise StoreError(
            f"{path} was written by a newer kompascrawler (its tables have version"
            f" {version}, this program knows {VERSION}); upgrade the program. Nothing changed."
        )
    return int(version)
