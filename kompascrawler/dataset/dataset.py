"""``Dataset``: the published articles of a data folder, for whoever reads them. No Scrapy.

All lines of an article stand in the folder of its day, so that one day after the other is read:
memory is that of a day, however many there are. Arrow gets one pinned schema, made of the record's
own dataclasses; ``removed`` is a list of pairs in it: Hugging Face `datasets` know no maps.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, Literal, Unpack, get_args, get_origin, get_type_hints

import msgspec

from kompascrawler.dataset.lines import (
    DatasetError,
    Head,
    Line,
    Place,
    Refused,
    Selection,
    Track,
    Wanted,
    follow,
    lines_at,
    need,
    places,
    wanted,
)
from kompascrawler.items import Article
from kompascrawler.store import manifest
from kompascrawler.store.database import FILE_NAME as STORE
from kompascrawler.store.disk import in_need_of_repair
from kompascrawler.store.manifest import Entry

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import polars as pl
    import pyarrow as pa

_ARTICLE: Final = msgspec.json.Decoder(Article)
_HEAD: Final = msgspec.json.Decoder(Head)
_TIMES: Final = {
    **dict.fromkeys(("published_at", "updated_at"), "Asia/Jakarta"),
    **dict.fromkeys(("first_seen_at", "crawled_at", "deleted_at"), "UTC"),
}
"""Fields that are times, with the zone in which they are shown."""
_SIMPLE: Final = {str: "string", int: "int32", float: "float64", bool: "bool_"}
"""Type of a field → function of pyarrow."""


class Following(Iterator[Article]):
    """The articles that were published after a number, in the order of publication."""

    def __init__(self, data_dir: Path, after: int) -> None:
        self.cursor = after
        """Number of the last file that was read to its end: where to go on the next time."""
        self._data_dir = data_dir
        self._articles = self._read()

    def __next__(self) -> Article:
        """Return the next article. Raises DatasetError."""
        return next(self._articles)

    def _read(self) -> Iterator[Article]:
        try:
            for number, lines in follow(self._data_dir, self.cursor):
                yield from map(_ARTICLE.decode, lines)
                self.cursor = number
        except msgspec.MsgspecError as error:
            cause = f"after number {self.cursor}: {error}"
            path = self._data_dir / manifest.FILE_NAME
            raise in_need_of_repair("read", path, cause) from error


class Dataset:
    """The articles that the crawls of a data folder have published.

    Each iteration reads what is published when it begins. Nothing is locked and nothing
    written. Raises DatasetError.
    """

    def __init__(self, data_dir: str | Path) -> None:
        self.data_dir: Final = Path(data_dir)
        if not self.data_dir.is_dir():
            raise DatasetError(f"{self.data_dir.absolute()} is no folder: name a data folder")
        if (self.data_dir / manifest.FILE_NAME).exists():
            return
        folder = self.data_dir.absolute()
        if any(self.data_dir.glob("articles/*/[!.]*.jsonl")):
            advice = "run a crawl or `kompascrawler verify --repair`, which enter its files"
            raise DatasetError(f"{folder} has no {manifest.FILE_NAME}: {advice}")
        if not (self.data_dir / STORE).exists():
            raise DatasetError(f"{folder} is no data folder: no crawl has used it")

    @property
    def number(self) -> int:
        """Number of the last published file; 0 without any. A cursor, and what is cited."""
        last = manifest.tail(self.data_dir)
        return last.number if last else 0

    def __iter__(self) -> Iterator[Article]:
        """Yield the latest revision of each article that the site has not deleted, by day."""
        return self.articles()

    def articles(self, **asked: Unpack[Wanted]) -> Iterator[Article]:
        """Yield records: days in their order, and in a day as they were published.

        ``since`` and ``until`` are days of publication (WIB), both included. ``complete``: only
        those known to be complete. ``revisions``: all, not only the latest of each article.
        ``deleted``: what the site has deleted, too (tombstones, without a text). ``as_of``: as
        the data set was at a number of the manifest.
        """
        return map(self.article, self.lines(Selection(**asked)))

    def to_arrow(self, **asked: Unpack[Wanted]) -> "pa.Table":
        """Return the ``articles`` as an Arrow table of pinned types; ``asked`` as there.

        ``published_date`` is the day of publication (WIB). Raises MissingExtra, as those below.
        """
        days = self.by_day(Selection(**asked))
        return table(map(self.article, lines) for _, lines in days)

    def to_pandas(self, **asked: Unpack[Wanted]) -> "pd.DataFrame":
        """Return the same as a frame of pandas."""
        need("pandas", "pandas")
        return self.to_arrow(**asked).to_pandas()

    def to_polars(self, **asked: Unpack[Wanted]) -> "pl.DataFrame":
        """Return the same as a frame of Polars."""
        frame: pl.DataFrame = need("polars", "polars").from_arrow(self.to_arrow(**asked))
        return frame

    def duckdb(self, **asked: Unpack[Wanted]) -> "duckdb.DuckDBPyRelation":
        """Return the same as a relation of DuckDB, in a database of its own."""
        connection: duckdb.DuckDBPyConnection = need("duckdb", "duckdb").connect()
        return connection.from_arrow(self.to_arrow(**asked))

    def follow(self, after: int = 0) -> Following:
        """Return what was published after a number, every revision; ``cursor`` says how far it is.

        Each line once, whatever is compacted meanwhile, in the order of publication.
        """
        return Following(self.data_dir, after)

    def article(self, line: Line) -> Article:
        """Return the record of a line."""
        try:
            return _ARTICLE.decode(line.content)
        except ValueError as error:
            raise self._damaged(line.file, str(error)) from error

    def lines(self, selection: Selection) -> Iterator[Line]:
        """Yield lines as they were published, in the order of ``articles``."""
        for _, lines in self.by_day(selection):
            yield from lines

    def by_day(
        self,
        selection: Selection,
        *,
        months: Collection[str] = (),
        days: Sequence[str] | None = None,
        track: Track = iter,
    ) -> Iterator[tuple[str, list[Line]]]:
        """Yield the lines of each day as they were published; of these days, where given.

        ``months`` (``YYYY-MM``): only their days. ``track`` shows how far it is.
        """
        last = self.number if selection.as_of is None else selection.as_of
        if not 0 <= last <= self.number:
            raise Refused(f"no file has number {last}: the last one has {self.number}")
        if last < self.number:
            self._require(last)
        known = self._places(months or {day[:7] for day in days or ()})
        if days is None:
            newest = {day: max(one.holder.number for one in known[day]) for day in known}
            days = sorted(
                day for day in known if selection.covers(day) and newest[day] > selection.after
            )
        for day in track(days):
            lines = [line for line in self._lines_of(day, known) if line.number <= last]
            yield day, wanted(lines, selection)

    def _require(self, last: int) -> None:
        for place in places(manifest.read(self.data_dir)):
            aside = place.holder.number
            if place.holder.kind == "set_aside" and place.number <= last < aside:
                raise DatasetError(
                    f"the data set as of number {last} is not whole any more: number"
                    f" {place.number} was damaged, and set aside as number {aside}"
                )

    def days(self, selection: Selection) -> list[str]:
        """Return the days whose files hold such lines or were rewritten, in their order."""
        later = manifest.read(self.data_dir, selection.after)
        return sorted(filter(selection.covers, {_day_of(entry) for entry in later}))

    def _places(self, months: Collection[str]) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = {}
        for place in places(manifest.read(self.data_dir, months=months)):
            found.setdefault(_day_of(place.holder), []).append(place)
        return found

    def _lines_of(self, day: str, known: Mapping[str, list[Place]]) -> Iterator[Line]:
        def later(number: int) -> Iterator[Place]:
            now = self._places({day[:7]}).get(day, ())
            return (place for place in now if place.number > number)

        for place, lines in lines_at(self.data_dir, known.get(day, ()), later):
            number, file = place.number, place.holder.file
            for line in lines:
                try:
                    yield Line(line[:-1], number, file, _HEAD.decode(line))
                except msgspec.MsgspecError as error:
                    raise self._damaged(file, str(error)) from error

    def _damaged(self, file: str, cause: str) -> DatasetError:
        return in_need_of_repair("read", self.data_dir / file, cause)


def _day_of(entry: Entry) -> str:
    return entry.file.rpartition("/")[0].rpartition("published_date=")[2]


@cache
def schema() -> "pa.Schema":
    """Return the columns of every table: the fields, then the day (WIB). Raises MissingExtra."""
    arrow = need("pyarrow", "parquet")
    made: pa.Schema = arrow.schema([*_columns(arrow, Article), ("published_date", arrow.date32())])
    return made


def _columns(arrow: Any, kind: Any) -> Iterator[tuple[str, Any]]:
    for name, hint in get_type_hints(kind).items():
        is_time = kind is Article and name in _TIMES
        yield name, arrow.timestamp("ms", _TIMES[name]) if is_time else _type(arrow, hint)


def _type(arrow: Any, hint: Any) -> Any:
    """Return the Arrow type of a field; every one may be null there."""
    origin, arguments = get_origin(hint), get_args(hint)
    if NoneType in arguments:
        return _type(arrow, next(kind for kind in arguments if kind is not NoneType))
    if origin is Literal:
        return _type(arrow, type(arguments[0]))
    if origin is list:
        return arrow.list_(_type(arrow, arguments[0]))
    if origin is dict:
        return arrow.list_(arrow.struct([("rule", arrow.string()), ("times", arrow.int32())]))
    if is_dataclass(hint):
        return arrow.struct(list(_columns(arrow, hint)))
    return getattr(arrow, _SIMPLE[hint])()


def row(article: Article) -> dict[str, Any]:
    """Return a record as Arrow takes it. Raises ValueError for a time or a day that is none."""
    values: dict[str, Any] = msgspec.to_builtins(article)
    for name in _TIMES.keys() & values.keys():
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    removed = article.removed.items()
    values["removed"] = [{"rule": rule, "times": times} for rule, times in removed]
    values["published_date"] = date.fromisoformat(article.id[:10])
    return values


def table(days: Iterable[Iterable[Article]]) -> "pa.Table":
    """Return the records of many days as one table. Raises MissingExtra."""
    arrow, columns = need("pyarrow", "parquet"), schema()
    batches = (arrow.RecordBatch.from_pylist(list(map(row, day)), schema=columns) for day in days)
    made: pa.Table = arrow.Table.from_batches(batches, schema=columns)
    return made
