"""Queries on records that are stored and not yet published. No transactions of its own."""

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter


def add(db: sqlite3.Connection, article: int, line: bytes) -> None:
    """Put the line of a record, by its number, into the outbox."""
    db.execute("INSERT INTO outbox (article, line) VALUES (?, ?)", (article, line))


def plan_batch(db: sqlite3.Connection, run_id: str) -> None:
    """Settle which file each record of the outbox goes to: one a day of publication."""
    ((batch,),) = db.execute(
        "INSERT INTO batches (run_id, planned) VALUES (?, 1)"
        " ON CONFLICT DO UPDATE SET planned = planned + 1 RETURNING planned",
        (run_id,),
    )
    db.execute(
        "UPDATE outbox SET file = 'articles/published_date='"
        " || (SELECT substr(id, 1, 10) FROM article WHERE number = outbox.article)"
        " || '/' || ? WHERE file IS NULL",
        (f"{run_id}-{batch}.jsonl",),
    )


def has_unplanned(db: sqlite3.Connection) -> bool:
    """Tell whether a record of the outbox is in no batch yet."""
    return _holds(db, "SELECT 1 FROM outbox WHERE file IS NULL LIMIT 1")


def has_planned(db: sqlite3.Connection) -> bool:
    """Tell whether there are files to be written."""
    return _holds(db, "SELECT 1 FROM outbox WHERE file IS NOT NULL LIMIT 1")


def _holds(db: sqlite3.Connection, query: str) -> bool:
    return db.execute(query).fetchone() is not None


def planned(db: sqlite3.Connection) -> Iterator[tuple[str, bytes]]:
    """Yield the files to be published, below the data folder, and what each holds.

    Records stand in the order of storing. One file at a time is in memory.
    """
    rows = db.execute(
        "SELECT file, article FROM outbox WHERE file IS NOT NULL ORDER BY file, article"
    ).fetchall()
    for file, of_file in groupby(rows, key=itemgetter(0)):
        yield file, b"".join(_line(db, article) for _, article in of_file)


def _line(db: sqlite3.Connection, article: int) -> bytes:
    ((line,),) = db.execute("SELECT line FROM outbox WHERE article = ?", (article,))
    return bytes(line)


def set_published(db: sqlite3.Connection) -> int:
    """Note that the planned files are out and drop their lines; return the number of records."""
    # By their numbers: a join is planned as a scan of all articles. What is put down is the name
    # of the file without its folder and suffix, nor the run_id where that stands beside it.
    db.execute(
        "UPDATE article SET batch = ("
        " SELECT iif(instr(name, run_id || '-') = 1, substr(name, length(run_id) + 1), name) FROM"
        "  (SELECT substr(file, 36, length(file) - 41) AS name FROM outbox WHERE article = number))"
        " WHERE number IN (SELECT article FROM outbox WHERE file IS NOT NULL)"
    )
    return db.execute("DELETE FROM outbox WHERE file IS NOT NULL").rowcount
