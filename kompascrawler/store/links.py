"""Queries on links to articles: the queue of what is to be fetched, and how far listings were read.

No transactions of its own.
"""

import sqlite3
from collections.abc import Collection
from datetime import UTC, datetime

from kompascrawler.store.model import Attempt, Discovery, Gap, Learned, Link

FIRST_WAIT = 15 * 60
"""Seconds before the second try: the next run of a crawl that starts every quarter of an hour."""
EARLY = 5 * 60
"""Seconds that a try may come before its time. An article fails some way into a run, and the run
a quarter of an hour after the start of that one is to find it due."""
LONGEST_WAIT = 24 * 60 * 60
"""Seconds that no wait exceeds."""
DIED = "the run died on it"
"""Cause of a try that ended with the process."""
MOST_DEATHS = 3
MOST_TRIES = 10
"""With so many failures an article is given up, 3 days and 8 hours after the first at least."""


def wait_after(tries: int) -> int:
    """Return the seconds to wait after the given number of failures (from 1).

    >>> [wait_after(tries) // 60 for tries in (1, 2, 3, 7, 8, 9)]
    [15, 30, 60, 960, 1440, 1440]
    """
    return min(FIRST_WAIT << (tries - 1), LONGEST_WAIT)


_FIRST_ID, _LAST_ID = "", "~"  # below and above every identity: those are digits and hyphens
# Runs may overlap: the bounds only ever grow apart.
_RAISE_NEWEST = (
    "INSERT INTO bound (section, name, id) VALUES (?, 'newest_listed', ?)"
    " ON CONFLICT (section, name) DO UPDATE SET id = max(id, excluded.id)"
)
_LOWER_OLDEST = (
    "INSERT INTO bound (section, name, id) VALUES (?, 'oldest_asked', ?)"
    " ON CONFLICT (section, name) DO UPDATE SET id = min(id, excluded.id)"
)


def learn(db: sqlite3.Connection, discovery: Discovery, now: datetime) -> Learned:
    """Remember a discovery; return what of it was new."""
    new = [link for link in discovery.links if _add(db, link, now)]
    for statement, value in ((_RAISE_NEWEST, discovery.newest), (_LOWER_OLDEST, discovery.oldest)):
        if value is not None:
            db.execute(statement, (discovery.section, value))
    if discovery.lowered:
        gap = discovery.lowered
        db.execute("UPDATE gap SET high = ? WHERE number = ?", (gap.high, gap.number))
    if discovery.closed:
        db.execute("DELETE FROM gap WHERE number = ?", (discovery.closed.number,))
    if discovery.opened is None:
        return Learned(new, None)
    opened = (*discovery.opened, discovery.section)
    number = db.execute("INSERT INTO gap (low, high, section) VALUES (?, ?, ?)", opened).lastrowid
    assert number is not None
    return Learned(new, Gap(number, *opened))


def _add(db: sqlite3.Connection, link: Link, now: datetime) -> bool:
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


def due(
    db: sqlite3.Connection, now: float, oldest: str | None, newest: str | None, *, deadly: bool
) -> list[Link]:
    """Return what may be tried now, newest first. ``deadly``: what runs died on, and no other."""
    # A time further ahead than the longest wait was written under another clock.
    rows = db.execute(
        "SELECT id, url FROM link WHERE state = 'waiting' AND id BETWEEN ? AND ?"
        " AND (next_try <= ? OR next_try > ?) AND (cause IS ?) = ? ORDER BY id DESC",
        (oldest or _FIRST_ID, newest or _LAST_ID, now + EARLY, now + LONGEST_WAIT, DIED, deadly),
    )
    return [Link(*row) for row in rows]


def add_failure(db: sqlite3.Connection, link: Link, cause: str, now: datetime, run_id: str) -> int:
    """Remember a failure of an article that is not settled; return the number of tries so far."""
    _add(db, link, now)
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


_RETRY = (
    "UPDATE link SET state = 'waiting', tries = 0, next_try = 0"
    " WHERE cause IS NOT NULL AND state <> 'stored' AND "
)
_DROP = (
    "UPDATE link SET state = 'dropped', cause = coalesce(cause, 'dropped before it was tried')"
    " WHERE state NOT IN ('stored', 'dropped') AND id = ?"
)


def retry(db: sqlite3.Connection, ids: Collection[str] | None) -> int:
    """Make failed articles due; return how many. None: all but those dropped."""
    if ids is None:
        return db.execute(f"{_RETRY} state IN ('waiting', 'given_up')").rowcount
    return db.executemany(f"{_RETRY} id = ?", [(one,) for one in set(ids)]).rowcount


def drop(db: sqlite3.Connection, ids: Collection[str]) -> int:
    """Have articles that are not settled never asked for again; return how many."""
    return db.executemany(_DROP, [(one,) for one in set(ids)]).rowcount


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


def rfc3339(time: datetime) -> str:
    """Return a time as people read it: UTC, to the second."""
    return time.astimezone(UTC).isoformat(timespec="seconds")


def rfc3339_of(seconds: float) -> str:
    """Return a time in seconds since 1970 as people read it."""
    return rfc3339(datetime.fromtimestamp(seconds, UTC))


def seconds(time: datetime) -> int:
    """Return a time in whole seconds since 1970, as it is stored."""
    return int(time.timestamp())
