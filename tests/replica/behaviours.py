"""How the pages ("Halaman") of an article can be had, or cannot: behaviours by name. Pure data.

Which of them the real site has is not known: no page after the first was ever captured
(docs/site.md). ``BEHAVIOURS`` is the place to register another.

A browser decodes entities when it writes a page out again, so that an article walked there
counts fewer words than the site declares: one for each ``&ldquo;`` and its kin. On the first
pages of 92 captured Global articles that is 0 in the median and 16 at most.
"""

from bisect import bisect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Final, Literal

from kompascrawler.items import Route

Shares = str | Mapping[str, float]
"""``mix``, the name of a behaviour, or the share of each: what is left to 1 is ``normal``."""
Pager = Literal["links", "shuffled", "no_addresses", "next", "none"]
"""Links in order or not, links that only a script follows, one that says "next", nothing."""
Script = Literal["swap", "append", "scroll", "body"]
"""What a script does: put the next page for the one shown or below it, on a click or when the
reader comes near its end, or write the body in the first place."""

_GOLDEN: Final = 0.6180339887498949


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What the addresses of an article answer, and what its page does in a browser."""

    all: Literal["whole", "first", "first_as_all"] = "first"
    """What ``?page=all`` answers: everything, page 1, or page 1's text that says it is all."""
    numbers: Literal["own", "first"] = "own"
    """What ``?page=N`` answers: page N or page 1."""
    missing: int | None = None
    """Status that the page in the middle answers instead, None where no page is missing."""
    is_late: bool = False
    """Whether each page answers later than the one after it."""
    pager: Pager = "links"
    script: Script | None = None
    least_pages: int = 2
    """Pages that such an article has at least."""
    route: Route | None
    """The cheapest way to the whole of an article of several pages; None: there is none."""


BEHAVIOURS: Final[dict[str, Behaviour]] = {
    "normal": Behaviour(all="whole", least_pages=1, route="all"),
    "ten_pages": Behaviour(all="whole", least_pages=10, route="all"),
    "all_is_first": Behaviour(route="numbered"),
    # The answer looks like the whole article: no pager, "Halaman all" in its titles.
    "all_first_numbers_work": Behaviour(all="first_as_all", route="numbered"),
    "out_of_order": Behaviour(pager="shuffled", is_late=True, least_pages=3, route="numbered"),
    "numbers_are_first": Behaviour(numbers="first", route=None),
    "missing_404": Behaviour(missing=404, least_pages=3, route=None),
    "missing_500": Behaviour(missing=500, least_pages=3, route=None),
    "script_pager": Behaviour(
        numbers="first", pager="no_addresses", script="swap", route="browser"
    ),
    "script_pager_href": Behaviour(numbers="first", script="swap", route="browser"),
    "next_click": Behaviour(numbers="first", pager="next", script="append", route="browser"),
    "next_click_swap": Behaviour(numbers="first", pager="next", script="swap", route="browser"),
    "scroll": Behaviour(numbers="first", pager="none", script="scroll", route="browser"),
    "script_body": Behaviour(
        numbers="first", pager="none", script="body", least_pages=1, route="browser"
    ),
}
"""Every behaviour by name."""

_MIX: Final = dict.fromkeys(BEHAVIOURS, 1.0) | {"normal": 3.0}


def deal(halaman: Shares, seed: int) -> Callable[[int], str]:
    """Return what deals a behaviour to each serial of an article, always the same one.

    Shares above 1 together count as weights. Any stretch of articles has each behaviour about
    as often as it should: with "mix", 40 in a row have all. Raises ValueError for a name that
    is no behaviour and for a share below 0.
    """
    shares = _shares(halaman)
    limits = list(accumulate(shares.values()))
    start = Random(f"{seed}/halaman").random()
    names = list(shares)

    def behaviour(serial: int) -> str:
        # Multiples of the golden ratio fall evenly into any division of the circle.
        place = (start + serial * _GOLDEN) % 1.0 * limits[-1]
        return names[min(bisect(limits, place), len(names) - 1)]

    return behaviour


def _shares(halaman: Shares) -> dict[str, float]:
    """Return the share of each behaviour; together they are at least 1."""
    if isinstance(halaman, str):
        halaman = _MIX if halaman == "mix" else {halaman: 1.0}
    unknown = halaman.keys() - BEHAVIOURS.keys()
    if unknown:
        known = ", ".join(("mix", *BEHAVIOURS))
        raise ValueError(f"no behaviour {min(unknown)!r}; there are: {known}")
    if any(share < 0 for share in halaman.values()):
        raise ValueError("a share is below 0")
    left = max(0.0, 1.0 - sum(halaman.values()))
    return {**halaman, "normal": halaman.get("normal", 0.0) + left}
