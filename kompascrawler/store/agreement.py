"""Whether the store, the manifest and the published files agree, before a run begins.

It costs the same however many files there are: the ends are compared, and the sizes of a sample
of files that moves on from run to run; the content, too, where a file was changed after it was
published. ``kompascrawler verify`` compares everything.
"""

import hashlib
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Final

from kompascrawler.store import manifest
from kompascrawler.store.database import FILE_NAME, Database
from kompascrawler.store.errors import explained, in_need_of_repair
from kompascrawler.store.model import StoreError

SAMPLE: Final = 64
"""Files whose sizes are compared by a run; each file by one run in (files / SAMPLE)."""
NEWEST: Final = 8
"""Files whose sizes are compared by every run."""
_WRITING: Final = 120
"""Seconds from the planning of a file until it is written, at most; later changes are edits."""
_MOST_READ: Final = 16_000_000
"""Bytes of changed files that a run reads: a folder that was restored is all new."""


def require_store(data_dir: Path) -> None:
    """Raise StoreError where files are published and the store is gone."""
    path = data_dir / FILE_NAME
    with explained("open the store", path):
        if not path.exists() and _has_published(data_dir):
            raise _disagreement(data_dir, "it is gone, and there are published files")


def compare(database: Database, data_dir: Path) -> None:
    """Raise StoreError where the ends, or files of the sample, are not as they were published."""
    with database.reading() as db:
        ((before,),) = db.execute("SELECT number FROM compared")
        after = _compare(db, data_dir, before)
    if after != before:
        with database.writing("compare the published files") as db:
            db.execute("UPDATE compared SET number = ?", (after,))


def _compare(db: sqlite3.Connection, data_dir: Path, after: int) -> int:
    """Compare the sample after a file; return the file that it ends with, 0 after the last."""
    _check_ends(db, data_dir)
    rows = db.execute(f"{_FILES} AND number > ? ORDER BY number LIMIT ?", (after, SAMPLE))
    sample = rows.fetchall()
    newest = db.execute(f"{_FILES} ORDER BY number DESC LIMIT ?", (NEWEST,)).fetchall()
    left = _MOST_READ
    for _, file, size, sha256, at in sample + newest:
        if _is_changed(data_dir / file, size, at) and size <= left:
            left -= size
            _check_content(data_dir / file, sha256)
    return sample[-1][0] if len(sample) == SAMPLE else 0


_FILES: Final = (
    "SELECT number, file, bytes, sha256, at FROM manifest"
    " WHERE sha256 IS NOT NULL AND replaced_by IS NULL AND lines > 0"
)


def _check_ends(db: sqlite3.Connection, data_dir: Path) -> None:
    ((last,),) = db.execute(
        "SELECT coalesce(max(number), 0) FROM manifest WHERE sha256 IS NOT NULL"
    )
    end = manifest.tail(data_dir)
    if end is None or end.number < last:
        # In this order: whoever begins to publish at this moment is known before his files are.
        # Files that are to be adopted are known.
        any_file = "SELECT 1 FROM manifest LIMIT 1"
        if last or (_has_published(data_dir) and not db.execute(any_file).fetchone()):
            there = f"ends with number {end.number}" if end else "is gone or empty"
            cause = f"{manifest.FILE_NAME} {there}, and the store has published number {last}"
            if not last:
                cause = f"it is empty, and there are published files, without {manifest.FILE_NAME}"
            raise _disagreement(data_dir, cause)
        return
    row = db.execute("SELECT file, sha256 FROM manifest WHERE number = ?", (end.number,)).fetchone()
    # What is settled and has no sum yet was entered by a run that was killed while it published.
    if row is None or row not in ((end.file, end.sha256), (end.file, None)):
        cause = f"{manifest.FILE_NAME} ends with number {end.number}, which the store does not know"
        raise _disagreement(data_dir, cause)


def _has_published(data_dir: Path) -> bool:
    return next(data_dir.glob("articles/*/[!.]*.jsonl"), None) is not None


def _is_changed(path: Path, size: int, at: str) -> bool:
    """Tell whether a file was changed since; raise StoreError where its size is another."""
    with explained("compare the published files", path):
        found = path.stat() if path.exists() else None
    if found is None:
        raise _unlike(path, "it is gone")
    if found.st_size != size:
        raise _unlike(path, f"it has {found.st_size} bytes, and {size} were published")
    return found.st_mtime > datetime.fromisoformat(at).timestamp() + _WRITING


def _check_content(path: Path, sha256: str) -> None:
    with explained("compare the published files", path):
        content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise _unlike(path, "its content is not what was published")


def _unlike(path: Path, cause: str) -> StoreError:
    return in_need_of_repair("rely on a published file", path, cause)


def _disagreement(data_dir: Path, cause: str) -> StoreError:
    return in_need_of_repair("rely on the store", data_dir / FILE_NAME, cause)
