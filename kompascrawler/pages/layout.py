"""An answer of the site before its fields are read: where things stand, and which article it is.

lexbor parses the whole page, as a browser does and for a third of what libxml2 takes. What readers
look for is a twentieth of it: that becomes a small tree of libxml2's, which they walk.

Where each field was looked for, what stood there and what was taken is noted as the fields are
read, so that ``kompascrawler explain`` tells what was done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, TypeVar

from lxml import etree

from kompascrawler.identity import ArticleAddress, parse_address, published_at
from kompascrawler.pages import markup
from kompascrawler.pages.markup import LARGE, PageRefused, Trees, parse

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

T = TypeVar("T")
TAGS: Final = ("div", "h1")
"""The kinds of element whose class is looked at."""
_SURVEYED: Final = (*TAGS, "meta", "link")
_SELECTED: Final = f"{', '.join(f'{tag}[class]' for tag in TAGS)}, meta, link[rel=canonical]"
_CLASS: Final = rb"<[A-Za-z]+\b[^<>]*\bclass\s*=\s*[\"']?[^<>\"']*(?<![\w-])%s(?![\w-])[^<>]*>"
"""The start of an element of a class, as it is mostly written."""
_HEADLINE: Final = f'<h1 class="{markup.TITLE}'.encode()
"""How the headline is mostly written: what is so long is found many times as fast as ``<h1``."""
_LONGEST_TAG: Final = 500
_MOST_TRIED: Final = 20
_MOST: Final = 50
"""Elements of a class that are looked at; no page shows more than a dozen."""
_DEEPEST: Final = 100
"""Elements around a wanted one among which another may stand."""


@dataclass(slots=True)
class Landmarks:
    """What one pass found."""

    metas: dict[str, str] = field(default_factory=dict)
    """``name`` or ``property`` of a meta element → its content; the first of a name counts."""
    canonical: str | None = None
    """Address in ``link rel=canonical``."""
    places: dict[str, list[etree._Element]] = field(default_factory=dict)
    """Wanted class name → its elements, in document order."""
    elements: list[Any] = field(default_factory=list)
    """All of these, in document order."""
    stop: Any = None
    """The element that ended the pass."""

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


def landmarks_of(page: bytes, wanted: frozenset[str], *, stop: str) -> tuple[Landmarks, Trees]:
    """Return the elements of a page (UTF-8) that have a ``wanted`` class, until one of ``stop``.

    The trees are libxml2's where lexbor may take long, or finds nothing that is wanted. Raises
    PageRefused (``empty``).
    """
    if len(page) <= LARGE and not markup.may_swell(page):
        cut = _start_of(stop.encode(), page)
        if cut and (found := _by_lexbor(page[: cut.end()], wanted, stop, ends=True)):
            return found[0], Trees(page, found[1], page[_box_of(cut.start(), page) :])
        if found := _by_lexbor(page, wanted, stop):
            return found[0], Trees(page, found[1])
    root = parse(page)
    return survey(root, wanted, stop=stop), Trees(page, root)


def _start_of(name: bytes, page: bytes) -> re.Match[bytes] | None:
    """Return the first tag of a class below the headline; by ``find``, as the page is long."""
    tag, place = re.compile(_CLASS % name), page.find(_HEADLINE)
    place = page.find(b"<h1") if place < 0 else place
    for _ in range(_MOST_TRIED):
        place = page.find(name, place + 1)
        if place < 0:
            break
        start = max(page.rfind(b"<", 0, place), 0)
        if found := tag.match(page, start, start + _LONGEST_TAG):
            return found
    return None


def _box_of(start: int, page: bytes) -> int:
    """Return where the box of a list begins, which holds its heading, too."""
    for _ in range(2):  # the box, and that of the heading (docs/site.md, section 3)
        start = max(page.rfind(b"<div", 0, start), 0)
    return start


def _by_lexbor(
    page: bytes, wanted: frozenset[str], stop: str, *, ends: bool = False
) -> tuple[Landmarks, LexborHTMLParser] | None:
    """Return the landmarks and the tree, if anything wanted is found.

    ``ends`` is set for the start of a page, which must end with an element of class ``stop`` that
    stands in nothing wanted: only then does the rest of the page change nothing.
    """
    if not (tree := markup.lexbor_tree(page)):
        return None
    selected = tree.css(_SELECTED)
    pairs = zip(selected, map(attrgetter("attributes"), selected), strict=True)
    nodes = _survey(pairs, wanted, stop)
    last = [nodes.stop] if ends and nodes.stop else []
    parts = _outermost([*nodes.elements, *last])
    if ends and not (last and parts and parts.pop().mem_id == last[0].mem_id):
        return None
    if not parts:
        return None
    small = parse("".join(part.html or "" for part in parts).encode(), "utf-8")
    found = survey(small, wanted, stop=stop)
    found.metas, found.canonical = nodes.metas, nodes.canonical
    return found, tree


def survey(root: etree._Element, wanted: frozenset[str], *, stop: str) -> Landmarks:
    """Find the same in a tree of libxml2's."""
    return _survey(((one, one.attrib) for one in root.iter(*_SURVEYED)), wanted, stop)


