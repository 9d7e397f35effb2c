"""The store in SQLite: ``state.sqlite3`` for what must survive, ``articles/`` for what is out.

Every method that changes something has changed it durably when it returns (it survives SIGKILL
and power loss), or raises ``StoreError`` and changed nothing. Identities sort by time of first
publication, so bounds between articles are identities too.

An article is stored by one transaction, durable before it counts as seen. Publishing settles
first, in a transaction of its own, which record goes to which file; writes the files; enters them
in the manifest; and marks them as published. A crash in between leaves settled files, which the
next opening writes and enters under the same names and numbers and with the same content.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from kompascrawler.halaman import shortfall
from kompascrawler.items import Article
from kompascrawler.store import duplicates, links, outbox, overview, publishing, records
from kompascrawler.store.database import Database
from kompascrawler.store.model import (
    RUN_ID,
    AlreadyStored,
    ArticleHistory,
    Breaker,
    Discovery,
    Failure,
    Gap,
    Learned,
    Link,
    Measures,
    SimilarArticle,
    StoreCounts,
    StoreError,
)


class Reader:
    """What a store holds. Never writes, takes no lock and keeps no crawl waiting."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # what is known ---------------------------------------------------------------------------
    def is_stored(self, article_id: str) -> bool:
        """Tell whether a record of the article is in the store (published or in the outbox)."""
        with self._database.reading() as db:
            return records.is_stored(db, article_id)

    def stored_on(self, day: date) -> list[str]:
        """Return the identities of the articles of a WIB day that are stored, newest first."""
        with self._database.reading() as db:
            return records.stored_on(db, day)

    def is_settled(self, article_id: str) -> bool:
        """Tell whether a record of the article is stored that is not known to lack pages."""
        with self._database.reading() as db:
            return records.is_settled(db, article_id)

    def failures(self) -> list[Failure]:
        """Return every article that failed and is not settled, in whatever state, newest first."""
        with self._database.reading() as db:
            return links.failures(db)

    def history(self, article_id: str) -> ArticleHistory | None:
        """Return all that is remembered of an article, or None where it was never found."""
        with self._database.reading() as db:
            return overview.history(db, article_id)

    def counts(self) -> StoreCounts:
        """Return how much the store holds."""
        with self._database.reading() as db:
            return overview.counts(db)

    def find_duplicate(self, article: Article) -> SimilarArticle | None:
        """Return the first stored article with the same or nearly the same content.

        Never the article itself, and never one that is a republication itself: of all articles
        with one content the first that was stored is the original of all others.
        """
        with self._database.reading() as db:
            return duplicates.find(db, article)

    def similar(self, article: Article) -> list[SimilarArticle]:
        """Return the articles that one is compared with for ``find_duplicate``, and how alike."""
        with self._database.reading() as db:
            return duplicates.similar(db, article)

    def knows_more_than(self, number: int) -> bool:
        """Tell whether more than so many articles were ever found; counts no further."""
        with self._database.reading() as db:
            return links.knows_more_than(db, number)

    # the site --------------------------------------------------------------------------------
    def breakers(self) -> list[Breaker]:
        """Return the hosts that are left alone, by name."""
        with self._database.reading() as db:
            return overview.breakers(db)

    def measures(self, runs: int = 50) -> list[dict[str, tuple[int, int]]]:
        """Return what the latest runs measured, newest first; 200 runs are remembered."""
        with self._database.reading() as db:
            return overview.measures(db, runs)

    # where the listing has been read ----------------------------------------------------------
    def newest_listed(self) -> str | None:
        """Return the newest identity that a listing has shown, or None before the first run."""
        with self._database.reading() as db:
            return links.bound(db, "newest_listed")

    def news_times(self) -> list[int]:
        """Return when runs found news in the latest two weeks, seconds since 1970."""
        with self._database.reading() as db:
            return links.news_times(db)

    def oldest_asked(self) -> str | None:
        """Return the bound below which listings were never asked for, or None: no bound."""
        with self._database.reading() as db:
            return links.bound(db, "oldest_asked")

    def gaps(self) -> list[Gap]:
        """Return the open gaps, newest first."""
        with self._database.reading() as db:
            return links.gaps(db)

    # whether all is well ---------------------------------------------------------------------
    def damage(self) -> list[str]:
        """Return what is wrong with the database, a line each. Reads all of it."""
        with self._database.reading() as db:
            return overview.damage(db)

    def published_files(self) -> dict[str, int]:
        """Return the published files, below the data folder, and how many records each holds."""
        with self._database.reading() as db:
            return overview.published_files(db)

    def planned_files(self) -> set[str]:
        """Return the files, below the data folder, that are settled and may be written or not."""
        with self._database.reading() as db:
            return overview.planned_files(db)


