"""Copies what is published to a bucket: ``PUBLISH_URL``. After the local commit, never instead.

Below the address, ``articles/`` holds the files under their names, ``manifest/`` an object for
each number, ``current/`` the list of the files that together hold every record, and ``parquet/``
the tables, where the data folder has them. Files go first, then the number: it can be created
once, so that of two writers one wins, and the other takes back what it has put there. Then the
list, and last goes what others have replaced. Each step can be repeated after a crash.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from kompascrawler.cloud import objects
from kompascrawler.cloud.objects import Objects, ObjectsError, at_once, batches
from kompascrawler.store import disk, manifest
from kompascrawler.store.disk import explained
from kompascrawler.store.manifest import Entry
from kompascrawler.store.publishing import GRACE
from kompascrawler.store.reader import Reader
from kompascrawler.store.store import open_reader

CURSOR_FILE: Final = "publish.cursor.json"
PARQUET_CURSOR: Final = "parquet.cursor.json"
"""Beside it, rewritten with the tables in ``parquet/``."""
CURRENT: Final = "current/files.jsonl"
"""The lines of the manifest whose files hold every record."""
_AT_ONCE: Final = 64
"""Files after which it is remembered how far the copying has come."""


class Cursor(msgspec.Struct):
    """What is copied, and what is to be removed."""

    url: str
    number: int = 0
    """Files up to this number of the manifest are copied."""
    listed: int = 0
    """… and those that are current, of them all, are listed."""
    removed: int = 0
    """Objects are gone whose files were replaced by files up to this number."""
    pending: int = 0
    """… and are to go up to this one, if it is higher, …"""
    pending_since: float = 0.0
    """… a time of grace later, seconds since 1970; 0: at once."""
    parquet: int = 0
    """The change of ``parquet/`` that was copied last."""
    months: dict[str, tuple[int, int]] = {}
    """The tables that are copied, each with the time of its last change and its bytes."""
    is_swept: bool = False
    """Whether the bucket was looked through for what nothing here stands for."""
    cause: str | None = None
    """Why the last try came to nothing."""
    failing_since: str | None = None
    """RFC 3339, UTC."""

    def is_due(self, data_dir: Path) -> bool:
        """Tell whether there is something to do, at constant cost. Raises StoreError."""
        last = manifest.tail(data_dir)
        has_news = last is not None and (last.number > self.listed or not self.is_swept)
        has_tables = changed_at(data_dir / PARQUET_CURSOR) not in (0, self.parquet)
        return has_news or has_tables or bool(self.cause) or self.is_removal_due()

    def is_removal_due(self) -> bool:
        """Tell whether objects are to be removed by now."""
        age = time.time() - self.pending_since
        # A clock that was set back must not keep what was taken down.
        return self.pending > self.removed and not 0 <= age < GRACE.total_seconds()

    def save(self, data_dir: Path) -> None:
        """Keep the cursor, durably. Raises StoreError."""
        path = data_dir / CURSOR_FILE
        with explained("keep how far publishing has come", path):
            disk.replace(path, msgspec.json.encode(self) + b"\n")


def changed_at(path: Path) -> int:
    """Return when a file was changed, nanoseconds since 1970; 0 for one that is not there."""
    return path.stat().st_mtime_ns if path.exists() else 0


def read_cursor(data_dir: Path) -> Cursor | None:
    """Return the cursor of a data folder, or None before the first try. Raises StoreError.

    One that cannot be understood is none: everything is compared once more then.
    """
    path = data_dir / CURSOR_FILE
    with explained("read how far publishing has come", path):
        content = path.read_bytes() if path.exists() else b""
    try:
        return msgspec.json.decode(content, type=Cursor)
    except msgspec.DecodeError:
        return None


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
    seconds: float = 60.0,
    is_stopped: Callable[[], bool] = lambda: False,
    *,
    again: bool = False,
) -> Published:
    """Copy what is not in the bucket yet, for so many seconds; later runs go on. Raises StoreError.

    The caller holds the lock of the data folder. Without news nothing is requested. ``again``:
    compare everything, and mend what is damaged there.
    """
    url = url.rstrip("/")
    cursor = read_cursor(data_dir)
    if cursor is None or cursor.url != url or again:
        cursor = Cursor(url)
    if not cursor.is_due(data_dir):
        return Published()
    before, last, cause = cursor.number, manifest.tail(data_dir), None
    try:
        there, until = objects.open(url, objects.PROMPT), time.monotonic() + seconds
        with open_reader(data_dir) as reader:
            using = (data_dir, reader, there, cursor)
            _Copying(*using, lambda: time.monotonic() < until and not is_stopped()).run()
    except ObjectsError as error:
        cause = str(error)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    cursor.cause, cursor.failing_since = cause, (cursor.failing_since or now) if cause else None
    cursor.save(data_dir)
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
            for batch in batches(
                [one for one in news if one.number > self.cursor.number], _AT_ONCE
            ):
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
            at_once(self._put_file, wanted)
            for entry in batch:
                self._put(number_name(entry.number), manifest.to_line(entry), entry)
        except _LostError:
            at_once(self._take_back, wanted)
            raise
        cursor = self.cursor
        cursor.number = batch[-1].number
        if any(entry.kind == "forgotten" for entry in batch):
            cursor.pending, cursor.pending_since = cursor.number, 0.0
        elif cursor.pending <= cursor.removed and any(entry.replaces for entry in batch):
            cursor.pending, cursor.pending_since = cursor.number, time.time()
        cursor.save(self.data_dir)

    def _put_file(self, entry: Entry) -> None:
        about = (entry.file, entry.sha256, "copy a published file")
        content = manifest.published(self.data_dir, *about)
        self._put(entry.file, content, entry)

    def _put(self, name: str, content: bytes, entry: Entry) -> None:
        if not self.there.put_if_absent(name, content):
            if self._read_number(entry) is None and name == entry.file:
                raise self._lost(entry)
            self.there.put(name, content)  # ours, and damaged there

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
            at_once(self._take_back, [one for one in news if self._number_there(one)])
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

    def _tables(self) -> dict[str, Path]:
        paths = sorted((self.data_dir / "parquet").glob("month=*.parquet"))
        return {f"parquet/{path.name}": path for path in paths}

    def _copy_tables(self) -> None:
        changed = changed_at(self.data_dir / PARQUET_CURSOR)
        months, tables = self.cursor.months, self._tables()
        for name, path in tables.items():
            with explained("read a table", path):
                state = (changed_at(path), path.stat().st_size)
                if months.get(name) != state and self.has_time():
                    self.there.put(name, path.read_bytes())
                    months[name] = state
        for name in months.keys() - tables.keys():
            self.there.delete(name)
            del months[name]
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
        for names in batches(gone, _AT_ONCE):
            if not self.has_time():
                return
            at_once(self.there.delete, names)
        cursor.removed = until
        if any(number > until for _, number, _ in files):
            cursor.pending, cursor.pending_since = cursor.number, time.time()

    def _sweep(self) -> None:
        """Remove files and tables that nothing here stands for: of a lost race, or lost cursor.

        A new one stays until the next time: another writer may be about to create its number.
        """
        known = self._tables().keys() | {entry.file for entry in self.reader.entries(0)}
        found = [*self.there.list("articles"), *self.there.list("parquet")]
        strange = [one for one in found if one.name not in known]
        old = [one.name for one in strange if one.changed_at < time.time() - GRACE.total_seconds()]
        at_once(self.there.delete, old)
        self.cursor.is_swept = len(old) == len(strange)


class _LostError(ObjectsError):
    """Somebody else was first."""


def number_name(number: int) -> str:
    """Return the name of the object that stands for a number of the manifest."""
    return f"manifest/{number:08}.json"
