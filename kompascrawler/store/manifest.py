"""``manifest.jsonl``: every published file, in the order of publication, with a running number.

A line an object; lines are only ever appended. Whoever has read the files up to a number goes on
with those after it: the number is a consumer's cursor. A file is never changed: one that takes
the place of others (compacted, without an article that was taken down, set aside because it was
damaged) is a new line, which names them in ``replaces``.
"""

import json
import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

from kompascrawler.store.errors import explained, in_need_of_repair
from kompascrawler.store.files import sync_folder
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


def _id(line: bytes) -> str:
    """Return the identity of a record, or nothing where the line is none."""
    try:
        return str(json.loads(line)["id"])
    except (ValueError, TypeError, KeyError):
        return ""


def read(data_dir: Path, after: int = 0, months: Collection[str] = ()) -> Iterator[Entry]:
    """Yield the entries with a number above ``after``; a line that is being written is left out.

    ``months`` (``YYYY-MM``): only entries of days in them. What is left out is hardly looked at,
    so that ten years cost little. No manifest has no entries. Raises StoreError, also for a line
    that is no entry.
    """
    for place, line in enumerate(lines_of(data_dir), start=1):
        number, month = _NUMBER.match(line), _MONTH.search(line)
        is_later = not number or int(number[1]) > after
        if is_later and (not months or not month or month[1].decode() in months):
            entry = _parsed(data_dir / FILE_NAME, line, f"line {place}")
            if entry.number > after:
                yield entry


def lines_of(data_dir: Path) -> Iterator[bytes]:
    """Yield the whole lines of the manifest, whatever they hold. Raises StoreError."""
    path = data_dir / FILE_NAME
    with explained("read the manifest", path), suppress(FileNotFoundError), path.open("rb") as file:
        yield from (line for line in file if line.endswith(b"\n"))


def tail(data_dir: Path) -> Entry | None:
    """Return the last entry, or None without any; costs the same however many there are.

    Raises StoreError.
    """
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
    return {
        entry.file for entry in known if entry.number not in aside and entry.kind != "set_aside"
    }


def published(data_dir: Path, file: str, stated: str, action: str) -> bytes:
    """Return what a published file holds, whose SHA-256 is as stated. Raises StoreError.

    ``action`` completes "cannot …", where the file is gone or changed.
    """
    path = data_dir / file
    with explained("read a published file", path):
        content = path.read_bytes() if path.exists() else b""
    if sha256(content).hexdigest() != stated:
        cause = "its content is not what was published" if content else "it is gone"
        raise in_need_of_repair(action, path, cause)
    return content


def append(data_dir: Path, entries: Sequence[Entry]) -> None:
    """Append entries, durably; those that are there already (after a crash) are left out.

    A torn last line is cut first. Callers take turns. Raises StoreError, also where the
    manifest says something else of a number.
    """
    path = data_dir / FILE_NAME
    with explained("append to the manifest", path), path.open("a+b") as file:
        end, line = _last_line(file)
        last = _parsed(path, line, "the last line").number if line else 0
        _refuse_others(data_dir, [entry for entry in entries if entry.number <= last])
        file.truncate(end)
        if end == 0:
            sync_folder(data_dir)
        file.write(b"".join(to_line(entry) for entry in entries if entry.number > last))
        file.flush()
        os.fsync(file.fileno())


def _refuse_others(data_dir: Path, repeated: Sequence[Entry]) -> None:
    """Raise StoreError where the manifest has other entries under these numbers."""
    if repeated:
        present = {entry.number: entry for entry in read(data_dir, repeated[0].number - 1)}
        for entry in repeated:
            if present.get(entry.number) != entry:
                raise _damaged(data_dir / FILE_NAME, f"number {entry.number} is another file")


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
