"""The exit statuses of ``scrapy crawl`` and what a run amounts to. Pure."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Self


class ExitStatus(IntEnum):
    """Exit status of ``scrapy crawl``; docs/runs.md says what each means, and what to do."""

    FINE = 0
    ERROR = 1
    USAGE = 2
    STORE = 3
    UNREACHABLE = 4
    BLOCKED = 5
    DRIFT = 6
    FAILED = 7
    BROWSER = 8
    BUDGET = 9
    LOCKED = 75  # EX_TEMPFAIL of sysexits.h
    HUNG_UP = 129
    INTERRUPTED = 130
    QUIT = 131
    TERMINATED = 143
    CPU_LIMIT = 152


BY_SIGNAL: Final = frozenset(status for status in ExitStatus if status > 128)
"""Statuses of runs that a signal ended: 128 and its number, as in shells."""
NOT_DONE: Final = (ExitStatus.BUDGET, ExitStatus.LOCKED, *BY_SIGNAL)
"""Statuses of runs that ended early, and went well until then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a run went."""

    status: ExitStatus
    name: str
    """The status in a word: ``fine``, ``blocked``, … (the lower case of its name)."""
    cause: str
    """One line: why the status is what it is."""
    advice: str | None = None
    """One line: what to do, if anything."""
    also: tuple[str, ...] = ()
    """The names of the other, less serious causes that hold."""
    filling: bool = False
    """A budget ended the run, which got further in the first reading of the index."""

    @property
    def is_healthy(self) -> bool:
        """Whether there is nothing to do."""
        return self.status is ExitStatus.FINE or self.filling

    @classmethod
    def of(cls, status: ExitStatus, cause: str, advice: str | None = None) -> Self:
        """Return the verdict of a status, named after it."""
        return cls(status=status, name=status.name.lower(), cause=cause, advice=advice)
