"""Files that are whole or absent, whatever stops the process. Knows nothing of records."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Final

_DRAFT: Final = ".draft"


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
        _write_and_rename(path, content)
    elif path.read_bytes() != content:
        raise FileExistsError(errno.EEXIST, "the file exists with another content", str(path))


def replace(path: Path, content: bytes) -> None:
    """Write a file durably, in place of an earlier one. Raises OSError and leaves no draft."""
    _write_and_rename(path, content)
    sync_folder(path.parent)


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


def _write_and_rename(path: Path, content: bytes) -> None:
    with drafted(path) as draft:
        draft.write_bytes(content)
