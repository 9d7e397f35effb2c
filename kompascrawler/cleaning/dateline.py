"""The dateline: ``SEOUL, KOMPAS.com -`` and its kin (TEXT.md section 3)."""

import re
from typing import Final, NamedTuple

_PLACE: Final = r"\s*(?:(?P<place>[^\W\d_][\w .,'’/()-]{1,50}?)\s*,\s*)?"
_DASHED = re.compile(
    _PLACE + r"(?P<paper>(?i:KOMPAS)"
    # The paper's own addresses, "KOMPAS.om" among them (1 page), in any case; bare in capitals
    # and with room round the dash, as the newspaper has it: "Kompas-Gramedia" is a company.
    r"(?:(?i:\s?[.,]?\s?c?om|\.TV|\.id|IANA(?:\.com)?)\s*[-–—]+"
    r"|(?<=KOMPAS)(?:\s*[-–—]+(?=[\s\"“'‘])|\s+[-–—]+)))\s*"
)
_UNDASHED = re.compile(
    r"\s*(?:(?P<place>[A-Z][A-Z .,'’/()-]{1,50}?)\s*,\s*)?(?P<paper>KOMPAS\.com)"
    r"(?:[\s:,]+(?=[A-Z\"“'(\d])|\s*$)"  # without a dash: a capital or nothing must follow
)
_SHORT: Final = 3
"""Words of the longest place that is typed in lower case throughout."""
_WORD = re.compile(r"[^\W\d_]+")
_PARTICLES: Final = frozenset(
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

    >>> split_dateline("WASHINGTON DC, KOMPAS.com – Senat bersidang.")
    Dateline(place='WASHINGTON DC', text='Senat bersidang.')
    """
    if "kompas" not in text[:90].lower():
        return None
    found = _DASHED.match(text) or _UNDASHED.match(text)
    if found is None or not _is_place(found["place"], found["paper"]):
        return None
    return Dateline(found["place"], text[found.end() :])


def _is_place(place: str | None, paper: str) -> bool:
    """Tell whether what stands before the paper's name is a place and not a sentence.

    In capitals it is one. In small letters it is where the paper is in capitals, as in every
    dateline, and no word is one of a sentence ("Selain itu, KOMPAS.com - …"): a sentence
    begins with a capital, so that a place all in lower case is a place too ("new delhi").
    """
    if place is None or place.isupper():
        return True
    words = _WORD.findall(place)
    small = {word for word in words if word[0].islower()} - _PARTICLES
    return paper.startswith("KOMPAS") and (not small or len(words) == len(small) <= _SHORT)
