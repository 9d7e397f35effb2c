r"""What strangers wrote, as it may be shown, and printed: no character commands a terminal.

ESC and the characters from U+0080 to U+009F begin commands (OSC 52 fills the clipboard); marks of
direction show a text in another order than it has.
"""

import logging
import os
import re
from typing import Final, TextIO

_COMMANDS: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # all controls but tab and end of line
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks of direction
    "\u2028\u2029\ud800-\udfff]"  # other ends of lines; bytes that are no text
)


def printable(text: str) -> str:
    r"""Return a text with what is no character of a text written as JSON escapes it.

    So JSON stays JSON. Tabs and ends of lines stay.

    >>> printable("a\x1b]52;c;x\x07b\tc\n")
    'a\\u001b]52;c;x\\u0007b\tc\n'
    """
    return _COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def fit_for(encoding: str | None, text: str) -> str:
    r"""Return a text with what an encoding lacks written as ``\xe9`` or ``\u2013``.

    >>> fit_for("ascii", "a – b")
    'a \\u2013 b'
    """
    encoding = encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def put(text: str, stream: TextIO) -> None:
    """Print any text; a reader that is gone or a full disk is no error."""
    write(printable(text), stream)


def write(drawn: str, stream: TextIO, end: str = "\n") -> None:
    """Print as ``put`` what was made printable before it was drawn in colours."""
    try:
        print(fit_for(stream.encoding, drawn), file=stream, flush=True, end=end)
    except OSError:
        silence(stream)


def silence(stream: TextIO) -> None:
    """Send a stream that cannot be written to nowhere: its pipe, terminal or disk is gone.

    Python writes what is left at its exit, and would change the status.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class PrintableRecord(logging.LogRecord):
    """A record of the log whose message and traceback can be shown."""

    def getMessage(self) -> str:  # noqa: N802 - logging's name
        """Return the message."""
        return printable(super().getMessage())

    @property
    def exc_text(self) -> str | None:
        """The traceback, once a formatter has made it."""
        return self._exc_text

    @exc_text.setter
    def exc_text(self, text: str | None) -> None:
        self._exc_text = printable(text) if text else text
