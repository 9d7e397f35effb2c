"""The exit statuses of ``scrapy crawl`` and what a run amounts to. Pure."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Self


class ExitStatus(IntEnum):
    """Exit status of ``scrapy crawl``."""

    FINE = 0
    """New articles were stored, or there was nothing new."""
    ERROR = 1
    """An unexpected error: a callback or a pipeline raised, or no listing could be read."""
    USAGE = 2
    """An argument or a setting that cannot be taken; nothing was asked for."""
    STORE = 3
    """The data folder cannot be written or read, or is damaged."""
    UNREACHABLE = 4
    """Not one page came from the site: no answer, or none but server errors."""
    BLOCKED = 5
    """The site lets us in nowhere: 403 or 429 throughout, a challenge, or its robots.txt."""
    DRIFT = 6
    """The site's markup has changed: what is read of it cannot be trusted any more."""
    FAILED = 7
    """More articles failed or stayed incomplete than is usual; they are tried again."""
    BROWSER = 8
    """Articles needed the browser, and it is missing or died too often; the rest was done."""
    BUDGET = 9
    """A budget (time, requests, bytes) ended the run; the next one goes on from there."""
    LOCKED = 75
    """Another run holds the data folder; nothing was done (EX_TEMPFAIL of sysexits.h)."""
    HUNG_UP = 129
    """Stopped by SIGHUP: the terminal or ssh session is gone; what was fetched is published."""
    INTERRUPTED = 130
    """Stopped by SIGINT; what was fetched is stored and published."""
    QUIT = 131
    """Stopped by SIGQUIT; what was fetched is stored and published."""
    TERMINATED = 143
    """Stopped by SIGTERM; what was fetched is stored and published."""
    CPU_LIMIT = 152
    """Stopped by SIGXCPU (``ulimit -t``); what was fetched is stored and published."""


BY_SIGNAL: Final = frozenset(status for status in ExitStatus if status > 128)
"""Statuses of runs that a signal ended: 128 and its number, as shells have them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a run went."""

    status: ExitStatus
    name: str
    """The status in a word: ``fine``, ``blocked``, … (the lower case of its name)."""
    cause: str
    """One line: why the status is what it is."""
    advice: str | None = None
    """One line: what to do; None where nothing is to be done."""
    also: tuple[str, ...] = ()
    """The names of the other, less serious causes that hold."""
    filling: bool = False
    """A budget ended the run, which got further in the first reading of the index."""

    @property
    def is_healthy(self) -> bool:
        """Whether nobody needs to look at it."""
        return self.status is ExitStatus.FINE or self.filling

    @classmethod
    def of(cls, status: ExitStatus, cause: str, advice: str | None = None) -> Self:
        """Return the verdict of a status, named after it."""
        return cls(status=status, name=status.name.lower(), cause=cause, advice=advice)
