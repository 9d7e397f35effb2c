"""``manifest.jsonl``: every published file, in the order of publication, with a running number.

A line an object; lines are only ever appended. Whoever has read the files up to a number goes on
with those after it: the number is a consumer's cursor. A file is never changed: one that takes
the place of others (compacted, without an article that was taken down, set aside because it was
damaged) is a new line, which names them in ``replaces``.

Before a run begins, manifest, store and files are compared, at a cost that does not grow: the ends,
the sizes of a sample of files that moves on from run to run, and the content of those of them that
were changed later. (``verify`` compares everything.) What looks at files raises StoreError.
"""

import json
import os
import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

from kompascrawler.store.database import FILE_NAME as STORE
from kompascrawler.store.disk import explained, in_need_of_repair, sync_folder
from kompascrawler.store.model import StoreError

FILE_NAME: Final = "manifest.jsonl"
Kind = Literal["published", "adopted", "compacted", "set_aside", "forgotten"]
"""How a file came about: by a run, by a version that had no manifest yet, out of several files,
moved away because it was damaged or edited, rewritten without an article."""
Replaced = tuple[int, int]
"""Number of a file that another one replaces, and how many lines of it that one holds."""
_NUMBER: Final = re.compile(rb'\{"number": (\d+),')
_MONTH: Final = re.compile(rb"/published_date=(\d{4}-\d\d)-")
_AT_ONCE: Final = 1 << 16
"""Bytes of the end that are read to find the last line; more, where it is longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the manifest: a file."""

    number: int
    """From 1, in the order of publication; with zeros in front it begins the file's name."""
    file: str
    """Path below the data folder."""
    kind: Kind
    sha256: str
    """Of the file's bytes, hex; empty where the file is gone."""
    bytes: int
    lines: int
    """Records in it; 0 for a file that was set aside."""
    first_id: str
    """Identity of the article in the first line; empty without lines."""
    last_id: str
    run_id: str
    """The run that wrote the file."""
    at: str
    """When it was settled that the file is written, RFC 3339, UTC."""
    replaces: tuple[Replaced, ...] = ()
    """Number and lines of each file that this one replaces, in the order of its own lines."""


_TYPES: Final[dict[str, type]] = {
    field.name: {"number": int, "bytes": int, "lines": int, "replaces": tuple}.get(field.name, str)
    for field in fields(Entry)
}


def entry_of(content: bytes, **known: Any) -> Entry:
    """Return the entry of a file's content; ``known`` is what the content does not say."""
    lines = content.split(b"\n")[:-1]
    return Entry(
        sha256=sha256(content).hexdigest(),
        bytes=len(content),
        lines=len(lines),
        first_id=_id(lines[0]) if lines else "",
        last_id=_id(lines[-1]) if lines else "",
        **known,
    )


def _id(line: bytes) -> str:
    """Return the identity of a record, or nothing where the line is none."""
    with suppress(ValueError, TypeError, KeyError):
        return str(json.loads(line)["id"])
    return ""


def parse(line: bytes) -> Entry:
    """Return the entry of a line; fields of later versions are left out. Raises ValueError."""
    values = json.loads(line)
    try:
        values["replaces"] = tuple((number, lines) for number, lines in values["replaces"])
        known = {name: values[name] for name in _TYPES}
    except (KeyError, TypeError) as error:
        raise ValueError(f"no entry: {error!r}") from error
    wrong = [name for name, kind in _TYPES.items() if type(known[name]) is not kind]
    if wrong:
        raise ValueError(f"no entry: {wrong[0]} is {known[wrong[0]]!r}")
    return Entry(**known)


def to_line(entry: Entry) -> bytes:
    """Return the line of an entry, with its line feed."""
    values = {name: getattr(entry, name) for name in _TYPES}
    return json.dumps(values, ensure_ascii=False).encode() + b"\n"


