"""What a row of the fault matrix says."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Final

from kompascrawler.outcome.cards import ExitStatus
from tests.world import EVERY, NONE, Trouble, World

Arrange = Callable[[World], AbstractContextManager[object]]
"""Prepares data folder or machine for a run, and puts right again what it did."""
ARTICLES: Final = "/read/"
PAGES: Final = "^/(?!robots)"
"""Paths that a fault is for."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A fault, and what the crawler makes of it.

    Run 1 is healthy. Then new articles come out, and run 2 meets the fault. Run 3 is healthy
    again; after it each article that the site has published must be there once.
    """

    name: str
    """The fault, as the documentation calls it; unique."""
    planted: str
    """How it is brought about, in a few words."""
    status: ExitStatus | int
    """Exit status of run 2; below 0: the signal that ended it."""
    had: int | None = 0
    """How many of the new articles run 2 publishes whole; None: that depends on moments."""
    new: int = 4
    """Articles that come out before run 2."""
    trouble: Trouble = NONE
    arrange: Arrange = lambda _: nullcontext()
    halaman: str = "normal"
    """How the pages of the site's articles can be had (``tests.replica.behaviours``)."""
    wait: float = EVERY
    """Seconds from run 2 to run 3."""
    later: int = 0
    """Articles that come out before run 3: drift stands until pages show that it is over."""
    only_soak: str | None = None
    """Why every day can do without the row, or cannot afford it; None where it is always run."""


def fault(name: str, **options: Any) -> Trouble:
    """Return the trouble of one fault of the replica."""
    return Trouble(orders=[{"name": name, **options}])
