"""Queries on looks: when a stored article is looked at again, and what came of it.

No transactions of its own.
"""

import json
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice, starmap
from typing import Final

from kompascrawler.identity import published_at
from kompascrawler.store.links import EARLY, wait_after
from kompascrawler.store.model import Link, Look, Revisit, Validators
from kompascrawler.store.records import is_deleted

CERTAIN_AFTER: Final = 24 * 60 * 60
"""Seconds after which a page that is still missing was deleted."""
MOST_FAILURES: Final = 3
"""Looks in a row that may fail; then the next time of the schedule is waited for."""
_RETRY_FACTOR: Final = 4
"""By how much a look waits longer than an article that is missed: an hour, then two."""
_DUE: Final = (
    "SELECT revisit.id, url, validators FROM revisit INDEXED BY revisit_by_time"
    " JOIN link ON link.id = revisit.id WHERE next_look <= ? AND state = 'stored'"
    " ORDER BY revisit.id DESC"
)
_UNTIMED: Final = 6 * 60 * 60
"""Seconds after which an update without a known time is looked at (again)."""
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


def schedule(db: sqlite3.Connection, article_id: str, now: float, after: Sequence[int]) -> None:
    """Settle when an article is looked at next: so many seconds after it was published.

    A time that is as good as come is no next one: looks may come early.
    """
    published = published_at(article_id)
    times = [published.timestamp() + seconds for seconds in after] if published else []
    if not (ahead := [time for time in times if time > now + EARLY]):
        db.execute("DELETE FROM revisit WHERE id = ?", (article_id,))
        return
    db.execute(
        "INSERT INTO revisit (id, next_look) VALUES (?, ?) ON CONFLICT DO UPDATE SET"
        " next_look = excluded.next_look, gone_since = NULL, failures = 0",
        (article_id, int(min(ahead))),
    )


def due(
    db: sqlite3.Connection, now: float, limit: int, is_wanted: Callable[[Revisit], bool]
) -> list[Revisit]:
    """Return what is to be looked at now and is wanted, newest first."""
    rows = db.execute(_DUE, (int(now) + EARLY,))
    return list(islice(filter(is_wanted, starmap(_revisit, rows)), limit))


def settled(db: sqlite3.Connection, oldest: str, below: str, limit: int) -> list[Revisit]:
    """Return articles that are stored whole, from an identity on and below another."""
    return [_revisit(*row) for row in db.execute(_SETTLED, (oldest, below, limit))]


def _revisit(article_id: str, url: str, validators: str | None) -> Revisit:
    found = Validators(*json.loads(validators)) if validators else None
    return Revisit(Link(article_id, url), found)


def bring_forward(
    db: sqlite3.Connection, article_id: str, updated: datetime | None, now: float
) -> Revisit | None:
    """Have an article looked at now that was updated since it was fetched; return it, or None.

    Without validators: a cache may still have the page that is known. ``updated``: when, to the
    minute. A time that is unknown, or lies ahead, says nothing of an article that was fetched a
    short while ago.
    """
    row = db.execute(_FETCHED, (article_id,)).fetchone()
    time = updated.timestamp() + 60 if updated else now + 1
    if row is None or row[2] >= (time if time <= now else now - _UNTIMED):
        return None
    db.execute(
        "INSERT INTO revisit (id, next_look) VALUES (?, ?) ON CONFLICT DO UPDATE SET"
        " next_look = min(next_look, excluded.next_look)",
        (article_id, int(now)),
    )
    return Revisit(Link(*row[:2]), None)


def keep_validators(article_id: str, validators: Validators, db: sqlite3.Connection) -> None:
    """Remember what an answer said of itself, where another look follows."""
    db.execute(
        "UPDATE revisit SET validators = ? WHERE id = ?", (json.dumps(validators), article_id)
    )


def forget_validators(db: sqlite3.Connection, article_id: str) -> None:
    """Have the next look ask for the whole page: what they stood for is not the latest record."""
    db.execute("UPDATE revisit SET validators = NULL WHERE id = ?", (article_id,))


def end(db: sqlite3.Connection, article_id: str, look: Look, after: Sequence[int]) -> bool:
    """Remember what came of a look, and settle when the next one is due.

    Return True where the site has said for a day that there is no such article.
    """
    now = int(datetime.fromisoformat(look.at).timestamp())
    is_gone = look.outcome == "gone" and not is_deleted(db, article_id)
    outcome = "unchanged" if look.outcome == "gone" and not is_gone else look.outcome
    db.execute(
        "INSERT OR REPLACE INTO look (id, at, run_id, outcome, cause) VALUES (?, ?, ?, ?, ?)",
        (article_id, now, look.run_id, outcome, look.cause),
    )
    db.execute(
        "INSERT INTO revisit (id, next_look) VALUES (?, 0) ON CONFLICT DO NOTHING", (article_id,)
    )
    if is_gone:
        return _is_certain(db, article_id, now)
    if outcome != "failed" or _has_failed_often(db, article_id, now):
        schedule(db, article_id, now, after)
    return False


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
