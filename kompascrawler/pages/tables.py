"""Tables of a body: each row becomes one line, and a value stays under its heading."""

import itertools
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from kompascrawler.items import Block, BlockType, PointingBlock

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
    """The tables that a walk is in; it makes lines of the blocks that their cells have given."""

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
        if not row.bounds:
            return
        if row.bounds[-1] - row.bounds[0] > _MOST_BLOCKS:
            return
        table, parts = row.table, self._blocks[row.bounds[0] : row.bounds[-1]]
        if sum(len(block.text) for block in parts) > _LONGEST_ROW:
            return
        cells = itertools.pairwise([*row.bounds[::2], row.bounds[-1]])
        line = self._line(row, [self._text(*bounds) for bounds in cells])
        table.is_data = table.is_data or sum(map(bool, line)) > 1
        if parts and table.is_data and len(line) > 1:
            text = " ".join(_BETWEEN.join(line).split())
            self._blocks[row.bounds[0] : row.bounds[-1]] = [joined("paragraph", text, parts)]

    def _text(self, start: int, end: int) -> str:
        return " ".join(" ".join(block.text.split()) for block in self._blocks[start:end])

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


def joined(kind: BlockType, text: str, parts: list[Block]) -> Block:
    """Return one block of several, which knows of their links."""
    pointers = [one for part in parts if isinstance(part, PointingBlock) for one in part.pointers]
    return block_of(kind, text, parts[0].page, pointers)


def block_of(kind: BlockType, text: str, page: int, pointers: list[str]) -> Block:
    """Return a block, of the kind that knows of its links where it has some that point."""
    if pointers:
        return PointingBlock(type=kind, text=text, page=page, pointers=tuple(pointers))
    return Block(type=kind, text=text, page=page)


def _size(cell: etree._Element, attribute: str, most: int) -> int:
    stated = (cell.get(attribute) or "").strip()
    return min(max(int(stated), 1), most) if stated.isascii() and stated.isdigit() else 1
