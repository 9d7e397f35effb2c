"""The part of a store that writes files: publishes, makes one of several, takes articles down."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from kompascrawler.store import links, outbox, publishing, replacing, takedown
from kompascrawler.store.database import Database
from kompascrawler.store.reader import Reader


class Publisher(Reader):
    """A store whose records go out to files."""

    def __init__(
        self, database: Database, data_dir: Path, run_id: str, clock: Callable[[], datetime]
    ) -> None:
        super().__init__(database)
        self.data_dir = data_dir
        self.run_id = run_id
        self._now = clock

    def publish(self) -> int:
        """Write the outbox to the published files; return the number of records written."""
        if self._rows("SELECT 1 FROM outbox WHERE file IS NULL LIMIT 1"):
            with self._database.writing("plan a batch") as db:
                outbox.plan_batch(db, self.run_id, links.rfc3339(self._now()))
        return self._publish_settled()

    def _publish_settled(self) -> int:
        """Write the files that are settled and not yet marked as published; return the records."""
        if not self._rows("SELECT 1 FROM manifest WHERE sha256 IS NULL LIMIT 1"):
            return 0
        # The transaction keeps other processes from writing the same files at the same time.
        with self._database.writing("publish articles") as db:
            return publishing.publish_settled(db, self.data_dir)

    def compact(self, before: date) -> int:
        """Make one file of those of each day before a day; return how many are replaced.

        Of the oldest days: 0 says that all is done. ``remove_replaced`` removes them later.
        """
        with self._database.writing("plan a compaction") as db:
            replaced = replacing.plan(db, self.data_dir, before, self.run_id, self._now())
        self._publish_settled()
        return replaced

    def remove_replaced(self, grace: timedelta) -> int:
        """Remove the files that others replaced before a time of grace; return how many."""
        with self._database.writing("remove replaced files") as db:
            return replacing.remove(db, self.data_dir, self._now() - grace)

    def forget(self, article_id: str, why: str) -> bool:
        """Take an article down: write its files anew, without it, and never ask for it again.

        What is left is a revision that says so. Can be repeated, and is to be after a crash.
        Return False for an article that no run has found.
        """
        with self._database.writing("take an article down") as db:
            if not takedown.note(db, article_id, links.rfc3339(self._now()), why):
                return False
            takedown.end_record(db, self.data_dir, article_id, self.run_id)
            names = (article_id, self.run_id, self._now())
            replacing.plan_takedown(db, self.data_dir, *names)
        self.publish()
        self.remove_replaced(timedelta())
        self._database.shrink()
        return True
