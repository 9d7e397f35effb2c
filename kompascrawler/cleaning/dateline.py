"""The dateline: ``SEOUL, KOMPAS.com -`` and its kin (docs/site.md, section 14)."""

import re
from typing import Final, NamedTuple

_PAPER = re.compile("kompas", re.IGNORECASE)
_REACH: Final = 90
"""Characters from the beginning of a text among which the paper's name must stand."""
_BEGINNING: Final = 400
"""Characters of a text that hold its dateline and what must be seen behind it."""
_PLACE = re.compile(r"\s*(?:([^\W\d_][\w .,'’/()-]{1,50}?)\s*[,.;]\s*)?")
_DASH: Final = r"[-\u2010-\u2015\u2212]"
"""Hyphen, en and em dash, and what an editor may take for one of them."""
_DASHED = re.compile(
    # The paper's own addresses, "KOMPAS.om" among them (1 page), in any case; bare in capitals
    # and with room round the dash, as the newspaper has it: "Kompas-Gramedia" is a company.
    rf"(?:(?i:KOMPAS(?:\s?[.,]?\s?c?om|\.TV|\.id|IANA(?:\.com)?))\s*{_DASH}+"
    rf"|KOMPAS(?:\s*{_DASH}+(?=[\s\"“'‘])|\s+{_DASH}+))\s*"
)
_UNDASHED = re.compile(
    r"KOMPAS\.com(?:[\s:,]+(?=[A-Z\"“'(\d])|\s*$)"  # a capital or nothing must follow
)
_GOES_ON = re.compile(rf"(?=[^a-z]*[A-Z0-9]{{2}})[^a-z\"“'‘.?!]{{2,40}}\s{_DASH}+\s")
"""A second part of a dateline, in capitals or brackets and with a dash: it is not understood."""
_SHORT: Final = 3
"""Words of the longest place that is typed in lower case throughout."""
_WORD = re.compile(r"[^\W\d_]+")
PARTICLES: Final = frozenset(
    [
        *("al", "an", "as", "da", "das", "de", "del", "der", "do", "dos", "du"),
        *("el", "es", "la", "las", "le", "of", "on", "the", "upon"),
    ]
)
"""Words that names of places hold in lower case: "Rio de Janeiro", "Port of Spain"."""


class Dateline(NamedTuple):
    """A dateline taken off a text."""

    place: str | None
    text: str


def split_dateline(text: str) -> Dateline | None:
    """Take a dateline off the beginning of a text, or return None when there is none.

    None too where more of it follows in a form that is not known: half a dateline is never cut.

    >>> split_dateline("WASHINGTON DC, KOMPAS.com – Senat bersidang.")
    Dateline(place='WASHINGTON DC', text='Senat bersidang.')
    """
    paper = _PAPER.search(text, 0, _REACH)
    before = _PLACE.fullmatch(text, 0, paper.start()) if paper else None
    if paper is None or before is None:
        return None
    place = before[1]
    found = _DASHED.match(text, paper.start())
    is_open = found is None or place is None
    if found is None and (place is None or place.isupper()):
        found = _UNDASHED.match(text, paper.start())
    if found is None or not _is_place(place, paper[0]):
        return None
    if is_open and _GOES_ON.match(text, found.end()):
        return None
    return Dateline(place, text[found.end() :])


class Datelines(NamedTuple):
    """All datelines taken off a text."""

    place: str | None
    """The first that is named."""
    text: str
    times: int


def split_datelines(text: str) -> Datelines:
    """Take every dateline off the beginning of a text, whose blanks are single.

    >>> split_datelines("ROMA, KOMPAS.com - KOMPAS.com - Isi.")
    Datelines(place='ROMA', text='Isi.', times=2)
    """
    place, start, times = None, 0, 0
    while found := split_dateline(beginning := text[start : start + _BEGINNING]):
        place = place or found.place
        start += len(beginning) - len(found.text)
        times += 1
    return Datelines(place, text[start:].strip(), times)


def _is_place(place: str | None, paper: str) -> bool:
    """Tell whether what stands before the paper's name is a place and not a sentence.

    In capitals it is one. In small letters it is where the paper is in capitals, as in every
    dateline, and no word is one of a sentence ("Selain itu, KOMPAS.com - …"): a sentence
    begins with a capital, so that a place all in lower case is a place too ("new delhi").
    """
    if place is None or place.isupper():
        return True
    words = _WORD.findall(place)
    small = {word for word in words if word[0].islower()} - PARTICLES
    return paper.isupper() and (not small or len(words) == len(small) <= _SHORT)
