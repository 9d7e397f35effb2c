"""Which articles are being read, in a file that outlives the process: a page may be its death."""

import json
import os
from pathlib import Path
from typing import Final

from kompascrawler.store.errors import explained
from kompascrawler.store.model import Link

FILE_NAME: Final = "under_way.jsonl"
"""Name of the file in the data folder; empty or absent while nothing is read."""


class UnderWay:
    """The articles that a run is reading. Nothing is synced: a dead process loses no write.

    The file stays open and is written over: opening it for every article would cost more.
    """

    def __init__(self, data_dir: Path, run_id: str) -> None:
        self._path = data_dir / FILE_NAME
        self._run_id = run_id
        self._lines: dict[str, bytes] = {}
        self._file: int | None = None

    def begin(self, link: Link) -> None:
        """Note that an article is being read. Raises StoreError."""
        said = {"id": link.id, "url": link.url, "run_id": self._run_id}
        self._lines[link.id] = f"{json.dumps(said)}\n".encode()
        self._write()

    def end(self, article_id: str) -> None:
        """Note that an article is not being read any more. Raises StoreError."""
        if self._lines.pop(article_id, None):
            self._write()

    def left(self) -> list[tuple[Link, str]]:
        """Return what runs were reading when they died, and which runs. Raises StoreError."""
        with explained("read what was under way", self._path):
            lines = self._path.read_bytes().splitlines() if self._path.exists() else ()
        found = []
        for line in lines:
            try:
                said = json.loads(line)
                found.append((Link(said["id"], said["url"]), str(said["run_id"])))
            except (ValueError, KeyError, TypeError):  # cut off by that death
                continue
        return found

    def clear(self) -> None:
        """Forget what was left. Raises StoreError."""
        with explained("forget what was under way", self._path):
            self._path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Close the file; what it says stays."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _write(self) -> None:
        with explained("note what is under way", self._path):
            if self._file is None:
                self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o666)
            said = b"".join(self._lines.values())
            os.truncate(self._file, os.pwrite(self._file, said, 0))
