"""The lines of the data set in the order of publication, wherever they lie by now.

A line belongs to the file that it was published in. Where others have taken that file's place,
the manifest says how many lines of which file they hold, in which order: so the line is found,
and stands in the same place of the data set for ever.
"""

import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from kompascrawler.dataset.selection import DatasetError
from kompascrawler.items import Article
from kompascrawler.store import manifest
from kompascrawler.store.errors import explained, in_need_of_repair
from kompascrawler.store.manifest import Entry
from kompascrawler.store.model import StoreError

_FILES_AT_HAND: Final = 8
"""Files whose lines are kept in memory: those of some days are published in turns."""


class Place(NamedTuple):
    """Where the lines of a published file lie."""

    number: int
    """Of the file that they were published in."""
    holder: Entry
    """The file that holds them now; set aside, they are no part of the data set any more."""
    start: int
    """How many lines stand before them in it."""
    lines: int

    @property
    def lost_with(self) -> int | None:
        """The number under which the file was set aside, or None."""
        return self.holder.number if self.holder.kind == "set_aside" else None


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
            yield _place(entry, moved)


def _place(entry: Entry, moved: dict[int, tuple[Entry, int]]) -> Place:
    holder, start = entry, 0
    while holder.number in moved:
        holder, before = moved[holder.number]
        start += before
    return Place(entry.number, holder, start, entry.lines)


class Lines:
    """Reads the lines of places."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._of_file = lru_cache(_FILES_AT_HAND)(self._read)

    def at(self, place: Place) -> list[bytes] | None:
        """Return the lines of a place, or None where its file is gone. Raises StoreError."""
        lines = self._of_file(place.holder.file, place.holder.sha256)
        return lines and lines[place.start : place.start + place.lines]

    def _read(self, file: str, sha256: str) -> list[bytes] | None:
        path = self._data_dir / file
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
    reading, gone = Lines(data_dir), ""
    is_done = False
    while not is_done:
        is_done = True
        for place in places(manifest.read(data_dir, after)):
            lines = [] if place.lost_with else reading.at(place)
            if lines is None:  # removed since the manifest was read, which has more lines by now
                if place.holder.file == gone:
                    raise in_need_of_repair("follow the data set", data_dir / gone, "it is gone")
                gone, is_done = place.holder.file, False
                break
            after = place.number
            yield after, lines


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
            raise DatasetError(str(in_need_of_repair("read", path, cause))) from error
        except (ValueError, StoreError) as error:
            raise DatasetError(str(error)) from error


_ARTICLE: Final = msgspec.json.Decoder(Article)
