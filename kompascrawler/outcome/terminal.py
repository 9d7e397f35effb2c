"""Figures and lines as people read them on a terminal of 80 columns. Pure."""

import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime
from math import log10
from typing import Final

WIDTH: Final = 80
"""Columns that no line of ours exceeds, but for an address or a path that is longer."""

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


def counted(number: int, noun: str) -> str:
    """Return a number of things.

    >>> counted(1, "page"), counted(2, "page")
    ('1 page', '2 pages')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


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


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int) -> list[str]:
    """Return the lines of a table.

    The first ``left`` columns begin at the left, the rest end at the right.

    >>> table(("name", "n"), [("a", "12"), ("bcdef", "3")], left=1)
    ['name   n', 'a     12', 'bcdef  3']
    """
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return [
        " ".join(
            cell.ljust(width) if number < left else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (head, *rows)
    ]


def entry(label: str, text: str, *, indent: int, width: int = WIDTH) -> list[str]:
    """Return a text with its label before it, wrapped, every line of it at the same column.

    >>> entry("Gaps", "none", indent=8)
    ['Gaps    none']
    """
    return textwrap.wrap(
        text,
        width,
        initial_indent=f"{label} ".ljust(indent),
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
