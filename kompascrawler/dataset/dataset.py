"""``Dataset``: the published articles of a data folder, for whoever reads them. No Scrapy.

All lines of an article stand in the folder of its day, so that one day after the other is read:
memory is that of a day, however many there are.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import repeat
from operator import attrgetter
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

import msgspec

from kompascrawler.items import Article
from kompascrawler.store import manifest
from kompascrawler.store.database import FILE_NAME as STORE
from kompascrawler.store.errors import in_need_of_repair
from kompascrawler.store.manifest import Entry
from kompascrawler.store.model import StoreError


class DatasetError(Exception):
    """The data set cannot be read; the message is one line that says why and what to do."""


class _Completeness(msgspec.Struct):
    complete: bool | None


class _Head(msgspec.Struct):
    """What of a record decides whether it is wanted."""

    id: str
    revision: int
    halaman: _Completeness
    deleted_at: str | None = None


class Line(NamedTuple):
    """A line of a published file."""

    content: bytes
    """The record as JSON, without its line feed."""
    number: int
    """Of the file in which it was published first, whatever file holds it now."""
    file: str
    """The file that holds it, below the data folder."""
    head: _Head

    @property
    def day(self) -> str:
        """Day of publication (WIB), ``YYYY-MM-DD``."""
        return self.head.id[:10]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which lines are wanted."""

    since: date | None = None
    """First day of publication (WIB)."""
    until: date | None = None
    """Last day."""
    complete: bool = False
    """Only articles that are known to be complete."""
    revisions: bool = False
    """All revisions, not only the latest of each article."""
    deleted: bool = False
    """Also what the site has deleted: a line without a text, ``deleted_at`` set."""
    as_of: int | None = None
    """Number of the last file that counts: the data set as it was then."""
    after: int = 0
    """Only lines of later files than the one with this number: a cursor."""


class Dataset:
    """The articles that the crawls of a data folder have published.

    Each iteration reads what is published when it begins. Nothing is locked and nothing
    written. Raises DatasetError.
    """

    def __init__(self, data_dir: str | Path) -> None:
        self.data_dir: Final = Path(data_dir)
        if not self.data_dir.is_dir():
            raise DatasetError(f"{self.data_dir.absolute()} is no folder: name a data folder")
        if not (self.data_dir / manifest.FILE_NAME).exists():
            self._refuse_unlisted()

    def _refuse_unlisted(self) -> None:
        folder = self.data_dir.absolute()
        if any(self.data_dir.glob("articles/*/[!.]*.jsonl")):
            advice = "run a crawl or `kompascrawler verify --repair`, which enter its files"
            raise DatasetError(f"{folder} has no {manifest.FILE_NAME}: {advice}")
        if not (self.data_dir / STORE).exists():
            raise DatasetError(f"{folder} is no data folder: no crawl has used it")

    @property
    def number(self) -> int:
        """Number of the last published file; 0 without any. A cursor, and what is cited."""
        try:
            last = manifest.tail(self.data_dir)
        except StoreError as error:
            raise DatasetError(str(error)) from error
        return last.number if last else 0

    def __iter__(self) -> Iterator[Article]:
        """Yield the latest revision of each article that the site has not deleted, by day."""
        return self.articles()

    def articles(
        self,
        *,
        since: date | None = None,
        until: date | None = None,
        complete: bool = False,
        revisions: bool = False,
        deleted: bool = False,
        as_of: int | None = None,
    ) -> Iterator[Article]:
        """Yield records: days in their order, and in a day as they were published.

        ``since`` and ``until`` are days of publication (WIB), both included. ``complete``: only
        those known to be complete. ``revisions``: all, not only the latest of each article.
        ``deleted``: what the site has deleted, too (tombstones, without a text). ``as_of``: as
        the data set was at a number of the manifest.
        """
        selection = Selection(
            since=since, until=until, complete=complete,
            revisions=revisions, deleted=deleted, as_of=as_of,
        )  # fmt: skip
        return map(self.article, self.lines(selection))

    def article(self, line: Line) -> Article:
        """Return the record of a line."""
        try:
            return Article.from_dict(msgspec.json.decode(line.content))
        except ValueError as error:
            raise self._damaged(line.file, str(error)) from error

    def lines(self, selection: Selection = Selection()) -> Iterator[Line]:
        """Yield lines as they were published, in the order of ``articles``."""
        last = self.number if selection.as_of is None else selection.as_of
        if not 0 <= last <= self.number:
            raise DatasetError(f"no file has number {last}: the last one has {self.number}")
        files = self._files()
        for day in files.days(selection):
            lines = [line for line in self._lines_of(day, files) if line.number <= last]
            yield from _wanted(sorted(lines, key=attrgetter("number")), selection)

    def days(self, selection: Selection = Selection()) -> list[str]:
        """Return the days that may have such lines, in their order."""
        return self._files().days(selection)

    def _files(self) -> "_Files":
        try:
            return _Files(manifest.read(self.data_dir))
        except StoreError as error:
            raise DatasetError(str(error)) from error

    def _lines_of(self, day: str, files: "_Files") -> list[Line]:
        """Return the lines of a day.

        Where a file is gone since the manifest was read, another one holds its lines by now.
        """
        with suppress(FileNotFoundError):
            return list(self._read_day(day, files))
        try:
            return list(self._read_day(day, self._files()))
        except FileNotFoundError as error:
            file = str(Path(error.filename).relative_to(self.data_dir))
            raise self._damaged(file, "it is gone") from error

    def _read_day(self, day: str, files: "_Files") -> Iterator[Line]:
        for entry in files.by_day.get(day, ()):
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
        return DatasetError(str(in_need_of_repair("read", self.data_dir / file, cause)))


_HEAD: Final = msgspec.json.Decoder(_Head)


class _Files:
    """The files that hold every line, by day of publication (WIB)."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = {entry.number: entry for entry in entries}
        self.by_day: dict[str, list[Entry]] = {}
        for entry in manifest.current(self._entries.values()):
            folder = PurePosixPath(entry.file).parent.name
            self.by_day.setdefault(folder.removeprefix("published_date="), []).append(entry)

    def days(self, selection: Selection) -> list[str]:
        """Return the days that may have lines of a selection, in their order."""
        since, until = selection.since or date.min, selection.until or date.max
        return sorted(
            day
            for day, entries in self.by_day.items()
            if str(since) <= day <= str(until)
            and any(max(self.numbers(entry)) > selection.after for entry in entries)
        )

    def numbers(self, entry: Entry) -> list[int]:
        """Return for each line of a file the number of the one that it was published in first."""
        numbers: list[int] = []
        for number, lines in entry.replaces:
            earlier = self._entries.get(number)
            inner = self.numbers(earlier) if earlier and earlier.replaces else []
            numbers += inner if len(inner) == lines else repeat(number, lines)
        numbers += repeat(entry.number, entry.lines - len(numbers))
        return numbers[: entry.lines]


def _wanted(lines: Sequence[Line], selection: Selection) -> Iterator[Line]:
    """Yield the lines of a day that are wanted."""
    latest: dict[str, int] = {}
    for line in lines:
        latest[line.head.id] = max(line.head.revision, latest.get(line.head.id, 0))
    for line in lines:
        head = line.head
        is_latest = head.revision == latest[head.id]
        is_there = selection.deleted or head.deleted_at is None
        is_whole = not selection.complete or head.halaman.complete is True
        is_new = line.number > selection.after
        if (selection.revisions or is_latest) and is_there and is_whole and is_new:
            yield line
