"""What a layout is: one property for each field, and where things stand on a page.

A search per field would walk the 3,000 elements of a page ten times: ``survey`` walks the wanted
kinds of element once, up to the list of other stories below the article.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final

from lxml import etree

from kompascrawler.items import Image
from kompascrawler.pages.readings import Readings

_MOST: Final = 50
"""Elements of a class that are looked at; no page shows more than a dozen."""
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


def survey(root: etree._Element, wanted: frozenset[str], *, stop: str) -> Landmarks:
    """Find the elements that have a ``wanted`` class, until one of class ``stop``.

    ``stop`` counts only after the page has shown something wanted: other lists of the same
    class may stand above the article.
    """
    found = Landmarks()
    metas, places = found.metas, found.places
    sought = wanted | {stop}
    known: dict[str, list[str]] = {}  # a class attribute → what is sought of it; most recur
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
        names = known.get(classes)
        if names is None:
            names = known[classes] = [name for name in classes.split() if name in sought]
        for name in names:
            if name == stop:
                if places:
                    return found
            elif len(places.setdefault(name, [])) < _MOST:
                places[name].append(element)
    return found


class Layout(ABC):
    """One answer of the site, and where its layout has what; each field is read when asked for.

    A missing value is None or an empty list.
    """

    MARKS: ClassVar[frozenset[str]]
    """Class names that this layout's properties look for."""
    TOLD_BY: ClassVar[tuple[str, ...]]
    """Those of them that tell a page of this layout: one is enough."""

    def __init__(self, url: str, markup: bytes, tree: etree._Element, landmarks: Landmarks) -> None:
        self.url = url
        """Address that was asked for (after redirects)."""
        self.markup = markup
        """The page, UTF-8."""
        self.landmarks = landmarks
        """Where things stand on it."""
        self.tree = tree
        """Root of the parsed page, for readers of other parts of it."""
        self.readings = Readings()
        """How the fields were read that have been asked for."""

    @classmethod
    def fits(cls, landmarks: Landmarks) -> bool:
        """Tell whether a page with these landmarks has this layout."""
        return any(landmarks.first(name) is not None for name in cls.TOLD_BY)

    @property
    @abstractmethod
    def title(self) -> str | None:
        """Headline as printed."""

    @property
    @abstractmethod
    def description(self) -> str:
        """The page's own summary; empty when it has none."""

    @property
    @abstractmethod
    def updated_at(self) -> str | None:
        """Time of the last update, RFC 3339 (+07:00), on pages that say so."""

    @property
    @abstractmethod
    def authors(self) -> list[str]:
        """Names printed as Penulis."""

    @property
    @abstractmethod
    def editors(self) -> list[str]:
        """Names printed as Editor."""

    @property
    @abstractmethod
    def sources(self) -> list[str]:
        """Names printed as Sumber."""

    @property
    @abstractmethod
    def section(self) -> str:
        """Section as the page states it; empty when it does not."""

    @property
    @abstractmethod
    def topic(self) -> str | None:
        """Topic page the article belongs to."""

    @property
    @abstractmethod
    def tags(self) -> list[str]:
        """Tags as printed."""

    @property
    @abstractmethod
    def lead_image(self) -> Image | None:
        """The photo above the text."""

    @property
    @abstractmethod
    def body_element(self) -> etree._Element:
        """Container of the text."""

    @property
    @abstractmethod
    def pages_declared(self) -> int | None:
        """Pages of the article that pager or head state; None when they say nothing."""

    @property
    @abstractmethod
    def words_declared(self) -> int | None:
        """The site's own count of the words of the whole article."""

    @property
    def text_declared(self) -> str | None:
        """The text of all the article's pages, where this page carries it."""
        return None

    @property
    def contradictions(self) -> Sequence[str]:
        """What the page states twice and not alike, or so that nobody can read it."""
        return ()

    @property
    def number_stated(self) -> int | None:
        """Number of the page (Halaman) that it says it is; None when it does not."""
        return None

    @property
    def pager_hrefs(self) -> Sequence[str]:
        """Addresses of its pager (Halaman), as the page gives them."""
        return ()

    @property
    def hides_pages(self) -> bool:
        """Whether it has a pager whose links to other pages lead to no address."""
        return False
