"""Which lines of the published files are wanted, and where they lie by now.

A line belongs to the file that it was published in. Where others have taken that file's place,
the manifest says how many lines of which file they hold, in which order: so the line is found,
and stands in the same place of the data set for ever.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import import_module
from itertools import accumulate, repeat
from pathlib import Path, PurePosixPath
from typing import Any, Final, NamedTuple, TypedDict

import msgspec

from kompascrawler.items import Article
from kompascrawler.store import manifest
from kompascrawler.store.errors import explained, in_need_of_repair
from kompascrawler.store.manifest import Entry
from kompascrawler.store.model import StoreError

_FILES_AT_HAND: Final = 8
"""Files whose lines are kept in memory: those of some days are published in turns."""
DatasetError = StoreError
"""The data set cannot be read; the message is one line that says why and what to do."""


class Refused(DatasetError):  # noqa: N818 - an error by its base
    """What was asked for cannot be done, whatever the data set holds."""


class MissingExtra(Refused):
    """A package that this needs is not installed."""


class _Completeness(msgspec.Struct):
    complete: bool | None


class Head(msgspec.Struct):
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
    head: Head


Track = Callable[[Sequence[str]], Iterable[str]]
"""Passes days on, and shows how many have gone by."""


class Wanted(TypedDict, total=False):
    """What ``Dataset.articles`` can be asked for."""

    since: date | None
    until: date | None
    complete: bool
    revisions: bool
    deleted: bool
    as_of: int | None


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


class Files:
    """The files that hold every line, by day of publication (WIB)."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        current: dict[int, Entry] = {}
        self._replaced: dict[int, Entry] = {}
        """Those of them that had replaced others before: the rest need not be remembered."""
        for entry in entries:
            for number, _ in entry.replaces:
                earlier = current.pop(number, None)
                if earlier and earlier.replaces:
                    self._replaced[number] = earlier
            current[entry.number] = entry
        self.by_day: dict[str, list[Entry]] = {}
        """The last one is the newest, and without lines where it was set aside."""
        for entry in current.values():
            folder = PurePosixPath(entry.file).parent.name
            self.by_day.setdefault(folder.removeprefix("published_date="), []).append(entry)

    def days(self, selection: Selection) -> list[str]:
        """Return the days that may have lines of a selection, in their order."""
        since, until = selection.since or date.min, selection.until or date.max
        return sorted(
            day
            for day, entries in self.by_day.items()
            if str(since) <= day <= str(until) and entries[-1].number > selection.after
        )

    def numbers(self, entry: Entry) -> list[int]:
        """Return for each line of a file the number of the one that it was published in first."""
        numbers: list[int] = []
        for number, lines in entry.replaces:
            earlier = self._replaced.get(number)
            inner = self.numbers(earlier) if earlier else []
            numbers += inner if len(inner) == lines else repeat(number, lines)
        numbers += repeat(entry.number, entry.lines - len(numbers))
        return numbers[: entry.lines]


def wanted(lines: Sequence[Line], selection: Selection) -> list[Line]:
    """Return the lines of a day that are wanted."""
    latest: dict[str, int] = {}
    for line in lines:
        latest[line.head.id] = max(line.head.revision, latest.get(line.head.id, 0))
    return [
        line
        for line in lines
        if line.number > selection.after
        and (selection.revisions or line.head.revision == latest[line.head.id])
        and (selection.deleted or line.head.deleted_at is None)
        and (line.head.halaman.complete is True or not selection.complete)
    ]


def need(package: str, extra: str) -> Any:
    """Import what an optional part needs. Raises MissingExtra."""
    try:
        return import_module(package)
    except ImportError as error:
        is_ours = extra in ("parquet", "excel", "report", "warc", "cluster", "cloud")
        advice = f"in the checkout, pip install '.[{extra}]'" if is_ours else f"pip install {extra}"
        raise MissingExtra(f"this needs {package.partition('.')[0]}: {advice}") from error


class Place(NamedTuple):
    """Where the lines of a published file lie."""

    number: int
    """Of the file that they were published in."""
    holder: Entry
    """The file that holds them now; set aside, they are no part of the data set any more."""
    start: int
    """How many lines stand before them in it."""
    lines: int


def places(entries: Iterable[Entry]) -> Iterator[Place]:
    """Yield where the lines of each file lie that was published, in the order of publication.

    All entries from some number on make sense: what replaces a file comes after it.
    """
    known = list(entries)
    moved: dict[int, tuple[Entry, int]] = {}
    for entry in known:
        starts = accumulate((lines for _, lines in entry.replaces), initial=0)
        for (number, _), start in zip(entry.replaces, starts, strict=False):
            moved[number] = entry, start
    for entry in known:
        if entry.kind in ("published", "adopted"):
            holder, start = entry, 0
            while holder.number in moved:
                holder, before = moved[holder.number]
                start += before
            yield Place(entry.number, holder, start, entry.lines)


def _lines_of(data_dir: Path, file: str, sha256: str) -> list[bytes] | None:
    """Return the lines of a file, or None where it is gone. Raises StoreError."""
    path = data_dir / file
    with explained("read a published file", path):
        if not path.exists():
            return None
        content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise in_need_of_repair("read a published file", path, "it is not as it was published")
    return content.splitlines(keepends=True)


def follow(data_dir: Path, after: int = 0) -> Iterator[tuple[int, list[bytes]]]:
    """Yield the number of each file published after a number, and its lines.

    Each line once, whatever is compacted and removed meanwhile. Raises ValueError for a number
    that there is not, and StoreError.
    """
    last = manifest.tail(data_dir)
    end = last.number if last else 0
    if not 0 <= after <= end:
        raise ValueError(f"{after} is no number of {manifest.FILE_NAME}: give one from 0 to {end}")
    read, gone, is_done = lru_cache(_FILES_AT_HAND)(_lines_of), "", False
    while not is_done:
        is_done = True
        for number, holder, start, count in places(manifest.read(data_dir, after)):
            is_lost = holder.kind == "set_aside"
            lines = [] if is_lost else read(data_dir, holder.file, holder.sha256)
            if lines is None:  # removed since the manifest was read, which has more lines by now
                if holder.file == gone:
                    raise in_need_of_repair("follow the data set", data_dir / gone, "it is gone")
                gone, is_done = holder.file, False
                break
            after = number
            yield after, lines[start : start + count]


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
                yield from map(ARTICLE.decode, lines)
                self.cursor = number
        except msgspec.MsgspecError as error:
            path, cause = (
                self._data_dir / manifest.FILE_NAME,
                f"after number {self.cursor}: {error}",
            )
            raise in_need_of_repair("read", path, cause) from error
        except ValueError as error:
            raise DatasetError(str(error)) from error


ARTICLE: Final = msgspec.json.Decoder(Article)


def parse_day(name: str, value: str | None) -> date | None:
    """Return the day that an option gives. Raises Refused."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise Refused(f"{name} {value}: give a day as YYYY-MM-DD") from None
