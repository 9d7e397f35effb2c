"""What the Halaman pager of an article page says (``templates/pager.html.j2``). Pure."""

import re
from collections.abc import Sequence
from html import unescape
from typing import Literal, NamedTuple

from tests.replica.behaviours import BEHAVIOURS
from tests.replica.story import Story

NOWHERE = "javascript:void(0)"
"""Address of a link that only a script follows."""


class Pager(NamedTuple):
    """The links below the body of a Halaman."""

    kind: Literal["whole", "none", "next", "numbers"]
    """Sign of a whole article, nothing, a link that says "next", or one link a page."""
    url: str | None = None
    """Address of the article, None where only a script follows the links."""
    numbers: Sequence[int] = ()
    shown: int = 0
    next: int = 0
    next_words: str = ""
    """First words of the next Halaman, above the pager; empty where there is none."""
    show_all: str | None = None
    """Address of "Show All", None where it is missing."""

    def address(self, number: int) -> str:
        """Return the address that a link to a Halaman has."""
        return f"{self.url}?page={number}" if self.url else NOWHERE


def pager(story: Story, pages: Sequence[Sequence[str]], page: str) -> Pager:
    """Return what stands below the body of a Halaman to reach the others.

    ``?page=all`` shows none (whether the site does is not known).
    """
    behaviour = BEHAVIOURS[story.behaviour]
    if len(pages) == 1 or page == "all":
        return Pager("whole")
    if behaviour.pager in ("none", "next"):
        return Pager("none" if behaviour.pager == "none" else "next")
    numbers = [1, *range(2, len(pages) + 1)]
    if behaviour.pager == "shuffled":
        numbers[1:] = reversed(numbers[1:])
    shown = int(page)
    return Pager(
        "numbers",
        url=None if behaviour.pager == "no_addresses" else story.url,
        numbers=numbers,
        shown=shown,
        next=shown + 1,
        next_words="" if behaviour.script else _first_words(pages[shown:]),
        show_all=None if behaviour.script else f"{story.url}?page=all#page2",
    )


def _first_words(pages: Sequence[Sequence[str]]) -> str:
    """Return the first five words of the pages that follow."""
    if not pages:
        return ""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", pages[0][0])).split()[:5])
