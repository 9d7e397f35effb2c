"""Queries on records: what a new one changes, storing it, and taking an article down.

Of an article that was taken down no text stays, and nobody asks for it again. Its lines stay where
they are, without their text, so that every other line keeps its place. A last revision says that
it is gone. No transactions of their own.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from kompascrawler.items import Article
from kompascrawler.store import duplicates
from kompascrawler.store.disk import in_need_of_repair

WATCHED: Final = ("title", "updated_at", "authors", "editors", "sources", "text")
"""Fields whose change makes a revision, in the order of the record."""
RE_EXTRACTED: Final = "re-extracted"
"""Stands in ``changed`` beside the fields that later code reads otherwise in the same pages."""
TITLE: Final = "Taken down"
MARK: Final = "take_down"
"""What ``removed`` counts in a record without its text."""
_NO_TEXT: Final = sha256(b"").hexdigest()


class LatestRevision(NamedTuple):
    """The latest revision of an article that is stored."""

    number: int
    revision: int
    is_whole: bool
    pages: int
    content_hash: str


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
    has_more = not kept.is_whole and article.halaman.pages_fetched > kept.pages
    if not (is_whole(article) or has_more):
        return None
    before = read(db, data_dir, article.id, kept)
    if before is None:
        return ["text"] if kept.content_hash != article.content_hash else None
    if before.halaman.complete and not article.halaman.complete:
        return None  # it proves less
    return changes(before, article) or None


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
    with suppress(OSError):
        return (data_dir / place[0]).read_bytes().splitlines() if place else ()
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
    """Return the record as a line of the published files. Raises ValueError (``to_json``)."""
    return f"{article.to_json()}\n".encode()


def is_deleted(db: sqlite3.Connection, article_id: str) -> bool:
    """Tell whether the latest revision of an article says that it was deleted."""
    query = "SELECT deleted_at FROM article WHERE id = ? ORDER BY revision DESC LIMIT 1"
    return any(at is not None for (at,) in db.execute(query, (article_id,)))


def is_taken_down(db: sqlite3.Connection, article_id: str) -> bool:
    """Tell whether an article was taken down."""
    query = "SELECT 1 FROM taken_down WHERE id = ?"
    return db.execute(query, (article_id,)).fetchone() is not None


def take_down(db: sqlite3.Connection, article_id: str, at: str, why: str) -> bool:
    """Have an article never asked for again; return whether it was ever found."""
    found = db.execute("SELECT url FROM link WHERE id = ?", (article_id,)).fetchone()
    if found is None:
        return False
    db.execute("INSERT OR IGNORE INTO taken_down VALUES (?, ?, ?)", (article_id, at, why))
    # Without a cause it is no failure that a person could have tried again.
    db.execute(
        "UPDATE link SET state = 'dropped', cause = NULL, url = ? WHERE id = ?",
        (_bare(found[0], article_id), article_id),
    )
    db.execute("DELETE FROM revisit WHERE id = ?", (article_id,))
    return True


def end_record(db: sqlite3.Connection, data_dir: Path, article_id: str, run_id: str) -> None:
    """Store a last revision, and keep no text of the others. Raises StoreError."""
    ((at,),) = db.execute("SELECT at FROM taken_down WHERE id = ?", (article_id,))
    kept = latest(db, article_id)
    record = kept and read(db, data_dir, article_id, kept)
    if kept and record is None and kept.content_hash:
        raise in_need_of_repair("take an article down", data_dir, f"no file holds {article_id}")
    now = int(datetime.fromisoformat(at).timestamp())
    if record and not is_blank(record):
        last = replace(
            blank(record, at), revision=record.revision + 1, crawled_at=at, run_id=run_id
        )
        last.changed = changes(record, last)
        add(db, last, stored_at=now, run_id=run_id)
    waiting = db.execute(
        "SELECT article, line FROM outbox"
        " WHERE article IN (SELECT number FROM article WHERE id = ?)",
        (article_id,),
    ).fetchall()
    db.executemany(
        "UPDATE outbox SET line = ? WHERE article = ?",
        [(blanked(db, line), number) for number, line in waiting],
    )
    db.execute(
        "UPDATE article SET content_hash = ?, sketch = x'', is_whole = 1, deleted_at = ?"
        " WHERE id = ?",
        (duplicates.packed_hash(_NO_TEXT), now, article_id),
    )


def is_blank(article: Article) -> bool:
    """Tell whether a record is what is left of an article that was taken down."""
    return MARK in article.removed


def blank(article: Article, at: str) -> Article:
    """Return a record without anything that the article says; ``at`` is when it was taken down."""
    return Article(
        id=article.id,
        url=_bare(article.url, article.id),
        title=TITLE,
        published_at=article.published_at,
        halaman=article.halaman,
        removed={MARK: 1},
        content_hash=_NO_TEXT,
        revision=article.revision,
        deleted_at=at,
        first_seen_at=article.first_seen_at,
        crawled_at=article.crawled_at,
        run_id=article.run_id,
    )


def _bare(url: str, article_id: str) -> str:
    """Return an address without its last part, which repeats the title."""
    return f"{url.partition('/read/')[0]}/read/{article_id.replace('-', '/', 3)}"


def blanked(db: sqlite3.Connection, content: bytes) -> bytes:
    """Return the lines of a file, those of articles that were taken down without their text."""
    taken = dict(db.execute("SELECT id, at FROM taken_down").fetchall())
    if not any(article_id.encode() in content for article_id in taken):
        return content
    return b"".join(_blanked(line, taken) for line in content.splitlines(keepends=True))


def _blanked(line: bytes, taken: dict[str, str]) -> bytes:
    if any(article_id.encode() in line for article_id in taken):
        article = Article.from_json(line)
        if article.id in taken and not is_blank(article):
            return to_line(blank(article, taken[article.id]))
    return line
