"""The lines of the published files: which are wanted, where they lie by now, what is damaged.

A line belongs to the file that it was published in. Where others have taken that file's place,
the manifest says how many lines of which file they hold, in which order: so the line is found,
and stands in the same place of the data set for ever.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from itertools import accumulate
from pathlib import Path, PurePosixPath
from typing import Any, Final, NamedTuple, TypedDict

import msgspec

from kompascrawler.items import Article, faults
from kompascrawler.store import manifest
from kompascrawler.store.disk import explained, in_need_of_repair
from kompascrawler.store.manifest import Entry
from kompascrawler.store.model import StoreError

_FILES_AT_HAND: Final = 8
"""Files whose lines are kept in memory: those of some days are published in turns."""
DatasetError = StoreError
"""The data set cannot be read; the message is one line that says why and what to do."""


class Refused(DatasetError):  # noqa: N818 - an error by its base
    """What was asked for cannot be done, whatever the data set holds."""

    status = 2


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
    """Which lines are wanted: as ``Dataset.articles`` says, and from where on."""

    since: date | None = None
    until: date | None = None
    complete: bool = False
    revisions: bool = False
    deleted: bool = False
    as_of: int | None = None
    after: int = 0
    """Only lines of later files than the one with this number: a cursor."""

    def covers(self, day: str) -> bool:
        """Tell whether a day may have such lines."""
        return str(self.since or date.min) <= day <= str(self.until or date.max)


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
    counts: dict[int, int] = {}
    held: dict[int, tuple[Entry, int]] = {}
    for entry in entries:
        starts = accumulate((lines for _, lines in entry.replaces), initial=0)
        for (number, _), start in zip(entry.replaces, starts, strict=False):
            held[number] = entry, start
        held[entry.number] = entry, 0
        if entry.kind in ("published", "adopted"):
            counts[entry.number] = entry.lines
    for number, lines in counts.items():
        holder, start = held[number]
        while (later := held[holder.number])[0] is not holder:
            holder, start = later[0], start + later[1]
        yield Place(number, holder, start, lines)


def lines_at(
    data_dir: Path, found: Iterable[Place], again: Callable[[int], Iterable[Place]]
) -> Iterator[tuple[Place, list[bytes]]]:
    """Yield the lines of each place, with their line feeds. Raises StoreError.

    ``again`` gives the places after a number as the manifest has them by now: where a file is
    gone, another one holds its lines.
    """
    read, after, gone, is_done = lru_cache(_FILES_AT_HAND)(_published), 0, "", False
    while not is_done:
        is_done = True
        for place in found:
            holder = place.holder
            about = (holder.file, holder.sha256, holder.lines)  # an Entry is slow to hash
            lines = [] if holder.kind == "set_aside" else read(data_dir, *about)
            if lines is None:
                if holder.file == gone:
                    raise in_need_of_repair("read a published file", data_dir / gone, "it is gone")
                gone, found, is_done = holder.file, again(after), False
                break
            after = place.number
            yield place, lines[place.start : place.start + place.lines]


def _published(data_dir: Path, file: str, stated: str, count: int) -> list[bytes] | None:
    """Return the lines of a file, or None where it is gone. Raises StoreError."""
    content = content_of(data_dir, file)
    if content is None:
        return None
    if sha256(content).hexdigest() != stated or content.count(b"\n") != count:
        cause = "it is not as it was published"
        raise in_need_of_repair("read a published file", data_dir / file, cause)
    return content.splitlines(keepends=True)


def follow(data_dir: Path, after: int = 0) -> Iterator[tuple[int, list[bytes]]]:
    """Yield the number of each file published after a number, and its lines.

    Each line once, whatever is compacted and removed meanwhile. Raises Refused for a number that
    there is not, and StoreError.
    """
    last = manifest.tail(data_dir)
    end = last.number if last else 0
    if not 0 <= after <= end:
        raise Refused(f"{after} is no number of {manifest.FILE_NAME}: give one from 0 to {end}")

    def later(number: int) -> Iterator[Place]:
        return places(manifest.read(data_dir, number or after))

    for place, lines in lines_at(data_dir, later(after), later):
        yield place.number, lines


def parse_day(name: str, value: str | None) -> date | None:
    """Return the day that an option gives. Raises Refused."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise Refused(f"{name} {value}: give a day as YYYY-MM-DD") from None


def published_on_disk(data_dir: Path) -> list[str]:
    """Return the published files that there are, below the data folder, in their order.

    Numbered names come last: the others are older.
    """
    with explained("list the published files", data_dir):
        paths = [path.relative_to(data_dir) for path in data_dir.glob("articles/*/[!.]*.jsonl")]
    return [str(path) for path in sorted(paths, key=_in_order)]


def _in_order(path: Path) -> tuple[bool, str, int]:
    name, _, batch = path.stem.rpartition("-")
    return bool(re.match(r"\d{8}-", path.stem)), name, int(batch) if batch.isdecimal() else 0


def content_of(data_dir: Path, file: str) -> bytes | None:
    """Return what a file holds, or None where it is gone."""
    path = data_dir / file
    with explained("read the published files", path):
        try:
            return path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None


def difference(entry: Entry, content: bytes | None) -> str | None:
    """Say how a file's content differs from what was published, or None."""
    if content is None:
        return "it is gone"
    if len(content) != entry.bytes:
        return f"it has {len(content)} bytes, not {entry.bytes} as published"
    made = manifest.entry_of(content, number=0, file="", kind="published", run_id="", at="")
    if made.sha256 != entry.sha256:
        return "its content is not what was published: its SHA-256 differs"
    stated = (entry.lines, entry.first_id, entry.last_id)
    if stated != (made.lines, made.first_id, made.last_id):
        return f"{manifest.FILE_NAME} has other lines of it"
    return None


def record_of(line: bytes, file: str) -> Article:
    """Return the record of a line. Raises ValueError for one that does not belong there."""
    article = Article.from_json(line)
    if wrong := faults(article):
        raise ValueError(f"{', '.join(wrong)}: missing or impossible")
    folder = PurePosixPath(file).parent.name
    if folder.startswith("published_date=") and folder[15:] != article.id[:10]:
        raise ValueError(f"{article.id} does not belong into {folder}")
    return article


def sums(data_dir: Path) -> str:
    """Return the checksums of the published files, for ``sha256sum -c`` in the data folder."""
    entries = manifest.current(manifest.read(data_dir))
    return "".join(f"{entry.sha256}  {entry.file}\n" for entry in entries)
