"""Queries on how the site is doing: hosts left alone, what runs measured. No transactions here."""

import json
import sqlite3

from kompascrawler.store.interface import Breaker, Measures

_REMEMBERED = 200
"""Runs whose measures are kept; those that met no article have none."""


def breakers(db: sqlite3.Connection) -> list[Breaker]:
    """Return the hosts that are left alone, by name."""
    rows = db.execute(
        "SELECT host, cause, opened_at, probes, next_probe FROM breaker ORDER BY host"
    )
    return [Breaker(*row) for row in rows]


def set_breaker(db: sqlite3.Connection, breaker: Breaker) -> None:
    """Remember a host that is left alone, in place of what was remembered of it."""
    db.execute(
        "INSERT OR REPLACE INTO breaker (host, cause, opened_at, probes, next_probe)"
        " VALUES (?, ?, ?, ?, ?)",
        breaker,
    )


def close_breaker(db: sqlite3.Connection, host: str) -> bool:
    """Forget a host that was left alone; tell whether it was."""
    return db.execute("DELETE FROM breaker WHERE host = ?", (host,)).rowcount == 1


def add_measures(db: sqlite3.Connection, run_id: str, measures: Measures) -> None:
    """Remember what a run measured, and forget the oldest runs'."""
    db.execute(
        "INSERT OR REPLACE INTO measured (run_id, measures) VALUES (?, ?)",
        (run_id, json.dumps(dict(measures))),
    )
    db.execute(
        "DELETE FROM measured WHERE number <= (SELECT max(number) FROM measured) - ?",
        (_REMEMBERED,),
    )


def measures(db: sqlite3.Connection, runs: int) -> list[dict[str, tuple[int, int]]]:
    """Return what the latest runs measured, newest first."""
    rows = db.execute("SELECT measures FROM measured ORDER BY number DESC LIMIT ?", (runs,))
    return [{name: (hits, of) for name, (hits, of) in json.loads(text).items()} for (text,) in rows]
