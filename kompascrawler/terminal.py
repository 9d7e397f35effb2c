r"""What is printed: figures, lines and tables for people, JSON for programs; logged, too.

No character of what strangers wrote commands a terminal. ESC and the characters from U+0080 to
U+009F begin commands (OSC 52 fills the clipboard); marks of direction show a text in another order
than it has. rich draws, and is imported only when something is drawn: no unattended run needs it.
"""

import json
import logging
import os
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import zip_longest
from math import log10
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TextIO, TypeVar

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    Drawn = Text | Table
    """What is drawn: ``text``, ``lines`` or ``table`` builds it."""

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


def put(text: str, stream: TextIO | None) -> None:
    """Print any text; no stream (``>&-``), a reader that is gone or a full disk is no error."""
    write(printable(text), stream)


def write(drawn: str, stream: TextIO | None, end: str = "\n") -> None:
    """Print as ``put`` what was made printable before it was drawn in colours."""
    if stream is None:
        return
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


WIDTH: Final = 80
"""Columns that no line exceeds, but for a longer address or path."""

_T = TypeVar("_T")
Style = Literal["", "good", "bad", "strong"]
"""``good``: taken, or as it should be; ``bad``: missing, cut or refused; ``strong``: a heading."""
_CODES: Final[dict[Style, str]] = {"good": "32", "bad": "31", "strong": "1"}
_UNITS: Final = ("kB", "MB", "GB", "TB")


def span(seconds: float) -> str:
    """Say how long something took, in its two largest units.

    >>> [span(seconds) for seconds in (0.4, 13, 62, 7500, 200_000)]
    ['0 s', '13 s', '1m02s', '2h05m', '2d07h']
    """
    whole = max(0, int(seconds))
    minutes, seconds = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days}d{hours:02}h"
    if hours:
        return f"{hours}h{minutes:02}m"
    return f"{minutes}m{seconds:02}s" if minutes else f"{whole} s"


def size(number: float) -> str:
    """Say how many bytes something has.

    >>> [size(number) for number in (0, 999, 1_500, 34_100_000, 5e10)]
    ['0 B', '999 B', '1.5 kB', '34.1 MB', '50.0 GB']
    """
    if number < 1000:
        return f"{number:.0f} B"
    power = min(int(log10(number) // 3), len(_UNITS))
    return f"{number / 1000**power:.1f} {_UNITS[power - 1]}"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return a number of things.

    >>> counted(1, "page"), counted(1234, "page"), counted(2, "try", "tries")
    ('1 page', '1,234 pages', '2 tries')
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def first_of(things: Sequence[object], most: int, separator: str = ", ") -> str:
    """Name the first of many things, and how many more there are."""
    more = [f"and {len(things) - most:,} more"] if len(things) > most else []
    return separator.join([*map(str, things[:most]), *more])


def moment(time: str) -> str:
    """Return a time of RFC 3339 to the minute, in UTC.

    >>> moment("2026-11-22T19:00:59+07:00")
    '2026-11-22 12:00'
    """
    return f"{_utc(time):%Y-%m-%d %H:%M}"


def since(time: str, now: datetime) -> str:
    """Say when something was, and how long ago, or ahead.

    >>> since("2026-11-22T11:56:00+00:00", datetime(2026, 11, 22, 12, tzinfo=UTC))
    '2026-11-22 11:56 UTC, 4m00s ago'
    """
    seconds = (now - _utc(time)).total_seconds()
    apart = f"{span(seconds)} ago" if seconds >= 0 else f"in {span(-seconds)}"
    return f"{moment(time)} UTC, {apart}"


def _utc(time: str) -> datetime:
    """Return a time of RFC 3339; one without an offset is UTC, as all that we store."""
    stated = datetime.fromisoformat(time)
    return stated.replace(tzinfo=UTC) if stated.tzinfo is None else stated.astimezone(UTC)


def entry(label: str, text: str, *, indent: int, width: int = WIDTH) -> list[str]:
    """Return a text with its label before it, wrapped, every line of it at the same column."""
    return textwrap.wrap(
        text,
        width,
        initial_indent=f"{label} ".ljust(indent),
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


class Row(NamedTuple):
    """A text behind its label; without a text, a heading."""

    label: str
    text: str = ""
    style: Style = ""


def row_lines(rows: Iterable[Row], *, indent: int) -> Iterator[str]:
    """Yield rows as printable lines of at most 80 columns; ``indent`` is the column of the texts.

    In colour on a terminal, unless ``NO_COLOR`` is set (no-color.org).
    """
    is_terminal = sys.stdout is not None and sys.stdout.isatty()  # None: closed by ">&-"
    is_coloured = is_terminal and not os.environ.get("NO_COLOR")
    for label, text, style in rows:
        code = _CODES.get(style if text else "strong") if is_coloured else None
        if not text:
            yield ""
        for line in map(printable, entry(label, text, indent=indent) if text else [label]):
            yield f"\x1b[{code}m{line}\x1b[0m" if code else line


def text(value: object, style: str = "") -> "Text":
    """Return any text, also one that strangers wrote, to be drawn: without reading markup in it."""
    from rich.text import Text  # noqa: PLC0415 - only where something is drawn

    return Text(printable(str(value)), style)


def lines(label: str, said: str, *, indent: int | None = None) -> "Text":
    """Return an ``entry`` to be drawn, its label in bold; an address in it stays whole."""
    start = len(label) + 1 if indent is None else indent
    return _labelled(label, "\n".join(entry(label, said, indent=start)))


def _labelled(label: str, said: str) -> "Text":
    drawn = text(said)
    drawn.stylize("bold", 0, len(label))
    return drawn


def folder_line(data_dir: Path) -> "Text":
    """Return the line that names the data folder: the first of each command that uses it."""
    return _labelled("Data folder", f"Data folder   {data_dir.absolute()}")


def table(
    rows: Iterable[Sequence[str]], *, head: Sequence[str], left: int, styles: Sequence[str] = ()
) -> "Table":
    """Return rows, each in its style; all but the first ``left`` columns are flush right."""
    from rich.table import Table  # noqa: PLC0415 - as above

    drawn = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, show_header=any(head))
    for number, name in enumerate(head):
        drawn.add_column(name, justify="left" if number < left else "right", no_wrap=True)
    for row, style in zip_longest(rows, styles):
        drawn.add_row(*map(text, row), style=style)
    return drawn


def show(*parts: "Drawn") -> None:
    """Draw parts on standard output: in colour on a terminal only, and not with ``NO_COLOR``."""
    from rich.console import Console  # noqa: PLC0415 - as above

    console = Console(highlight=False, markup=False, emoji=False)
    with console.capture() as drawn:
        for part in parts:
            console.print(part, soft_wrap=True)  # an address or a path stays whole
    write("\n".join(line.rstrip() for line in drawn.get().splitlines()), sys.stdout)


def put_json(answer: object) -> None:
    """Print the answer of a command for programs on standard output."""
    put(json.dumps(answer, ensure_ascii=False, indent=1), sys.stdout)


def tracked(work: Iterable[_T], name: str = "Days", total: int | None = None) -> Iterable[_T]:
    """Pass work on, with a bar on a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():  # None: closed by "2>&-"
        return work
    from rich.console import Console  # noqa: PLC0415 - on a terminal only
    from rich.progress import track  # noqa: PLC0415 - as above

    console = Console(stderr=True)
    return track(work, description=name, total=total, console=console, transient=True)
