"""Copies what is published to a bucket: ``PUBLISH_URL``. After the local commit, never instead.

Below the address, ``articles/`` holds the files under their names, ``manifest/`` an object for
each number, ``current/`` the list of the files that together hold every record, and ``parquet/``
the tables, where the data folder has them. Files go first, then the number: it can be created
once, so that of two writers one wins, and the other takes back what it has put there. Then the
list, and last goes what others have replaced. Each step can be repeated after a crash.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeVar

from kompascrawler.cloud import objects, standing
from kompascrawler.cloud.objects import Objects, ObjectsError
from kompascrawler.cloud.standing import Cursor
from kompascrawler.store import manifest
from kompascrawler.store.errors import explained, in_need_of_repair
from kompascrawler.store.manifest import Entry
from kompascrawler.store.outbox import GRACE
from kompascrawler.store.reader import Reader
from kompascrawler.store.store import open_reader

CURRENT: Final = "current/files.jsonl"
"""The lines of the manifest whose files hold every record."""
PATIENCE: Final = 60.0
"""Seconds that the end of a run has for it; the next runs go on."""
_AT_ONCE: Final = 64
"""Files after which it is remembered how far the copying has come."""
WORKERS: Final = 8
"""Requests at a time."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What came of it."""

    copied: int = 0
    """Numbers of the manifest that are in the bucket now, and were not before."""
    waiting: int = 0
    """Those that are still to come."""
    cause: str | None = None
    """Why they, or something else, could not be copied or removed; one line."""


def publish(
    data_dir: Path,
    url: str,
    seconds: float = PATIENCE,
    is_stopped: Callable[[], bool] = lambda: False,
    *,
    again: bool = False,
) -> Published:
    """Copy what is not in the bucket yet, as long as there is time. Raises StoreError.

    The caller holds the lock of the data folder. Without news nothing is requested. ``again``:
    compare everything, and mend what is damaged there.
    """
    url = url.rstrip("/")
    cursor = standing.read(data_dir)
    if cursor is None or cursor.url != url or again:
        cursor = Cursor(url)
    if not cursor.is_due(data_dir):
        return Published()
    before, last, cause = cursor.number, manifest.tail(data_dir), None
    try:
        there, until = objects.open(url, objects.PROMPT), time.monotonic() + seconds

        def has_time() -> bool:
            return time.monotonic() < until and not is_stopped()

        with open_reader(data_dir) as reader:
            _Copying(data_dir, reader, there, cursor, has_time).run()
    except ObjectsError as error:
        cause = str(error)
    cursor.note(data_dir, cause)
    waiting = last.number - cursor.number if last else 0
    return Published(copied=cursor.number - before, waiting=waiting, cause=cause)


