"""Queries that show whether a store is whole. No transactions here."""

import sqlite3


def damage(db: sqlite3.Connection) -> list[str]:
    """Return what SQLite finds wrong with the database, a line each; empty where all is well."""
    found = [str(line) for (line,) in db.execute("PRAGMA integrity_check")]
    lost = db.execute("PRAGMA foreign_key_check").fetchall()
    broken = [] if found == ["ok"] else found
    return broken + [f"{table}: row {row} refers to nothing" for table, row, *_ in lost]


def published_files(db: sqlite3.Connection) -> dict[str, int]:
    """Return the published files, below the data folder, and how many records each holds."""
    rows = db.execute("SELECT file, count(*) FROM article WHERE file IS NOT NULL GROUP BY file")
    return {str(file): int(count) for file, count in rows}


def planned_files(db: sqlite3.Connection) -> set[str]:
    """Return the files that are being published, or that a killed run has left to publish."""
    rows = db.execute("SELECT DISTINCT file FROM outbox WHERE file IS NOT NULL")
    return {str(file) for (file,) in rows}
