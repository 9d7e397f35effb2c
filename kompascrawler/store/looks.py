"""Looks at stored articles: when each is looked at again, and what came of it."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice, starmap
from typing import Final

from kompascrawler.identity import published_at
from kompascrawler.store.database import rfc3339
from kompascrawler.store.links import DIED, EARLY, Queue, add_death, wait_after
from kompascrawler.store.model import Link, Look, LookOutcome, Revisit, Validators
from kompascrawler.store.records import is_deleted

CERTAIN_AFTER: Final = 24 * 60 * 60
"""Seconds after which a page that is still missing was deleted."""
MOST_FAILURES: Final = 3
"""Looks in a row that may fail; then the next time of the schedule is waited for."""
_RETRY_FACTOR: Final = 4
"""By how much a look waits longer than an article that is missed: an hour, then two."""
_UNTIMED: Final = 6 * 60 * 60
"""Seconds after which an update without a known time is looked at (again)."""
_AT_ONCE: Final = 500
"""Articles that are read at a time."""
_DUE: Final = (
    "SELECT revisit.id, url, validators FROM revisit INDEXED BY revisit_by_time"
    " JOIN link ON link.id = revisit.id WHERE next_look <= ? AND state = 'stored'"
    " ORDER BY revisit.id DESC"
)
_FETCHED: Final = (
    "SELECT id, url, max(coalesce((SELECT max(at) FROM look WHERE look.id = link.id), 0),"
    " coalesce((SELECT stored_at FROM article WHERE article.id = link.id"
    " ORDER BY revision DESC LIMIT 1), 0)) FROM link WHERE id = ? AND state = 'stored'"
)
_LATEST: Final = (
    "SELECT stored_at FROM article"
    " WHERE number = (SELECT max(number) FROM article WHERE deleted_at IS NULL)"
)
_SETTLED: Final = (
    "SELECT id, url, (SELECT validators FROM revisit WHERE revisit.id = link.id) FROM link"
    " WHERE id >= ? AND id < ? AND state = 'stored' ORDER BY id DESC LIMIT ?"
)


class Looks(Queue):
    """What is to be fetched for the first time or again, of a store that is open for a run."""

    _revisit_after: Sequence[int] = ()
    """Seconds after publication at which articles are looked at again."""

    def due_looks(self, limit: int, wants: Callable[[Revisit], bool] = bool) -> list[Revisit]:
        """Return the articles that are to be looked at again now, newest first."""
        with self._database.reading() as db:
            rows = db.execute(_DUE, (int(self._now().timestamp()) + EARLY,))
            return list(islice(filter(wants, starmap(_revisit, rows)), limit))

    def bring_forward(self, article_id: str, updated: datetime | None) -> Revisit | None:
        """Have an article looked at now that was updated since it was fetched; return it, if so.

        Without validators: a cache may still have the page that is known. ``updated``: when, to
        the minute. A time that is unknown, or lies ahead, says nothing of an article that was
        fetched a short while ago.
        """
        now = self._now().timestamp()
        time = updated.timestamp() + 60 if updated else now + 1
        with self._database.writing("have an article looked at again") as db:
            row = db.execute(_FETCHED, (article_id,)).fetchone()
            if row is None or row[2] >= (time if time <= now else now - _UNTIMED):
                return None
            db.execute(
                "INSERT INTO revisit (id, next_look) VALUES (?, ?) ON CONFLICT DO UPDATE SET"
                " next_look = min(next_look, excluded.next_look)",
                (article_id, int(now)),
            )
        return Revisit(Link(*row[:2]), None)

    def settled(self, oldest: str) -> Iterator[Revisit]:
        """Yield the articles that are stored whole, from the newest down to an identity."""
        below = "~"
        while rows := self._rows(_SETTLED, oldest, below, _AT_ONCE):
            yield from starmap(_revisit, rows)
            below = rows[-1][0]

    def end_look(self, article_id: str, outcome: LookOutcome, cause: str | None = None) -> bool:
        """Remember what came of a look at an article that is stored whole.

        Return True where the site has said for a day that there is no such article.
        """
        look = Look(rfc3339(self._now()), self.run_id, outcome, cause)
        with self._database.writing("remember a look at an article") as db:
            return self._end(db, article_id, look)

    def _end(self, db: sqlite3.Connection, article_id: str, look: Look) -> bool:
        now = int(datetime.fromisoformat(look.at).timestamp())
        is_gone = look.outcome == "gone" and not is_deleted(db, article_id)
        outcome = "unchanged" if look.outcome == "gone" and not is_gone else look.outcome
        db.execute(
            "INSERT OR REPLACE INTO look (id, at, run_id, outcome, cause) VALUES (?, ?, ?, ?, ?)",
            (article_id, now, look.run_id, outcome, look.cause),
        )
        db.execute(
            "INSERT INTO revisit (id, next_look) VALUES (?, 0) ON CONFLICT DO NOTHING",
            (article_id,),
        )
        if is_gone:
            return _is_certain(db, article_id, now)
        if outcome != "failed" or _has_failed_often(db, article_id, now):
            self._schedule(db, article_id)
        return False

    def _schedule(self, db: sqlite3.Connection, article_id: str) -> None:
        """Settle when an article is looked at next; a time that is as good as come is past."""
        published, now = published_at(article_id), self._now().timestamp()
        times = [published.timestamp() + after for after in self._revisit_after if published]
        if not (ahead := [time for time in times if time > now + EARLY]):
            db.execute("DELETE FROM revisit WHERE id = ?", (article_id,))
            return
        db.execute(
            "INSERT INTO revisit (id, next_look) VALUES (?, ?) ON CONFLICT DO UPDATE SET"
            " next_look = excluded.next_look, gone_since = NULL, failures = 0",
            (article_id, int(min(ahead))),
        )

    def keep_validators(self, article_id: str, validators: Validators) -> None:
        """Remember what the answer that held all of an article said of itself.

        The next transaction makes it durable, ``publish`` at the latest: without it the next look
        receives the whole page. Nothing is kept where no look follows.
        """
        statement = "UPDATE revisit SET validators = ? WHERE id = ?"
        self._database.defer(statement, json.dumps(validators), article_id)

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
                        look = Look(rfc3339(self._now()), run_id, "failed", DIED)
                        self._end(db, link.id, look)
                    else:
                        add_death(db, link, self._now(), run_id)
        self.under_way.clear()
        return [link for link, _ in died]


def _revisit(article_id: str, url: str, validators: str | None) -> Revisit:
    found = Validators(*json.loads(validators)) if validators else None
    return Revisit(Link(article_id, url), found)


def _is_certain(db: sqlite3.Connection, article_id: str, now: int) -> bool:
    """Note that the site has no such article; tell whether it said so a day ago already.

    Only where it has served others since: else all of its pages are missing.
    """
    ((since,),) = db.execute(
        "UPDATE revisit SET gone_since = coalesce(gone_since, ?), failures = 0 WHERE id = ?"
        " RETURNING gone_since",
        (now, article_id),
    ).fetchall()
    is_day_old = now + EARLY >= since + CERTAIN_AFTER
    following = CERTAIN_AFTER + (now if is_day_old else since)
    db.execute("UPDATE revisit SET next_look = ? WHERE id = ?", (following, article_id))
    return is_day_old and any(latest >= since for (latest,) in db.execute(_LATEST))


def _has_failed_often(db: sqlite3.Connection, article_id: str, now: int) -> bool:
    """Have a look that failed repeated soon; tell whether too many have failed for that."""
    ((failures,),) = db.execute(
        "UPDATE revisit SET failures = failures + 1 WHERE id = ? RETURNING failures",
        (article_id,),
    ).fetchall()
    following = now + _RETRY_FACTOR * wait_after(failures)
    db.execute("UPDATE revisit SET next_look = ? WHERE id = ?", (following, article_id))
    return bool(failures >= MOST_FAILURES)
