"""Queries on what was found and how far the listing has been read. No transactions of its own."""

import sqlite3
from datetime import UTC, datetime
from typing import NamedTuple

from kompascrawler.store.interface import Finding, Gap, Learned, Link
from kompascrawler.store.waiting import LONGEST_WAIT, MOST_TRIES, wait_after

_FIRST_ID, _LAST_ID = "", "~"  # below and above every identity: those are digits and hyphens


class Failure(NamedTuple):
    """An article that could not be fetched, parsed or had whole."""

    link: Link
    tries: int
    cause: str
    next_try: float | None
    """Seconds since 1970; None where it is given up."""


# Runs may overlap: the bounds only ever grow apart.
_RAISE_NEWEST = (
    "INSERT INTO bound (name, id) VALUES ('newest_listed', ?)"
    " ON CONFLICT (name) DO UPDATE SET id = max(id, excluded.id)"
)
_LOWER_OLDEST = (
    "INSERT INTO bound (name, id) VALUES ('oldest_asked', ?)"
    " ON CONFLICT (name) DO UPDATE SET id = min(id, excluded.id)"
)


def learn(db: sqlite3.Connection, finding: Finding, now: datetime) -> Learned:
    """Remember a finding; return what was news."""
    new = [link for link in finding.links if _add(db, link, now)]
    for statement, value in ((_RAISE_NEWEST, finding.newest), (_LOWER_OLDEST, finding.oldest)):
        if value is not None:
            db.execute(statement, (value,))
    if finding.lowered:
        gap = finding.lowered
        db.execute("UPDATE gap SET high = ? WHERE number = ?", (gap.high, gap.number))
    if finding.closed:
        db.execute("DELETE FROM gap WHERE number = ?", (finding.closed.number,))
    return Learned(new, _open_gap(db, *finding.opened) if finding.opened else None)


def _add(db: sqlite3.Connection, link: Link, now: datetime) -> bool:
    """Remember a link; tell whether it was news."""
    added = db.execute(
        "INSERT INTO found (id, url, first_seen_at, state) VALUES (?, ?, ?, 'waiting')"
        " ON CONFLICT DO NOTHING",
        (link.id, link.url, _rfc3339(now)),
    )
    return added.rowcount == 1


def _open_gap(db: sqlite3.Connection, low: str | None, high: str) -> Gap:
    number = db.execute("INSERT INTO gap (low, high) VALUES (?, ?)", (low, high)).lastrowid
    assert number is not None
    return Gap(number, low, high)


def due(db: sqlite3.Connection, now: float, oldest: str | None, newest: str | None) -> list[Link]:
    """Return what may be tried now, newest first.

    A time of next try further ahead than the longest wait was written under another clock and
    holds nothing back.
    """
    rows = db.execute(
        "SELECT id, url FROM found WHERE state = 'waiting' AND id BETWEEN ? AND ?"
        " AND (next_try <= ? OR next_try > ?) ORDER BY id DESC",
        (oldest or _FIRST_ID, newest or _LAST_ID, now, now + LONGEST_WAIT),
    )
    return [Link(*row) for row in rows]


def add_failure(db: sqlite3.Connection, link: Link, cause: str, now: datetime) -> int:
    """Remember a failure of an article that is not settled; return the number of tries so far."""
    _add(db, link, now)
    ((tries,),) = db.execute(
        "UPDATE found SET tries = tries + 1, cause = ? WHERE id = ? RETURNING tries",
        (cause, link.id),
    )
    db.execute(
        "UPDATE found SET next_try = ?, state = ? WHERE id = ? AND state <> 'stored'",
        (
            now.timestamp() + wait_after(tries),
            "given_up" if tries >= MOST_TRIES else "waiting",
            link.id,
        ),
    )
    return int(tries)


def failures(db: sqlite3.Connection) -> list[Failure]:
    """Return every article that failed and is not settled, newest first."""
    rows = db.execute(
        "SELECT id, url, tries, cause, iif(state = 'waiting', next_try, NULL) FROM found"
        " WHERE tries > 0 AND state <> 'stored' ORDER BY id DESC"
    )
    return [Failure(Link(*row[:2]), *row[2:]) for row in rows]


def set_stored(db: sqlite3.Connection, link: Link, now: datetime) -> str:
    """Take an article off what is due, for good; return when it was first found: now, if never."""
    return _set_state(db, link, "stored", now)


def set_incomplete(db: sqlite3.Connection, link: Link, cause: str, now: datetime) -> str:
    """Leave a stored article due, as after a failure; return when it was first found."""
    first_seen_at = _set_state(db, link, "waiting", now)
    add_failure(db, link, cause, now)
    return first_seen_at


def _set_state(db: sqlite3.Connection, link: Link, state: str, now: datetime) -> str:
    ((first_seen_at,),) = db.execute(
        "INSERT INTO found (id, url, first_seen_at, state) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET state = excluded.state RETURNING first_seen_at",
        (link.id, link.url, _rfc3339(now), state),
    )
    return str(first_seen_at)


def _rfc3339(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds")


def bound(db: sqlite3.Connection, name: str) -> str | None:
    """Return the identity remembered under a name, or None."""
    row = db.execute("SELECT id FROM bound WHERE name = ?", (name,)).fetchone()
    return row and str(row[0])


def gaps(db: sqlite3.Connection) -> list[Gap]:
    """Return the open gaps, newest first."""
    rows = db.execute("SELECT number, low, high FROM gap ORDER BY high DESC, number DESC")
    return [Gap(*row) for row in rows]
