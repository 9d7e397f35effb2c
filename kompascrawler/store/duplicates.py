"""How much of two texts is the same: bottom-k sketches of their word shingles. Pure.

A text is the set of its runs of three words. Every run gets a number that looks random but is
the same on every machine (no ``hash()``: that differs between processes), and the ``SIZE``
smallest numbers are the text's sketch. The smallest numbers of two texts together are a fair
sample of their union, so the part of the sample that both hold estimates the Jaccard index:
shared runs / all runs. Two texts whose index is not small share one of their very smallest
numbers almost surely (all ``KEYS`` of them missed: (1 - index) ** KEYS), which makes those few
the keys under which a text is found again.

``THRESHOLD`` and ``MIN_WORDS`` are measured on real pages in ``tests/test_duplicates_real.py``.
"""

import sqlite3
import struct
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple
from zlib import crc32

from kompascrawler.items import Article
from kompascrawler.store.model import SimilarArticle

SIZE = 128
"""Numbers in a sketch; the standard error of ``similarity`` is at most 0.5 / sqrt(SIZE)."""
KEYS = 6
"""Numbers of a sketch under which a text is found; 99.6 % of those at the threshold share one."""
THRESHOLD = 0.6
"""From this similarity on, two texts are the same one republished."""
MIN_WORDS = 40
"""Shorter texts have no sketch: a stock sentence or two would make strangers alike."""

Sketch = tuple[int, ...]
"""The smallest numbers of a text, ascending, each below 2**32. Empty for a short text."""

_BLANK = ord(" ")
# Bytes outside ASCII (dashes, quotes, accents) part words as punctuation does: the same words
# come out whichever dash or quote a later edition uses, and Indonesian is written in ASCII.
_WORD_BYTES = bytes(
    byte if byte < 128 and chr(byte).isalnum() else _BLANK for byte in bytes(range(256)).lower()
)


@lru_cache(maxsize=4)  # looked up and stored one after the other, by code that shares no state
def sketch(text: str) -> Sketch:
    """Return the sketch of a text, the same in every process and Python version.

    CRC-32 mixes well enough that the estimate's error is the textbook's (measured on real
    texts), and the loops below run in C: about 0.15 ms for 400 words.

    >>> sketch("too short")
    ()
    """
    words = text.encode().translate(_WORD_BYTES).split()
    if len(words) < MIN_WORDS:
        return ()
    runs = map(b" ".join, zip(words, words[1:], words[2:], strict=False))
    return tuple(sorted(set(map(crc32, runs)))[:SIZE])


def keys(a_sketch: Sketch) -> Sketch:
    """Return the numbers of a sketch under which its text is to be found."""
    return a_sketch[:KEYS]


def similarity(one: Sketch, other: Sketch) -> float:
    """Estimate the Jaccard index of two texts' word runs, 0 to 1; 0 where one has no sketch."""
    if not one or not other:
        return 0.0
    first, second = set(one), set(other)
    sample = sorted(first | second)[:SIZE]
    return len((first & second).intersection(sample)) / len(sample)


_COMPARED = 8
"""Articles whose sketches are compared: those that share the most keys."""
# Of each key 32 articles are read: one that stands for a stock phrase may lead to thousands.
_SHARING = (
    "SELECT article FROM (SELECT article FROM sketch_key WHERE key = ? ORDER BY article LIMIT 32)"
)


def packed(a_sketch: Sketch) -> bytes:
    """Return a sketch as it is stored."""
    return struct.pack(f">{len(a_sketch)}I", *a_sketch)


def _unpacked(stored: bytes) -> Sketch:
    return struct.unpack(f">{len(stored) // 4}I", stored)


def add(db: sqlite3.Connection, article: int, a_sketch: Sketch) -> None:
    """Remember by what keys a record, by its number, is to be found."""
    db.executemany(
        "INSERT INTO sketch_key (key, article) VALUES (?, ?)",
        [(key, article) for key in keys(a_sketch)],
    )


def find(db: sqlite3.Connection, article: Article) -> SimilarArticle | None:
    """Return the first stored article with the same or nearly the same content."""
    return _find_same(db, article) or _find_near(db, article)


def _find_same(db: sqlite3.Connection, article: Article) -> SimilarArticle | None:
    """Return the original of the articles with the same content hash, if there is one."""
    row = db.execute(
        "SELECT coalesce(original, number) FROM article"
        " WHERE content_hash = ? AND content_hash <> '' AND id <> ? ORDER BY number LIMIT 1",
        (article.content_hash, article.id),
    ).fetchone()
    return SimilarArticle(_fingerprint(db, row[0]).id, 1.0) if row else None


def _find_near(db: sqlite3.Connection, article: Article) -> SimilarArticle | None:
    """Return the original of the first stored article that is similar enough, if there is one.

    The similarity is that to the original. Where an article was changed step by step over
    several republications, it can lie below the threshold.
    """
    for candidate, likeness in _compared(db, article):
        if likeness >= THRESHOLD:
            original = _fingerprint(db, candidate.original)
            return SimilarArticle(
                original.id, _rounded(similarity(sketch(article.text), original.sketch))
            )
    return None


def similar(db: sqlite3.Connection, article: Article) -> list[SimilarArticle]:
    """Return every article that this one is compared with, the most similar first.

    Those are the first with the same content hash and the nearest by their sketches, however
    unlike; which of them counts as the original is told by ``find``.
    """
    same = _find_same(db, article)
    likes = {candidate.id: _rounded(likeness) for candidate, likeness in _compared(db, article)}
    likes |= {same.id: 1.0} if same else {}
    return sorted(
        (SimilarArticle(*like) for like in likes.items()),
        key=lambda match: (-match.similarity, match.id),
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
    ((article_id, original, stored),) = db.execute(
        "SELECT id, coalesce(original, number), sketch FROM article WHERE number = ?", (number,)
    )
    return _Fingerprint(article_id, original, _unpacked(stored))


def _candidates(db: sqlite3.Connection, a_sketch: Sketch) -> list[int]:
    """Return the articles worth comparing: those that share the most keys."""
    wanted = keys(a_sketch)  # none for a short text: the query is empty then, and so its answer
    shared = db.execute(" UNION ALL ".join([_SHARING] * len(wanted)), wanted)
    return [number for number, _ in Counter(map(itemgetter(0), shared)).most_common(_COMPARED)]
