"""The formats of an export that are one file, written day by day with flat memory.

The database of SQLite has full-text search, and is ready for Datasette.
"""

import csv
import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, get_type_hints

import msgspec
from typing_extensions import override

from kompascrawler.dataset.lines import DatasetError, Line, need
from kompascrawler.dataset.tables import Writer
from kompascrawler.identity import WIB
from kompascrawler.items import Article, Capture, Halaman
from kompascrawler.store.disk import replace

_PARTS: Final = {"halaman": Halaman, "capture": Capture}
_OTHERS: Final = tuple(field.name for field in fields(Article) if field.name not in _PARTS)
PART_COLUMNS: Final = {
    f"{part}_{field.name}": field.type for part, kind in _PARTS.items() for field in fields(kind)
}
"""The fields of ``halaman`` and ``capture``, with their types."""
COLUMNS: Final = ("published_date", *_OTHERS, *PART_COLUMNS)
"""The day of publication (WIB), the fields in their order, those of their parts."""
_MACHINES: Final = ("blocks", "schema_version", "capture_file", "capture_offset", "capture_digest")
READABLE: Final = tuple(name for name in COLUMNS if name not in _MACHINES)
"""The columns that a person wants: the blocks are the text once more."""
_MOST_ROWS: Final = 1_048_576
"""Of a sheet of Excel, the head included."""
_MOST_CHARACTERS: Final = 32_767
"""Of a cell of Excel."""
_CUT: Final = " […]"
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - so that the same rows are the same bytes


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
        *("section", "halaman_complete"),
        *({"array": name} for name in ("tags", "authors", "sources")),
    ],
}


def flat(article: Article, join: Callable[[Any], str]) -> dict[str, Any]:
    """Return the columns of a record; ``join`` makes a text of lists and maps."""
    row: dict[str, Any] = {"published_date": article.id[:10]}
    for name in _OTHERS:
        value = getattr(article, name)
        row[name] = join(value) if isinstance(value, list | dict) else value
    for name in PART_COLUMNS:
        part, _, field = name.partition("_")
        row[name] = getattr(getattr(article, part), field, None)
    return row


def joined(values: Any) -> str:
    """Return values with semicolons between; of pictures, embeds and links their addresses.

    >>> joined(["AFP", "Kyodo"]), joined({"dateline": 1, "telegram": 2})
    ('AFP; Kyodo', 'dateline 1; telegram 2')
    """
    if isinstance(values, dict):
        return "; ".join(f"{name} {count}" for name, count in values.items())
    return "; ".join(one if isinstance(one, str) else getattr(one, "url", "") for one in values)


def as_json(values: Any) -> str:
    """Return values as JSON."""
    return msgspec.json.encode(values).decode()


class JsonLines(Writer):
    """The published lines, with the day of publication as one more field."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("ab")

    @override
    def write(self, day: str, lines: Sequence[Line], articles: Sequence[Article]) -> None:
        added = f',"published_date":"{day}"}}\n'.encode()
        self._file.writelines(line.content.rstrip()[:-1] + added for line in lines)

    @override
    def close(self) -> None:
        self._file.close()


class CompressedJsonLines(JsonLines):
    """The same, compressed: each time a frame of Zstandard more."""

    def __init__(self, path: Path) -> None:
        self._file = need("backports.zstd", "backports.zstd").open(path, "ab")


class Csv(Writer):
    """A row an article, a head above them."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8", newline="")
        self._csv = csv.DictWriter(self._file, READABLE, extrasaction="ignore")
        if self._file.tell() == 0:
            self._csv.writeheader()

    @override
    def write(self, day: str, lines: Sequence[Line], articles: Sequence[Article]) -> None:
        self._csv.writerows(flat(article, joined) for article in articles)

    @override
    def close(self) -> None:
        self._file.close()


class Excel(Writer):
    """A sheet of Excel; times are WIB, as dates that Excel knows."""

    def __init__(self, path: Path) -> None:
        self._failure = need("xlsxwriter.exceptions", "excel").FileCreateError
        options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"}
        self._book = need("xlsxwriter", "excel").Workbook(str(path), options)
        self._book.set_properties({"created": _CREATED})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._sheet = self._book.add_worksheet("articles")
        self._sheet.freeze_panes(1, 0)
        self._sheet.write_row(0, 0, READABLE, self._book.add_format({"bold": True}))
        self._rows = 1

    @override
    def write(self, day: str, lines: Sequence[Line], articles: Sequence[Article]) -> None:
        if self._rows + len(articles) > _MOST_ROWS:
            raise DatasetError("a sheet of Excel has no place for so many: use --since and --until")
        for article in articles:
            row = flat(article, joined)
            for column, name in enumerate(READABLE):
                self._write_cell((self._rows, column), name, row[name])
            self._rows += 1

    def _write_cell(self, place: tuple[int, int], name: str, value: Any) -> None:
        if name == "published_date":
            self._sheet.write_datetime(*place, date.fromisoformat(value), self._day)
        elif name.endswith("_at") and value:
            time = datetime.fromisoformat(value).astimezone(WIB).replace(tzinfo=None)
            self._sheet.write_datetime(*place, time)
        elif isinstance(value, str):
            is_whole = len(value) <= _MOST_CHARACTERS
            kept = value if is_whole else value[: _MOST_CHARACTERS - len(_CUT)] + _CUT
            self._sheet.write_string(*place, kept)  # never a formula, never a link
        elif value is not None:
            self._sheet.write(*place, value)

    @override
    def finish(self) -> None:
        self._rows = 0
        try:
            self._book.close()
        except self._failure as error:
            raise error.args[0] from error

    @override
    def close(self) -> None:
        if self._rows:  # unfinished: rows lie in a temporary file, which goes with the book
            with suppress(self._failure):
                self._book.close()


class Sqlite(Writer):
    """Table ``articles``: lists and maps are JSON, times are texts of RFC 3339.

    A day that is there already is replaced. All of it is one transaction.
    """

    def __init__(self, path: Path) -> None:
        pragma = "PRAGMA secure_delete = ON"  # what was taken down leaves no trace
        if not path.exists():  # a draft, which is synced when it is whole
            pragma = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF"
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(pragma)
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


def write_metadata(path: Path) -> None:
    """Write, beside a database, what Datasette shows of it: facets first."""
    about = {"databases": {path.stem: {"tables": {"articles": _METADATA}}}}
    text = json.dumps(about, indent=1)
    replace(path.with_suffix(".metadata.json"), text.encode() + b"\n")
