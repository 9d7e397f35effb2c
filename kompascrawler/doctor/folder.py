"""Whether the data folder can be written as the store needs it, and how much room there is."""

import fcntl
import os
import pwd
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from kompascrawler.doctor.finding import Finding, Subject
from kompascrawler.outcome.terminal import size
from kompascrawler.store.database import FILE_NAME
from kompascrawler.store.errors import explained, parted
from kompascrawler.store.files import replace
from kompascrawler.store.model import StoreError

LEAST_FREE: Final = 200_000_000
"""Bytes below which the disk counts as full: a run keeps its log, drafts and backups there too."""
COMFORTABLE: Final = 1_000_000_000
"""Bytes from which on there is room for months: a day of the section takes less than 1 MB."""
FEWEST_NAMES: Final = 10_000
"""Files that a disk should still take: a run publishes a file a day of publication."""


def writing(subject: Subject) -> Iterator[Finding]:
    """Write, sync, rename, lock and open a database in the data folder, and take it all away."""
    folder = subject.data_dir
    if not folder.exists():
        yield _can_be_made(folder)
        return
    try:
        with (
            explained("write to the data folder", folder),
            tempfile.TemporaryDirectory(prefix=".doctor-", dir=folder) as scratch,
        ):
            _use(Path(scratch))
    except StoreError as error:
        cause, advice = parted(str(error))
        yield Finding.fail("data folder", cause, advice or "see what it says")
    else:
        yield Finding.ok(
            "data folder", f"{folder.absolute()}: files are written, synced, renamed and locked"
        )


def _use(folder: Path) -> None:
    """Do what the store does to files. Raises OSError and sqlite3.Error."""
    replace(folder / "file", b"as the store writes: draft, sync, rename, sync of the folder")
    with (folder / "lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    # Network file systems lack the shared memory of a write-ahead log.
    with closing(sqlite3.connect(folder / "database")) as database:
        ((mode,),) = database.execute("PRAGMA journal_mode = WAL")
        if mode != "wal":
            raise sqlite3.OperationalError("the file system cannot hold a write-ahead log")
        database.execute("CREATE TABLE test (number)")


def _can_be_made(folder: Path) -> Finding:
    above = next(path for path in folder.absolute().parents if path.exists())
    if above.is_dir() and os.access(above, os.W_OK | os.X_OK):
        return Finding.ok("data folder", f"{folder} is not there yet; the first crawl makes it")
    return Finding.fail(
        "data folder",
        f"{folder} is not there and cannot be made in {above}",
        "let the crawler's user write there, or name another folder with -s DATA_DIR=…",
    )


def owner(subject: Subject) -> Iterator[Finding]:
    """Tell whether the one who asks is the one who crawls."""
    path = subject.data_dir / FILE_NAME
    if not path.exists() or path.stat().st_uid == os.geteuid():
        return
    names = [_name(user) for user in (path.stat().st_uid, os.geteuid())]
    yield Finding.warn(
        "user",
        f"the store belongs to {names[0]}, and you are {names[1]}",
        f"run crawl and doctor as {names[0]}: files of another user end a run with status 3",
    )


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"


def disk(subject: Subject) -> Iterator[Finding]:
    """Tell how much room the disk of the data folder has."""
    place = subject.data_dir.absolute()
    existing = next(path for path in (place, *place.parents) if path.exists())
    free, names = shutil.disk_usage(existing).free, os.statvfs(existing)
    room = f"{size(free)} free (wanted are {size(COMFORTABLE)}, needed {size(LEAST_FREE)})"
    if free < LEAST_FREE:
        yield Finding.fail("disk", room, "free some space")
    elif free < COMFORTABLE:
        yield Finding.warn("disk", room, "free some space soon")
    elif names.f_files and names.f_favail < FEWEST_NAMES:
        found = f"{names.f_favail} more files can be made (wanted are {FEWEST_NAMES})"
        yield Finding.warn("disk", found, "remove files that nobody needs (df -i shows where)")
    else:
        yield Finding.ok("disk", room)
