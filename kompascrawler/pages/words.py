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
    """Split a comma list into names, without empty and impersonal ones.

    >>> names_in("New York Times, BBC Indonesia, ")
    ['New York Times', 'BBC Indonesia']
    """
    return personal(name.strip() for name in text.split(","))


def personal(names: Iterable[str]) -> list[str]:
    """Return the names that are some, in order and once each."""
    return [name for name in dict.fromkeys(names) if name and name.lower() not in IMPERSONAL]
