"""The store in SQLite: ``state.sqlite3`` for what must survive, ``articles/`` for what is out.

Every method that changes something has changed it durably when it returns (it survives SIGKILL
and power loss), or raises ``StoreError`` and changed nothing. Identities sort by time of first
publication, so bounds between articles are identities too.

An article is stored by one transaction, durable before it counts as seen. Publishing settles
first, in a transaction of its own, which record goes to which file; writes the files; enters them
in the manifest; and marks them as published. A crash in between leaves settled files, which the
next opening writes and enters under the same names and numbers and with the same content.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from kompascrawler.halaman.completeness import shortfall
from kompascrawler.items import Article
from kompascrawler.store import agreement, links, looks, records, takedown
from kompascrawler.store.captures import Archive
from kompascrawler.store.database import Database
from kompascrawler.store.lock import RunLock
from kompascrawler.store.model import (
    RUN_ID,
    AlreadyStored,
    Bound,
    Breaker,
    Discovery,
    Learned,
    Link,
    Look,
    LookOutcome,
    Measures,
    Owns,
    Revisit,
    StoreError,
    Validators,
)
from kompascrawler.store.publishing import Publisher
from kompascrawler.store.reader import Reader
from kompascrawler.store.under_way import UnderWay


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


_AT_ONCE = 500
"""Articles that are read at a time."""
_FORGET_MEASURES = (
    "DELETE FROM measured WHERE section = ?1 AND number <= (SELECT number FROM measured"
    " WHERE section = ?1 ORDER BY number DESC LIMIT 1 OFFSET 200)"
)


class Store(Publisher):
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
        self._revisit_after = revisit_after
        self.archive: Archive | None = None
        agreement.require_store(data_dir)
        self.under_way = UnderWay(data_dir, run_id)
        super().__init__(Database.open(data_dir, on_failure=on_failure), run_id, clock)
        try:
            agreement.compare(self._database, data_dir)
            self._publish_settled()
        except StoreError:
            self.close()
            raise

    # links -----------------------------------------------------------------------------------
    def learn(self, discovery: Discovery) -> Learned:
        """Remember links and how far the listing has been read, as a whole."""
        return self._database.change("remember links", links.learn, discovery, self._now())

    def due(
        self, owns: Owns = bool, *, oldest: Bound = None, newest: Bound = None, deadly: bool = False
    ) -> list[Link]:
        """Return what was found but is not settled and may be tried now, newest first.

        ``owns`` tells by an address what is wanted at all; ``oldest`` and ``newest`` bound the
        identities, inclusive. What failed, or lacks pages, is due again when its waiting time is
        over; what runs died on is not among them: ``deadly`` returns that alone.
        """
        now = self._now().timestamp()
        found = self._database.ask(links.due, now, oldest, newest, deadly=deadly)
        return [link for link in found if owns(link.url)]

    def add_failure(self, link: Link, cause: str) -> int:
        """Remember that fetching or parsing failed; return the number of tries so far."""
        said = (link, cause, self._now(), self.run_id)
        return self._database.change("remember a failure", links.add_failure, *said)

    def note_deaths(self) -> list[Link]:
        """Count what runs were reading when they died as tries of it; return it.

        For the one who holds the lock: what another run is reading is no death. One that was
        stored whole is a look that failed.
        """
        stored = "SELECT 1 FROM article WHERE id = ? AND run_id = ? LIMIT 1"
        died = [one for one in self.under_way.left() if not self._rows(stored, one[0].id, one[1])]
        if died:
            with self._database.writing("remember what a run died on") as db:
                for link, run_id in died:
                    if self.is_settled(link.id):
                        look = Look(links.rfc3339(self._now()), run_id, "failed", links.DIED)
                        looks.end(db, link.id, look, self._revisit_after)
                    else:
                        links.add_death(db, link, self._now(), run_id)
        self.under_way.clear()
        return [link for link, _ in died]

    def retry(self, ids: Collection[str] | None = None) -> int:
        """Make failed articles due at once, tries counted anew; return how many.

        None: all of them, except what was dropped; that is taken up again by its id only.
        """
        return self._database.change("have articles tried again", links.retry, ids)

    def drop(self, ids: Collection[str]) -> int:
        """Have articles that are not settled never asked for again; return how many."""
        return self._database.change("drop articles", links.drop, ids)

    # looks -----------------------------------------------------------------------------------
    def due_looks(self, limit: int, wants: Callable[[Revisit], bool] = bool) -> list[Revisit]:
        """Return the articles that are to be looked at again now, newest first."""
        return self._database.ask(looks.due, self._now().timestamp(), limit, wants)

    def bring_forward(self, article_id: str, updated: datetime | None) -> Revisit | None:
        """Have an article looked at now that was updated since it was fetched; return it, if so."""
        action, now = "have an article looked at again", self._now().timestamp()
        return self._database.change(action, looks.bring_forward, article_id, updated, now)

    def settled(self, oldest: str) -> Iterator[Revisit]:
        """Yield the articles that are stored whole, from the newest down to an identity."""
        found, below = [Revisit(Link("~", ""), None)], "~"
        while found:
            found = self._database.ask(looks.settled, oldest, below, _AT_ONCE)
            yield from found
            below = found[-1].link.id if found else below

    def end_look(self, article_id: str, outcome: LookOutcome, cause: str | None = None) -> bool:
        """Remember what came of a look at an article that is stored whole.

        Return True where the site has said for a day that there is no such article.
        """
        look = Look(links.rfc3339(self._now()), self.run_id, outcome, cause)
        said = (article_id, look, self._revisit_after)
        return self._database.change("remember a look at an article", looks.end, *said)

    def keep_validators(self, article_id: str, validators: Validators) -> None:
        """Remember what the answer that held all of an article said of itself.

        The next transaction makes it durable, ``publish`` at the latest: without it the next look
        receives the whole page.
        """
        self._database.defer(partial(looks.keep_validators, article_id, validators))

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

    def add_measures(self, measures: Measures, section: str = "global") -> None:
        """Remember what this run measured of a section, in place of what it said before."""
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
            if takedown.is_taken_down(db, article.id):
                raise AlreadyStored(article.id)
            kept = records.latest(db, article.id)
            changed = records.changed(db, self.data_dir, article, kept)
            if changed is not None:
                article.revision, article.changed = kept.revision + 1 if kept else 1, changed
                article.first_seen_at = self._settle(db, article)
                if kept:
                    looks.forget_validators(db, article.id)
                if self.archive is not None and article.deleted_at is None:
                    article.capture = self.archive.first_page(article.id)
                stored_at = links.seconds(self._now())
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
            if takedown.is_taken_down(db, article.id):
                return False
            if records.is_whole(article) != kept.is_whole:
                self._settle(db, article)
            records.add(db, article, stored_at=links.seconds(self._now()), run_id=self.run_id)
            return True

    def transaction(self, action: str) -> AbstractContextManager[sqlite3.Connection]:
        """Give the database for one transaction of the archive; ``action`` is for an error."""
        return self._database.writing(action)

    def _settle(self, db: sqlite3.Connection, article: Article) -> str:
        link = Link(article.id, article.url)
        lack = None if records.is_whole(article) else shortfall(article.halaman)
        if lack is None:
            looks.schedule(db, article.id, self._now().timestamp(), self._revisit_after)
        return links.settle(db, link, lack, self._now(), self.run_id)

    def close(self) -> None:
        """Release files; nothing is lost without it."""
        self.under_way.close()
        self._database.close()
