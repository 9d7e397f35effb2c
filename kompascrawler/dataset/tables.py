"""Tables of articles: a data folder's ``parquet/``, and the formats of an export that are one file.

Somebody finds ``parquet/`` first, and ``README.md``: runs that publish keep both current; an idle
run never comes here. All are written day by day with flat memory. The database of SQLite has
full-text search, and is ready for Datasette.
"""

import csv
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import fields, replace
from datetime import date, datetime
from importlib.util import find_spec
from itertools import groupby
from math import inf
from pathlib import Path
from typing import Any, Final, NamedTuple, get_type_hints

import msgspec

from kompascrawler.dataset.dataset import Dataset, schema, table
from kompascrawler.dataset.lines import DatasetError, Line, Selection, Track, need
from kompascrawler.identity import WIB
from kompascrawler.items import Article, Capture, Halaman
from kompascrawler.store import disk

_README: Final = Path(__file__).parents[1] / "schema" / "data-folder.md"
CURSOR: Final = "parquet.cursor.json"
"""Up to which number the tables are."""
_ROWS_OF_A_GROUP: Final = 250
"""A row group of Parquet holds whole days, and at least so many rows: a week or so. A group a day
would have more bytes of metadata than some days have of text."""
_PARTS: Final = {"halaman": Halaman, "capture": Capture}
_OTHERS: Final = tuple(field.name for field in fields(Article) if field.name not in _PARTS)
_PART_COLUMNS: Final = {
    f"{part}_{field.name}": field.type for part, kind in _PARTS.items() for field in fields(kind)
}
"""The fields of ``halaman`` and ``capture``, with their types."""
COLUMNS: Final = ("published_date", *_OTHERS, *_PART_COLUMNS)
"""The day of publication (WIB), the fields in their order, those of their parts."""
_MACHINES: Final = ("blocks", "schema_version", "capture_file", "capture_offset", "capture_digest")
_READABLE: Final = tuple(name for name in COLUMNS if name not in _MACHINES)
"""The columns that a person wants: the blocks are the text once more."""
_MOST_ROWS: Final = 1_048_576
"""Of a sheet of Excel, the head included."""
_MOST_CHARACTERS: Final = 32_767
"""Of a cell of Excel."""
_CUT: Final = " […]"
_KINDS: Final[dict[Any, str]] = {
    **dict.fromkeys((int, int | None, bool, bool | None), "INTEGER"),
    **dict.fromkeys((float, float | None), "REAL"),
}
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


class Day(NamedTuple):
    """What is wanted of a day: its lines as they were published, and the records that they are."""

    day: str
    lines: Sequence[Line]
    articles: Sequence[Article]


Write = Callable[[Path, Iterable[Day]], None]
"""Writes a file, day by day."""


def write_file(path: Path, days: Iterable[Day]) -> None:
    """Write a file of Parquet: the columns of ``schema()``, compressed with Zstandard."""
    waiting: list[Article] = []
    kind = need("pyarrow.parquet", "parquet").ParquetWriter
    with kind(path, schema(), compression="zstd") as writer:
        for _, _, articles in days:
            waiting += articles
            if len(waiting) >= _ROWS_OF_A_GROUP:
                writer.write_table(table([waiting]))
                waiting.clear()
        if waiting:
            writer.write_table(table([waiting]))


def _flat(article: Article, join: Callable[[Any], str]) -> dict[str, Any]:
    """Return the columns of a record; ``join`` makes a text of lists and maps."""
    row: dict[str, Any] = {"published_date": article.id[:10]}
    for name in _OTHERS:
        value = getattr(article, name)
        row[name] = join(value) if isinstance(value, list | dict) else value
    for name in _PART_COLUMNS:
        part, _, field = name.partition("_")
        row[name] = getattr(getattr(article, part), field, None)
    return row


def _joined(values: Any) -> str:
    """Return values with semicolons between; of pictures, embeds and links their addresses.

    >>> _joined(["AFP", "Kyodo"]), _joined({"dateline": 1, "telegram": 2})
    ('AFP; Kyodo', 'dateline 1; telegram 2')
    """
    if isinstance(values, dict):
        return "; ".join(f"{name} {count}" for name, count in values.items())
    return "; ".join(one if isinstance(one, str) else getattr(one, "url", "") for one in values)


def write_lines(path: Path, days: Iterable[Day], opened: Callable[..., Any] = Path.open) -> None:
    """Add the published lines, with the day of publication as one more field."""
    with opened(path, "ab") as file:
        for day, lines, _ in days:
            added = f',"published_date":"{day}"}}\n'.encode()
            file.writelines(line.content.rstrip()[:-1] + added for line in lines)


def write_compressed_lines(path: Path, days: Iterable[Day]) -> None:
    """Add the same, compressed: each time a frame of Zstandard more."""
    write_lines(path, days, need("backports.zstd", "backports.zstd").open)


def write_csv(path: Path, days: Iterable[Day]) -> None:
    """Add a row an article; a file has a head above them."""
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _READABLE, extrasaction="ignore")
        if file.tell() == 0:
            writer.writeheader()
        for _, _, articles in days:
            writer.writerows(_flat(article, _joined) for article in articles)


def write_excel(path: Path, days: Iterable[Day]) -> None:
    """Write a sheet of Excel; times are WIB, as dates that Excel knows."""
    failure = need("xlsxwriter.exceptions", "excel").FileCreateError
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"}
    book = need("xlsxwriter", "excel").Workbook(str(path), options)
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - the same bytes for ever
    try:
        _write_sheet(book, (article for _, _, articles in days for article in articles))
    except BaseException:  # rows lie in a temporary file, which goes with the book
        with suppress(failure):
            book.close()
        raise
    try:
        book.close()
    except failure as error:
        raise error.args[0] from error


