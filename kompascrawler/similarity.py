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

from functools import lru_cache
from zlib import crc32

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
