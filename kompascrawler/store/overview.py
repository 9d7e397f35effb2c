"""Queries for people: the history of an article, how much there is. No transactions here."""

import json
import sqlite3

from kompascrawler.store.duplicates import unpacked_hash
from kompascrawler.store.links import rfc3339_of
from kompascrawler.store.model import (
    ArticleHistory,
    Attempt,
    Breaker,
    Measures,
    Revision,
    StoreCounts,
)


def history(db: sqlite3.Connection, article_id: str) -> ArticleHistory | None:
    """Return all that is remembered of an article, or None where it was never found."""
    row = db.execute(
        "SELECT id, link.url, page.url, first_seen_at, state, tries, cause, next_try"
        " FROM link LEFT JOIN page ON page.number = found_on WHERE id = ?",
        (article_id,),
    ).fetchone()
    if row is None:
        return None
    found = ArticleHistory._make([*row, _attempts(db, article_id), _revisions(db, article_id)])
    is_tried_again = found.state == "waiting"
    return found._replace(
        first_seen_at=rfc3339_of(row[3]), next_try=rfc3339_of(row[7]) if is_tried_again else None
    )


def _attempts(db: sqlite3.Connection, article_id: str) -> list[Attempt]:
    rows = db.execute(
        "SELECT at, run_id, outcome, cause FROM attempt WHERE id = ? ORDER BY number",
        (article_id,),
    )
    return [Attempt(*row) for row in rows]


def _revisions(db: sqlite3.Connection, article_id: str) -> list[Revision]:
    rows = db.execute(
        "SELECT revision, stored_at, run_id,"
        " (SELECT file FROM manifest WHERE manifest.number = article.file),"
        " is_whole, pages, content_hash,"
        " (SELECT id FROM article AS first WHERE first.number = article.original)"
        " FROM article WHERE id = ? ORDER BY revision",
        (article_id,),
    )
    return [
        Revision(*row)._replace(
            stored_at=rfc3339_of(row[1]) if row[1] is not None else None,
            is_whole=bool(row[4]),
            content_hash=unpacked_hash(row[6]),
        )
        for row in rows
    ]


def counts(db: sqlite3.Connection) -> StoreCounts:
    """Return how much there is, without a look at every row.

    No record is ever deleted, so that the last one's number counts them; of the rest there are
    indexes that hold nothing else.
    """
    (row,) = db.execute(
        "SELECT coalesce((SELECT max(number) FROM article), 0),"
        " (SELECT count(*) FROM article INDEXED BY later_revision WHERE revision > 1),"
        " (SELECT count(*) FROM article WHERE NOT is_whole AND NOT EXISTS"
        "   (SELECT 1 FROM article AS later"
        "    WHERE later.id = article.id AND later.revision > article.revision)),"
        " (SELECT count(*) FROM link WHERE state = 'waiting'),"
        # Only what the index holds: whoever was given up or dropped has a cause.
        " (SELECT count(*) FROM link"
        "   WHERE cause IS NOT NULL AND state <> 'stored' AND state = 'given_up'),"
        " (SELECT count(*) FROM link"
        "   WHERE cause IS NOT NULL AND state <> 'stored' AND state = 'dropped'),"
        " (SELECT count(*) FROM outbox),"
        " (SELECT count(*) FROM gap)"
    )
    found = StoreCounts(*row)
    return found._replace(articles=found.articles - found.revisions)


def damage(db: sqlite3.Connection) -> list[str]:
    """Return what SQLite finds wrong with the database, a line each; empty where all is well."""
    found = [str(line) for (line,) in db.execute("PRAGMA integrity_check")]
    lost = db.execute("PRAGMA foreign_key_check").fetchall()
    broken = [] if found == ["ok"] else found
    return broken + [f"{table}: row {row} refers to nothing" for table, row, *_ in lost]


def published_files(db: sqlite3.Connection) -> dict[str, int]:
    """Return the published files, below the data folder, and how many records each holds."""
    rows = db.execute(
        "SELECT file, lines FROM manifest"
        " WHERE sha256 IS NOT NULL AND replaced_by IS NULL AND lines > 0 ORDER BY number"
    )
    return dict(rows.fetchall())


def planned_files(db: sqlite3.Connection) -> set[str]:
    """Return the files that are being published, or that a killed run has left to publish."""
    return {file for (file,) in db.execute("SELECT file FROM manifest WHERE sha256 IS NULL")}


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
