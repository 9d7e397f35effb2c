"""Files that are whole or absent, and what a failing disk or database means for a person."""

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Final

from kompascrawler.store.model import StoreError

_WAY_OUT = ". What to do: "
_SPACE = "free some space; the next run completes what this one could not"
_RIGHTS = "let the crawler's user write there, or name another folder with {folder}"
_DISK = "check the disk and its cables, mounts and logs; then run again"
_DAMAGED = (
    "nothing was deleted. Put back a backup of this file; or run `kompascrawler verify --repair`,"
    " which keeps it aside and makes a new one of the published files"
)
_REPAIR = "`kompascrawler verify` lists all that is wrong, `kompascrawler verify --repair` mends it"
_BUSY = "another process has kept the database busy; end it, or run again when it has finished"
_OTHERWISE = "nothing was lost; run again, and report this message if it comes back"
_BY_ERRNO = {
    errno.ENOSPC: _SPACE,
    errno.EDQUOT: _SPACE,
    errno.EFBIG: "raise the limit on the size of files (ulimit -f); the next run completes",
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EROFS: _RIGHTS,
    errno.ENOTDIR: "a file stands where a folder is needed: move it, or name another with {folder}",
    errno.EEXIST: "published files never change: move this one out of the way, then run again",
    errno.EIO: _DISK,
}
_BY_SQLITE_CODE = {
    sqlite3.SQLITE_FULL: _SPACE,
    sqlite3.SQLITE_READONLY: _RIGHTS,
    sqlite3.SQLITE_CANTOPEN: _RIGHTS,
    sqlite3.SQLITE_PERM: _RIGHTS,
    sqlite3.SQLITE_IOERR: f"{_SPACE}, if the disk is full or a limit on the size of files"
    f" (ulimit -f) is reached; otherwise {_DISK}",
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}


@contextmanager
def explained(action: str, place: Path, folder: str = "-s DATA_DIR=…") -> Iterator[None]:
    """Turn an error of the disk or the database into a ``StoreError`` that a person can act on.

    ``action`` completes "cannot …"; ``place`` is named where the error names no file itself;
    ``folder`` is the option that names another one.
    """
    try:
        yield
    except sqlite3.Error as error:
        # The low byte is the kind, the rest its variants; errors of Python's own carry no code.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        way_out = _BY_SQLITE_CODE.get(code, _OTHERWISE)
        raise _told(action, place, error, way_out.format(folder=folder)) from error
    except OSError as error:
        place = Path(error.filename) if isinstance(error.filename, str) else place
        way_out = _BY_ERRNO.get(error.errno or 0, _OTHERWISE).format(folder=folder)
        raise _told(action, place, error.strerror or error, way_out) from error


@contextmanager
def reported(on_failure: Callable[[StoreError], None] | None) -> Iterator[None]:
    """Tell ``on_failure`` of a StoreError before it goes on its way."""
    try:
        yield
    except StoreError as error:
        if on_failure is not None:
            on_failure(error)
        raise


def parted(message: str) -> tuple[str, str | None]:
    """Return what a ``StoreError`` says is wrong, and its way out, if it says one.

    >>> parted("Cannot write (/data): no space. What to do: free some.")
    ('Cannot write (/data): no space', 'free some')
    >>> parted("the store is not open")
    ('the store is not open', None)
    """
    cause, _, way_out = message.partition(_WAY_OUT)
    return cause, way_out.removesuffix(".") or None


def in_need_of_repair(action: str, place: Path, cause: object) -> StoreError:
    """Return the error of files and a store that do not agree."""
    return _told(action, place, cause, _REPAIR)


def _told(action: str, place: Path, cause: object, way_out: str) -> StoreError:
    return StoreError(f"Cannot {action} ({place}): {cause}{_WAY_OUT}{way_out}.")


def make_folder(folder: Path) -> None:
    """Create a folder and what is missing above it, durably. Raises OSError."""
    missing = list(takewhile(lambda path: not path.exists(), [folder, *folder.parents]))
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        sync_folder(path.parent)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "this is a file, not a folder", str(folder))


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable. Raises OSError."""
    sync_file(folder, os.O_DIRECTORY)


def sync_file(path: Path, flags: int = 0) -> None:
    """Make what a file holds durable. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is never changed again; its folder is to be synced afterwards.

    Where the file is there with this content already (a repeat after a crash), nothing is left
    to do. Raises FileExistsError where it holds anything else, OSError where writing fails; both
    change nothing and leave no draft. Callers take turns: the look at the name and the renaming
    are two steps (a hard link would be one, but not every mounted disk has links).
    """
    if not path.exists():
        with drafted(path) as draft:
            draft.write_bytes(content)
    elif path.read_bytes() != content:
        raise FileExistsError(errno.EEXIST, "the file exists with another content", str(path))


def replace(path: Path, content: bytes) -> None:
    """Write a file durably, in place of an earlier one. Raises OSError and leaves no draft."""
    with drafted(path) as draft:
        draft.write_bytes(content)
    sync_folder(path.parent)


_DRAFT: Final = ".draft"


def remove_drafts(folder: Path) -> None:
    """Remove what processes that were killed have begun to write. Raises OSError.

    Callers hold the lock of the data folder: nobody else writes there.
    """
    for draft in folder.glob(f".*{_DRAFT}"):
        draft.unlink(missing_ok=True)


@contextmanager
def drafted(path: Path, of: str = "") -> Iterator[Path]:
    """Give the path of a draft; afterwards it stands, durably, in the place of the file.

    The folder is to be synced afterwards. Whatever is raised meanwhile leaves no draft. ``of``:
    what makes it another one, where several may write the same file.
    """
    # Hidden from readers of *.jsonl, and the same at every try: a draft that a crash left behind
    # is rewritten by the repeat.
    draft = path.with_name(f".{path.name}{of and '.'}{of}{_DRAFT}")
    try:
        yield draft
        sync_file(draft)
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
