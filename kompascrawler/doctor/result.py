"""What a check looks at, what it finds, and how that is shown."""

import shutil
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from kompascrawler.store.disk import parted
from kompascrawler.store.model import StoreError
from kompascrawler.terminal import entry, text

if TYPE_CHECKING:
    from rich.text import Text

State = Literal["ok", "warn", "fail", "unchecked"]
"""``warn``: a crawl can do without, or has another way. ``fail``: it cannot go well, or loses
articles."""
_SHOWN: Final[Mapping[State, tuple[str, str]]] = {
    "ok": ("holds", "green"),
    "warn": ("differs", "yellow"),
    "fail": ("fails", "bold red"),
    "unchecked": ("unchecked", "dim"),
}
"""State → its name for an assumption about the site, and its style."""
_INDENT: Final = 21
_INDENT_OF_ASSUMPTIONS: Final = 13


@dataclass(frozen=True, slots=True)
class Result:
    """One row of the doctor's table; found and advice are a line each."""

    name: str
    """What was checked: a word or two; of an assumption about the site, one sentence."""
    state: State
    found: str
    advice: str | None = None
    source: str | None = None
    """Where an assumption about the site comes from; None for every other check."""
    code: tuple[str, ...] = ()
    """Files that depend on the assumption."""

    @property
    def label(self) -> str:
        """The state as it is shown."""
        shown = _SHOWN[self.state][0] if self.source else self.state
        return "not checked" if self.state == "unchecked" else shown

    def as_dict(self) -> dict[str, Any]:
        """Return the result as ``doctor --json`` prints it."""
        name, state, found, advice, source, code = astuple(self)
        if source is None:
            return {"name": name, "state": state, "found": found, "advice": advice}
        said = {"assumption": name, "source": source, "code": code}
        return said | {"verdict": _SHOWN[self.state][0], "seen": found}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is checked on this machine."""

    settings: Mapping[str, Any]
    environment: Mapping[str, str]
    now: datetime

    @property
    def data_dir(self) -> Path:
        """The data folder; it may not exist."""
        return Path(self.settings["DATA_DIR"])


def checked(name: str, found: str, problem: object, advice: str, state: State = "fail") -> Result:
    """Return a problem with what to do about it or, without one, what was found."""
    return Result(name, state, str(problem), advice) if problem else Result(name, "ok", found)


def failed(name: str, error: StoreError) -> Result:
    """Return what the store cannot do, and its way out."""
    cause, advice = parted(str(error))
    return Result(name, "fail", cause, advice or "see the message")


def drawn(result: Result) -> "Text":
    """Return a result as the terminal shows it."""
    start = int(result.source is not None)  # a blank line before each assumption
    shown = text("\n" * start + "\n".join(lines(result, shutil.get_terminal_size().columns)))
    shown.stylize(_SHOWN[result.state][1], start, start + len(result.label))
    return shown


def lines(result: Result, width: int) -> list[str]:
    """Return a result for a terminal of ``width`` columns; a long path may exceed them."""
    advice, indent = result.advice, _INDENT
    rows = [(f"{result.label:5}{result.name}", result.found)]
    if result.source:
        advice = None if result.state == "ok" else f"depends on it: {', '.join(result.code)}"
        indent = _INDENT_OF_ASSUMPTIONS
        rows = [(result.label, result.name), ("", result.found)]
    rows += [("", f"-> {advice}")] if advice else []
    return [line for row in rows for line in entry(*row, indent=indent, width=width)]
