"""Where things stand on a page: what its head states, and the elements that readers look for.

lexbor parses the whole page, as a browser does and for a third of what libxml2 takes. What readers
look for is a twentieth of it: that becomes a small tree of libxml2's, which they walk.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from random import random
from typing import TYPE_CHECKING, Any, Final, Generic, TypeAlias, TypeVar

from lxml import etree

from kompascrawler.pages.markup import LARGE, parse

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

E = TypeVar("E", bound=Any)
# lxml has no public name for its elements.
Tree: TypeAlias = "etree._Element | LexborHTMLParser"  # noqa: SLF001
TAGS: Final = ("div", "h1")
"""The kinds of element whose class is looked at."""
_SURVEYED: Final = (*TAGS, "meta", "link")
_SELECTED: Final = f"{', '.join(f'{tag}[class]' for tag in TAGS)}, meta, link[rel=canonical]"
_CLASS: Final = rb"<[A-Za-z]+\b[^<>]*\bclass\s*=\s*[\"']?[^<>\"']*(?<![\w-])%s(?![\w-])[^<>]*>"
"""The start of an element of a class, as it is mostly written."""
_LONGEST_TAG: Final = 500
_MOST_TRIED: Final = 20
"""Places of a class's name that are looked at for that."""
_MOST: Final = 50
"""Elements of a class that are looked at; no page shows more than a dozen."""
_DEEPEST: Final = 100
"""Elements around a wanted one among which another may stand."""


@dataclass(slots=True)
class Landmarks(Generic[E]):
    """What one pass found."""

    metas: dict[str, str] = field(default_factory=dict)
    """``name`` or ``property`` of a meta element → its content; the first of a name counts."""
    canonical: str | None = None
    """Address in ``link rel=canonical``."""
    places: dict[str, list[E]] = field(default_factory=dict)
    """Wanted class name → its elements, in document order."""
    elements: list[E] = field(default_factory=list)
    """All of these, in document order."""
    stop: E | None = None
    """The element that ended the pass."""

    def first(self, name: str) -> E | None:
        """Return the first element of a wanted class, or None."""
        found = self.places.get(name)
        return found[0] if found else None

    def all(self, name: str) -> list[E]:
        """Return every element of a wanted class, in document order."""
        return self.places.get(name, [])

    def meta(self, name: str) -> str:
        """Return the content of a meta element, one blank between words; empty when missing."""
        return " ".join(self.metas.get(name, "").split())


class Trees:
    """A page (UTF-8), parsed as far as is asked for.

    ``head`` is the article and what comes before it, ``rest`` the list of other stories and what
    follows. Without a rest, the head is the whole page.
    """

    def __init__(self, page: bytes, head: Tree, rest: bytes = b"") -> None:
        self._page, self._head, self._rest = page, head, rest

    @cached_property
    def rest(self) -> LexborHTMLParser | None:
        """The list of other stories and what follows, where that is parsed apart."""
        return _lexbor(self._rest) if self._rest else None

    @cached_property
    def whole(self) -> Tree:
        """The page."""
        return (_lexbor(self._page) or parse(self._page)) if self._rest else self._head


def landmarks_of(
    page: bytes, wanted: frozenset[str], *, stop: str
) -> tuple[Landmarks[etree._Element], Trees]:
    """Return the elements of a page (UTF-8) that have a ``wanted`` class, until one of ``stop``.

    What follows that is not parsed here. The trees are libxml2's where lexbor may take long, or
    finds nothing that is wanted. Raises PageRefused (``empty``).
    """
    if len(page) <= LARGE and not _may_swell(page):
        cut = _start_of(stop.encode(), page)
        if cut and (found := _by_lexbor(page[: cut.end()], wanted, stop, ends=True)):
            return found[0], Trees(page, found[1], page[_box_of(cut.start(), page) :])
        if found := _by_lexbor(page, wanted, stop):
            return found[0], Trees(page, found[1])
    root = parse(page)
    return survey(root, wanted, stop=stop), Trees(page, root)


def _start_of(name: bytes, page: bytes) -> re.Match[bytes] | None:
    """Return the first tag of a class below the headline; by ``find``, as the page is long."""
    tag, place = re.compile(_CLASS % name), page.find(b"<h1")
    for _ in range(_MOST_TRIED):
        place = page.find(name, place + 1)
        if place < 0:
            break
        start = max(page.rfind(b"<", 0, place), 0)
        if found := tag.match(page, start, start + _LONGEST_TAG):
            return found
    return None


def _box_of(start: int, page: bytes) -> int:
    """Return where the box of a list begins, which holds its heading, too.

    Two ``div`` elements begin before the list: the box, and that of the heading (docs/site.md,
    section 3).
    """
    for _ in range(2):
        start = max(page.rfind(b"<div", 0, start), 0)
    return start


def _by_lexbor(
    page: bytes, wanted: frozenset[str], stop: str, *, ends: bool = False
) -> tuple[Landmarks[etree._Element], LexborHTMLParser] | None:
    """Return the landmarks and the tree, or None where nothing wanted is found.

    ``ends`` is set for the start of a page, which must end with an element of class ``stop`` that
    stands in nothing wanted: only then does the rest of the page change nothing. Else None.
    """
    if not (tree := _lexbor(page)):
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


def survey(root: etree._Element, wanted: frozenset[str], *, stop: str) -> Landmarks[etree._Element]:
    """Find the same in a tree of libxml2's."""
    return _survey(((one, one.attrib) for one in root.iter(*_SURVEYED)), wanted, stop)


def _lexbor(page: bytes) -> LexborHTMLParser | None:
    # 8 ms: an idle run reads no article.
    from selectolax import lexbor  # noqa: PLC0415

    try:
        options = lexbor.LexborDocumentOptions.WO_EVENTS
        return lexbor.LexborHTMLParser(page.replace(b"\0", b""), options=options)
    except lexbor.SelectolaxError:  # as where there is too little memory
        return None


_STEP: Final = 16_384
_SAMPLE: Final = 1_024
_MOST_TAGS: Final = 2_000
_DEEPEST_SAMPLED: Final = 300
_MOST_STYLED: Final = 25
"""In samples of a sixteenth of a page; the captured pages have at most 370, 60 and 6."""
_STYLED = re.compile(rb"<[bcefinstu](?:|ig|ode|m|ont|obr|mall|trike|trong|t)[\s/]", re.IGNORECASE)
"""Marks its text in a way of its own; a browser opens it anew in each paragraph until closed."""


def _may_swell(page: bytes) -> bool:
    """Tell whether a browser's tree of a page may take the square of the page's size.

    So it does where elements nest thousands deep, or where many that mark text stay open. Samples
    are taken at random, so that no page can keep what is odd between them.
    """
    last, room = max(len(page) - _SAMPLE, 0), _STEP - _SAMPLE
    places = [min(step + int(random() * room), last) for step in range(0, len(page), _STEP)]
    samples = [page[place : place + _SAMPLE] for place in places]
    depths = itertools.accumulate(one.count(b"<") - 2 * one.count(b"</") for one in samples)
    sampled = b".".join(samples)
    return (
        sampled.count(b"<") > _MOST_TAGS
        or max(depths, default=0) > _DEEPEST_SAMPLED
        or len(_STYLED.findall(sampled)) > _MOST_STYLED
    )


def _survey(elements: Iterable[tuple[E, Any]], wanted: frozenset[str], stop: str) -> Landmarks[E]:
    """Go through the elements in their order, each with its attributes.

    ``stop`` counts only after the page has shown something wanted: other lists of the same
    class may stand above the article.
    """
    found = Landmarks[E]()
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
