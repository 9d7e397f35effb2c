"""What a walk over a body finds: the text of a piece until it ends, the rows of a table."""

import itertools
from collections import deque
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from lxml import etree

from kompascrawler.cleaning.pointers import is_pointer
from kompascrawler.cleaning.text import CONTROLS
from kompascrawler.items import Block, BlockType, Embed, Image, PointingBlock, Related
from kompascrawler.pages.related import (
    ARTICLE,
    BREAK,
    are_all_links,
    cut_headlines,
    cut_related,
    is_bare_label,
    link_to,
    may_be_headlines,
    may_hold_label,
)

CELLS: Final = frozenset({"td", "th"})
_BETWEEN: Final = " | "
_LONGEST_REPEATED: Final = 80
"""Characters of the longest cell that is written again in each row that it spans."""
_MOST_REPEATED: Final = 20_000
"""Characters that the cells of a body write again, and the columns that they span, in all."""
_MOST_BLOCKS: Final = 500
_LONGEST_ROW: Final = 20_000
"""Characters of the longest row; what is longer is a frame, however deep it nests."""


@dataclass(slots=True)
class _Table:
    spans: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Column → in how many rows to come a cell above still stands there, and what it says."""
    is_data: bool = False
    """Whether a row had two values; a frame around ordinary text has none such."""


@dataclass(slots=True)
class _Row:
    table: _Table
    bounds: list[int] = field(default_factory=list)
    """Where its cells begin and end, in turn, as numbers of blocks."""
    sizes: list[tuple[int, int]] = field(default_factory=list)
    """Columns and rows of each cell."""


class Tables:
    """The tables that a walk is in; it makes one line of the blocks that a row's cells have given.

    So a value stays under its heading.
    """

    def __init__(self, blocks: list[Block]) -> None:
        self._blocks = blocks
        self._tables: list[_Table] = []
        self._rows: list[_Row] = []
        self._left = _MOST_REPEATED

    def begin(self, element: etree._Element, tag: str) -> None:
        """Begin a table, which may stand in a cell, a row or a cell; other elements are none."""
        if tag == "table":
            self._tables.append(_Table())
        elif tag == "tr":
            self._rows.append(_Row(self._tables[-1] if self._tables else _Table()))
        elif tag in CELLS and self._rows:
            columns, rows = _size(element, "colspan", 50), _size(element, "rowspan", 200)
            self._rows[-1].sizes.append((columns, rows))
            self._rows[-1].bounds.append(len(self._blocks))

    def end(self, tag: str) -> None:
        """End the innermost table, row or cell; what stands behind a cell belongs to it."""
        if tag == "table":
            self._tables.pop()
        elif tag == "tr":
            self._end_row(self._rows.pop())
        elif tag in CELLS and self._rows:
            self._rows[-1].bounds.append(len(self._blocks))

    def _end_row(self, row: _Row) -> None:
        """Make a row's cells one paragraph, joined by `` | ``; a cell alone is no table.

        An empty cell keeps its place, and a cell that spans rows stands in each of them. A table
        of one column is a frame around ordinary text, whose paragraphs stay apart. What an
        unclosed table swallows stands behind the cells of its last row.
        """
        if not row.bounds or row.bounds[-1] - row.bounds[0] > _MOST_BLOCKS:
            return
        whole = slice(row.bounds[0], row.bounds[-1])
        parts = self._blocks[whole]
        if sum(len(block.text) for block in parts) > _LONGEST_ROW:
            return
        cells = itertools.pairwise([*row.bounds[::2], row.bounds[-1]])
        held = (self._blocks[start:end] for start, end in cells)
        line = self._line(row, [" ".join(block.text for block in cell) for cell in held])
        row.table.is_data = row.table.is_data or sum(map(bool, line)) > 1
        if parts and row.table.is_data and len(line) > 1:
            text = " ".join(_BETWEEN.join(line).split())
            known = (part.pointers for part in parts if isinstance(part, PointingBlock))
            pointers = [*itertools.chain.from_iterable(known)]
            self._blocks[whole] = [block_of("paragraph", text, parts[0].page, pointers)]

    def _line(self, row: _Row, texts: list[str]) -> list[str]:
        """Return what stands in each column, cells that begin in a row above included."""
        line: list[str] = []
        spans, own = row.table.spans, deque(zip(texts, row.sizes, strict=False))
        while own or len(line) in spans:
            if len(line) in spans:
                rows, text = spans.pop(len(line))
                columns = 1
            else:
                text, (columns, rows) = own.popleft()
            if self._left < 0:
                columns = rows = 1
            for said in (text, *[""] * (columns - 1)):
                if rows > 1:
                    spans[len(line)] = rows - 1, said if len(said) <= _LONGEST_REPEATED else ""
                    self._left -= len(said)
                line.append(said)
            self._left -= columns - 1 if rows == 1 else columns
        return line


def block_of(kind: BlockType, text: str, page: int, pointers: list[str]) -> Block:
    """Return a block, which knows of its links where some point."""
    if pointers:
        return PointingBlock(type=kind, text=text, page=page, pointers=tuple(pointers))
    return Block(type=kind, text=text, page=page)


def _size(cell: etree._Element, attribute: str, most: int) -> int:
    stated = (cell.get(attribute) or "").strip()
    return min(max(int(stated), 1), most) if stated.isascii() and stated.isdigit() else 1


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
    """What it was taken for, as in ``Body.removed``."""
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

    def count(self, name: str, times: int) -> None:
        """Count something that was left out."""
        self.removed[name] = self.removed.get(name, 0) + times

    def leave_out(self, name: str, what: etree._Element | str, times: int | None = None) -> None:
        """Note something that is no text of the article; count it where ``times`` says so."""
        self.left_out.append(LeftOut(name, what, len(self.blocks)))
        if times is not None:
            self.count(name, times)


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
            link_to(starts[first], starts[last], link, self.base)
            for first, last, link in self._links
        ]
        body = self.body
        last = body.related[-1].url if body.related else None
        is_same = all(link.url == last for link in links) and links[0].start == 0
        if last and is_same and not may_hold_label(text):
            return text  # a link that was left open runs on
        if self._label and kind != "heading" and (related := are_all_links(text, links)):
            if body.blocks and body.blocks[-1] is self._label:
                body.leave_out("baca_juga", body.blocks.pop().text, 1)
            body.leave_out("baca_juga", text)
            body.related += related
            return ""
        text, related, labels = cut_related(text, links)
        if not labels and not kind:
            text, related, labels = cut_headlines(text, links)
        if labels:
            body.related += related
            body.leave_out("baca_juga", " | ".join(link.title for link in related), labels)
        return text

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
