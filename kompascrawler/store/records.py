"""Queries on records: storing, duplicates, the outbox. No transactions of its own."""

import sqlite3
import struct
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from kompascrawler.items import Article
from kompascrawler.similarity import THRESHOLD, Sketch, keys, similarity, sketch
from kompascrawler.store.interface import Match
from kompascrawler.store.lines import to_line

_COMPARED = 8
"""Articles whose sketches are compared: those that share the most keys."""
# Of each key 32 articles are read: one that stands for a stock phrase may lead to thousands.
_SHARING = (
    "SELECT article FROM (SELECT article FROM sketch_key WHERE key = ? ORDER BY article LIMIT 32)"
)


def is_stored(db: sqlite3.Connection, article_id: str) -> bool:
    """Tell whether a record of the article is here."""
    return _holds(db, "SELECT 1 FROM article WHERE id = ?", article_id)


def is_settled(db: sqlite3.Connection, article_id: str) -> bool:
    """Tell whether a record of the article is here that is not known to lack pages."""
    return _holds(db, "SELECT 1 FROM article WHERE id = ? AND is_whole", article_id)


class Kept(NamedTuple):
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
    """Tell whether a record is not known to lack pages; nobody knows where nothing is declared."""
    return article.halaman.complete is not False


def latest(db: sqlite3.Connection, article_id: str) -> Kept | None:
    """Return the latest revision of an article, or None when none is stored."""
    row = db.execute(
        "SELECT number, revision, is_whole, pages, content_hash FROM article WHERE id = ?"
        " ORDER BY revision DESC LIMIT 1",
        (article_id,),
    ).fetchone()
    return row and Kept(*row)


def set_whole(db: sqlite3.Connection, kept: Kept) -> None:
    """Note that a revision lacked nothing after all."""
    db.execute("UPDATE article SET is_whole = 1 WHERE number = ?", (kept.number,))


def add(db: sqlite3.Connection, article: Article, *, stored_at: str, run_id: str) -> None:
    """Store a record and put its line into the outbox; time and run are remembered beside it.

    Raises ValueError.
    """
    date.fromisoformat(article.id[:10])  # it names the folder: refused here or never
    a_sketch = sketch(article.text)
    number = db.execute(
        "INSERT INTO article"
        " (id, revision, first_seen_at, content_hash, sketch, original, is_whole, pages,"
        " stored_at, run_id) VALUES (?, ?, ?, ?, ?,"
        " (SELECT number FROM article WHERE id = ? ORDER BY revision LIMIT 1), ?, ?, ?, ?)",
        (
            article.id,
            article.revision,
            article.first_seen_at,
            article.content_hash,
            struct.pack(f">{len(a_sketch)}I", *a_sketch),
            article.duplicate_of,
            is_whole(article),
            article.halaman.pages_fetched,
            stored_at,
            run_id,
        ),
    ).lastrowid
    db.executemany(
        "INSERT INTO sketch_key (key, article) VALUES (?, ?)",
        [(key, number) for key in keys(a_sketch)],
    )
    db.execute("INSERT INTO outbox (article, line) VALUES (?, ?)", (number, to_line(article)))


# duplicates ------------------------------------------------------------------------------------


def find_same(db: sqlite3.Connection, article: Article) -> Match | None:
    """Return the original of the articles with the same content hash, if there is one."""
    row = db.execute(
        "SELECT coalesce(original, number) FROM article"
        " WHERE content_hash = ? AND content_hash <> '' AND id <> ? ORDER BY number LIMIT 1",
        (article.content_hash, article.id),
    ).fetchone()
    return Match(_fingerprint(db, row[0]).id, 1.0) if row else None


def find_near(db: sqlite3.Connection, article: Article) -> Match | None:
    """Return the original of the first stored article that is similar enough, if there is one.

    The similarity is that to the original. Where an article was changed step by step over
    several republications, it can lie below the threshold.
    """
    for candidate, likeness in _compared(db, article):
        if likeness >= THRESHOLD:
            original = _fingerprint(db, candidate.original)
            return Match(original.id, _rounded(similarity(sketch(article.text), original.sketch)))
    return None


