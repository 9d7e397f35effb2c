"""The store for those who only look: beside a crawl that is running, and without waiting for it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from kompascrawler.items import Article
from kompascrawler.store import duplicates, links, overview
from kompascrawler.store.database import FILE_NAME, PATIENCE, version_of
from kompascrawler.store.errors import explained
from kompascrawler.store.model import Breaker, Counts, Failure, Gap, Match, StoreError, Story
from kompascrawler.store.tables import VERSION


class NoStore(StoreError):  # noqa: N818 - a StoreError by its base; this is what there is
    """No crawl has used the data folder yet."""


class OlderStore(StoreError):  # noqa: N818 - likewise
    """The store is of an older version; the next crawl brings it up to date."""


class Reader:
    """What a store holds. Never writes, takes no lock and keeps no crawl waiting."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with explained("read the store", self._path):
            yield self._connection

    def story(self, article_id: str) -> Story | None:
        """See Store."""
        with self._reading() as db:
            return overview.story(db, article_id)

    def counts(self) -> Counts:
        """See Store."""
        with self._reading() as db:
            return overview.counts(db)

    def find_duplicate(self, article: Article) -> Match | None:
        """See Store."""
        with self._reading() as db:
            return duplicates.find(db, article)

    def similar(self, article: Article) -> list[Match]:
        """Return the articles that one is compared with for ``find_duplicate``, and how alike."""
        with self._reading() as db:
            return duplicates.similar(db, article)

    def failures(self) -> list[Failure]:
        """See Store."""
        with self._reading() as db:
            return links.failures(db)

    def gaps(self) -> list[Gap]:
        """See Store."""
        with self._reading() as db:
            return links.gaps(db)

    def newest_listed(self) -> str | None:
        """See Store."""
        with self._reading() as db:
            return links.bound(db, "newest_listed")

    def oldest_asked(self) -> str | None:
        """See Store."""
        with self._reading() as db:
            return links.bound(db, "oldest_asked")

    def breakers(self) -> list[Breaker]:
        """See Store."""
        with self._reading() as db:
            return overview.breakers(db)

    def measures(self, runs: int = 50) -> list[dict[str, tuple[int, int]]]:
        """See Store."""
        with self._reading() as db:
            return overview.measures(db, runs)

    def damage(self) -> list[str]:
        """Return what is wrong with the database, a line each. Reads all of it."""
        with self._reading() as db:
            return overview.damage(db)

    def published_files(self) -> dict[str, int]:
        """Return the published files, below the data folder, and how many records each holds."""
        with self._reading() as db:
            return overview.published_files(db)

    def planned_files(self) -> set[str]:
        """Return the files, below the data folder, that are settled and may be written or not."""
        with self._reading() as db:
            return overview.planned_files(db)


@contextmanager
def open_reader(data_dir: Path) -> Iterator[Reader]:
    """Give a reader of the store of a data folder.

    Raises NoStore where there is none, OlderStore for one that a crawl brings up to date, and
    StoreError where it cannot be read: damaged, of another program, or of a newer version.
    """
    path = data_dir / FILE_NAME
    with explained("read the store", path):
        is_there = path.exists()
    if not is_there:
        raise NoStore(f"No store in {data_dir.absolute()}: no crawl has used this data folder yet.")
    with explained("read the store", path), closing(_connect(path)) as connection:
        version = version_of(connection, path)
        if version < VERSION:
            raise OlderStore(
                f"{path} was written by an older kompascrawler (its tables have version {version},"
                f" this program reads {VERSION}); the next crawl brings it up to date."
            )
        yield Reader(path, connection)


def _connect(path: Path) -> sqlite3.Connection:
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
