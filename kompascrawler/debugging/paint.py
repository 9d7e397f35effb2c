"""What the debugger's tools print: rows for a terminal, in colour, without importing rich."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, Self, TextIO

from kompascrawler.outcome.terminal import entry
from kompascrawler.printable import printable

Style = Literal["", "good", "bad", "strong"]
"""``good``: taken, or as it should be; ``bad``: missing, cut or refused; ``strong``: a heading."""
_CODES: Final[dict[Style, str]] = {"good": "32", "bad": "31", "strong": "1"}


@dataclass(frozen=True, slots=True)
class Paint:
    """Colours lines where ``is_on``."""

    is_on: bool

    @classmethod
    def for_stream(cls, stream: TextIO) -> Self:
        """Return colours for a terminal, unless ``NO_COLOR`` is set (no-color.org)."""
        return cls(stream.isatty() and not os.environ.get("NO_COLOR"))

    def __call__(self, line: str, style: Style) -> str:
        """Return a line, made printable, in a style."""
        line = printable(line)
        return f"\x1b[{_CODES[style]}m{line}\x1b[0m" if self.is_on and style else line


PLAIN: Final = Paint(is_on=False)


class Row(NamedTuple):
    """A text behind its label; without a text, a heading."""

    label: str
    text: str = ""
    style: Style = ""


def row_lines(rows: Iterable[Row], paint: Paint, *, indent: int) -> Iterator[str]:
    """Yield rows as lines of at most 80 columns; ``indent`` is the column of the texts."""
    for label, text, style in rows:
        if text:
            for line in entry(label, text, indent=indent):
                yield paint(line, style)
        else:
            yield from ("", paint(label, "strong"))
