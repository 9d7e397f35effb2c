"""The Parquet tables in a data folder's ``parquet/``, and its ``README.md``.

Somebody finds these first. Runs that publish keep both current; an idle run never comes here.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from itertools import groupby
from math import inf
from pathlib import Path
from typing import Any, Final

import msgspec
from typing_extensions import override

import kompascrawler
from kompascrawler.dataset.dataset import Dataset, schema, table
from kompascrawler.dataset.lines import Line, Selection, Track, need
from kompascrawler.items import Article
from kompascrawler.store import disk

_README: Final = Path(kompascrawler.__file__).parent / "schema" / "data-folder.md"
CURSOR: Final = "parquet.cursor.json"
"""Up to which number the tables are."""
_ROWS_OF_A_GROUP: Final = 250
"""A row group of Parquet holds whole days, and at least so many rows: a week or so. A group a day
would have more bytes of metadata than some days have of text."""


class Writer:
    """Writes one file, day by day."""

    def write(self, day: str, lines: Sequence[Line], articles: Sequence[Article]) -> None:
        """Write a day: its lines as they were published, and the records that they are."""
        raise NotImplementedError

    def finish(self) -> None:
        """Write what is left."""

    def close(self) -> None:
        """Let the file go, finished or not."""


class Parquet(Writer):
    """The columns of ``schema()``, compressed with Zstandard."""

    def __init__(self, path: Path) -> None:
        kind = need("pyarrow.parquet", "parquet").ParquetWriter
        self._writer: Any = kind(path, schema(), compression="zstd")
        self._waiting: list[Article] = []

    @override
    def write(self, day: str, lines: Sequence[Line], articles: Sequence[Article]) -> None:
        self._waiting += articles
        if len(self._waiting) >= _ROWS_OF_A_GROUP:
            self._write_group()

    def _write_group(self) -> None:
        self._writer.write_table(table([self._waiting]))
        self._waiting.clear()

    @override
    def finish(self) -> None:
        if self._waiting:
            self._write_group()

    @override
    def close(self) -> None:
        self._writer.close()


def write_days(
    kind: Callable[[Path], Writer],
    path: Path,
    dataset: Dataset,
    days: Iterable[tuple[str, list[Line]]],
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


class _Cursor(msgspec.Struct):
    number: int
    columns: tuple[str, ...]


def refresh(data_dir: Path, every: float) -> None:
    """Write what has changed; Parquet only with its extra, and when ``every`` seconds are over.

    0: never. Raises StoreError and OSError.
    """
    _write_readme(data_dir / "README.md")
    cursor = data_dir / CURSOR
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
    now = _Cursor(number=number, columns=columns)
    disk.replace(path, msgspec.json.encode(now) + b"\n")


def _write_readme(path: Path) -> None:
    """Write the file where there is none, or an earlier one of ours."""
    wanted = _README.read_bytes()
    there = path.read_bytes() if path.exists() else b""
    if there != wanted and there.split(b"\n")[0] in (b"", wanted.split(b"\n")[0]):
        disk.replace(path, wanted)


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
            written = write_days(Parquet, draft, dataset, ours)
        rows += written
        if written:
            kept.add(path.name)
    for path in file.parent.glob(file.name.format("*")):
        is_written = after == 0 or any(month in path.name for month in news)
        if is_written and path.name not in kept:
            path.unlink()
    disk.sync_folder(file.parent)
    return rows
