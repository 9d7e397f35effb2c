"""Queries on records: which there are, and storing one. No transactions of its own."""

import sqlite3
from datetime import date
from typing import NamedTuple

from kompascrawler.items import Article
from kompascrawler.store import duplicates


class LatestRevision(NamedTuple):
    """The latest revision of an article that is stored."""

    number: int
    revision: int
    is_whole: bool
    pages: int
    content_hash: str

    def is_bettered_by(self, article: Article) -> bool:
        """Tell whether a record holds what this one lacks."""
        has_more = is_whole(article) or article.halaman.pages_fetched > self.pages
        return not self.is_whole and has_more and article.content_hash != self.content_hash


def is_whole(article: Article) -> bool:
    """Tell whether a record is not known to lack pages; nobody knows where nothing is declared.

    Text that is only declared lacks its paragraphs: its pages are tried again.
    """
    return article.halaman.complete is not False and article.halaman.route != "declared"


def latest(db: sqlite3.Connection, article_id: str) -> LatestRevision | None:
    """Return the latest revision of an article, or None when none is stored."""
    row = db.execute(
        "SELECT number, revision, is_whole, pages, content_hash FROM article WHERE id = ?"
        " ORDER BY revision DESC LIMIT 1",
        (article_id,),
    ).fetchone()
    return row and LatestRevision(*row)._replace(content_hash=duplicates.unpacked_hash(row[4]))


def add(db: sqlite3.Connection, article: Article, *, stored_at: int, run_id: str) -> None:
    """Store a record and put its line into the outbox; time and run are remembered beside it.

    Raises ValueError.
    """
    number = insert(db, article, stored_at=stored_at, run_id=run_id)
    db.execute("INSERT INTO outbox (article, line) VALUES (?, ?)", (number, to_line(article)))


def insert(db: sqlite3.Connection, article: Article, *, stored_at: int, run_id: str) -> int:
    """Remember a record; return its number. Raises ValueError."""
    date.fromisoformat(article.id[:10])  # it names the folder: refused here or never
    fingerprint = duplicates.fingerprint(article.text)
    number = db.execute(
        "INSERT INTO article"
        " (id, revision, content_hash, sketch, original, is_whole, pages, stored_at, run_id)"
        " VALUES (?, ?, ?, ?,"
        " (SELECT number FROM article WHERE id = ? ORDER BY revision LIMIT 1), ?, ?, ?, ?)",
        (
            article.id,
            article.revision,
            duplicates.packed_hash(article.content_hash),
            duplicates.packed(fingerprint.sketch),
            article.duplicate_of,
            is_whole(article),
            article.halaman.pages_fetched,
            stored_at,
            run_id,
        ),
    ).lastrowid
    assert number is not None
    keys = [(key, number) for key in set(fingerprint.keys)]
    db.executemany("INSERT INTO sketch_key (key, article) VALUES (?, ?)", keys)
    return number


def restore(db: sqlite3.Connection, number: int, article: Article) -> None:
    """Remember a record again that was lost with its file."""
    db.execute(
        "UPDATE article SET content_hash = ?, pages = ?, is_whole = ? WHERE number = ?",
        (
            duplicates.packed_hash(article.content_hash),
            article.halaman.pages_fetched,
            is_whole(article),
            number,
        ),
    )


def to_line(article: Article) -> bytes:
    """Return the record as a line of the published files; see ``Article.to_json``.

    Raises ValueError for half a surrogate pair, too.
    """
    return f"{article.to_json()}\n".encode()
