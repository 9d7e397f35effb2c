"""The formats of an export that are one file, written day by day with flat memory."""

import csv
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
from typing_extensions import override

from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.selection import DatasetError, Line, Selection, Track, need
from kompascrawler.identity import WIB
from kompascrawler.items import Article, Capture, Halaman
from kompascrawler.store.files import drafted, make_folder, remove_drafts, sync_folder

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
_ROWS_OF_A_GROUP: Final = 250
"""A row group of Parquet holds whole days, and at least so many rows: a week or so. A group a day
would have more bytes of metadata than some days have of text."""
_MOST_ROWS: Final = 1_048_576
"""Of a sheet of Excel, the head included."""
_MOST_CHARACTERS: Final = 32_767
"""Of a cell of Excel."""
_CUT: Final = " […]"
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - so that the same rows are the same bytes


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


class Writer:
    """Writes one file, day by day."""

    def __init__(self, path: Path) -> None:
        raise NotImplementedError

    def write(self, day: str, lines: Sequence[Line], articles: Sequence[Article]) -> None:
        """Write a day: its lines as they were published, and the records that they are."""
        raise NotImplementedError

    def finish(self) -> None:
        """Write what is left."""

    def close(self) -> None:
        """Let the file go, finished or not."""


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


class Parquet(Writer):
    """The columns of ``arrow.SCHEMA``, compressed with Zstandard."""

    def __init__(self, path: Path) -> None:
        from kompascrawler.dataset import arrow  # noqa: PLC0415 - of the extra

        self._table = arrow.table
        kind = need("pyarrow.parquet", "parquet").ParquetWriter
        self._writer: Any = kind(path, arrow.SCHEMA, compression="zstd")
        self._waiting: list[Article] = []

    @override
    def write(self, day: str, lines: Sequence[Line], articles: Sequence[Article]) -> None:
        self._waiting += articles
        if len(self._waiting) >= _ROWS_OF_A_GROUP:
            self._write_group()

    def _write_group(self) -> None:
        self._writer.write_table(self._table([self._waiting]))
        self._waiting.clear()

    @override
    def finish(self) -> None:
        if self._waiting:
            self._write_group()

    @override
    def close(self) -> None:
        self._writer.close()


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
                self._write_cell(column, name, row[name])
            self._rows += 1

    def _write_cell(self, column: int, name: str, value: Any) -> None:
        place = self._rows, column
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


def write_days(
    kind: type[Writer], path: Path, dataset: Dataset, days: Iterable[tuple[str, list[Line]]]
) -> int:
    """Write what is wanted of some days; return how many rows."""
    writer, rows = kind(path), 0
    try:
        for day, lines in days:
            writer.write(day, lines, list(map(dataset.article, lines)))
            rows += len(lines)
        writer.finish()
    finally:
        writer.close()
    return rows


def write_months(
    dataset: Dataset, file: Path, selection: Selection, *, after: int, track: Track
) -> int:
    """Write the months with news after a number as Parquet; return how many rows.

    ``file`` is that of a month, with ``{}`` in its name. A month without rows has no file.
    """
    news = {day[:7] for day in dataset.days(replace(selection, after=after))}
    make_folder(file.parent)
    remove_drafts(file.parent)
    rows, kept = 0, set()
    days = dataset.by_day(selection, months=news, track=track) if news else iter(())
    for month, ours in groupby(days, key=lambda day: day[0][:7]):
        path = file.with_name(file.name.format(month))
        with drafted(path) as draft:
            written = write_days(Parquet, draft, dataset, ours)
        rows += written
        if written:
            kept.add(path.name)
    for path in file.parent.glob(file.name.format("*")):
        is_written = after == 0 or any(month in path.name for month in news)
        if is_written and path.name not in kept:
            path.unlink()
    sync_folder(file.parent)
    return rows
