"""How much of two texts is the same: bottom-k sketches of their word shingles. Pure.

A text is the set of its runs of three words. Every run gets a number that looks random but is
the same on every machine (no ``hash()``: that differs between processes), and the ``SIZE``
smallest numbers are the text's sketch. The smallest numbers of two texts together are a fair
sample of their union, so the part of the sample that both hold estimates the Jaccard index:
shared runs / all runs. Two texts whose index is not small share one of their very smallest
numbers almost surely (all ``KEYS`` of them missed: (1 - index) ** KEYS), which makes the runs of
those few the keys under which a text is found again.

``THRESHOLD`` and ``MIN_WORDS`` are measured on real pages in ``tests/test_duplicates_real.py``.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from operator import itemgetter, sub
from typing import NamedTuple
from zlib import crc32

from kompascrawler.items import Article
from kompascrawler.store.model import SimilarArticle

SIZE = 128
"""Numbers in a sketch; the standard error of ``similarity`` is at most 0.5 / sqrt(SIZE)."""
KEYS = 6
"""Runs of words under which a text is found; 99.6 % of those at the threshold share one."""
THRESHOLD = 0.6
"""From this similarity on, two texts are the same one republished."""
MIN_WORDS = 40
"""Shorter texts have no sketch: a stock sentence or two would make strangers alike."""

_COARSENESS = 12
"""Bits that a sketch leaves off: with the 20 that stay, two texts of 200 words share a number by
chance in 3 of 100 pairs, which adds 0.0003 to their similarity."""

Sketch = tuple[int, ...]
"""The smallest numbers of a text, coarse and ascending. Empty for a short text."""


class Fingerprint(NamedTuple):
    """What a text is compared by and found by."""

    sketch: Sketch
    keys: tuple[int, ...]
    """The runs with the smallest numbers, each by another number: those are spread over 2**31
    negative ones, so that 10 million texts lead to a stranger at one look-up in six."""
    former_keys: tuple[int, ...]
    """The same runs by the smallest numbers themselves, as stores before version 4 have them."""


_BLANK = ord(" ")
# Bytes outside ASCII (dashes, quotes, accents) part words as punctuation does: the same words
# come out whichever dash or quote a later edition uses, and Indonesian is written in ASCII.
_WORD_BYTES = bytes(
    byte if byte < 128 and chr(byte).isalnum() else _BLANK for byte in bytes(range(256)).lower()
)


@lru_cache(maxsize=4)  # looked up and stored one after the other, by code that shares no state
def fingerprint(text: str) -> Fingerprint:
    """Return the fingerprint of a text, the same in every process and Python version.

    CRC-32 mixes well enough that the estimate's error is the textbook's (measured on real
    texts), and the loops below run in C: about 0.15 ms for 400 words.

    >>> fingerprint("too short")
    Fingerprint(sketch=(), keys=(), former_keys=())
    """
    words = text.encode().translate(_WORD_BYTES).split()
    if len(words) < MIN_WORDS:
        return Fingerprint((), (), ())
    runs = set(map(b" ".join, zip(words, words[1:], words[2:], strict=False)))
    numbered = dict(zip(map(crc32, runs), runs, strict=True))
    smallest = sorted(numbered)[:SIZE]
    chosen = tuple(smallest[:KEYS])
    return Fingerprint(coarse(smallest), tuple(_key(numbered[n]) for n in chosen), chosen)


def sketch(text: str) -> Sketch:
    """Return the sketch of a text."""
    return fingerprint(text).sketch


def coarse(numbers: Iterable[int]) -> Sketch:
    """Return ascending numbers of 32 bits as a sketch has them."""
    return tuple(dict.fromkeys(number >> _COARSENESS for number in numbers))


def _key(run: bytes) -> int:
    digest = blake2b(run, digest_size=4, usedforsecurity=False).digest()
    return -1 - (int.from_bytes(digest) >> 1)


def similarity(one: Sketch, other: Sketch) -> float:
    """Estimate the Jaccard index of two texts' word runs, 0 to 1; 0 where one has no sketch."""
    if not one or not other:
        return 0.0
    first, second = set(one), set(other)
    sample = sorted(first | second)[:SIZE]
    return len((first & second).intersection(sample)) / len(sample)