@dataclass(slots=True)
class _Copying:
    data_dir: Path
    reader: Reader
    there: Objects
    cursor: Cursor
    has_time: Callable[[], bool]

    def run(self) -> None:
        """Do all steps, in their order, or those that there is time for."""
        self._refuse_later()
        if news := self.reader.entries(self.cursor.listed):
            current = self.reader.current_entries()
            numbers = {entry.number for entry in current}
            for batch in _batches([one for one in news if one.number > self.cursor.number]):
                if not self.has_time():
                    return
                self._copy(batch, [one for one in batch if one.number in numbers])
            self.there.put(CURRENT, b"".join(map(manifest.to_line, current)))
            self.cursor.listed = self.cursor.number
        self._copy_tables()
        if self.cursor.is_removal_due():
            self._remove()
        if not self.cursor.is_swept and self.has_time():
            self._sweep()

    def _copy(self, batch: Sequence[Entry], wanted: Sequence[Entry]) -> None:
        try:
            # Before anything is written: the next number may be somebody else's.
            self._read_number(batch[0])
            _at_once(self._put_file, wanted)
            for entry in batch:
                self._put_number(entry)
        except _LostError:
            _at_once(self._take_back, wanted)
            raise
        cursor = self.cursor
        cursor.number = batch[-1].number
        if any(entry.kind == "forgotten" for entry in batch):
            cursor.pending, cursor.pending_since = cursor.number, 0.0
        elif cursor.pending <= cursor.removed and any(entry.replaces for entry in batch):
            cursor.pending, cursor.pending_since = cursor.number, datetime.now(UTC).timestamp()
        cursor.save(self.data_dir)

    def _put_file(self, entry: Entry) -> None:
        path = self.data_dir / entry.file
        with explained("read a published file", path):
            content = path.read_bytes() if path.exists() else b""
        if sha256(content).hexdigest() != entry.sha256:
            cause = "its content is not what was published" if content else "it is gone"
            raise in_need_of_repair("copy a published file", path, cause)
        if not self.there.put_if_absent(entry.file, content):
            if self._read_number(entry) is None:
                raise self._lost(entry)
            self.there.put(entry.file, content)  # ours, and damaged there

    def _put_number(self, entry: Entry) -> None:
        name, line = number_name(entry.number), manifest.to_line(entry)
        if not self.there.put_if_absent(name, line):
            self._read_number(entry)
            self.there.put(name, line)  # as above

    def _read_number(self, entry: Entry) -> Entry | None:
        """Return our number as it is there, or None. Raises where it is somebody else's."""
        theirs = self._number_there(entry)
        if theirs not in (None, entry):
            raise self._lost(entry)
        return theirs

    def _number_there(self, entry: Entry) -> Entry | None:
        """Return what has a number there; None for nothing, or nothing that can be read."""
        try:
            return manifest.parse(self.there.get(number_name(entry.number)) or b"")
        except ValueError:
            return None

    def _refuse_later(self) -> None:
        """Refuse a bucket that is ahead of this folder: the list of an older copy would be old."""
        last = manifest.tail(self.data_dir)
        if last and any(self.there.list("manifest", after=number_name(last.number))):
            # A race that was lost may have left files. Without a number they may be the winner's.
            news = self.reader.entries(self.cursor.number)[:_AT_ONCE]
            _at_once(self._take_back, [one for one in news if self._number_there(one)])
            raise self._lost(replace(last, number=last.number + 1))

    def _take_back(self, entry: Entry) -> None:
        """Remove a file that nobody's number stands for."""
        theirs = self._number_there(entry)
        if theirs is None or theirs.file != entry.file:
            self.there.delete(entry.file)

    def _lost(self, entry: Entry) -> ObjectsError:
        return _LostError(
            f"Cannot publish number {entry.number} ({self.there.url}): another data folder has"
            " published that number there, or this one is an older copy of it. What to do: give"
            " each folder an address of its own (PUBLISH_URL)."
        )

    def _copy_tables(self) -> None:
        """Copy the tables of the months that have changed; remove those that are gone."""
        changed = standing.changed_at(self.data_dir / standing.PARQUET_CURSOR)
        paths = sorted((self.data_dir / "parquet").glob("month=*.parquet"))
        names = {path: f"parquet/{path.name}" for path in paths}
        for path, name in names.items():
            with explained("read a table", path):
                state = (standing.changed_at(path), path.stat().st_size)
                if self.cursor.months.get(name) == state or not self.has_time():
                    continue
                self.there.put(name, path.read_bytes())
            self.cursor.months[name] = state
        for name in self.cursor.months.keys() - names.values():
            self.there.delete(name)
            del self.cursor.months[name]
        if self.has_time():
            self.cursor.parquet = changed

    def _remove(self) -> None:
        """Remove the objects whose files others have replaced.

        The good copy of a file that was damaged here, and set aside, stays, but for a take-down:
        then it may hold the text.
        """
        cursor, until = self.cursor, self.cursor.pending
        files = self.reader.replaced_files(cursor.number)
        new = [row for row in files if cursor.removed < row[1] <= until]
        is_takedown = any(kind == "forgotten" for _, _, kind in new)
        gone = [file for file, _, kind in new if kind != "set_aside"]
        if is_takedown:
            gone += [file for file, _, kind in files if kind == "set_aside"]
        for names in _batches(gone):
            if not self.has_time():
                return
            _at_once(self.there.delete, names)
        cursor.removed = until
        if any(number > until for _, number, _ in files):
            cursor.pending, cursor.pending_since = cursor.number, datetime.now(UTC).timestamp()

    def _sweep(self) -> None:
        """Remove files and tables that nothing here stands for: of a lost race, or lost cursor.

        A new one stays until the next time: another writer may be about to create its number.
        """
        tables = (self.data_dir / "parquet").glob("month=*.parquet")
        known = {f"parquet/{path.name}" for path in tables}
        known |= {entry.file for entry in self.reader.entries(0)}
        until = datetime.now(UTC).timestamp() - GRACE.total_seconds()
        found = [one for folder in ("articles", "parquet") for one in self.there.list(folder)]
        strange = [one for one in found if one.name not in known]
        old = [one.name for one in strange if one.changed_at < until]
        _at_once(self.there.delete, old)
        self.cursor.is_swept = len(old) == len(strange)


class _LostError(ObjectsError):
    """Somebody else was first."""


def number_name(number: int) -> str:
    """Return the name of the object that stands for a number of the manifest."""
    return f"manifest/{number:08}.json"


def _batches(things: Sequence[_T]) -> Iterator[Sequence[_T]]:
    yield from (things[start : start + _AT_ONCE] for start in range(0, len(things), _AT_ONCE))


def _at_once(work: Callable[[_T], None], things: Sequence[_T]) -> None:
    with ThreadPoolExecutor(WORKERS) as pool:
        for _ in pool.map(work, things):
            pass
