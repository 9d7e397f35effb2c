"""What the body of a generated article is made of, and what of it is text. Pure data.

A piece says what is *meant*; ``body.py`` writes it as the site's markup, and ``blocks`` tells
what a perfect reader gets out of it. Plain text here never holds markup; a line feed in it is
a line that the page breaks.
"""

from dataclasses import dataclass
from functools import singledispatch
from typing import Literal

from kompascrawler.items import BlockType, Embed, Image, Related

BacaJugaForm = Literal["usual", "no_class", "emphasis", "nested"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, with what the site puts into it that is not its text."""

    text: str
    baca_juga: Related | None = None
    """A "Baca juga" in the middle of the paragraph's end (docs/site.md, section 6)."""
    read_more: tuple[str, str] | None = None
    """A read-more sentence glued to its end: the words before the link, and its address."""
    bare: bool = False
    """Whether its text stands outside any ``<p>``."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A sub-heading."""

    text: str
    level: Literal[2, 3] = 2


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    texts: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table, row by row."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation that the writer set apart; not a post of another site."""

    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """The box with a reader's question that opens a question-and-answer piece."""

    text: str
    asker: str


@dataclass(frozen=True, slots=True)
class BacaJuga:
    """A "Baca juga" line of its own."""

    related: Related
    form: BacaJugaForm = "usual"


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo inside the body."""

    image: Image


@dataclass(frozen=True, slots=True)
class Embedded:
    """Something of another site: its visible words are no text of the article."""

    embed: Embed
    words: str = ""
    """Words of the post, or an infographic's caption."""


Piece = Paragraph | Heading | Items | Table | Quote | Question | BacaJuga | Photo | Embedded


@singledispatch
def blocks(piece: Piece) -> list[tuple[BlockType, str]]:
    """Return the blocks of text that a perfect record holds for the piece, in order."""
    del piece  # BacaJuga, Photo and Embedded hold no text of the article
    return []


@blocks.register
def _(piece: Paragraph) -> list[tuple[BlockType, str]]:
    # A read-more sentence alone in its paragraph leaves nothing.
    return [("paragraph", piece.text)] if piece.text else []


@blocks.register
def _(piece: Heading) -> list[tuple[BlockType, str]]:
    return [("heading", piece.text)]


@blocks.register
def _(piece: Items) -> list[tuple[BlockType, str]]:
    return [("list_item", text) for text in piece.texts]


@blocks.register
def _(piece: Table) -> list[tuple[BlockType, str]]:
    return [("paragraph", " | ".join(row)) for row in piece.rows]


@blocks.register
def _(piece: Quote) -> list[tuple[BlockType, str]]:
    return [("quote", piece.text)]


@blocks.register
def _(piece: Question) -> list[tuple[BlockType, str]]:
    return [("paragraph", f"{piece.text} - {piece.asker}")]