def read(data_dir: Path, after: int = 0, months: Collection[str] = ()) -> Iterator[Entry]:
    """Yield the entries with a number above ``after``; a line that is being written is left out.

    ``months`` (``YYYY-MM``): only entries of days in them. What is left out is hardly looked at,
    so that ten years cost little. No manifest has no entries; a line that is no entry is an error.
    """
    for place, line in enumerate(lines_of(data_dir), start=1):
        number, month = _NUMBER.match(line), _MONTH.search(line)
        is_later = not number or int(number[1]) > after
        if is_later and (not months or not month or month[1].decode() in months):
            entry = _parsed(data_dir / FILE_NAME, line, f"line {place}")
            if entry.number > after:
                yield entry


def lines_of(data_dir: Path) -> Iterator[bytes]:
    """Yield the whole lines of the manifest, whatever they hold."""
    path = data_dir / FILE_NAME
    with explained("read the manifest", path), suppress(FileNotFoundError), path.open("rb") as file:
        yield from (line for line in file if line.endswith(b"\n"))


def tail(data_dir: Path) -> Entry | None:
    """Return the last entry, or None without any; costs the same however many there are."""
    path = data_dir / FILE_NAME
    with explained("read the manifest", path):
        if not path.exists():
            return None
        with path.open("rb") as file:
            _, line = _last_line(file)
    return _parsed(path, line, "the last line") if line else None


