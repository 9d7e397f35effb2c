"""Links to articles: the queue of what is to be fetched, and how far listings were read."""

import json
import os
import sqlite3
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import Final

from kompascrawler.store.database import Database, rfc3339, rfc3339_of, seconds
from kompascrawler.store.disk import explained
from kompascrawler.store.model import Attempt, Discovery, Gap, Learned, Link
from kompascrawler.store.reader import Reader

FIRST_WAIT: Final = 15 * 60
"""Seconds before the second try: the next run of a crawl that starts every quarter of an hour."""
EARLY: Final = 5 * 60
"""Seconds that a try may come before its time. An article fails some way into a run, and the run
a quarter of an hour after the start of that one is to find it due."""
LONGEST_WAIT: Final = 24 * 60 * 60
"""Seconds that no wait exceeds."""
DIED: Final = "the run died on it"
"""Cause of a try that ended with the process."""
MOST_DEATHS: Final = 3
MOST_TRIES: Final = 10
"""With so many failures an article is given up, 3 days and 8 hours after the first at least."""
_FIRST_ID, _LAST_ID = "", "~"  # below and above every identity: those are digits and hyphens
# Runs may overlap: the bounds only ever grow apart.
_WIDEN: Final = (
    "INSERT INTO bound (section, name, id) VALUES (?, ?, ?) ON CONFLICT (section, name)"
    " DO UPDATE SET id = iif(name = 'newest_listed', max(id, excluded.id), min(id, excluded.id))"
)
_OPEN: Final = "INSERT INTO gap (low, high, section) VALUES (?, ?, ?) RETURNING number"
_DUE: Final = (
    "SELECT id, url FROM link WHERE state = 'waiting' AND id BETWEEN ? AND ?"
    " AND (next_try <= ? OR next_try > ?) AND (cause IS ?) = ? ORDER BY id DESC"
)
_RETRY: Final = (
    "UPDATE link SET state = 'waiting', tries = 0, next_try = 0"
    " WHERE cause IS NOT NULL AND state <> 'stored' AND "
)
_DROP: Final = (
    "UPDATE link SET state = 'dropped', cause = coalesce(cause, 'dropped before it was tried')"
    " WHERE state NOT IN ('stored', 'dropped') AND id = ?"
)


def wait_after(tries: int) -> int:
    """Return the seconds to wait after the given number of failures (from 1).

    >>> [wait_after(tries) // 60 for tries in (1, 2, 3, 7, 8, 9)]
    [15, 30, 60, 960, 1440, 1440]
    """
    return min(FIRST_WAIT << (tries - 1), LONGEST_WAIT)


class Queue(Reader):
    """What is to be fetched, of a store that is open for a run."""

    def __init__(self, database: Database, run_id: str, clock: Callable[[], datetime]) -> None:
        super().__init__(database)
        self.run_id = run_id
        self._now = clock
        self.under_way = UnderWay(self.data_dir, run_id)

    def learn(self, discovery: Discovery) -> Learned:
        """Remember links and how far the listing has been read, as a whole; return what is new."""
        now, section, opened = self._now(), discovery.section, None
        bounds = {"newest_listed": discovery.newest, "oldest_asked": discovery.oldest}
        with self._database.writing("remember links") as db:
            new = [link for link in discovery.links if add(db, link, now)]
            for name, identity in bounds.items():
                if identity is not None:
                    db.execute(_WIDEN, (section, name, identity))
            if gap := discovery.lowered:
                db.execute("UPDATE gap SET high = ? WHERE number = ?", (gap.high, gap.number))
            if gap := discovery.closed:
                db.execute("DELETE FROM gap WHERE number = ?", (gap.number,))
            if discovery.opened:
                ((number,),) = db.execute(_OPEN, (*discovery.opened, section))
                opened = Gap(number, *discovery.opened, section)
        return Learned(new, opened)

    def due(
        self,
        owns: Callable[[str], bool] = bool,
        *,
        oldest: str | None = None,
        newest: str | None = None,
        deadly: bool = False,
    ) -> list[Link]:
        """Return what was found but is not settled and may be tried now, newest first.

        ``owns`` tells by an address what is wanted at all; ``oldest`` and ``newest`` bound the
        identities, inclusive. What failed, or lacks pages, is due again when its waiting time is
        over; what runs died on is not among them: ``deadly`` returns that alone.
        """
        now = self._now().timestamp()
        bounds = (oldest or _FIRST_ID, newest or _LAST_ID)
        # A time further ahead than the longest wait was written under another clock.
        rows = self._rows(_DUE, *bounds, now + EARLY, now + LONGEST_WAIT, DIED, deadly)
        return [Link(*row) for row in rows if owns(row[1])]

    def add_failure(self, link: Link, cause: str) -> int:
        """Remember that fetching or parsing failed; return the number of tries so far."""
        with self._database.writing("remember a failure") as db:
            return add_failure(db, link, cause, self._now(), self.run_id)

    def retry(self, ids: Collection[str] | None = None) -> int:
        """Make failed articles due at once, tries counted anew; return how many.

        None: all of them, except what was dropped; that is taken up again by its id only.
        """
        with self._database.writing("have articles tried again") as db:
            if ids is None:
                return db.execute(f"{_RETRY} state IN ('waiting', 'given_up')").rowcount
            return db.executemany(f"{_RETRY} id = ?", [(one,) for one in set(ids)]).rowcount

    def drop(self, ids: Collection[str]) -> int:
        """Have articles that are not settled never asked for again; return how many."""
        with self._database.writing("drop articles") as db:
            return db.executemany(_DROP, [(one,) for one in set(ids)]).rowcount


