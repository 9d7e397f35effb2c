"""How to get every page of an article: after each answer, what to ask for next. Pure.

The cheapest route first: ``?page=all``, then ``?page=2…N``, then a browser, then the text that
page 1 declares.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal

from kompascrawler.cleaning.clean import split_dateline
from kompascrawler.halaman.completeness import (
    MOST_LOST,
    agrees,
    count_lost,
    falls_short,
    judge_joined,
)
from kompascrawler.halaman.joining import Part, distinct, filled, join
from kompascrawler.items import Article, Route

RouteChoice = Literal["auto", "all", "numbered", "browser"]
"""Value of the setting ``HALAMAN_ROUTE``."""
NextRequest = int | Literal["browser", "done"]
"""What comes next: the page of that number, the browser, or nothing."""
FIRST: Final[Mapping[RouteChoice, tuple[str, ...]]] = {
    "auto": ("?page=all", ""),
    "all": ("?page=all",),
    "numbered": ("",),
    "browser": ("",),
}
"""What is added to an article's address to get its first page: each where those before fail."""

MOST_PAGES: Final = 30
"""Pages asked for where nobody says how many there are; the longest article seen has 10."""


class Assembly:
    """The pages of one article, as they come in."""

    def __init__(self, first: Part, wish: RouteChoice = "auto") -> None:
        """Begin with ``?page=all``, or page 1 where ``wish`` is ``numbered`` or ``browser``."""
        self._wish: RouteChoice = wish
        self._first = first
        self._parts = {1: first}
        self._browsed: Article | None = None
        self._used_browser = False
        self._has_textless = False
        """Whether a page that exists came without any text of its own: a script may write it."""
        self._is_lacking = False
        """Whether pages that were asked for by number were not received."""
        self.error: str | None = None
        """Why the first of the pages asked for by number did not come."""
        self.repeats = 0
        """Answers that were page 1 again although their address says another."""

    @property
    def has_text(self) -> bool:
        """Whether there is anything to make a record of."""
        return bool(self.record().blocks)

    @property
    def is_last_resort(self) -> bool:
        """Whether the browser is asked only because the site answers its pages with errors."""
        is_usual = self._has_textless or self.repeats or self._pages_declared is None
        return self._is_lacking and not is_usual

    # answers -----------------------------------------------------------------------------------
    def begin(self) -> NextRequest:
        """Return what the first answer leads to."""
        if self._wish == "all" or not falls_short(self._first.record.halaman):
            return "done"
        if self._wish == "browser" or self._first.hides_pages or not self._first.record.blocks:
            return self._browser()
        return 2

    def add(self, number: int, part: Part) -> NextRequest:
        """Take a page that was asked for by its number."""
        if is_page_one_again(part, self._first):
            self.repeats += 1
            self.error = self.error or "page 1 again"
            return self._browser()
        known = {text for one in self._parts.values() for text in one.texts}
        if known.issuperset(part.texts):
            self._has_textless = True
            return self._browser() if self._pages_declared is None else self._after(number)
        self._parts[self._free_number(number, part)] = part
        return self._after(number)

    def lack(self, number: int, cause: str, *, is_to_wait: bool = False) -> NextRequest:
        """Continue without a page; ``is_to_wait``: nothing else is to be asked of its host."""
        self.error = self.error or cause
        if is_to_wait:
            return "done"
        self._is_lacking = True
        return self._browser() if self._pages_declared is None else self._after(number)

    def skip_numbers(self, cause: str | None = None) -> NextRequest:
        """Ask for no page by its number (any more)."""
        self.error = self.error or cause
        self._is_lacking = True
        return self._browser()

    def add_browsed(self, parts: list[Part], *, walked: int, ended: bool) -> NextRequest:
        """Take what a browser has shown: ``walked`` pages, several in one part maybe.

        ``ended`` tells whether it came to the end of the article by itself.
        """
        if new := dict(enumerate(distinct(parts), start=1)):
            # One page more than were seen is expected of a walk that was cut short.
            expected = max(self._pages_declared or 1, walked, len(new)) + (not ended)
            self._browsed = self._joined(new, "browser", expected, held=max(walked, len(new)))
        return "done"

    # what there is -----------------------------------------------------------------------------
    def record(self) -> Article:
        """Return the record of the best that was had: complete, or else with more words."""
        had = [one for one in (self._plain_record(), self._browsed) if one is not None]
        best = max(
            had, key=lambda one: (one.halaman.complete is not False, one.halaman.words_counted)
        )
        if best.halaman.complete is not False or self._wish != "auto":
            return best
        return filled(best, self._parts) or best

    def _plain_record(self) -> Article:
        if len(self._parts) == 1:
            return self._first.record
        return self._joined(self._parts, "numbered", self._pages_declared, held=len(self._parts))

    def _joined(
        self, parts: dict[int, Part], route: Route, expected: int | None, *, held: int
    ) -> Article:
        record, words, decoded, text = join(parts)
        halaman = judge_joined(
            route=route,
            pages_declared=expected,
            pages_held=held,
            words_declared=self._first.record.halaman.words_declared,
            words_counted=words,
            decoded=decoded,
            has_text=agrees(self._first.text_declared, text),
        )
        is_legible = count_lost(block.text for block in record.blocks) <= MOST_LOST
        if not is_legible or not all(part.is_sound for part in parts.values()):
            halaman = replace(halaman, complete=False, proof=None)
        return replace(record, halaman=halaman)

    @property
    def _pages_declared(self) -> int | None:
        stated = [part.pages_declared for part in self._parts.values() if part.pages_declared]
        return max(stated, default=None)

    def _free_number(self, asked: int, part: Part) -> int:
        """Return which page a part is: what it says, where that is possible, else what was asked.

        No page after the first was ever captured: what it says of itself may be wrong.
        """
        choices = (part.number_stated or asked, asked, max(self._parts) + 1)
        return next(number for number in choices if number not in self._parts)

    def _after(self, number: int) -> NextRequest:
        last = self._pages_declared
        if last is None:
            last = MOST_PAGES if self._falls_short() else number
        if number < last:
            return number + 1
        is_to_be_had = self._has_textless or self._is_lacking
        return self._browser() if is_to_be_had and self._falls_short() else "done"

    def _falls_short(self) -> bool:
        return falls_short(self._plain_record().halaman)

    def _browser(self) -> NextRequest:
        if self._used_browser or self._wish == "numbered":
            return "done"
        self._used_browser = True
        return "browser"


def is_page_one_again(part: Part, first: Part) -> bool:
    """Tell whether an answer to ``?page=2`` or later is page 1, whatever its address says.

    6 of 17 such addresses begin at the dateline instead of going on, and no continuation has
    one (docs/site.md, section 16).
    """
    begins = part.texts[:1]
    return begins == first.texts[:1] != [] or any(map(split_dateline, begins))
