"""Articles that were taken down: nothing of their text stays, and nobody asks for them again.

Their lines stay where they are, without their text, so that every other line keeps its place. A
last revision says that the article is gone. No transactions of its own.
"""

import sqlite3
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from kompascrawler.items import Article
from kompascrawler.store import duplicates, records
from kompascrawler.store.errors import in_need_of_repair
from kompascrawler.store.records import changes

TITLE: Final = "Taken down"
MARK: Final = "take_down"
"""What ``removed`` counts in a record without its text."""
_NO_TEXT: Final = sha256(b"").hexdigest()


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


def is_taken_down(db: sqlite3.Connection, article_id: str) -> bool:
    """Tell whether an article was taken down."""
    query = "SELECT 1 FROM taken_down WHERE id = ?"
    return db.execute(query, (article_id,)).fetchone() is not None


def note(db: sqlite3.Connection, article_id: str, at: str, why: str) -> bool:
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
    """Store a last revision, and keep nothing of the text of the others in the store.

    Raises StoreError where the record cannot be read.
    """
    ((at,),) = db.execute("SELECT at FROM taken_down WHERE id = ?", (article_id,))
    kept = records.latest(db, article_id)
    record = kept and records.read(db, data_dir, article_id, kept)
    if kept and record is None and kept.content_hash:
        raise in_need_of_repair("take an article down", data_dir, f"no file holds {article_id}")
    now = int(datetime.fromisoformat(at).timestamp())
    if record and not is_blank(record):
        last = replace(
            blank(record, at), revision=record.revision + 1, crawled_at=at, run_id=run_id
        )
        last.changed = changes(record, last)
        records.add(db, last, stored_at=now, run_id=run_id)
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


def blanked(db: sqlite3.Connection, content: bytes) -> bytes:
    """Return the lines of a file, those of articles that were taken down without their text."""
    taken = dict(db.execute("SELECT id, at FROM taken_down").fetchall())
    if not any(article_id.encode() in content for article_id in taken):
        return content
    return b"".join(_blanked(line, taken) for line in content.splitlines(keepends=True))


def _blanked(line: bytes, taken: dict[str, str]) -> bytes:
    if not any(article_id.encode() in line for article_id in taken):
        return line
    article = Article.from_json(line)
    if article.id not in taken or is_blank(article):
        return line
    return records.to_line(blank(article, taken[article.id]))
