"""Where things stand on a page: one pass over the tree, looking at class names only.

A search per field would walk the 3,000 elements of a page ten times; this walks the wanted
kinds of element once, up to the list of other stories below the article.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

TAGS: Final = ("div", "h1")
"""The kinds of element whose class is looked at."""


@dataclass(slots=True)
class Landmarks:
    """What one pass found."""

    metas: dict[str, str] = field(default_factory=dict)
    """``name`` or ``property`` of a meta element → its content; the first of a name counts."""
    canonical: str | None = None
    """Address in ``link rel=canonical``."""
    places: dict[str, list[etree._Element]] = field(default_factory=dict)
    """Wanted class name → its elements, in document order."""

    def first(self, name: str) -> etree._Element | None:
        """Return the first element of a wanted class, or None."""
        found = self.places.get(name)
        return found[0] if found else None

    def all(self, name: str) -> list[etree._Element]:
        """Return every element of a wanted class, in document order."""
        return self.places.get(name, [])

    def meta(self, name: str) -> str:
        """Return the content of a meta element, one blank between words; empty when missing."""
        return " ".join(self.metas.get(name, "").split())


def survey(root: etree._Element, wanted: Collection[str], *, stop: str) -> Landmarks:
    """Find the elements whose first class name is ``wanted``, until one of class ``stop``.

    ``stop`` counts only after the page has shown something wanted: other lists of the same
    class may stand above the article.
    """
    found = Landmarks()
    metas, places = found.metas, found.places
    for element in root.iter(*TAGS, "meta", "link"):
        classes = element.get("class")
        if classes is None:
            if element.tag == "meta":
                metas.setdefault(
                    element.get("name") or element.get("property") or "",
                    element.get("content") or "",
                )
            elif element.tag == "link" and element.get("rel") == "canonical":
                found.canonical = found.canonical or element.get("href")
            continue
        name = classes.partition(" ")[0]
        if name in wanted:
            places.setdefault(name, []).append(element)
        elif name == stop and places:
            break
    return found
