"""The store in SQLite: ``state.sqlite3`` for what must survive, ``articles/`` for what is out.

Every method that changes something has changed it durably when it returns (it survives SIGKILL
and power loss), or raises ``StoreError`` and changed nothing. Identities sort by time of first
publication, so bounds between articles are identities too.

An article is stored by one transaction, durable before it counts as seen. Files that a crash has
kept from being published (``publishing``) are written by the next opening.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from kompascrawler.halaman.completeness import shortfall
from kompascrawler.items import Article
from kompascrawler.store import links, manifest, publishing, records
from kompascrawler.store.database import Database, rfc3339, seconds
from kompascrawler.store.kept import Archive
from kompascrawler.store.lock import RunLock
from kompascrawler.store.looks import Looks
from kompascrawler.store.model import RUN_ID, AlreadyStored, Breaker, Link, StoreError
from kompascrawler.store.reader import Reader


@contextmanager
def open_reader(data_dir: Path) -> Iterator[Reader]:
    """Give a reader of the store of a data folder.

    Raises NoStore where there is none, OlderStore for one that a crawl brings up to date, and
    StoreError where it cannot be read: damaged, of another program, or of a newer version.
    """
    with closing(Database.open_for_reading(data_dir)) as database:
        yield Reader(database)


@contextmanager
def held(data_dir: Path, run_id: str, *, revisit_after: Sequence[int] = ()) -> Iterator["Store"]:
    """Give the store of a data folder that no run holds. Raises Locked and StoreError."""
    lock = RunLock.take(data_dir, run_id)
    try:
        with closing(Store(data_dir, run_id, revisit_after=revisit_after)) as store:
            yield store
    finally:
        lock.hand_back()


_FORGET_MEASURES: Final = (
    "DELETE FROM measured WHERE section = ?1 AND number <= (SELECT number FROM measured"
    " WHERE section = ?1 ORDER BY number DESC LIMIT 1 OFFSET 200)"
)


class Store(Looks):
    """The store of one data folder, open for one run."""

    def __init__(
        self,
        data_dir: Path,
        run_id: str,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        on_failure: Callable[[StoreError], None] | None = None,
        revisit_after: Sequence[int] = (),
    ) -> None:
        """Open the store, create it where there is none, and finish an interrupted publish.

        ``run_id`` names the files that this run publishes; ``clock`` gives the time, UTC;
        ``on_failure`` is told of each StoreError of the open store before it is raised;
        ``revisit_after`` are the seconds after publication at which articles are looked at again.
        Raises StoreError, also where the store and the published files do not agree, and
        ValueError for a run_id that makes no file name.
        """
        if not RUN_ID.fullmatch(run_id):
            raise ValueError(f"a run_id has letters, digits, '-', '.' and '_', not {run_id!r}")
        manifest.require_store(data_dir)
        super().__init__(Database.open(data_dir, on_failure=on_failure), run_id, clock)
        self._revisit_after = revisit_after
        self.archive: Archive | None = None
        try:
            self._compare_files()
            self._publish_settled()
        except StoreError:
            self.close()
            raise

    def _compare_files(self) -> None:
        """Raise StoreError where what is published is not as it was."""
        with self._database.reading() as db:
            ((before,),) = db.execute("SELECT number FROM compared")
            after = manifest.compare(db, self.data_dir, before)
        if after != before:
            with self._database.writing("compare the published files") as db:
                db.execute("UPDATE compared SET number = ?", (after,))

    # the site --------------------------------------------------------------------------------
    def set_breaker(self, breaker: Breaker) -> None:
        """Have a host left alone, or change what is remembered of one that is."""
        with self._database.writing("have a host left alone") as db:
            db.execute(
                "INSERT OR REPLACE INTO breaker (host, cause, opened_at, probes, next_probe)"
                " VALUES (?, ?, ?, ?, ?)",
                breaker,
            )

    def close_breaker(self, host: str) -> bool:
        """Have a host asked again; tell whether it was left alone."""
        with self._database.writing("have a host asked again") as db:
            return db.execute("DELETE FROM breaker WHERE host = ?", (host,)).rowcount == 1

    def add_measures(
        self, measures: Mapping[str, tuple[int, int]], section: str = "global"
    ) -> None:
        """Remember of how many (second) how many (first) had what this run measured of a section.

        It takes the place of what the run said before.
        """
        with self._database.writing("remember what was measured") as db:
            db.execute(
                "INSERT OR REPLACE INTO measured (section, run_id, measures) VALUES (?, ?, ?)",
                (section, self.run_id, json.dumps(dict(measures))),
            )
            db.execute(_FORGET_MEASURES, (section,))

    # records -----------------------------------------------------------------------------------
    def put(self, article: Article) -> None:
        """Store a record and put it into the outbox; from here on it counts as seen.

        A record that is not ``halaman.complete`` is stored too, counts as a failed try, and is
        due again later. A better one becomes the next revision: one that holds every page, or
        more of them than before, and differs. ``revision``, ``changed``, ``capture`` (by the
        archive of a run) and ``first_seen_at`` (by ``learn``; else now) are filled in.

        Raises AlreadyStored where this one does not better what is stored (one more failed try
        if both lack pages), and ValueError for what no line can hold or whose id has no date.
        """
        with self._database.writing("store an article") as db:
            if records.is_taken_down(db, article.id):
                raise AlreadyStored(article.id)
            kept = records.latest(db, article.id)
            changed = records.changed(db, self.data_dir, article, kept)
            if changed is not None:
                article.revision, article.changed = kept.revision + 1 if kept else 1, changed
                article.first_seen_at = self._settle(db, article)
                if kept:
                    # The next look asks for the whole page: they stood for the last record.
                    db.execute("UPDATE revisit SET validators = NULL WHERE id = ?", (article.id,))
                if self.archive is not None and article.deleted_at is None:
                    article.capture = self.archive.first_page(article.id)
                stored_at = seconds(self._now())
                number = records.add(db, article, stored_at=stored_at, run_id=self.run_id)
                if self.archive is not None:
                    self.archive.settle(db, article.id, number)
            elif kept and not kept.is_whole:
                self._settle(db, article)
                if records.is_whole(article):
                    db.execute("UPDATE article SET is_whole = 1 WHERE number = ?", (kept.number,))
        if changed is None:
            raise AlreadyStored(article.id)
        if self.archive is not None:
            self.archive.settled()

    def put_again(self, article: Article) -> bool:
        """Store the next revision of an article: what later code reads in the same pages.

        Return False where its latest revision is another one by now, or it was taken down.
        """
        with self._database.writing("store an article again") as db:
            kept = records.latest(db, article.id)
            if kept is None or kept.revision != article.revision - 1:
                return False
            if records.is_taken_down(db, article.id):
                return False
            if records.is_whole(article) != kept.is_whole:
                self._settle(db, article)
            records.add(db, article, stored_at=seconds(self._now()), run_id=self.run_id)
            return True

    def transaction(self, action: str) -> AbstractContextManager[sqlite3.Connection]:
        """Give the database for one transaction of the archive; ``action`` is for an error."""
        return self._database.writing(action)

    def _settle(self, db: sqlite3.Connection, article: Article) -> str:
        link = Link(article.id, article.url)
        lack = None if records.is_whole(article) else shortfall(article.halaman)
        if lack is None:
            self._schedule(db, article.id)
        return links.settle(db, link, lack, self._now(), self.run_id)

    # files -----------------------------------------------------------------------------------
    def publish(self) -> int:
        """Write the outbox to the published files; return the number of records written."""
        if self._rows("SELECT 1 FROM outbox WHERE file IS NULL LIMIT 1"):
            with self._database.writing("plan a batch") as db:
                publishing.plan_batch(db, self.run_id, rfc3339(self._now()))
        self._database.write_deferred()
        return self._publish_settled()

    def _publish_settled(self) -> int:
        """Write the files that are settled and not yet marked as published; return the records."""
        if not self._rows("SELECT 1 FROM manifest WHERE sha256 IS NULL LIMIT 1"):
            return 0
        # The transaction keeps other processes from writing the same files at the same time.
        with self._database.writing("publish articles") as db:
            return publishing.publish_settled(db, self.data_dir)

    def compact(self, before: date) -> int:
        """Make one file of those of each day before a day; return how many are replaced.

        Of the oldest days: 0 says that all is done. ``remove_replaced`` removes them later.
        """
        with self._database.writing("plan a compaction") as db:
            at = rfc3339(self._now())
            replaced = publishing.plan(db, self.data_dir, before, self.run_id, at)
        self._publish_settled()
        return replaced

    def remove_replaced(self, grace: timedelta) -> int:
        """Remove the files that others replaced before a time of grace; return how many."""
        with self._database.writing("remove replaced files") as db:
            return publishing.remove(db, self.data_dir, self._now() - grace)

    def forget(self, article_id: str, why: str, url: str | None = None) -> bool:
        """Take an article down: write its files anew, without it, and never ask for it again.

        What is left is a revision that says so. Can be repeated, and is to be after a crash.
        Return False for an article that no run has found; its address makes it a found one.
        """
        at = rfc3339(self._now())
        with self._database.writing("take an article down") as db:
            if url:
                links.add(db, Link(article_id, url), self._now())
            if not records.take_down(db, article_id, at, why):
                return False
            records.end_record(db, self.data_dir, article_id, self.run_id)
            publishing.plan_takedown(db, self.data_dir, article_id, self.run_id, at)
        self.publish()
        self.remove_replaced(timedelta())
        self._database.shrink()
        return True

    def close(self) -> None:
        """Release files; nothing is lost without it."""
        self.under_way.close()
        self._database.close()
