"""The store in SQLite: ``state.sqlite3`` for what must survive, ``articles/`` for what is out.

An article is stored by one transaction, durable before it counts as seen. Publishing settles
first, in a transaction of its own, which record goes to which file; writes the files; and marks
them as published. A crash in between leaves settled files to write, under the same names and
with the same content, which the next opening does.
"""

import sqlite3
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path

from kompascrawler.halaman import shortfall
from kompascrawler.items import Article
from kompascrawler.store import duplicates, links, outbox, overview, records
from kompascrawler.store.database import Database
from kompascrawler.store.errors import explained
from kompascrawler.store.files import make_folder, sync_folder, write_new
from kompascrawler.store.model import (
    RUN_ID,
    AlreadyStored,
    Breaker,
    Counts,
    Failure,
    Finding,
    Gap,
    Learned,
    Link,
    Match,
    Measures,
    Store,
    Story,
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SqliteStore(Store):
    """The store of one data folder, open for one run."""

    def __init__(
        self, data_dir: Path, run_id: str, *, clock: Callable[[], datetime] = _utc_now
    ) -> None:
        """Open the store, create it where there is none, and finish an interrupted publish.

        ``run_id`` names the files that this run publishes; ``clock`` gives the time, UTC. Raises
        StoreError, and ValueError for a run_id that makes no file name.
        """
        if not RUN_ID.fullmatch(run_id):
            raise ValueError(f"a run_id has letters, digits, '-', '.' and '_', not {run_id!r}")
        self.data_dir = data_dir
        self.run_id = run_id
        self._now = clock
        self._database = Database(data_dir)
        self._publish_planned()

    # what is known ---------------------------------------------------------------------------
    def is_stored(self, article_id: str) -> bool:
        """See Store."""
        with self._database.reading("look up an article") as db:
            return records.is_stored(db, article_id)

    def is_settled(self, article_id: str) -> bool:
        """See Store."""
        with self._database.reading("look up an article") as db:
            return records.is_settled(db, article_id)

    def learn(self, finding: Finding) -> Learned:
        """See Store."""
        with self._database.writing("remember links") as db:
            return links.learn(db, finding, self._now())

    def due(self, *, oldest: str | None = None, newest: str | None = None) -> list[Link]:
        """See Store."""
        with self._database.reading("look up what is due") as db:
            return links.due(db, self._now().timestamp(), oldest, newest)

    def add_failure(self, link: Link, cause: str) -> int:
        """See Store."""
        with self._database.writing("remember a failure") as db:
            return links.add_failure(db, link, cause, self._now(), self.run_id)

    def failures(self) -> list[Failure]:
        """See Store."""
        with self._database.reading("list failures") as db:
            return links.failures(db)

    def retry(self, ids: Collection[str] | None = None) -> int:
        """See Store."""
        with self._database.writing("have articles tried again") as db:
            return links.retry(db, ids)

    def drop(self, ids: Collection[str]) -> int:
        """See Store."""
        with self._database.writing("drop articles") as db:
            return links.drop(db, ids)

    def story(self, article_id: str) -> Story | None:
        """See Store."""
        with self._database.reading("look up an article") as db:
            return overview.story(db, article_id)

    def counts(self) -> Counts:
        """See Store."""
        with self._database.reading("count articles") as db:
            return overview.counts(db)

    # the site --------------------------------------------------------------------------------
    def breakers(self) -> list[Breaker]:
        """See Store."""
        with self._database.reading("look up hosts left alone") as db:
            return overview.breakers(db)

    def set_breaker(self, breaker: Breaker) -> None:
        """See Store."""
        with self._database.writing("have a host left alone") as db:
            overview.set_breaker(db, breaker)

    def close_breaker(self, host: str) -> bool:
        """See Store."""
        with self._database.writing("have a host asked again") as db:
            return overview.close_breaker(db, host)

    def add_measures(self, measures: Measures) -> None:
        """See Store."""
        with self._database.writing("remember what was measured") as db:
            overview.add_measures(db, self.run_id, measures)

    def measures(self, runs: int = 50) -> list[dict[str, tuple[int, int]]]:
        """See Store."""
        with self._database.reading("look up what was measured") as db:
            return overview.measures(db, runs)

    # where the listing has been read ----------------------------------------------------------
    def newest_listed(self) -> str | None:
        """See Store."""
        with self._database.reading("look up the newest article listed") as db:
            return links.bound(db, "newest_listed")

    def oldest_asked(self) -> str | None:
        """See Store."""
        with self._database.reading("look up the oldest article asked for") as db:
            return links.bound(db, "oldest_asked")

    def gaps(self) -> list[Gap]:
        """See Store."""
        with self._database.reading("look up the gaps") as db:
            return links.gaps(db)

    # records -----------------------------------------------------------------------------------
    def find_duplicate(self, article: Article) -> Match | None:
        """See Store."""
        with self._database.reading("look for duplicates") as db:
            return duplicates.find(db, article)

    def put(self, article: Article) -> None:
        """See Store."""
        with self._database.writing("store an article") as db:
            kept = records.latest(db, article.id)
            is_news = kept is None or kept.is_bettered_by(article)
            if kept is None or is_news:
                article.revision = kept.revision + 1 if kept else 1
                article.first_seen_at = self._settle(db, article)
                stored_at = links.rfc3339(self._now())
                records.add(db, article, stored_at=stored_at, run_id=self.run_id)
            elif not kept.is_whole:
                self._settle(db, article)
                if records.is_whole(article):
                    records.set_whole(db, kept)
        if not is_news:
            raise AlreadyStored(article.id)

    def _settle(self, db: sqlite3.Connection, article: Article) -> str:
        """Note what became of an article; return when it was first found."""
        link = Link(article.id, article.url)
        if records.is_whole(article):
            return links.set_stored(db, link, self._now())
        cause = shortfall(article.halaman)
        return links.set_incomplete(db, link, cause, self._now(), self.run_id)

    def publish(self) -> int:
        """See Store."""
        with self._database.reading("look up what to publish") as db:
            has_unplanned = outbox.has_unplanned(db)
        if has_unplanned:
            with self._database.writing("plan a batch") as db:
                outbox.plan_batch(db, self.run_id)
        return self._publish_planned()

    def _publish_planned(self) -> int:
        """Write the files that are settled and not yet marked as published; return the records."""
        with self._database.reading("look up what to publish") as db:
            if not outbox.has_planned(db):
                return 0
        # The transaction keeps other processes from writing the same files at the same time.
        with self._database.writing("publish articles") as db:
            self._sync([self._write(file, content) for file, content in outbox.planned(db)])
            return outbox.set_published(db)

    def _write(self, file: str, content: bytes) -> Path:
        path = self.data_dir / file
        with explained("publish articles", path):
            make_folder(path.parent)
            write_new(path, content)
        return path

    def _sync(self, files: list[Path]) -> None:
        """Make the names of the files durable, and those of the folders above them."""
        folders = {folder for file in files for folder in file.parents}
        for folder in sorted(folders):
            if folder.is_relative_to(self.data_dir):
                with explained("publish articles", folder):
                    sync_folder(folder)

    def close(self) -> None:
        """See Store."""
        self._database.close()
