"""What a check looks at, what it finds, and how that is shown."""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from kompascrawler.outcome.terminal import entry, text

if TYPE_CHECKING:
    from rich.text import Text

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
_STYLES: Final[Mapping[Verdict, str]] = {
    "ok": "green",
    "warn": "yellow",
    "fail": "bold red",
    "unchecked": "dim",
}
_INDENT: Final = 21
_INDENT_OF_ASSUMPTIONS: Final = 13


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


def drawn(result: Result) -> "Text":
    """Return a result as the terminal shows it."""
    start = 1 if result.source else 0  # a blank line before each assumption
    shown = text("\n" * start + "\n".join(lines(result, shutil.get_terminal_size().columns)))
    shown.stylize(_STYLES[result.verdict], start, start + len(result.label))
    return shown


def lines(result: Result, width: int) -> list[str]:
    """Return a result for a terminal of ``width`` columns; a long path may exceed them."""
    if result.source is None:
        advice = result.advice
        label, indent = f"{result.label:5}{result.name}", _INDENT
        rows = [(label, result.found)]
    else:
        advice = None if result.verdict == "ok" else f"depends on it: {', '.join(result.code)}"
        indent = _INDENT_OF_ASSUMPTIONS
        rows = [(result.label, result.name), ("", result.found)]
    if advice:
        rows.append(("", f"-> {advice}"))
    return [line for row in rows for line in entry(*row, indent=indent, width=width)]
