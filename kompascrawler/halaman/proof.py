"""Whether a text is the one that the site declares for the whole article. Pure.

Since 2023 page 1 carries the text of all pages (docs/site.md, section 11.1). On the 53 captured
pages that have it, the text of the body is that text, or its beginning where more pages follow,
character by character. So captions and other known differences need no rule: what the site
counts (``pages.rawbody``) is what it declares. Blanks are not compared, because the site joins
the words on both sides of a tag.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import Final

from kompascrawler.halaman.completeness import TOLERANCE

_RUN: Final = 4
"""Words in a row by which two texts are compared where they differ."""


def agrees(declared: str | None, text: str) -> bool | None:
    """Tell whether a text is the declared one.

    False if more than ``TOLERANCE`` of its words are missing or out of order; None if fewer are,
    or if no text is declared: then only the count of words can decide.

    >>> agrees("Gempa di laut.", "Gempa di  laut."), agrees("Gempa di laut.", "Gempa laut.")
    (True, None)
    """
    if declared is None:
        return None
    if without_blanks(declared) == without_blanks(text):
        return True
    return False if missing_words(declared, text) > TOLERANCE else None


def missing_words(declared: str, text: str) -> int:
    """Count the words of a declared text that another one lacks or has out of order.

    >>> missing_words("a b c d e f g h", "a b c d e f g h"), missing_words("a b c d", "d c b a")
    (0, 4)
    """
    if without_blanks(declared) == without_blanks(text):
        return 0
    wanted, given = declared.split(), text.split()
    if len(given) < len(wanted) - TOLERANCE:
        return len(wanted) - len(given)
    there = _unique_runs(given)
    runs = [(start, there[run]) for run, start in _unique_runs(wanted).items() if run in there]
    found = {start + i for start in _in_order(runs) for i in range(_RUN)}
    return len(wanted) - len(found)


def without_blanks(text: str) -> str:
    """Return a text without its white space."""
    return "".join(text.split())


def _unique_runs(words: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Return the runs of words that stand once, in order, and where each begins."""
    runs = list(zip(*(words[i:] for i in range(_RUN)), strict=False))
    times = Counter(runs)
    return {run: start for start, run in enumerate(runs) if times[run] == 1}


def _in_order(pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Return the first numbers of the longest series of pairs that rises in both.

    The first numbers rise already.

    >>> _in_order([(0, 5), (1, 6), (2, 0), (3, 7)])
    [0, 1, 3]
    """
    ends: list[int] = []
    """The lowest second number that ends a series of each length."""
    last: list[int] = []
    """Which pair that is."""
    before: list[int | None] = []
    for number, (_, there) in enumerate(pairs):
        length = bisect_left(ends, there)
        before.append(last[length - 1] if length else None)
        ends[length : length + 1] = [there]
        last[length : length + 1] = [number]
    series, at = list[int](), last[-1] if last else None
    while at is not None:
        series.append(pairs[at][0])
        at = before[at]
    return series[::-1]
