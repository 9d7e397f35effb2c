"""Whether a record holds the whole article: by pages, by words, or by the text that is declared.

Since 2023 page 1 carries the text of all pages (docs/site.md, section 11.1). On the 53 captured
pages that have it, the text of the body is that text, or its beginning where more pages follow,
character by character: what the site counts (``raw_body``) is what it declares. Blanks are not
compared, because the site joins the words on both sides of a tag.
"""

import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Final

from kompascrawler.cleaning import clean
from kompascrawler.items import Article, Halaman, Proof, Route

TOLERANCE: Final = 15
"""Words by which the count may differ from the declared one and the article still be whole.

The site's rule, as ``raw_body`` and ``count_words`` follow it, has no known difference (69 of 69
articles of one page). An unknown kind of caption counts about as much as an infographic's did
before its rule was found (10 and 12 words); a page holds some 200.
"""
MOST_LOST: Final = 3
"""Characters that may be lost (U+FFFD) in an article that is whole: one or two are the writer's."""
_RUN: Final = 4
"""Words in a row by which two texts are compared where they differ."""


def count_lost(texts: Iterable[str]) -> int:
    """Count the characters whose bytes fit no encoding: U+FFFD stands for them."""
    return sum(text.count("\ufffd") for text in texts)


def judge(
    *,
    pages_declared: int | None,
    asked_for_all: bool,
    anchors: int,
    words_declared: int | None,
    words_counted: int,
    has_text: bool | None = None,
) -> Halaman:
    """Judge one answer of the site: page 1 (or a later one), or ``?page=all``.

    ``pages_declared`` is what pager or head say, if anything; ``anchors`` the highest page whose
    beginning is marked inside the body, 1 without marks. The address alone proves nothing: an
    answer to ``?page=all`` whose words fall short is one page. ``has_text`` is what the declared
    text says (``agrees``), which counts more than the words.
    """
    expected = max(pages_declared or 1, anchors)
    whole = has_text
    if whole is None and words_declared is not None:
        whole = has_all_words(words_declared, words_counted)
    fetched = expected
    if expected > 1 and not whole:
        fetched = anchors if asked_for_all and whole is None else 1
    complete = fetched == expected and whole is not False
    proof = _proof(has_text, words_declared, pages_declared)
    return Halaman(
        pages_expected=expected,
        pages_fetched=fetched,
        route="all" if asked_for_all and expected > 1 else "single",
        words_declared=words_declared,
        words_counted=words_counted,
        complete=complete if proof else None,
        proof=proof if complete else None,
    )


def judge_joined(
    *,
    route: Route,
    pages_declared: int | None,
    pages_held: int,
    words_declared: int | None,
    words_counted: int,
    decoded: int = 0,
    has_text: bool | None = None,
) -> Halaman:
    """Judge an article whose pages were got one by one, by number or in the browser.

    ``pages_held`` is how many different ones there are; a browser may show several in one, so
    that there the words decide where they are declared. ``decoded`` is how many words the count
    may lack because a browser shows characters where the site counts the names of their
    entities (``&ldquo;`` is a word to it).
    """
    expected = max(pages_declared or 1, pages_held)
    lacking = 0 if words_declared is None else words_declared - words_counted
    whole = -TOLERANCE <= lacking <= TOLERANCE + decoded if has_text is None else has_text
    if has_text or (route == "browser" and words_declared is not None and whole):
        pages_held = expected
    complete = pages_held == expected and whole
    return Halaman(
        pages_expected=expected,
        pages_fetched=pages_held,
        route=route,
        words_declared=words_declared,
        words_counted=words_counted,
        complete=complete,
        proof=_proof(has_text, words_declared, pages_declared) if complete else None,
    )


def _proof(text: object, words: object, pages: object) -> Proof | None:
    given: dict[Proof, object] = {"text": text, "words": words, "pages": pages}
    return next((proof for proof, value in given.items() if value is not None), None)


def shortfall(halaman: Halaman) -> str:
    """Say in a few words what an incomplete article lacks.

    >>> shortfall(Halaman(pages_expected=3, pages_fetched=2, route="numbered",
    ...                   words_declared=600, words_counted=410, complete=False))
    'incomplete: 2 of 3 pages, 410 of 600 words'
    """
    if halaman.route == "declared":
        return "declared: the paragraphs of some pages are missing"
    words = f"{halaman.words_counted} of {halaman.words_declared or 'unknown'} words"
    return f"incomplete: {halaman.pages_fetched} of {halaman.pages_expected} pages, {words}"


def in_words(halaman: Halaman) -> str:
    """Say whether an article is complete, and how that is known.

    >>> in_words(Halaman(pages_expected=2, pages_fetched=2, route="all", words_declared=300,
    ...                  words_counted=298, complete=True, proof="words"))
    'complete: 2 of 2 pages, 298 of 300 words (proven by words)'
    """
    if halaman.complete is None:
        return "unknown: the page declares neither pages nor words"
    said = shortfall(halaman)
    proof = f" (proven by {halaman.proof})" if halaman.proof else ""
    return said.removeprefix("in") + proof if halaman.complete else said


def falls_short(halaman: Halaman) -> bool:
    """Tell whether pages are missing; too many words (an unknown kind of caption) are no sign."""
    lacking = (halaman.words_declared or 0) - halaman.words_counted
    return halaman.pages_fetched < halaman.pages_expected or lacking > TOLERANCE


def has_all_words(declared: int, counted: int) -> bool:
    """Tell whether a count proves that no page is missing, within ``TOLERANCE``.

    >>> has_all_words(432, 205), has_all_words(432, 420)
    (False, True)
    """
    return abs(declared - counted) <= TOLERANCE


def is_sampled(article_id: str, share: float) -> bool:
    """Tell whether an article belongs to the sample of that share, 0 to 1.

    >>> is_sampled("2023-09-16-170000170", 0.0), is_sampled("2023-09-16-170000170", 1.0)
    (False, True)
    """
    chance = int.from_bytes(hashlib.sha256(article_id.encode()).digest()[:8], "big") / 2**64
    return chance < share


def first_difference(ours: Article, theirs: Article) -> int | None:
    """Return the first paragraph (from 1) in which two cleaned texts of an article differ."""
    texts = (clean(article).text.split("\n\n") for article in (ours, theirs))
    pairs = enumerate(zip_longest(*texts), start=1)
    return next((number for number, (one, other) in pairs if one != other), None)


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
    """Return the first numbers, which rise, of the longest series whose second ones rise, too.

    >>> _in_order([(0, 5), (1, 6), (2, 0), (3, 7)])
    [0, 1, 3]
    """
    ends: list[int] = []  # the lowest second number that ends a series of each length
    last: list[int] = []  # which pair that is
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
