"""Publishing: settled files are written, entered in the manifest and marked, in this order.

After a crash each step is repeated: a file that is there with its content is left as it is, and
so is a line of the manifest. Files of a version that had no manifest are entered likewise.
"""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from kompascrawler.store import links, manifest, outbox, takedown
from kompascrawler.store.database import Database
from kompascrawler.store.errors import explained, in_need_of_repair
from kompascrawler.store.files import make_folder, sync_folder, write_new
from kompascrawler.store.manifest import Entry
from kompascrawler.store.model import Discovery, Link
from kompascrawler.store.reader import Reader

_ENTER: Final = "enter the published files in the manifest"


class Publisher(Reader):
    """A store whose records go out to files: new ones, one of several, those without a text."""

    def __init__(self, database: Database, run_id: str, clock: Callable[[], datetime]) -> None:
        super().__init__(database)
        self.run_id = run_id
        self._now = clock

    def publish(self) -> int:
        """Write the outbox to the published files; return the number of records written."""
        if self._rows("SELECT 1 FROM outbox WHERE file IS NULL LIMIT 1"):
            said = (self.run_id, links.rfc3339(self._now()))
            self._database.change("plan a batch", outbox.plan_batch, *said)
        elif self._database.has_deferred:
            self._database.change("write to the store", lambda _: None)
        return self._publish_settled()

    def _publish_settled(self) -> int:
        """Write the files that are settled and not yet marked as published; return the records."""
        if not self._rows("SELECT 1 FROM manifest WHERE sha256 IS NULL LIMIT 1"):
            return 0
        # The transaction keeps other processes from writing the same files at the same time.
        return self._database.change("publish articles", publish_settled, self.data_dir)

    def compact(self, before: date) -> int:
        """Make one file of those of each day before a day; return how many are replaced.

        Of the oldest days: 0 says that all is done. ``remove_replaced`` removes them later.
        """
        said = (self.data_dir, before, self.run_id, self._now())
        replaced = self._database.change("plan a compaction", outbox.plan, *said)
        self._publish_settled()
        return replaced

    def remove_replaced(self, grace: timedelta) -> int:
        """Remove the files that others replaced before a time of grace; return how many."""
        said = (self.data_dir, self._now() - grace)
        return self._database.change("remove replaced files", outbox.remove, *said)

    def forget(self, article_id: str, why: str, url: str | None = None) -> bool:
        """Take an article down: write its files anew, without it, and never ask for it again.

        What is left is a revision that says so. Can be repeated, and is to be after a crash.
        Return False for an article that no run has found; its address makes it a found one.
        """
        with self._database.writing("take an article down") as db:
            if url:
                links.learn(db, Discovery(links=[Link(article_id, url)]), self._now())
            if not takedown.note(db, article_id, links.rfc3339(self._now()), why):
                return False
            takedown.end_record(db, self.data_dir, article_id, self.run_id)
            outbox.plan_takedown(db, self.data_dir, article_id, self.run_id, self._now())
        self.publish()
        self.remove_replaced(timedelta())
        self._database.shrink()
        return True


def publish_settled(db: sqlite3.Connection, data_dir: Path) -> int:
    """Publish all settled files, in a transaction of the caller; return how many records."""
    stated = outbox.records_to_adopt(db)
    entries = []
    for known in outbox.settled(db):
        if known["kind"] == "adopted":
            entries.append(adopted(data_dir, known, stated.get(known["number"], 0)))
        else:
            entries.append(written(data_dir, known, outbox.content(db, data_dir, known)))
    _sync(data_dir, entries)
    manifest.append(data_dir, entries)
    for entry in entries:
        outbox.enter(db, entry)
        outbox.move_records(db, entry)
    return outbox.set_published(db)


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
    """Make the names of files and folders durable."""
    folders = {folder for entry in entries for folder in (data_dir / entry.file).parents}
    for folder in sorted(folders):
        if folder.is_relative_to(data_dir):
            with explained("publish articles", folder):
                sync_folder(folder)
