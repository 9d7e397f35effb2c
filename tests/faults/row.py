"""What a row of the fault matrix says."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from kompascrawler.verdict import ExitStatus
from tests.world import EVERY, NONE, Trouble, World

Arrange = Callable[[World], AbstractContextManager[object]]
"""Prepares data folder or machine for a run, and puts right again what it did."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A fault, and what the crawler makes of it.

    Run 1 is healthy. Then four articles come out, and run 2 meets the fault. Run 3 is healthy
    again; after it each article that the site has published must be there once.
    """

    name: str
    """The fault, as the documentation calls it; unique."""
    planted: str
    """How it is brought about, in a few words."""
    status: ExitStatus | int
    """Exit status of run 2; below 0: the signal that ended it."""
    had: int | None = 0
    """How many of the four new articles run 2 publishes whole; None: that depends on moments."""
    trouble: Trouble = NONE
    arrange: Arrange = lambda _: nullcontext()
    wait: float = EVERY
    """Seconds from run 2 to run 3."""
    cause: str = ""
    """Words of the verdict's cause; empty where the run cannot tell any."""
    only_soak: str | None = None
    """Why the row costs too much for every day; None where it does not."""