def add(db: sqlite3.Connection, link: Link, now: datetime) -> bool:
    """Remember a link; tell whether it is new."""
    if db.execute("SELECT 1 FROM link WHERE id = ?", (link.id,)).fetchone():
        return False
    if link.found_on is not None:
        db.execute("INSERT INTO page (url) VALUES (?) ON CONFLICT DO NOTHING", (link.found_on,))
    db.execute(
        "INSERT INTO link (id, url, found_on, first_seen_at, state)"
        " VALUES (?, ?, (SELECT number FROM page WHERE url = ?), ?, 'waiting')",
        (*link, seconds(now)),
    )
    return True


def add_failure(db: sqlite3.Connection, link: Link, cause: str, now: datetime, run_id: str) -> int:
    """Remember a failure of an article that is not settled; return the number of tries so far."""
    add(db, link, now)
    return _fail(db, link, Attempt(rfc3339(now), run_id, "failed", cause), now)


def add_death(db: sqlite3.Connection, link: Link, now: datetime, run_id: str) -> None:
    """Remember that a run died while it read an article; settled, it stays so.

    It is due again at once, behind all others; given up when its last tries all ended so.
    """
    tries = add_failure(db, link, DIED, now, run_id)
    latest = db.execute(
        "SELECT cause FROM attempt WHERE id = ? ORDER BY number DESC LIMIT ?",
        (link.id, min(tries, MOST_DEATHS)),
    )
    is_over = [cause for (cause,) in latest] == [DIED] * MOST_DEATHS
    db.execute(
        "UPDATE link SET next_try = 0, state = ? WHERE id = ? AND state = 'waiting'",
        ("given_up" if is_over else "waiting", link.id),
    )


def _fail(db: sqlite3.Connection, link: Link, attempt: Attempt, now: datetime) -> int:
    db.execute(
        "INSERT INTO attempt (id, at, run_id, outcome, cause) VALUES (?, ?, ?, ?, ?)",
        (link.id, *attempt),
    )
    ((tries,),) = db.execute(
        "UPDATE link SET tries = tries + 1, cause = ? WHERE id = ? RETURNING tries",
        (attempt.cause, link.id),
    )
    state = "given_up" if tries >= MOST_TRIES else "waiting"
    db.execute(
        "UPDATE link SET next_try = ?, state = ?"
        " WHERE id = ? AND state NOT IN ('stored', 'dropped')",
        (now.timestamp() + wait_after(tries), state, link.id),
    )
    return int(tries)


def settle(db: sqlite3.Connection, link: Link, lack: str | None, now: datetime, run_id: str) -> str:
    """Take a stored article off what is due; return when it was first found: now, if never.

    One that lacks something (``lack`` says what) stays due, as after a failure.
    """
    ((first_seen_at,),) = db.execute(
        "INSERT INTO link (id, url, first_seen_at, state) VALUES (?, ?, ?, ?)"
        # Whole, an article is settled; else one that a person has dropped stays dropped.
        " ON CONFLICT DO UPDATE SET state ="
        " iif(state = 'dropped' AND excluded.state = 'waiting', state, excluded.state)"
        " RETURNING first_seen_at",
        (link.id, link.url, seconds(now), "stored" if lack is None else "waiting"),
    )
    if lack is not None:
        _fail(db, link, Attempt(rfc3339(now), run_id, "incomplete", lack), now)
    return rfc3339_of(first_seen_at)


UNDER_WAY: Final = "under_way.jsonl"
"""Name of the file in the data folder; empty or absent while nothing is read."""


class UnderWay:
    """The articles that a run is reading, in a file that outlives the process: one may kill it.

    Nothing is synced: a dead process loses no write. The file stays open and is written over:
    opening it for every article would cost more. Methods raise StoreError.
    """

    def __init__(self, data_dir: Path, run_id: str) -> None:
        self._path = data_dir / UNDER_WAY
        self._run_id = run_id
        self._lines: dict[str, bytes] = {}
        self._file: int | None = None

    def begin(self, link: Link) -> None:
        """Note that an article is being read."""
        said = {"id": link.id, "url": link.url, "run_id": self._run_id}
        self._lines[link.id] = f"{json.dumps(said)}\n".encode()
        self._write()

    def end(self, article_id: str) -> None:
        """Note that an article is not being read any more."""
        if self._lines.pop(article_id, None):
            self._write()

    def left(self) -> list[tuple[Link, str]]:
        """Return what runs were reading when they died, and which runs."""
        with explained("read what was under way", self._path):
            lines = self._path.read_bytes().splitlines() if self._path.exists() else ()
        found = []
        for line in lines:
            try:
                said = json.loads(line)
                found.append((Link(said["id"], said["url"]), str(said["run_id"])))
            except (ValueError, KeyError, TypeError):  # cut off by that death
                continue
        return found

    def clear(self) -> None:
        """Forget what was left."""
        with explained("forget what was under way", self._path):
            self._path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Close the file; what it says stays."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _write(self) -> None:
        with explained("note what is under way", self._path):
            if self._file is None:
                self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o666)
            said = b"".join(self._lines.values())
            os.truncate(self._file, os.pwrite(self._file, said, 0))