def similar(db: sqlite3.Connection, article: Article) -> list[Match]:
    """Return every article that this one is compared with, the most similar first.

    Those are the first with the same content hash and the nearest by their sketches, however
    unlike; which of them counts as the original is told by ``find_same`` and ``find_near``.
    """
    same = find_same(db, article)
    likes = {candidate.id: _rounded(likeness) for candidate, likeness in _compared(db, article)}
    likes |= {same.id: 1.0} if same else {}
    return sorted(
        (Match(*like) for like in likes.items()), key=lambda match: (-match.similarity, match.id)
    )


def _compared(db: sqlite3.Connection, article: Article) -> Iterator[tuple["_Fingerprint", float]]:
    """Yield the stored articles worth comparing with one, in the order of storing."""
    a_sketch = sketch(article.text)
    for number in sorted(_candidates(db, a_sketch)):
        candidate = _fingerprint(db, number)
        if candidate.id != article.id:
            yield candidate, similarity(a_sketch, candidate.sketch)


def _rounded(likeness: float) -> float:
    return round(likeness, 3)


class _Fingerprint(NamedTuple):
    id: str
    original: int
    """Number of the first article with this content: its own, where it is that."""
    sketch: Sketch


def _fingerprint(db: sqlite3.Connection, number: int) -> _Fingerprint:
    ((article_id, original, packed),) = db.execute(
        "SELECT id, coalesce(original, number), sketch FROM article WHERE number = ?", (number,)
    )
    return _Fingerprint(article_id, original, struct.unpack(f">{len(packed) // 4}I", packed))


def _candidates(db: sqlite3.Connection, a_sketch: Sketch) -> list[int]:
    """Return the articles worth comparing: those that share the most keys."""
    wanted = keys(a_sketch)  # none for a short text: the query is empty then, and so its answer
    shared = db.execute(" UNION ALL ".join([_SHARING] * len(wanted)), wanted)
    return [number for number, _ in Counter(map(itemgetter(0), shared)).most_common(_COMPARED)]


# the outbox ------------------------------------------------------------------------------------


def plan_batch(db: sqlite3.Connection, run_id: str) -> None:
    """Settle which file each record of the outbox goes to: one a day of publication."""
    ((batch,),) = db.execute(
        "INSERT INTO batches (run_id, planned) VALUES (?, 1)"
        " ON CONFLICT DO UPDATE SET planned = planned + 1 RETURNING planned",
        (run_id,),
    )
    db.execute(
        "UPDATE outbox SET file = 'articles/published_date='"
        " || (SELECT substr(id, 1, 10) FROM article WHERE number = outbox.article)"
        " || '/' || ? WHERE file IS NULL",
        (f"{run_id}-{batch}.jsonl",),
    )


def has_unplanned(db: sqlite3.Connection) -> bool:
    """Tell whether a record of the outbox is in no batch yet."""
    return _holds(db, "SELECT 1 FROM outbox WHERE file IS NULL LIMIT 1")


def has_planned(db: sqlite3.Connection) -> bool:
    """Tell whether there are files to be written."""
    return _holds(db, "SELECT 1 FROM outbox WHERE file IS NOT NULL LIMIT 1")


def _holds(db: sqlite3.Connection, query: str, *values: str) -> bool:
    return db.execute(query, values).fetchone() is not None


def planned(db: sqlite3.Connection) -> Iterator[tuple[str, bytes]]:
    """Yield the files to be published, below the data folder, and what each holds.

    Records stand in the order of storing. One file at a time is in memory.
    """
    rows = db.execute(
        "SELECT file, article FROM outbox WHERE file IS NOT NULL ORDER BY file, article"
    ).fetchall()
    for file, of_file in groupby(rows, key=itemgetter(0)):
        yield file, b"".join(_line(db, article) for _, article in of_file)


def _line(db: sqlite3.Connection, article: int) -> bytes:
    ((line,),) = db.execute("SELECT line FROM outbox WHERE article = ?", (article,))
    return bytes(line)


def set_published(db: sqlite3.Connection) -> int:
    """Note that the planned files are out and drop their lines; return the number of records."""
    db.execute(
        "UPDATE article SET file = outbox.file FROM outbox"
        " WHERE outbox.article = article.number AND outbox.file IS NOT NULL"
    )
    return db.execute("DELETE FROM outbox WHERE file IS NOT NULL").rowcount
