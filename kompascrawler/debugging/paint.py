"""Colours for a terminal, without the time that rich takes to import."""

import os
from dataclasses import dataclass
from typing import Final, Self, TextIO


@dataclass(frozen=True, slots=True)
class Paint:
    """Colours lines where ``is_on``."""

    is_on: bool

    @classmethod
    def for_stream(cls, stream: TextIO) -> Self:
        """Return colours for a terminal, unless ``NO_COLOR`` is set (no-color.org)."""
        return cls(stream.isatty() and not os.environ.get("NO_COLOR"))

    def good(self, line: str) -> str:
        """Colour what was taken, or is as it should be."""
        return self._with("32", line)

    def bad(self, line: str) -> str:
        """Colour what is missing, cut or refused."""
        return self._with("31", line)

    def strong(self, line: str) -> str:
        """Emphasise a heading."""
        return self._with("1", line)

    def _with(self, code: str, line: str) -> str:
        return f"\x1b[{code}m{line}\x1b[0m" if self.is_on else line


PLAIN: Final = Paint(is_on=False)