_HEX_DIGITS = 64  # of a SHA-256
_COMPARED = 8
"""Articles whose sketches are compared: those that share the most keys."""
# Of each key 32 articles are read: one that stands for a stock phrase may lead to thousands.
_SHARING = (
    "SELECT article FROM (SELECT article FROM sketch_key WHERE key = ? ORDER BY article LIMIT 32)"
)


def packed(a_sketch: Sketch) -> bytes:
    """Return a sketch as it is stored: steps of 7 bits a byte, the last byte of each below 128.

    >>> packed((5, 133, 1000)).hex(" ")
    '05 81 00 86 63'
    """
    stored = bytearray()
    for step in map(sub, a_sketch, (0, *a_sketch)):
        if step >= 1 << 14:
            stored.append(step >> 14 | 128)
        if step >= 1 << 7:
            stored.append(step >> 7 & 127 | 128)
        stored.append(step & 127)
    return bytes(stored)


def unpacked(stored: bytes) -> Sketch:
    """Return a sketch as it was before ``packed``."""
    numbers, number, step = [], 0, 0
    for byte in stored:
        step = step << 7 | byte & 127
        if byte < 128:
            number += step
            numbers.append(number)
            step = 0
    return tuple(numbers)


def packed_hash(content_hash: str) -> bytes | str:
    """Return a content hash as it is stored: as bytes where it is a SHA-256."""
    return bytes.fromhex(content_hash) if len(content_hash) == _HEX_DIGITS else content_hash


def unpacked_hash(stored: bytes | str) -> str:
    """Return a content hash as it was."""
    return stored.hex() if isinstance(stored, bytes) else stored


def find_same(db: sqlite3.Connection, article: Article) -> SimilarArticle | None:
    """Return the first stored article with the same content."""
    row = db.execute(
        "SELECT coalesce(original, number) FROM article"
        " WHERE substr(content_hash, 1, 6) = substr(?1, 1, 6)"
        " AND content_hash = ?1 AND content_hash <> '' AND id <> ?2 ORDER BY number LIMIT 1",
        (packed_hash(article.content_hash), article.id),
    ).fetchone()
    return SimilarArticle(_stored(db, row[0]).id, 1.0) if row else None


def find_near(db: sqlite3.Connection, article: Article) -> SimilarArticle | None:
    """Return the original of the first stored article that is similar enough, if there is one.

    The similarity is that to the original. Where an article was changed step by step over
    several republications, it can lie below the threshold.
    """
    for candidate, likeness in _compared(db, article):
        if likeness >= THRESHOLD:
            original = _stored(db, candidate.original)
            to_original = similarity(sketch(article.text), original.sketch)
            return SimilarArticle(original.id, round(to_original, 3))
    return None


def similar(db: sqlite3.Connection, article: Article) -> list[SimilarArticle]:
    """Return every article that this one is compared with, the most similar first.

    Those are the first with the same content hash and the nearest by their sketches, however
    unlike; which of them counts as the original is told by the functions above.
    """
    likes = {candidate.id: round(likeness, 3) for candidate, likeness in _compared(db, article)}
    if same := find_same(db, article):
        likes[same.id] = 1.0
    found = [SimilarArticle(*like) for like in likes.items()]
    return sorted(found, key=lambda match: (-match.similarity, match.id))


def _compared(db: sqlite3.Connection, article: Article) -> Iterator[tuple["_Stored", float]]:
    """Yield the stored articles worth comparing with one, in the order of storing."""
    wanted = fingerprint(article.text)
    for number in sorted(_candidates(db, wanted)):
        candidate = _stored(db, number)
        if candidate.id != article.id:
            yield candidate, similarity(wanted.sketch, candidate.sketch)


class _Stored(NamedTuple):
    id: str
    original: int
    """Number of the first article with this content: its own, where it is that."""
    sketch: Sketch


def _stored(db: sqlite3.Connection, number: int) -> _Stored:
    ((article_id, original, stored),) = db.execute(
        "SELECT id, coalesce(original, number), sketch FROM article WHERE number = ?", (number,)
    )
    return _Stored(article_id, original, unpacked(stored))


def _candidates(db: sqlite3.Connection, wanted: Fingerprint) -> list[int]:
    keys = wanted.keys + wanted.former_keys
    if not keys:  # a short text
        return []
    shared = db.execute(" UNION ALL ".join([_SHARING] * len(keys)), keys)
    return [number for number, _ in Counter(map(itemgetter(0), shared)).most_common(_COMPARED)]
