"""Queries on records: which there are, what a new one changes, and storing it.

No transactions of its own.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from kompascrawler.items import Article
from kompascrawler.store import duplicates

WATCHED: Final = ("title", "updated_at", "authors", "editors", "sources", "text")
"""Fields whose change makes a revision, in the order of the record."""
RE_EXTRACTED: Final = "re-extracted"
"""Stands in ``changed`` beside the fields that later code reads otherwise in the same pages."""


def changes(before: Article, after: Article) -> list[str]:
    """Return the fields in which a record differs from the one before, in the record's order.

    Adverts, links to other articles, photos and counters come and go and make no revision.
    ``blocks``: the text of pages that were only declared is there in paragraphs now.
    ``deleted_at``: the article was deleted, or is there again.
    """
    found = [name for name in WATCHED if _value(before, name) != _value(after, name)]
    if before.halaman.route == "declared" != after.halaman.route:
        found.append("blocks")
    if (before.deleted_at is None) != (after.deleted_at is None):
        found.append("deleted_at")
    return found


def _value(article: Article, name: str) -> Any:
    """Return what is compared: of a text its characters, however it is broken into lines."""
    value = getattr(article, name)
    return "".join(value.split()) if name == "text" else value


class LatestRevision(NamedTuple):
    """The latest revision of an article that is stored."""

    number: int
    revision: int
    is_whole: bool
    pages: int
    content_hash: str

    def is_bettered_by(self, article: Article) -> bool:
        """Tell whether a record holds as much as this one, or what it lacks."""
        has_more = not self.is_whole and article.halaman.pages_fetched > self.pages
        return is_whole(article) or has_more


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


def changed(
    db: sqlite3.Connection, data_dir: Path, article: Article, kept: LatestRevision | None
) -> list[str] | None:
    """Return what a record changes of the latest revision; None where that one stays."""
    if kept is None:
        return []
    if not kept.is_bettered_by(article):
        return None
    before = read(db, data_dir, article.id, kept)
    if before is None:
        return ["text"] if kept.content_hash != article.content_hash else None
    if before.halaman.complete and not article.halaman.complete:
        return None  # it proves less
    return changes(before, article) or None


def is_deleted(db: sqlite3.Connection, article_id: str) -> bool:
    """Tell whether the latest revision of an article says that it was deleted."""
    query = "SELECT deleted_at FROM article WHERE id = ? ORDER BY revision DESC LIMIT 1"
    return any(at is not None for (at,) in db.execute(query, (article_id,)))


def read(
    db: sqlite3.Connection, data_dir: Path, article_id: str, kept: LatestRevision
) -> Article | None:
    """Return a stored record, from the outbox or a published file; None where it is lost."""
    waiting = db.execute("SELECT line FROM outbox WHERE article = ?", (kept.number,)).fetchone()
    for line in waiting or _lines_beside(db, data_dir, kept.number):
        if article_id.encode() in line:
            with suppress(ValueError):
                found = Article.from_json(line)
                if (found.id, found.revision) == (article_id, kept.revision):
                    return found
    return None


def _lines_beside(db: sqlite3.Connection, data_dir: Path, number: int) -> Iterable[bytes]:
    """Return the lines of the file that holds a record now, by the record's number."""
    query = "SELECT file FROM manifest WHERE number = (SELECT file FROM article WHERE number = ?)"
    place = db.execute(query, (number,)).fetchone()
    try:
        return (data_dir / place[0]).read_bytes().splitlines() if place else ()
    except OSError:
        return ()


def add(db: sqlite3.Connection, article: Article, *, stored_at: int, run_id: str) -> int:
    """Store a record and put its line into the outbox; return its number. Raises ValueError."""
    number = insert(db, article, stored_at=stored_at, run_id=run_id)
    db.execute("INSERT INTO outbox (article, line) VALUES (?, ?)", (number, to_line(article)))
    return number


def insert(db: sqlite3.Connection, article: Article, *, stored_at: int, run_id: str) -> int:
    """Remember a record; return its number. Raises ValueError."""
    date.fromisoformat(article.id[:10])  # it names the folder: refused here or never
    fingerprint = duplicates.fingerprint(article.text)
    number = db.execute(
        "INSERT INTO article"
        " (id, revision, content_hash, sketch, original, is_whole, pages, stored_at, run_id,"
        " deleted_at) VALUES (?, ?, ?, ?,"
        " (SELECT number FROM article WHERE id = ? ORDER BY revision LIMIT 1), ?, ?, ?, ?, ?)",
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
            article.deleted_at and int(datetime.fromisoformat(article.deleted_at).timestamp()),
        ),
    ).lastrowid
    assert number is not None
    keys = [(key, number) for key in set(fingerprint.keys)]
    db.executemany("INSERT INTO sketch_key (key, article) VALUES (?, ?)", keys)
    return number


def restore(db: sqlite3.Connection, number: int, article: Article) -> None:
    """Remember a record again that was lost with its file."""
    content_hash = duplicates.packed_hash(article.content_hash)
    db.execute(
        "UPDATE article SET content_hash = ?, pages = ?, is_whole = ? WHERE number = ?",
        (content_hash, article.halaman.pages_fetched, is_whole(article), number),
    )


def to_line(article: Article) -> bytes:
    """Return the record as a line of the published files; see ``Article.to_json``.

    Raises ValueError for half a surrogate pair, too.
    """
    return f"{article.to_json()}\n".encode()
