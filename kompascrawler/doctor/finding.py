"""What a check has found. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, Self

from kompascrawler.outcome.terminal import entry

State = Literal["ok", "warn", "fail"]
"""Nothing to do; a crawl can do without, or may get into trouble; a crawl cannot go well."""
_INDENT: Final = 21


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the doctor's."""

    name: str
    """What was looked at, a word or two."""
    state: State
    found: str
    """What was found, one line."""
    advice: str | None = None
    """What to do, one line; None where there is nothing to do."""

    @classmethod
    def ok(cls, name: str, found: str) -> Self:
        """Return a finding that is as it should be."""
        return cls(name=name, state="ok", found=found)

    @classmethod
    def warn(cls, name: str, found: str, advice: str) -> Self:
        """Return a finding that a crawl can do without."""
        return cls(name=name, state="warn", found=found, advice=advice)

    @classmethod
    def fail(cls, name: str, found: str, advice: str) -> Self:
        """Return a finding that keeps a crawl from going well."""
        return cls(name=name, state="fail", found=found, advice=advice)

    def lines(self) -> list[str]:
        """Return the finding for a terminal of 80 columns."""
        lines = entry(f"{self.state:5}{self.name}", self.found, indent=_INDENT)
        if self.advice:
            lines += entry("", f"-> {self.advice}", indent=_INDENT)
        return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is looked at."""

    settings: Mapping[str, Any]
    environment: Mapping[str, str]
    """Variables of the process."""
    now: datetime

    @property
    def data_dir(self) -> Path:
        """The data folder, whether it is there or not."""
        return Path(self.settings["DATA_DIR"])


def shortened(things: Iterable[object], most: int = 3) -> str:
    """Name a few of many things, and how many more there are.

    >>> shortened("abcde")
    'a, b, c and 2 more'
    """
    names = [str(thing) for thing in things]
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
