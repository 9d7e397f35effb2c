"""``Dataset``: the published articles of a data folder, for whoever reads them. No Scrapy.

All lines of an article stand in the folder of its day, so that one day after the other is read:
memory is that of a day, however many there are.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Final, Unpack

import msgspec

from kompascrawler.dataset.arrow import table
from kompascrawler.dataset.lines import (
    ARTICLE,
    DatasetError,
    Files,
    Following,
    Head,
    Line,
    Refused,
    Selection,
    Track,
    Wanted,
    need,
    places,
    wanted,
)
from kompascrawler.items import Article
from kompascrawler.store import manifest
from kompascrawler.store.database import FILE_NAME as STORE
from kompascrawler.store.errors import in_need_of_repair
from kompascrawler.store.manifest import Entry

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import polars as pl
    import pyarrow as pa


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
            return ARTICLE.decode(line.content)
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
        files = self._files(months or {day[:7] for day in days or ()})
        for day in track(files.days(selection) if days is None else days):
            lines = [line for line in self._lines_of(day, files) if line.number <= last]
            yield day, wanted(sorted(lines, key=attrgetter("number")), selection)

    def _require(self, last: int) -> None:
        """Raise DatasetError where lines of that number's data set were lost since."""
        for place in places(manifest.read(self.data_dir)):
            aside = place.holder.number
            if place.holder.kind == "set_aside" and place.number <= last < aside:
                raise DatasetError(
                    f"the data set as of number {last} is not whole any more: number"
                    f" {place.number} was damaged, and set aside as number {aside}"
                )

    def days(self, selection: Selection) -> list[str]:
        """Return the days whose files hold such lines or were rewritten, in their order."""
        return Files(manifest.read(self.data_dir, selection.after)).days(selection)

    def _files(self, months: Collection[str]) -> Files:
        return Files(manifest.read(self.data_dir, months=months))

    def _lines_of(self, day: str, files: Files) -> list[Line]:
        """Return the lines of a day.

        Where a file is gone since the manifest was read, another one holds its lines by now.
        """
        with suppress(FileNotFoundError):
            return list(self._read_day(day, files))
        try:
            return list(self._read_day(day, self._files({day[:7]})))
        except FileNotFoundError as error:
            file = str(Path(error.filename).relative_to(self.data_dir))
            raise self._damaged(file, "it is gone") from error

    def _read_day(self, day: str, files: Files) -> Iterator[Line]:
        for entry in filter(attrgetter("lines"), files.by_day.get(day, ())):
            content = self._content(entry).split(b"\n")[:-1]
            for line, number in zip(content, files.numbers(entry), strict=True):
                try:
                    yield Line(line, number, entry.file, _HEAD.decode(line))
                except msgspec.MsgspecError as error:
                    raise self._damaged(entry.file, str(error)) from error

    def _content(self, entry: Entry) -> bytes:
        path = self.data_dir / entry.file
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            raise
        except OSError as error:
            raise DatasetError(f"{path}: {error.strerror}") from error
        if sha256(content).hexdigest() != entry.sha256:
            raise self._damaged(entry.file, "it is not as it was published")
        return content

    def _damaged(self, file: str, cause: str) -> DatasetError:
        return in_need_of_repair("read", self.data_dir / file, cause)


_HEAD: Final = msgspec.json.Decoder(Head)
