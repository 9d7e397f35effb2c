"""Short texts of a page: what an element says, and lists of names."""

from collections.abc import Iterable
from typing import Final

from lxml import etree

IMPERSONAL: Final = frozenset({"kompas cyber media", "advertorial", "kompas.com"})
"""What the site puts where a name belongs when there is none (lower case)."""


def text_of(element: etree._Element | None) -> str:
    """Return an element's whole text, one blank between words; empty for None."""
    if element is None:
        return ""
    text = "".join(element.itertext()) if len(element) else element.text or ""
    return " ".join(text.split())


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

    "Kompas.com" is a source like any other (TEXT.md section 4: ``Sumber Kompas.com``).
    """
    return [name for name in names if name.lower() not in IMPERSONAL]