def _survey(elements: Iterable[tuple[Any, Any]], wanted: frozenset[str], stop: str) -> Landmarks:
    """Go through the elements in their order, each with its attributes.

    ``stop`` counts only after the page has shown something wanted: other lists of the same
    class may stand above the article.
    """
    found = Landmarks()
    metas, places = found.metas, found.places
    sought = wanted | {stop}
    known: dict[str, list[str]] = {}  # a class attribute → what is sought of it; most recur
    for element, own in elements:
        classes = own.get("class")
        if classes is None:
            if element.tag == "meta":
                name = own.get("name") or own.get("property") or ""
                metas.setdefault(name, own.get("content") or "")
            elif element.tag == "link" and own.get("rel") == "canonical":
                found.canonical = found.canonical or own.get("href")
            continue
        names = known.get(classes)
        if names is None:
            names = known[classes] = [name for name in classes.split() if name in sought]
        for name in names:
            if name == stop:
                if places:
                    found.stop = element
                    return found
            elif len(places.setdefault(name, [])) < _MOST:
                places[name].append(element)
                found.elements.append(element)
    return found


def _outermost(elements: Iterable[LexborNode]) -> list[LexborNode]:
    """Return the elements, in order, that stand in no other; none where one is too deep."""
    taken: dict[int, LexborNode] = {}
    for node in elements:
        around = node.parent
        for _ in range(_DEEPEST):
            if around is None or around.mem_id in taken:
                break
            around = around.parent
        else:
            return []
        if around is None:
            taken[node.mem_id] = node
    return [*taken.values()]


class Reading(NamedTuple):
    """How a field was read."""

    candidates: tuple[tuple[str, Any], ...]
    """Each place in order of trust, with what stands there as the field would have it.

    A place is a selector (``.read__title``), a meta element (``meta content_tags``), or in words.
    """
    taken: str | None
    """The place whose value is the field's; None where the field is missing."""
    reason: str = ""
    """Why that one, where order alone does not tell."""


class Readings(dict[str, Reading]):
    """Name of a field → how it was read, of those that have been read."""

    def take(self, field: str, *candidates: tuple[str, T]) -> T | None:
        """Note a field's candidates; return the first value that is something, else None."""
        for place, value in candidates:
            if value:
                self[field] = Reading(candidates, place)
                return value
        self[field] = Reading(candidates, None)
        return None


ASKED: Final = "the address asked for"


@dataclass(eq=False)
class Layout:
    """One answer of the site, whose layout may not be known yet."""

    MARKS: ClassVar[frozenset[str]]
    """Class names that this layout's properties look for."""
    TOLD_BY: ClassVar[tuple[str, ...]]
    """Those of them that tell a page of this layout: one is enough."""

    url: str
    """Address that was asked for (after redirects)."""
    markup: bytes
    """The page, UTF-8."""
    trees: Trees
    """The page, parsed, for readers of other parts of it."""
    landmarks: Landmarks
    """Where things stand on it; those of all layouts."""
    readings: Readings = field(default_factory=Readings)
    """How the fields were read that have been asked for."""

    @classmethod
    def fits(cls, landmarks: Landmarks) -> bool:
        """Tell whether a page with these landmarks has this layout."""
        return any(landmarks.first(name) is not None for name in cls.TOLD_BY)

    @cached_property
    def address(self) -> ArticleAddress:
        """The article that the page says it is.

        The page's word (canonical, then og:url) counts more than the address asked for, which may
        have been answered with another article: its text must not get a wrong identity. Where the
        two differ, the one that was asked for is right. Raises PageRefused (``not_an_article``).
        """
        asked, named = self._asked, self._addresses
        matching = [place for place in named if asked and named[place].id == asked.id]
        taken = next(iter([*matching, *named]), ASKED if asked else None)
        best = named.get(taken, asked) if taken else None
        places = *self._address_places.items(), (ASKED, self.url)
        self.readings["url"] = Reading(places, taken)
        if best is None:
            raise PageRefused("not_an_article", f"neither {self.url} nor its page names an article")
        return best

    @cached_property
    def _asked(self) -> ArticleAddress | None:
        return parse_address(self.url)

    @property
    def _address_places(self) -> dict[str, str | None]:
        return {
            "link rel=canonical": self.landmarks.canonical,
            "meta og:url": self.landmarks.metas.get("og:url"),
        }

    @cached_property
    def _addresses(self) -> dict[str, ArticleAddress]:
        return {
            place: address
            for place, said in self._address_places.items()
            if said and (address := parse_address(said)) is not None
        }

    @cached_property
    def published_at(self) -> str | None:
        """First publication, RFC 3339 (+07:00), from the address.

        Every date on a page marked "Diperbarui" is that of the update; the address keeps the
        first (docs/site.md, section 5).
        """
        when = published_at(self.address.id)
        stated = when.isoformat() if when else None
        return self.readings.take("published_at", ("the number in the address", stated))

    @property
    def address_doubts(self) -> list[str]:
        """What its addresses say otherwise than the one that was asked for."""
        named = [address.id for address in self._addresses.values()]
        if self._asked is None or self._asked.id in named:
            return []
        return ["address_of_another" if named else "canonical"]
