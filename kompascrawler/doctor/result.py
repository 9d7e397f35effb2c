"""What a check looks at, and what it finds. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

Verdict = Literal["ok", "warn", "fail", "unchecked"]
"""Nothing to do; a crawl can do without, or has another way; a crawl cannot go well, or loses
articles; it could not be checked."""
OF_ASSUMPTIONS: Final[Mapping[Verdict, str]] = {
    "ok": "holds",
    "warn": "differs",
    "fail": "fails",
    "unchecked": "unchecked",
}
"""The same in the words for assumptions about the site."""


@dataclass(frozen=True, slots=True)
class Result:
    """One row of the doctor's table."""

    name: str
    """What was checked: a word or two; of an assumption about the site, one sentence."""
    verdict: Verdict
    found: str
    """What was found, one line."""
    advice: str | None = None
    """What to do, one line."""
    source: str | None = None
    """Where an assumption about the site comes from; None for every other check."""
    code: tuple[str, ...] = ()
    """Files that depend on the assumption."""

    @property
    def label(self) -> str:
        """The verdict as it is shown."""
        word = OF_ASSUMPTIONS[self.verdict] if self.source else self.verdict
        return "not checked" if word == "unchecked" else word


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is checked on this machine."""

    settings: Mapping[str, Any]
    environment: Mapping[str, str]
    """Variables of the process."""
    now: datetime

    @property
    def data_dir(self) -> Path:
        """The data folder; it may not exist."""
        return Path(self.settings["DATA_DIR"])


def shortened(things: Iterable[object], most: int = 3) -> str:
    """Name a few of many things, and how many more there are.

    >>> shortened("abcde")
    'a, b, c and 2 more'
    """
    names = [str(thing) for thing in things]
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
