"""Publishing: settled files are written, entered in the manifest and marked, in this order.

After a crash each step is repeated: a file that is there with its content is left as it is, and
so is a line of the manifest. Files of a version that had no manifest are entered likewise.
"""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from kompascrawler.store import manifest, outbox, replacing
from kompascrawler.store.errors import explained, in_need_of_repair
from kompascrawler.store.files import make_folder, sync_folder, write_new
from kompascrawler.store.manifest import Entry

_ENTER: Final = "enter the published files in the manifest"


def publish_settled(db: sqlite3.Connection, data_dir: Path) -> int:
    """Publish all settled files, in a transaction of the caller; return how many records."""
    stated = outbox.records_to_adopt(db)
    entries = []
    for known in outbox.settled(db):
        if known["kind"] == "adopted":
            entries.append(adopted(data_dir, known, stated.get(known["number"], 0)))
        else:
            entries.append(written(data_dir, known, _content(db, data_dir, known)))
    _sync(data_dir, entries)
    manifest.append(data_dir, entries)
    for entry in entries:
        outbox.enter(db, entry)
        replacing.move_records(db, entry)
    return outbox.set_published(db)


def _content(db: sqlite3.Connection, data_dir: Path, known: dict[str, Any]) -> bytes:
    if known["kind"] == "published":
        return outbox.content(db, known["number"])
    return replacing.content(db, data_dir, known["replaces"])


def written(data_dir: Path, known: dict[str, Any], content: bytes) -> Entry:
    """Write a file and return its entry."""
    path = data_dir / known["file"]
    with explained("publish articles", path):
        make_folder(path.parent)
        write_new(path, content)
    return manifest.entry_of(content, **known)


def adopted(data_dir: Path, known: dict[str, Any], records: int) -> Entry:
    """Return the entry of a file of an earlier version, which stays as it is."""
    path = data_dir / known["file"]
    if not path.exists():
        raise in_need_of_repair(_ENTER, path, "the file is gone")
    with explained(_ENTER, path):
        content, written = path.read_bytes(), path.stat().st_mtime
    at = datetime.fromtimestamp(written, UTC).isoformat(timespec="seconds")
    entry = manifest.entry_of(content, **known | {"at": at})
    if entry.lines != records:
        raise in_need_of_repair(_ENTER, path, f"{entry.lines} lines, and {records} were published")
    return entry


def _sync(data_dir: Path, entries: Sequence[Entry]) -> None:
    """Make the names of the files durable, and those of the folders above them."""
    folders = {folder for entry in entries for folder in (data_dir / entry.file).parents}
    for folder in sorted(folders):
        if folder.is_relative_to(data_dir):
            with explained("publish articles", folder):
                sync_folder(folder)
