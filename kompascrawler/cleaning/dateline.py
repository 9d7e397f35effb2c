"""The dateline: ``SEOUL, KOMPAS.com -`` and its kin (TEXT.md section 3)."""

import re
from typing import NamedTuple

_DASHED = re.compile(
    r"\s*(?:(?P<place>[^\W\d_][\w .,'’/()-]{1,50}?)\s*,\s*)?"
    r"KOMPAS(?:\s?[.,]?\s?c?om|\.TV|\.id|IANA(?:\.com)?)?\s*[-–—]+\s*",  # "KOMPAS.om": 1 page
    re.IGNORECASE,
)
_UNDASHED = re.compile(
    r"\s*(?:(?P<place>[A-Z][A-Z .,'’/()-]{1,50}?)\s*,\s*)?KOMPAS\.com"
    r"(?:[\s:,]+(?=[A-Z\"“'(\d])|\s*$)"  # without a dash: a capital or nothing must follow
)


class Dateline(NamedTuple):
    """A dateline taken off a text."""

    place: str | None
    text: str


def split_dateline(text: str) -> Dateline | None:
    """Take a dateline off the beginning of a text, or return None when there is none.

    >>> split_dateline("WASHINGTON DC, KOMPAS.com – Senat bersidang.")
    Dateline(place='WASHINGTON DC', text='Senat bersidang.')
    """
    if "kompas" not in text[:90].lower():
        return None
    found = _DASHED.match(text) or _UNDASHED.match(text)
    if found is None:
        return None
    return Dateline(found["place"], text[found.end() :])
