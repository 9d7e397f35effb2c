"""Where each record stands: what a repair finds in files, against what the store remembers."""

import sqlite3
from datetime import UTC, datetime
from typing import Final

from kompascrawler.dataset.verify import record_of
from kompascrawler.halaman import shortfall
from kompascrawler.items import Article
from kompascrawler.store import links, records, takedown
from kompascrawler.store.model import Link

CAUSE: Final = "its published file was lost or damaged"
"""Why an article that was published is due again."""
Key = tuple[str, int]
"""Identity and revision of a record."""


class Placement:
    """Puts records into their places; what has none in the end is lost."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.execute("CREATE TEMP TABLE placed (article INTEGER PRIMARY KEY)")

    def key_of(self, line: bytes, file: str) -> Key | None:
        """Return what a line of a file is the record of, or None where it is none."""
        try:
            article = record_of(line, file)
        except ValueError:
            return None
        return article.id, article.revision

    def is_placed(self, key: Key) -> bool:
        """Tell whether a record stands in a file that was looked at."""
        row = self._db.execute("SELECT 1 FROM placed WHERE article = ?", (self._number(key),))
        return row.fetchone() is not None

    def _number(self, key: Key) -> int | None:
        """Return the number of a record, or None where the store does not know it."""
        row = self._db.execute(
            "SELECT number FROM article WHERE id = ? AND revision = ?", key
        ).fetchone()
        return row and int(row[0])

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
        number = self._number(key)
        if number is not None and not self._is_lost(number):
            return number
        article = Article.from_json(line)
        link, run_id = Link(article.id, article.url), article.run_id
        crawled = _time(article.crawled_at)
        links.settle(self._db, link, None, _time(article.first_seen_at), run_id)
        if not records.is_whole(article):
            links.settle(self._db, link, shortfall(article.halaman), crawled, run_id)
        if takedown.is_blank(article):
            takedown.note(self._db, article.id, article.deleted_at or "", takedown.TITLE)
        if number is None:
            stored_at = links.seconds(crawled)
            return records.insert(self._db, article, stored_at=stored_at, run_id=run_id)
        records.restore(self._db, number, article)
        return number

    def _is_lost(self, number: int) -> bool:
        row = self._db.execute("SELECT content_hash = '' FROM article WHERE number = ?", (number,))
        return bool(row.fetchone()[0])

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
            [(CAUSE, article_id) for (article_id,) in lost],
        )
        return len(lost)


def _time(text: str) -> datetime:
    """Return a time of a record; now, where it states none."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return datetime.now(UTC)
