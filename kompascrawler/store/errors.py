"""What a failing disk or database means for a person: one message, one way out."""

import errno
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kompascrawler.store.model import StoreError

_WAY_OUT = ". What to do: "
_SPACE = "free some space; the next run completes what this one could not"
_DATA_DIR = "-s DATA_DIR=…"
_RIGHTS = "let the crawler's user write there, or name another folder with {folder}"
_DISK = "check the disk and its cables, mounts and logs; then run again"
_DAMAGED = (
    "nothing was deleted. Put back a backup of this file; or run `kompascrawler verify --repair`,"
    " which keeps it aside and makes a new one of the published files"
)
_REPAIR = "`kompascrawler verify` lists all that is wrong, `kompascrawler verify --repair` mends it"
_BUSY = "another process has kept the database busy; end it, or run again when it has finished"

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
_OTHERWISE = "nothing was lost; run again, and report this message if it comes back"


@contextmanager
def explained(action: str, place: Path, folder: str = _DATA_DIR) -> Iterator[None]:
    """Turn an error of the disk or the database into a ``StoreError`` that a person can act on.

    ``action`` completes "cannot …"; ``place`` is named where the error names no file itself;
    ``folder`` is the option that names another one.
    """
    try:
        yield
    except sqlite3.Error as error:
        # The low byte is the kind, the rest its variants; errors of Python's own carry no code.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        raise _told(action, place, error, _BY_SQLITE_CODE.get(code), folder) from error
    except OSError as error:
        place = Path(error.filename) if isinstance(error.filename, str) else place
        way_out = _BY_ERRNO.get(error.errno or 0)
        raise _told(action, place, error.strerror or error, way_out, folder) from error


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
    """Return the error of files and a store that do not agree: a person is to mend them."""
    return _told(action, place, cause, _REPAIR)


def _told(
    action: str, place: Path, cause: object, way_out: str | None, folder: str = _DATA_DIR
) -> StoreError:
    advice = (way_out or _OTHERWISE).format(folder=folder)
    return StoreError(f"Cannot {action} ({place}): {cause}{_WAY_OUT}{advice}.")
