"""The articles as a database of SQLite with full-text search, ready for Datasette."""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, get_type_hints

from typing_extensions import override

from kompascrawler.dataset.selection import Line
from kompascrawler.dataset.writers import COLUMNS, PART_COLUMNS, Writer, as_json, flat
from kompascrawler.items import Article
from kompascrawler.store.files import replace

_KINDS: Final[dict[Any, str]] = {
    **dict.fromkeys((int, int | None, bool, bool | None), "INTEGER"),
    **dict.fromkeys((float, float | None), "REAL"),
}
_HINTS: Final[dict[str, Any]] = get_type_hints(Article) | PART_COLUMNS
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS articles ({columns}, PRIMARY KEY (id, revision));
CREATE INDEX IF NOT EXISTS articles_published_date ON articles (published_date);
CREATE VIRTUAL TABLE IF NOT EXISTS articles_fts USING fts5 (
    title, description, text, content="articles", tokenize="unicode61 remove_diacritics 2"
);
CREATE TRIGGER IF NOT EXISTS articles_inserted AFTER INSERT ON articles BEGIN
    INSERT INTO articles_fts (rowid, title, description, text)
    VALUES (new.rowid, new.title, new.description, new.text);
END;
CREATE TRIGGER IF NOT EXISTS articles_deleted AFTER DELETE ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, title, description, text)
    VALUES ('delete', old.rowid, old.title, old.description, old.text);
END;
"""
_METADATA: Final = {
    "title": "Kompas.com Global",
    "description": "Articles of the world news section; published_date is the day in Jakarta.",
    "sort_desc": "published_at",
    "label_column": "title",
    "facets": [
        "section",
        "halaman_complete",
        {"array": "tags"},
        {"array": "authors"},
        {"array": "sources"},
    ],
}


class Sqlite(Writer):
    """Table ``articles``: lists and maps are JSON, times are texts of RFC 3339.

    A day that is there already is replaced. All of it is one transaction.
    """

    def __init__(self, path: Path) -> None:
        pragmas: tuple[str, ...] = ("secure_delete = ON",)  # what was taken down leaves no trace
        if not path.exists():  # a draft, which is synced when it is whole
            pragmas = ("journal_mode = OFF", "synchronous = OFF")
        self._db = sqlite3.connect(path, isolation_level=None)
        for pragma in pragmas:
            self._db.execute(f"PRAGMA {pragma}")
        columns = ", ".join(f"{name} {_KINDS.get(_HINTS.get(name), 'TEXT')}" for name in COLUMNS)
        self._db.executescript(f"BEGIN; {_SCHEMA.format(columns=columns)}")
        self._insert = f"INSERT INTO articles VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608

    @override
    def write(self, day: str, lines: Sequence[Line], articles: Sequence[Article]) -> None:
        self._db.execute("DELETE FROM articles WHERE published_date = ?", (day,))
        rows = (flat(article, as_json) for article in articles)
        self._db.executemany(self._insert, (tuple(map(row.get, COLUMNS)) for row in rows))

    @override
    def finish(self) -> None:
        self._db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('optimize')")
        self._db.execute("COMMIT")

    @override
    def close(self) -> None:
        self._db.close()


def write_metadata(path: Path) -> Path:
    """Write, beside a database, what Datasette shows of it: facets first. Return its path."""
    metadata = path.with_suffix(".metadata.json")
    about = {"databases": {path.stem: {"tables": {"articles": _METADATA}}}}
    replace(metadata, json.dumps(about, indent=1).encode() + b"\n")
    return metadata
