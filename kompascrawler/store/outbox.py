"""Queries on records that are stored and not yet published. No transactions of its own."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any, Final

from kompascrawler.store.manifest import Entry, Kind, Replaced


def plan_batch(db: sqlite3.Connection, run_id: str, at: str) -> None:
    """Settle which file each record of the outbox goes to: one a day of publication."""
    days = db.execute(
        "SELECT DISTINCT (SELECT substr(id, 1, 10) FROM article WHERE number = outbox.article)"
        " AS day FROM outbox WHERE file IS NULL ORDER BY day"
    ).fetchall()
    for (day,) in days:
        number = settle(db, day, run_id, at)
        db.execute(
            "UPDATE outbox SET file = ? WHERE file IS NULL"
            " AND (SELECT substr(id, 1, 10) FROM article WHERE number = outbox.article) = ?",
            (number, day),
        )


def settle(
    db: sqlite3.Connection,
    day: str,
    run_id: str,
    at: str,
    *,
    kind: Kind = "published",
    replaces: Sequence[Replaced] = (),
) -> int:
    """Settle that a file of a day is to be written; return its number."""
    ((number,),) = db.execute("SELECT coalesce(max(number), 0) + 1 FROM manifest")
    file = f"articles/published_date={day}/{number:08}-{run_id}.jsonl"
    db.execute(
        "INSERT INTO manifest (number, file, kind, run_id, at, replaces) VALUES (?, ?, ?, ?, ?, ?)",
        (number, file, kind, run_id, at, json.dumps(replaces)),
    )
    return int(number)


def settled(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Return what is known of the files to be written, or to be adopted, in their order."""
    names = ("number", "file", "kind", "run_id", "at", "replaces")
    rows = db.execute(
        "SELECT number, file, kind, run_id, at, replaces FROM manifest WHERE sha256 IS NULL"
        " ORDER BY number"
    )
    return [dict(zip(names, (*row, _replaced(text)), strict=True)) for *row, text in rows]


def _replaced(text: str) -> tuple[Replaced, ...]:
    return tuple((number, lines) for number, lines in json.loads(text))


def entered(db: sqlite3.Connection, condition: str = "TRUE", *values: object) -> Iterator[Entry]:
    """Yield the entries of the manifest, as the store knows them, in their order."""
    rows = db.execute(
        "SELECT number, file, kind, sha256, bytes, lines, first_id, last_id, run_id, at, replaces"  # noqa: S608 - ours
        f" FROM manifest WHERE sha256 IS NOT NULL AND {condition} ORDER BY number",
        values,
    )
    names = [field.name for field in fields(Entry)]
    for *known, replaces in rows:
        yield Entry(**dict(zip(names, [*known, _replaced(replaces)], strict=True)))


def content(db: sqlite3.Connection, file: int) -> bytes:
    """Return what a file, by its number, is to hold: its records in the order of storing."""
    lines = db.execute("SELECT line FROM outbox WHERE file = ? ORDER BY article", (file,))
    return b"".join(line for (line,) in lines)


def records_to_adopt(db: sqlite3.Connection) -> dict[int, int]:
    """Return the files of earlier versions that are to be adopted, and the records of each."""
    query = "SELECT 1 FROM manifest WHERE sha256 IS NULL AND kind = 'adopted' LIMIT 1"
    if db.execute(query).fetchone() is None:
        return {}
    rows = db.execute("SELECT file, count(*) FROM article WHERE file IS NOT NULL GROUP BY file")
    return dict(rows.fetchall())


# Not INSERT OR REPLACE: all articles would be read, for those that refer to what is replaced.
_ENTER: Final = (
    "INSERT INTO manifest (number, file, kind, sha256, bytes, lines, first_id, last_id, run_id, at,"
    " replaces) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
    " file = excluded.file, kind = excluded.kind, sha256 = excluded.sha256,"
    " bytes = excluded.bytes, lines = excluded.lines, first_id = excluded.first_id,"
    " last_id = excluded.last_id, run_id = excluded.run_id, at = excluded.at,"
    " replaces = excluded.replaces"
)


def enter(db: sqlite3.Connection, entry: Entry) -> None:
    """Note an entry of the manifest, and that it replaces others."""
    values = [getattr(entry, field.name) for field in fields(entry)]
    db.execute(_ENTER, (*values[:-1], json.dumps(entry.replaces)))
    db.executemany(
        "UPDATE manifest SET replaced_by = ? WHERE number = ?",
        [(entry.number, number) for number, _ in entry.replaces],
    )


def set_published(db: sqlite3.Connection) -> int:
    """Note that the settled files are out and drop their lines; return the number of records."""
    # By their numbers: a join is planned as a scan of all articles.
    db.execute(
        "UPDATE article SET file = (SELECT file FROM outbox WHERE article = number)"
        " WHERE number IN (SELECT article FROM outbox WHERE file IS NOT NULL)"
    )
    return db.execute("DELETE FROM outbox WHERE file IS NOT NULL").rowcount
