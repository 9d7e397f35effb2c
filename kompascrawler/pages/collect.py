"""What a walk over a body finds, and the text it collects until a piece of the body ends."""

import itertools
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from lxml import etree

from kompascrawler.cleaning.pointers import is_pointer
from kompascrawler.items import Block, BlockType, Embed, Image, PointingBlock, Related
from kompascrawler.pages.related import (
    Link,
    are_all_links,
    cut_related,
    is_bare_label,
    may_hold_label,
)

BREAK: Final = "\v"
"""Stands in collected text where the page breaks a line; white space of the source is none."""
HEADING_LIMIT: Final = 160
"""Longest heading in characters; what is longer was marked so by mistake and is a paragraph."""
_LONGEST_LABEL: Final = 40
_KNOWN_BY: Final = 6
"""Words by which cleaning knows a link again that points somewhere."""


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

    def __init__(self) -> None:
        self.body = Body()
        self.page = 1
        """The Halaman that is being read."""
        self.pieces: list[str] = []
        """Text since the last piece ended."""
        self._links: list[tuple[int, int, str]] = []  # first piece, piece after the last, address
        self._open: list[tuple[int, str]] = []  # first piece and address of links not yet closed
        self._pointers: list[str] = []  # of the links that point somewhere, the last words
        self._rows: list[list[int]] = []  # of each open row, where its cells begin and end
        self._label: Block | None = None  # a "Baca juga:" alone, whose links may follow

    def begin_link(self, address: str) -> None:
        """Note that the text from here on is that of a link."""
        self._open.append((len(self.pieces), address))

    def end_link(self) -> None:
        """Note that the text of the innermost link ends."""
        start, address = self._open.pop()
        self._links.append((start, len(self.pieces), address))
        if is_pointer("".join(self.pieces[start:])):
            line = "".join(self.pieces).rpartition(BREAK)[2]
            self._pointers.append(" ".join(line.split()[-_KNOWN_BY:]))

    def end_piece(self, kind: BlockType | None) -> None:
        """Make blocks of the text collected so far; a blank line within it parts two."""
        if not self.pieces:
            return
        text = "".join(self.pieces)
        if self._open:
            self._links += [(start, len(self.pieces), address) for start, address in self._open]
            self._open = [(0, address) for _, address in self._open]
        if self._links and (self._label or may_hold_label(text)):
            text = self._without_related(text, kind)
        self.pieces.clear()
        self._links.clear()
        pointers, self._pointers = self._pointers, []
        for paragraph in _paragraphs(text):
            block = _block(_kind(kind, paragraph), paragraph, self.page, pointers)
            self.body.blocks.append(block)
            is_label = len(paragraph) <= _LONGEST_LABEL and is_bare_label(paragraph)
            self._label = block if is_label else None

    def _without_related(self, text: str, kind: BlockType | None) -> str:
        """Take the "Baca juga" links out of the collected text."""
        starts = [0, *itertools.accumulate(map(len, self.pieces))]
        links = [Link(starts[first], starts[last], url) for first, last, url in self._links]
        body = self.body
        if self._label and kind != "heading" and (related := are_all_links(text, links)):
            if body.blocks and body.blocks[-1] is self._label:
                body.leave_out("baca_juga", body.blocks.pop().text)
                body.count("baca_juga")
            body.leave_out("baca_juga", text)
            body.related += related
            return ""
        left, related, labels = cut_related(text, links)
        body.related += related
        if labels:
            body.leave_out("baca_juga", " | ".join(link.title for link in related))
            body.count("baca_juga", labels)
        return left

    def begin_row(self) -> None:
        """Begin a row of a table."""
        self._rows.append([])

    def begin_cell(self) -> None:
        """Begin a cell of the innermost row."""
        if self._rows:
            self._rows[-1].append(len(self.body.blocks))

    def end_cell(self) -> None:
        """End a cell; what stands between it and the next one belongs to none."""
        self.begin_cell()

    def end_row(self) -> None:
        """Make a row's cells one paragraph, joined by `` | ``; a cell alone is no table.

        A table of one cell is a frame around ordinary text, whose paragraphs stay apart. What
        an unclosed table swallows stands behind the cells of its last row.
        """
        bounds = self._rows.pop()
        blocks = self.body.blocks
        cells = [
            " ".join(" ".join(block.text.split()) for block in blocks[start:end])
            for start, end in itertools.pairwise(bounds)
            if start < end
        ]
        if len(cells) > 1:
            parts = blocks[bounds[0] : bounds[-1]]
            pointers = [one for part in parts for one in getattr(part, "pointers", ())]
            row = _block("paragraph", " | ".join(cells), parts[0].page, pointers)
            blocks[bounds[0] : bounds[-1]] = [row]


def _block(kind: BlockType, text: str, page: int, pointers: list[str]) -> Block:
    if pointers:
        return PointingBlock(type=kind, text=text, page=page, pointers=tuple(pointers))
    return Block(type=kind, text=text, page=page)


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
