"""The records of a data folder that is being repaired: in which file each stands, what is lost."""

import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from kompascrawler.halaman.completeness import shortfall
from kompascrawler.items import Article
from kompascrawler.store import links, records
from kompascrawler.store.database import seconds
from kompascrawler.store.model import Link

_CAUSE: Final = "its published file was lost or damaged"
"""Why an article that was published is due again."""
Key = tuple[str, int]
"""Identity and revision of a record."""


class Placement:
    """Puts records into their places; what has none in the end is lost."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.execute("CREATE TEMP TABLE placed (article INTEGER PRIMARY KEY)")

    def is_placed(self, key: Key) -> bool:
        """Tell whether a record stands in a file that was looked at."""
        row = self._db.execute(
            "SELECT 1 FROM placed JOIN article ON number = placed.article"
            " WHERE id = ? AND revision = ?",
            key,
        )
        return row.fetchone() is not None

    def place(self, key: Key, line: bytes, file: int) -> None:
        """Note that a record stands in a published file, by its number."""
        article = self._known(key, line)
        self._db.execute("INSERT INTO placed VALUES (?)", (article,))
        self._db.execute(
            "UPDATE article SET file = ?1 WHERE number = ?2 AND file IS NOT ?1", (file, article)
        )
        self._db.execute("DELETE FROM outbox WHERE article = ?", (article,))

    def publish(self, key: Key, line: bytes) -> None:
        """Have a record published in another file."""
        if not self.is_placed(key):
            article = self._known(key, line)
            self._db.execute(
                "INSERT OR IGNORE INTO outbox VALUES (?, ?, NULL)", (article, line + b"\n")
            )

    def miss(self, key: Key, line: bytes) -> None:
        """Note that a record was published whose line cannot be trusted any more."""
        known = self._db.execute("SELECT 1 FROM article WHERE id = ? LIMIT 1", key[:1])
        if known.fetchone() is None:
            self._known(key, line)

    def _known(self, key: Key, line: bytes) -> int:
        """Return the number of a record, which is remembered where it was not, or was lost."""
        row = self._db.execute(
            "SELECT number, content_hash = '' FROM article WHERE id = ? AND revision = ?", key
        ).fetchone()
        if row and not row[1]:
            return int(row[0])
        article = Article.from_json(line)
        link, run_id = Link(article.id, article.url), article.run_id
        crawled = _time(article.crawled_at)
        links.settle(self._db, link, None, _time(article.first_seen_at), run_id)
        if not records.is_whole(article):
            links.settle(self._db, link, shortfall(article.halaman), crawled, run_id)
        if records.is_blank(article):
            records.take_down(self._db, article.id, article.deleted_at or "", records.TITLE)
        if row is None:
            stored_at = seconds(crawled)
            return records.insert(self._db, article, stored_at=stored_at, run_id=run_id)
        records.restore(self._db, int(row[0]), article)
        return int(row[0])

    def queue_lost(self) -> int:
        """Make due what has no place and waits for none; return how many articles.

        Such a record counts as one without any page, so that another one betters it.
        """
        self._db.execute(
            "UPDATE article SET content_hash = '', pages = 0, file = NULL"
            " WHERE content_hash <> '' AND number NOT IN (SELECT article FROM placed)"
            " AND number NOT IN (SELECT article FROM outbox)"
        )
        lost = self._db.execute(
            "SELECT DISTINCT id FROM article AS lost WHERE content_hash = '' AND pages = 0"
            " AND NOT EXISTS (SELECT 1 FROM article AS later WHERE"
            " later.id = lost.id AND later.revision > lost.revision AND later.content_hash <> '')"
        ).fetchall()
        self._db.executemany("UPDATE article SET is_whole = 0 WHERE id = ?", lost)
        self._db.executemany(
            "UPDATE link SET state = 'waiting', tries = 0, next_try = 0, cause = ?"
            " WHERE id = ? AND state <> 'dropped'",
            [(_CAUSE, article_id) for (article_id,) in lost],
        )
        return len(lost)


def _time(text: str) -> datetime:
    with suppress(ValueError):
        return datetime.fromisoformat(text).astimezone(UTC)
    return datetime.now(UTC)
