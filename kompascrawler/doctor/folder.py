"""Checks of the data folder, its disk, the store and the published files."""

import fcntl
import os
import pwd
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from kompascrawler.dataset.verify import verify
from kompascrawler.doctor.result import Result, Subject, checked, shortened
from kompascrawler.outcome.terminal import moment, size
from kompascrawler.store.database import FILE_NAME, VERSION
from kompascrawler.store.errors import explained, parted
from kompascrawler.store.files import replace
from kompascrawler.store.model import NoStore, OlderStore, StoreError
from kompascrawler.store.store import open_reader

_LEAST_FREE: Final = 200_000_000
"""Bytes below which the disk counts as full: logs, drafts and backups need room, too."""
_COMFORTABLE: Final = 1_000_000_000
"""Bytes that last for months: a day of the section takes less than 1 MB."""
_FEWEST_NAMES: Final = 10_000
"""Files that the disk should still take: a run publishes one per day of publication."""


def writing(subject: Subject) -> Iterator[Result]:
    """Write, sync, rename, lock and use a database in the data folder, then remove it all."""
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
        yield _failed("data folder", error)
    else:
        found = f"{folder.absolute()}: files are written, synced, renamed and locked"
        yield Result("data folder", "ok", found)


def _failed(name: str, error: StoreError) -> Result:
    cause, advice = parted(str(error))
    return Result(name, "fail", cause, advice or "see the message")


def _use(folder: Path) -> None:
    replace(folder / "file", b"as the store writes: draft, sync, rename, sync of the folder")
    with (folder / "lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    # Network file systems lack the shared memory of a write-ahead log.
    with closing(sqlite3.connect(folder / "database")) as database:
        ((mode,),) = database.execute("PRAGMA journal_mode = WAL")
        if mode != "wal":
            raise sqlite3.OperationalError("the file system cannot hold a write-ahead log")
        database.execute("CREATE TABLE test (number)")


def _can_be_made(folder: Path) -> Result:
    above = next(path for path in folder.absolute().parents if path.exists())
    found = f"{folder} does not exist"
    can_be_made = above.is_dir() and os.access(above, os.W_OK | os.X_OK)
    problem = not can_be_made and f"{found} and cannot be created in {above}"
    advice = "let the crawler's user write there, or choose another folder with -s DATA_DIR=…"
    return checked("data folder", f"{found} yet; the first crawl creates it", problem, advice)


def owner(subject: Subject) -> Iterator[Result]:
    """Tell whether the store belongs to this user."""
    path = subject.data_dir / FILE_NAME
    if not path.exists() or path.stat().st_uid == os.geteuid():
        return
    theirs, ours = map(_name, (path.stat().st_uid, os.geteuid()))
    advice = f"run crawl and doctor as {theirs}: other users' files end a run with status 3"
    yield Result("user", "warn", f"the store belongs to {theirs}, and you are {ours}", advice)


def _name(user: int) -> str:
    with suppress(KeyError):
        return pwd.getpwuid(user).pw_name
    return f"user {user}"


def disk(subject: Subject) -> Iterator[Result]:
    """Show how much room the disk of the data folder has."""
    place = subject.data_dir.absolute()
    existing = next(path for path in (place, *place.parents) if path.exists())
    free, names = shutil.disk_usage(existing).free, os.statvfs(existing)
    room = f"{size(free)} free ({size(_COMFORTABLE)} recommended, {size(_LEAST_FREE)} required)"
    if free < _LEAST_FREE:
        yield Result("disk", "fail", room, "free some space")
    elif free < _COMFORTABLE:
        yield Result("disk", "warn", room, "free some space soon")
    elif names.f_files and names.f_favail < _FEWEST_NAMES:
        found = f"{names.f_favail} more files can be created ({_FEWEST_NAMES} recommended)"
        yield Result("disk", "warn", found, "remove files that are not needed (df -i shows where)")
    else:
        yield Result("disk", "ok", room)


_MEND: Final = "`kompascrawler verify` lists all, `kompascrawler verify --repair` mends it"


def store(subject: Subject) -> Iterator[Result]:
    """Let SQLite check the whole database, and compare it with the published files."""
    folder = subject.data_dir
    try:
        found = verify(folder)
        damage = [finding.cause for finding in found.findings if finding.place == FILE_NAME]
        if damage:
            yield Result("store", "fail", shortened(damage), _MEND)
            return
        with open_reader(folder) as reader:
            articles = reader.counts().articles
        yield Result("store", "ok", f"undamaged, version {VERSION}, {articles} articles")
        wrong = [f"{one.place}: {one.cause}" for one in found.findings]
        problem = wrong and f"{len(wrong)} findings: {shortened(wrong)}"
        published = f"{found.files} files, {found.records} records, as they were published"
        yield checked("published files", published, problem, _MEND)
    except NoStore:
        yield Result("store", "ok", "none yet; the first crawl creates it")
    except OlderStore as error:
        yield Result("store", "warn", str(error), "nothing; check again after the next crawl")
    except StoreError as error:
        yield _failed("store", error)


def breakers(subject: Subject) -> Iterator[Result]:
    """List the hosts that get no requests, because they refused us."""
    with suppress(StoreError), open_reader(subject.data_dir) as reader:  # `store` reports it
        for breaker in reader.breakers():
            found = f"{breaker.host} gets no requests since {moment(breaker.opened_at)} UTC"
            advice = "open one of its pages in a browser; --live requests some anyway"
            yield Result("breaker", "warn", f"{found}: {breaker.cause}", advice)
