"""Dates as the site prints them."""

import re
from datetime import datetime
from typing import Final

from kompascrawler.identity import WIB

MONTHS: Final = [
    "januari",
    "februari",
    "maret",
    "april",
    "mei",
    "juni",
    "juli",
    "agustus",
    "september",
    "oktober",
    "november",
    "desember",
]
_PRINTED = re.compile(
    r"(\d{1,2})(?:/(\d{1,2})/| ([A-Za-z]+) )(\d{4})\s*[,|]\s*(\d{1,2})[:.](\d{2})(?: WIB|\b)"
)


def printed_time(line: str) -> datetime | None:
    """Return the time a line states, WIB; None when it states none that exists.

    ``17/10/2020, 16:00 WIB`` (2020-23), ``22 Maret 2015 | 13:37 WIB`` (2015),
    ``17 April 2026, 10:30 WIB`` (2026, from code; SITE.md section 5).

    >>> printed_time("Kompas.com - Diperbarui 29/12/2022, 21:12 WIB").isoformat()
    '2022-12-29T21:12:00+07:00'
    """
    found = _PRINTED.search(line)
    if found is None:
        return None
    day, month, name, year, hour, minute = found.groups()
    if name and name.lower() not in MONTHS:
        return None
    number = MONTHS.index(name.lower()) + 1 if name else int(month)
    try:
        return datetime(int(year), number, int(day), int(hour), int(minute), tzinfo=WIB)
    except ValueError:
        return None