@contextmanager
def open_reader(data_dir: Path) -> Iterator[Reader]:
    """Give a reader of the store of a data folder.

    Raises NoStore where there is none, OlderStore for one that a crawl brings up to date, and
    StoreError where it cannot be read: damaged, of another program, or of a newer version.
    """
    with closing(Database.open_for_reading(data_dir)) as database:
        yield Reader(database)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Store(Reader):
    """The store of one data folder, open for one run."""

    def __init__(
        self,
        data_dir: Path,
        run_id: str,
        *,
        clock: Callable[[], datetime] = _utc_now,
        on_failure: Callable[[StoreError], None] | None = None,
    ) -> None:
        """Open the store, create it where there is none, and finish an interrupted publish.

        ``run_id`` names the files that this run publishes; ``clock`` gives the time, UTC;
        ``on_failure`` is told of each StoreError of the open store before it is raised.
        Raises StoreError, and ValueError for a run_id that makes no file name.
        """
        if not RUN_ID.fullmatch(run_id):
            raise ValueError(f"a run_id has letters, digits, '-', '.' and '_', not {run_id!r}")
        self.data_dir = data_dir
        self.run_id = run_id
        self._now = clock
        super().__init__(Database.open(data_dir, on_failure=on_failure))
        self._publish_settled()

    # links -----------------------------------------------------------------------------------
    def learn(self, discovery: Discovery) -> Learned:
        """Remember links and how far the listing has been read, in one transaction."""
        with self._database.writing("remember links") as db:
            return links.learn(db, discovery, self._now())

    def due(self, *, oldest: str | None = None, newest: str | None = None) -> list[Link]:
        """Return what was found but is not settled and may be tried now, newest first.

        ``oldest`` and ``newest`` bound the identities, inclusive. An article that failed, or
        was stored without some of its pages, is due again when its waiting time is over.
        """
        with self._database.reading() as db:
            return links.due(db, self._now().timestamp(), oldest, newest)

    def add_failure(self, link: Link, cause: str) -> int:
        """Remember that fetching or parsing failed; return the number of tries so far."""
        with self._database.writing("remember a failure") as db:
            return links.add_failure(db, link, cause, self._now(), self.run_id)

    def retry(self, ids: Collection[str] | None = None) -> int:
        """Make failed articles due at once, tries counted anew; return how many.

        None: all of them, except what was dropped; that is taken up again by its id only.
        """
        with self._database.writing("have articles tried again") as db:
            return links.retry(db, ids)

    def drop(self, ids: Collection[str]) -> int:
        """Have articles that are not settled never asked for again; return how many."""
        with self._database.writing("drop articles") as db:
            return links.drop(db, ids)

    # the site --------------------------------------------------------------------------------
    def set_breaker(self, breaker: Breaker) -> None:
        """Have a host left alone, or change what is remembered of one that is."""
        with self._database.writing("have a host left alone") as db:
            overview.set_breaker(db, breaker)

    def close_breaker(self, host: str) -> bool:
        """Have a host asked again; tell whether it was left alone."""
        with self._database.writing("have a host asked again") as db:
            return overview.close_breaker(db, host)

    def add_measures(self, measures: Measures) -> None:
        """Remember what this run measured, in place of what it said before."""
        with self._database.writing("remember what was measured") as db:
            overview.add_measures(db, self.run_id, measures)

    # records -----------------------------------------------------------------------------------
    def put(self, article: Article) -> None:
        """Store a record and put it into the outbox; from here on it counts as seen.

        A record that is not ``halaman.complete`` is stored too, counts as a failed try, and is
        due again later. A better one of the same article becomes its next revision: one that
        holds every page, or more of them than before, and another content. ``revision`` is
        filled in, and ``first_seen_at`` from what ``learn`` remembered: now, where the article
        was never found on a page.

        Raises AlreadyStored where a record is stored that this one does not better; where that
        one lacks pages and this one does too, it counts as one more failed try. Raises
        ValueError for a record that no line can hold or whose identity has no date.
        """
        with self._database.writing("store an article") as db:
            kept = records.latest(db, article.id)
            is_news = kept is None or kept.is_bettered_by(article)
            if kept is None or is_news:
                article.revision = kept.revision + 1 if kept else 1
                article.first_seen_at = self._settle(db, article)
                stored_at = links.seconds(self._now())
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
        """Write the outbox to the published files; return the number of records written."""
        with self._database.reading() as db:
            has_unplanned = outbox.has_unplanned(db)
        if has_unplanned:
            with self._database.writing("plan a batch") as db:
                outbox.plan_batch(db, self.run_id, links.rfc3339(self._now()))
        return self._publish_settled()

    def _publish_settled(self) -> int:
        """Write the files that are settled and not yet marked as published; return the records."""
        with self._database.reading() as db:
            if not outbox.has_settled(db):
                return 0
        # The transaction keeps other processes from writing the same files at the same time.
        with self._database.writing("publish articles") as db:
            return publishing.publish_settled(db, self.data_dir)

    def close(self) -> None:
        """Release files; nothing is lost without it."""
        self._database.close()
