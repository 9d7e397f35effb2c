"""Short texts of a page: what an element says, lists of names, printed dates."""

import re
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml import etree

from kompascrawler.identity import WIB

_NOT_IN_ADDRESSES: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_PLAIN: Final = re.compile(r"https?://[\w.-]+(?:[/?#][!-~]*)?", re.ASCII)
_ABSOLUTE: Final = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)
_MOST_TEXTS: Final = 1_000
_LONGEST: Final = 10_000
IMPERSONAL: Final = frozenset({"kompas cyber media", "advertorial", "kompas.com"})
"""What the site puts where a name belongs when there is none (lower case)."""


def text_of(element: etree._Element | None) -> str:
    """Return an element's whole text, one blank between words; empty for None.

    A short text of a page: what is longer than 10,000 characters is cut. Elements may nest a
    thousand deep, and the text of each is asked for.
    """
    if element is None:
        return ""
    text = "".join(islice(element.itertext(), _MOST_TEXTS)) if len(element) else element.text or ""
    return " ".join(text[:_LONGEST].split())


def web_address(said: str | None, base: str) -> str | None:
    """Return an address of a page as an absolute one; None where it leads to no web page.

    ``base`` is the address of the page. What no address holds (control characters, ends of
    lines) is taken out, and a blank is written as one.

    >>> web_address("//asset.kompas.com/a b.jpg", "https://www.kompas.com/global")
    'https://asset.kompas.com/a%20b.jpg'
    """
    if said and _PLAIN.fullmatch(said):
        return said
    said = _NOT_IN_ADDRESSES.sub("", (said or "").strip()).replace(" ", "%20")
    try:
        address = said if _ABSOLUTE.match(said) else urljoin(base, said) if said else ""
        if not address.isascii() or "[" in address:
            urlsplit(address)  # raises where the name of the host is none
    except ValueError:
        return None
    return address if _ABSOLUTE.match(address) else None


def names_in(text: str) -> list[str]:
    """Split a comma list into names, in order and once each.

    >>> names_in("New York Times, BBC Indonesia, ")
    ['New York Times', 'BBC Indonesia']
    """
    return once(name.strip() for name in text.split(","))


def once(names: Iterable[str]) -> list[str]:
    """Return the names that are not empty, in order and once each."""
    return [name for name in dict.fromkeys(names) if name]


def personal(names: Iterable[str]) -> list[str]:
    """Return the names that are not ``IMPERSONAL``: those of authors and editors.

    "Kompas.com" is a source like any other (docs/site.md, section 15: ``Sumber Kompas.com``).
    """
    return [name for name in names if name.lower() not in IMPERSONAL]


MONTHS: Final = [
    *("januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september"),
    *("oktober", "november", "desember"),
]
_PRINTED = re.compile(
    r"(\d{1,2})(?:/(\d{1,2})/| ([A-Za-z]+) )(\d{4})\s*[,|]\s*(\d{1,2})[:.](\d{2})(?: WIB|\b)"
)


def printed_time(line: str) -> datetime | None:
    """Return the time a line states, WIB; None when it states none that exists.

    ``17/10/2020, 16:00 WIB`` (2020-23), ``22 Maret 2015 | 13:37 WIB`` (2015),
    ``17 April 2026, 10:30 WIB`` (2026, from code; docs/site.md, section 5).

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
