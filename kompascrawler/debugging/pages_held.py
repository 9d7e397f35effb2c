"""The arithmetic of Halaman: pages and words, declared and had, and what follows from them."""

from dataclasses import dataclass

from kompascrawler.halaman import TOLERANCE, shortfall
from kompascrawler.halaman.assembly import Assembly, NextRequest, RouteChoice
from kompascrawler.items import Halaman
from kompascrawler.pages import ArticlePage


@dataclass(frozen=True, slots=True, kw_only=True)
class HalamanAccount:
    """How many pages and words there should be, and how many there are."""

    pages_declared: int | None
    """What pager or head state; None when they say nothing."""
    pages_expected: int
    pages_fetched: int
    words_declared: int | None
    words_counted: int
    """Words of the raw body, by the site's rule."""
    tolerance: int
    """Words by which the two may differ."""
    words_read: int
    """Words of the blocks that were made of the body."""
    words_to_read: int
    """Words that they must have at least, so that no text is hidden by broken markup."""
    complete: bool | None
    verdict: str
    """The same in words."""
    next_step: str
    """What a crawl does after this answer."""


def account_of_halaman(page: ArticlePage, wish: RouteChoice) -> HalamanAccount:
    """Tell what an answer holds of its article, and what a crawl would ask for next.

    Raises PageRefused.
    """
    halaman = page.halaman
    return HalamanAccount(
        pages_declared=page.pages_declared,
        pages_expected=halaman.pages_expected,
        pages_fetched=halaman.pages_fetched,
        words_declared=halaman.words_declared,
        words_counted=halaman.words_counted,
        tolerance=TOLERANCE,
        words_read=page.words_read,
        words_to_read=page.words_to_read,
        complete=halaman.complete,
        verdict=in_words(halaman),
        next_step=_step(Assembly(page.part(), wish).begin()),
    )


def in_words(halaman: Halaman) -> str:
    """Say whether all of an article is there, and why that is known.

    >>> in_words(Halaman(pages_expected=2, pages_fetched=2, route="all", words_declared=300,
    ...                  words_counted=298, complete=True))
    'whole: 2 of 2 pages, 298 of 300 words'
    """
    if halaman.complete is None:
        return "nobody knows: the page declares neither pages nor words"
    said = shortfall(halaman).removeprefix("incomplete: ")
    return f"whole: {said}" if halaman.complete else f"incomplete: {said}"


def _step(step: NextRequest) -> str:
    if step == "done":
        return "nothing more is asked for: the record is made of this answer"
    if step == "browser":
        return "the browser walks the article's pages"
    return f"?page={step} is asked for"
