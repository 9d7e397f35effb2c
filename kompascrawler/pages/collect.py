"""What a walk over a body finds, and the text it collects until a piece of the body ends."""

import itertools
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from lxml import etree

from kompascrawler.cleaning.pointers import is_pointer
from kompascrawler.cleaning.text import CONTROLS
from kompascrawler.items import Block, BlockType, Embed, Image, Related
from kompascrawler.pages.markup import classes_of
from kompascrawler.pages.related import (
    ARTICLE,
    BREAK,
    OWN_CLASS,
    are_all_links,
    cut_headlines,
    cut_related,
    is_bare_label,
    link_to,
    may_be_headlines,
    may_hold_label,
)
from kompascrawler.pages.tables import Tables, block_of

HEADING_LIMIT: Final = 160
"""Longest heading in characters; what is longer was marked so by mistake and is a paragraph."""
_BLANKS: Final = f" \t\r\n{BREAK}"
_LONGEST_LABEL: Final = 40
_KNOWN_BY: Final = 6
"""Words by which cleaning knows a link again that points somewhere."""
_NEAR: Final = 200
"""Pieces, and characters, before the end of a link among which those words stand."""


class LeftOut(NamedTuple):
    """Something of the body that is no text of the article."""

    name: str
    """What it was taken for; those in ``Body.removed`` are counted there."""
    what: etree._Element | str
    """The element, or the text."""
    place: int
    """How many blocks stood before it."""


@dataclass(slots=True)
class Body:
    """What a walk found."""

    blocks: list[Block] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    embeds: list[Embed] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    removed: dict[str, int] = field(default_factory=dict)
    """Name of what was left out → how often."""
    left_out: list[LeftOut] = field(default_factory=list)
    """All that was taken for something else than text, in order."""
    is_ended: bool = False
    """Whether the walk met the mark with which the site ends a body."""

    def count(self, name: str, times: int = 1) -> None:
        """Count something that was left out."""
        self.removed[name] = self.removed.get(name, 0) + times

    def leave_out(self, name: str, what: etree._Element | str) -> None:
        """Note something that is no text of the article."""
        self.left_out.append(LeftOut(name, what, len(self.blocks)))


class Collector:
    """Collects text until a piece ends, then makes blocks of it."""

    def __init__(self, base: str) -> None:
        self.base = base
        """Address of the page."""
        self.body = Body()
        self.page = 1
        """The Halaman that is being read."""
        self.pieces: list[str] = []
        """Text since the last piece ended."""
        # Of each link: first piece, piece after the last, the element; of those not yet closed too.
        self._links: list[tuple[int, int, etree._Element]] = []
        self._open: list[tuple[int, int, etree._Element]] = []  # which text, first piece, element
        self._ended = 0  # texts that have ended
        self._pointers: list[str] = []  # of the links that point somewhere, the last words
        self.tables = Tables(self.body.blocks)
        """The tables that are open."""
        self._label: Block | None = None  # a "Baca juga:" alone, whose links may follow

    def begin_link(self, link: etree._Element) -> None:
        """Note that the text from here on is that of a link."""
        self._open.append((self._ended, len(self.pieces), link))

    def end_link(self) -> None:
        """Note that the text of the innermost link ends."""
        begun, start, link = self._open.pop()
        start = start if begun == self._ended else 0
        self._links.append((start, len(self.pieces), link))
        if is_pointer(self._end_from(start)):
            line = self._end_from(0).rpartition(BREAK)[2]
            self._pointers.append(" ".join(line.split()[-_KNOWN_BY:]))

    def _end_from(self, start: int) -> str:
        """Return the end of the text from a piece on; a paragraph may have thousands of links."""
        return "".join(self.pieces[max(start, len(self.pieces) - _NEAR) :])[-_NEAR:]

    def end_piece(self, kind: BlockType | None) -> None:
        """Make blocks of the text collected so far; a blank line within it parts two."""
        if not self.pieces:
            return
        text = "".join(self.pieces)
        if not (self._links or self._open or text.strip(_BLANKS)):
            self.pieces.clear()  # as between two paragraphs
            return
        if not text.isprintable() and CONTROLS.search(text):
            text = self._without_controls()
        if self._open:  # of links in links, which broken markup has, the innermost counts
            begun, start, link = self._open[-1]
            self._links.append((start if begun == self._ended else 0, len(self.pieces), link))
        self._ended += 1
        if self._links and any(ARTICLE in link.get("href", "") for _, _, link in self._links):
            text = self._without_related(text, kind)
        self.pieces.clear()
        self._links.clear()
        pointers, self._pointers = self._pointers, []
        for paragraph in _paragraphs(text):
            block = block_of(_kind(kind, paragraph), paragraph, self.page, pointers)
            pointers = []  # cleaning knows those of all blocks
            self.body.blocks.append(block)
            is_label = len(paragraph) <= _LONGEST_LABEL and is_bare_label(paragraph)
            self._label = block if is_label else None

    def _without_related(self, text: str, kind: BlockType | None) -> str:
        starts = [0, *itertools.accumulate(map(len, self.pieces))]
        linked = sum(starts[last] - starts[first] for first, last, _ in self._links)
        if not (self._label or may_hold_label(text) or may_be_headlines(text, linked)):
            return text
        links = [
            link_to(
                starts[first],
                starts[last],
                link.get("href") or "",
                self.base,
                is_own=OWN_CLASS in classes_of(link),
            )
            for first, last, link in self._links
        ]
        body = self.body
        last = body.related[-1].url if body.related else None
        is_same = all(link.url == last for link in links) and links[0].start == 0
        if last and is_same and not may_hold_label(text):
            return text  # a link that was left open runs on
        if self._label and kind != "heading" and (related := are_all_links(text, links)):
            if body.blocks and body.blocks[-1] is self._label:
                body.leave_out("baca_juga", body.blocks.pop().text)
                body.count("baca_juga")
            body.leave_out("baca_juga", text)
            body.related += related
            return ""
        text, related, labels = cut_related(text, links)
        if not labels and not kind:
            text, related, labels = cut_headlines(text, links)
        self._note_related(related, labels)
        return text

    def _note_related(self, related: list[Related], labels: int) -> None:
        if labels:
            self.body.related += related
            self.body.leave_out("baca_juga", " | ".join(link.title for link in related))
            self.body.count("baca_juga", labels)

    def _without_controls(self) -> str:
        """Take control characters out of the pieces; return their text."""
        cleaned = [CONTROLS.subn("", piece) for piece in self.pieces]
        self.pieces[:] = [piece for piece, _ in cleaned]
        self.body.count("control_characters", sum(times for _, times in cleaned))
        return "".join(self.pieces)


def _paragraphs(text: str) -> list[str]:
    """Return a text's paragraphs: source white space is one blank, a break a line feed."""
    if BREAK not in text:
        paragraph = " ".join(text.split())
        return [paragraph] if paragraph else []
    lines = "\n".join(" ".join(line.split()) for line in text.split(BREAK))
    return [stripped for part in lines.split("\n\n") if (stripped := part.strip("\n"))]


def _kind(kind: BlockType | None, text: str) -> BlockType:
    if kind == "heading" and len(text) > HEADING_LIMIT:
        return "paragraph"
    return kind or "paragraph"
