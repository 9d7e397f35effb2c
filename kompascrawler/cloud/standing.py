"""How far the copying of a data folder to a bucket has come: ``DATA_DIR/publish.cursor.json``."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from kompascrawler.store import manifest
from kompascrawler.store.errors import explained
from kompascrawler.store.files import replace
from kompascrawler.store.outbox import GRACE

FILE_NAME: Final = "publish.cursor.json"
PARQUET_CURSOR: Final = "parquet.cursor.json"
"""Beside it, rewritten with the tables in ``parquet/``."""


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
        return has_news or bool(self.cause) or self.is_removal_due() or self.has_tables(data_dir)

    def is_removal_due(self) -> bool:
        """Tell whether objects are to be removed by now."""
        age = datetime.now(UTC).timestamp() - self.pending_since
        # A clock that was set back must not keep what was taken down.
        return self.pending > self.removed and not 0 <= age < GRACE.total_seconds()

    def has_tables(self, data_dir: Path) -> bool:
        """Tell whether ``parquet/`` has changed."""
        return changed_at(data_dir / PARQUET_CURSOR) not in (0, self.parquet)

    def note(self, data_dir: Path, cause: str | None) -> None:
        """Remember how the last try went. Raises StoreError."""
        if cause and not self.cause:
            self.failing_since = datetime.now(UTC).isoformat(timespec="seconds")
        self.cause, self.failing_since = cause, self.failing_since if cause else None
        self.save(data_dir)

    def save(self, data_dir: Path) -> None:
        """Keep the cursor, durably. Raises StoreError."""
        path = data_dir / FILE_NAME
        with explained("keep how far publishing has come", path):
            replace(path, msgspec.json.encode(self) + b"\n")


def changed_at(path: Path) -> int:
    """Return when a file was changed, nanoseconds since 1970; 0 for one that is not there."""
    return path.stat().st_mtime_ns if path.exists() else 0


def read(data_dir: Path) -> Cursor | None:
    """Return the cursor of a data folder, or None before the first try. Raises StoreError.

    One that cannot be understood is none: everything is compared once more then.
    """
    path = data_dir / FILE_NAME
    with explained("read how far publishing has come", path):
        content = path.read_bytes() if path.exists() else b""
    try:
        return msgspec.json.decode(content, type=Cursor)
    except msgspec.DecodeError:
        return None