def _write_sheet(book: Any, articles: Iterable[Article]) -> None:
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("articles")
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, _READABLE, book.add_format({"bold": True}))
    for number, article in enumerate(articles, start=1):
        if number == _MOST_ROWS:
            raise DatasetError("a sheet of Excel has no place for so many: use --since and --until")
        row = _flat(article, _joined)
        for column, name in enumerate(_READABLE):
            _write_cell(sheet, (number, column), name, row[name], day)


def _write_cell(sheet: Any, place: tuple[int, int], name: str, value: Any, day: Any) -> None:
    if name == "published_date":
        sheet.write_datetime(*place, date.fromisoformat(value), day)
    elif name.endswith("_at") and value:
        time = datetime.fromisoformat(value).astimezone(WIB).replace(tzinfo=None)
        sheet.write_datetime(*place, time)
    elif isinstance(value, str):
        if len(value) > _MOST_CHARACTERS:
            value = value[: _MOST_CHARACTERS - len(_CUT)] + _CUT
        sheet.write_string(*place, value)  # never a formula, never a link
    elif value is not None:
        sheet.write(*place, value)


def write_sqlite(path: Path, days: Iterable[Day]) -> None:
    """Write the table ``articles``: lists and maps are JSON, times are texts of RFC 3339.

    A day that is there already is replaced. All of it is one transaction.
    """
    pragma = "PRAGMA secure_delete = ON"  # what was taken down leaves no trace
    if not path.exists():  # a draft, which is synced when it is whole
        pragma = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF"
    hints = get_type_hints(Article) | _PART_COLUMNS
    columns = ", ".join(f"{name} {_KINDS.get(hints.get(name), 'TEXT')}" for name in COLUMNS)
    insert = f"INSERT INTO articles VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript(f"{pragma}; BEGIN; {_SCHEMA.format(columns=columns)}")
        for day, _, articles in days:
            db.execute("DELETE FROM articles WHERE published_date = ?", (day,))
            rows = (_flat(one, lambda part: msgspec.json.encode(part).decode()) for one in articles)
            db.executemany(insert, (tuple(map(row.get, COLUMNS)) for row in rows))
        db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('optimize')")
        db.execute("COMMIT")


def write_metadata(path: Path) -> None:
    """Write, beside a database, what Datasette shows of it: facets first."""
    about = {"databases": {path.stem: {"tables": {"articles": _METADATA}}}}
    text = json.dumps(about, indent=1)
    disk.replace(path.with_suffix(".metadata.json"), text.encode() + b"\n")


def write_days(
    write: Write, path: Path, dataset: Dataset, found: Iterable[tuple[str, list[Line]]]
) -> int:
    """Write what is wanted of some days; return how many rows."""
    rows = 0

    def days() -> Iterator[Day]:
        nonlocal rows
        for day, lines in found:
            yield Day(day, lines, list(map(dataset.article, lines)))
            rows += len(lines)

    write(path, days())
    return rows


class _Cursor(msgspec.Struct):
    number: int
    columns: tuple[str, ...]


def refresh(data_dir: Path, every: float) -> None:
    """Write what has changed; Parquet only with its extra, and when ``every`` seconds are over.

    0: never. Raises StoreError and OSError.
    """
    wanted, readme, cursor = _README.read_bytes(), data_dir / "README.md", data_dir / CURSOR
    there = readme.read_bytes() if readme.exists() else b""
    # One that is not there, or of an earlier version; never what somebody else has written.
    if there != wanted and there.split(b"\n")[0] in (b"", wanted.split(b"\n")[0]):
        disk.replace(readme, wanted)
    age = time.time() - cursor.stat().st_mtime if cursor.exists() else inf
    if every and find_spec("pyarrow") and not 0 <= age < every:
        write_parquet(data_dir)


def write_parquet(data_dir: Path) -> None:
    """Write the months whose files have changed. Raises StoreError, OSError and MissingExtra."""
    dataset, path, after = Dataset(data_dir), data_dir / CURSOR, 0
    columns = tuple(map(str, schema()))
    with suppress(OSError, ValueError):
        cursor = msgspec.json.decode(path.read_bytes(), type=_Cursor)
        after = cursor.number if cursor.columns == columns else 0
    months, number = data_dir / "parquet" / "month={}.parquet", dataset.number
    write_months(dataset, months, Selection(as_of=number), after=after, track=iter)
    disk.replace(path, msgspec.json.encode(_Cursor(number, columns)) + b"\n")


def write_months(
    dataset: Dataset, file: Path, selection: Selection, *, after: int, track: Track
) -> int:
    """Write the months with news after a number as Parquet; return how many rows.

    ``file`` is that of a month, with ``{}`` in its name. A month without rows has no file.
    """
    news = {day[:7] for day in dataset.days(replace(selection, after=after))}
    disk.make_folder(file.parent)
    disk.remove_drafts(file.parent)
    rows, kept = 0, set()
    days = dataset.by_day(selection, months=news, track=track) if news else iter(())
    for month, ours in groupby(days, key=lambda day: day[0][:7]):
        path = file.with_name(file.name.format(month))
        with disk.drafted(path) as draft:
            written = write_days(write_file, draft, dataset, ours)
        rows += written
        if written:
            kept.add(path.name)
    for path in file.parent.glob(file.name.format("*")):
        is_written = after == 0 or any(month in path.name for month in news)
        if is_written and path.name not in kept:
            path.unlink()
    disk.sync_folder(file.parent)
    return rows
