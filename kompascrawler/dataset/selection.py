"""Which lines of the published files are wanted, and where they stand."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from itertools import repeat
from pathlib import PurePosixPath
from typing import Any, NamedTuple, TypedDict

import msgspec

from kompascrawler.store.manifest import Entry
from kompascrawler.store.model import StoreError

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
        is_ours = extra in ("parquet", "excel", "report", "warc", "cluster")
        advice = f"in the checkout, pip install '.[{extra}]'" if is_ours else f"pip install {extra}"
        raise MissingExtra(f"this needs {package.partition('.')[0]}: {advice}") from error