def current(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries of the files that together hold every record: none is replaced."""
    kept = list(entries)
    replaced = {number for entry in kept for number, _ in entry.replaces}
    return [entry for entry in kept if entry.number not in replaced and entry.lines]


def files_kept(entries: Iterable[Entry]) -> set[str]:
    """Return the files that may stand in the folder: all but those that were set aside."""
    known = list(entries)
    aside = {number for one in known if one.kind == "set_aside" for number, _ in one.replaces}
    return {one.file for one in known if one.number not in aside and one.kind != "set_aside"}


def published(data_dir: Path, file: str, stated: str, action: str) -> bytes:
    """Return a published file, whose SHA-256 is as stated; ``action`` completes "cannot …"."""
    path = data_dir / file
    with explained("read a published file", path):
        content = path.read_bytes() if path.exists() else b""
    if sha256(content).hexdigest() != stated:
        cause = "its content is not what was published" if content else "it is gone"
        raise in_need_of_repair(action, path, cause)
    return content


def append(data_dir: Path, entries: Sequence[Entry]) -> None:
    """Append entries, durably; those that are there already (after a crash) are left out.

    A torn last line is cut first. Callers take turns. It is an error where the manifest says
    something else of a number.
    """
    path = data_dir / FILE_NAME
    with explained("append to the manifest", path), path.open("a+b") as file:
        end, line = _last_line(file)
        last = _parsed(path, line, "the last line").number if line else 0
        if repeated := [entry for entry in entries if entry.number <= last]:
            present = {one.number: one for one in read(data_dir, repeated[0].number - 1)}
            if other := next((one for one in repeated if present.get(one.number) != one), None):
                raise _damaged(path, f"number {other.number} is another file")
        file.truncate(end)
        if end == 0:
            sync_folder(data_dir)
        file.write(b"".join(to_line(entry) for entry in entries if entry.number > last))
        file.flush()
        os.fsync(file.fileno())


def _last_line(file: BinaryIO) -> tuple[int, bytes]:
    """Return where the last whole line ends, and the line; 0 and nothing without one."""
    size, length = file.seek(0, os.SEEK_END), _AT_ONCE
    while True:
        start = max(0, size - length)
        file.seek(start)
        chunk = file.read(size - start)
        end = chunk.rfind(b"\n") + 1
        begin = chunk.rfind(b"\n", 0, max(end - 1, 0)) + 1
        if begin or start == 0:
            return (start + end if end else 0), chunk[begin:end]
        length *= 2


def _parsed(path: Path, line: bytes, place: str) -> Entry:
    try:
        return parse(line)
    except ValueError as error:
        raise _damaged(path, f"{place} is damaged ({error})") from error


def _damaged(path: Path, cause: str) -> StoreError:
    return in_need_of_repair("use the manifest", path, cause)


# whether manifest, store and files agree ---------------------------------------------------------
SAMPLE: Final = 64
"""Files whose sizes are compared by a run; each file by one run in (files / SAMPLE)."""
NEWEST: Final = 8
"""Files whose sizes are compared by every run."""
_WRITING: Final = 120
"""Seconds from the planning of a file until it is written, at most; later changes are edits."""
_MOST_READ: Final = 16_000_000
"""Bytes of changed files that a run reads: a folder that was restored is all new."""
_RELY: Final = "rely on a published file"
_FILES: Final = (
    "SELECT number, file, bytes, sha256, at FROM manifest"
    " WHERE sha256 IS NOT NULL AND replaced_by IS NULL AND lines > 0"
)


def require_store(data_dir: Path) -> None:
    """Raise StoreError where files are published and the store is gone."""
    path = data_dir / STORE
    with explained("open the store", path):
        if not path.exists() and _has_published(data_dir):
            raise _disagreement(data_dir, "it is gone, and there are published files")


def compare(db: sqlite3.Connection, data_dir: Path, after: int) -> int:
    """Compare the ends, and the sample after a file; return the file that it ends with, or 0."""
    _check_ends(db, data_dir)
    rows = db.execute(f"{_FILES} AND number > ? ORDER BY number LIMIT ?", (after, SAMPLE))
    sample = rows.fetchall()
    newest = db.execute(f"{_FILES} ORDER BY number DESC LIMIT ?", (NEWEST,)).fetchall()
    left = _MOST_READ
    for _, file, size, stated, at in sample + newest:
        if _is_changed(data_dir / file, size, at) and size <= left:
            left -= size
            published(data_dir, file, stated, _RELY)
    return sample[-1][0] if len(sample) == SAMPLE else 0


def _check_ends(db: sqlite3.Connection, data_dir: Path) -> None:
    ((last,),) = db.execute(
        "SELECT coalesce(max(number), 0) FROM manifest WHERE sha256 IS NOT NULL"
    )
    end = tail(data_dir)
    if end is None or end.number < last:
        # In this order: whoever begins to publish at this moment is known before his files are.
        # Files that are to be adopted are known.
        any_file = "SELECT 1 FROM manifest LIMIT 1"
        if last or (_has_published(data_dir) and not db.execute(any_file).fetchone()):
            there = f"ends with number {end.number}" if end else "is gone or empty"
            cause = f"{FILE_NAME} {there}, and the store has published number {last}"
            if not last:
                cause = f"it is empty, and there are published files, without {FILE_NAME}"
            raise _disagreement(data_dir, cause)
        return
    row = db.execute("SELECT file, sha256 FROM manifest WHERE number = ?", (end.number,)).fetchone()
    # What is settled and has no sum yet was entered by a run that was killed while it published.
    if row not in ((end.file, end.sha256), (end.file, None)):
        cause = f"{FILE_NAME} ends with number {end.number}, which the store does not know"
        raise _disagreement(data_dir, cause)


def _has_published(data_dir: Path) -> bool:
    return next(data_dir.glob("articles/*/[!.]*.jsonl"), None) is not None


def _is_changed(path: Path, size: int, at: str) -> bool:
    """Tell whether a file was changed since; raise StoreError where its size is another."""
    with explained("compare the published files", path):
        found = path.stat() if path.exists() else None
    if found is None:
        raise in_need_of_repair(_RELY, path, "it is gone")
    if found.st_size != size:
        cause = f"it has {found.st_size} bytes, and {size} were published"
        raise in_need_of_repair(_RELY, path, cause)
    return found.st_mtime > datetime.fromisoformat(at).timestamp() + _WRITING


def _disagreement(data_dir: Path, cause: str) -> StoreError:
    return in_need_of_repair("rely on the store", data_dir / STORE, cause)
