"""An article of the replica: everything true about it, whatever a page shows. Pure data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kompascrawler.items import Block, Embed, Image, Related
from tests.replica.pieces import BacaJuga, Embedded, Paragraph, Photo, Piece, blocks

Kind = Literal["news", "agency", "roundup", "column", "question", "infographic", "video"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel of kompas.com: where its articles stand and how their numbers end."""

    name: str
    """Value of the index's channel label and of ``content_category``."""
    base: str
    """Address its articles' paths are put behind, and its front page."""
    suffix: str
    """How the numbers of its articles end (docs/site.md, section 1)."""
    is_news: bool
    """Whether ``site=news`` of the index lists it (docs/site.md, section 8)."""
    path: str = "read"
    """Word that stands before the date in its addresses."""
    has_short_addresses: bool = False
    """Whether its addresses have the second grammar, ``26I07…`` (docs/site.md, section 11)."""
    has_dotted_slugs: bool = False
    """Whether slugs are titles with dots, as until 2017 (docs/site.md, section 17)."""
    pages_terkini: bool = True
    """Whether its "Terkini Lainnya" has a pager to the index (docs/site.md, section 3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """How an article's first paragraph begins (docs/site.md, sections 6 and 14)."""

    place: str | None
    """The place, as a perfect record gives it."""
    markup: str
    """The page's own form, with ``{place}`` where the place stands."""
    paragraph: int = 0
    """Which paragraph carries it: the first, in columns the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article: what a perfect record would hold, and what the rendering needs beside it."""

    id: str
    url: str
    channel: Channel
    kind: Kind
    layout: str
    """Name of the layout its page is rendered in (``layouts.py``)."""
    title: str
    description: str
    published_at: datetime
    """First publication, WIB; what the address states."""
    updated_at: datetime | None
    authors: tuple[str, ...]
    editors: tuple[str, ...]
    sources: tuple[str, ...]
    topic: str | None
    tags: tuple[str, ...]
    dateline: Dateline | None
    lead_photo: Image
    pages: tuple[tuple[Piece, ...], ...]
    """The body, Halaman by Halaman."""
    behaviour: str = "normal"
    """How its pages can be had (``behaviours.py``)."""
    revision: int = 0
    """How often it was changed after it came out."""
    changed_at: datetime | None = None
    """When it was changed last, whether its page says so or not."""
    original: str | None = None
    """Identity of the article that this one publishes again, or None."""

    @property
    def pieces(self) -> list[Piece]:
        """The whole body in order."""
        return [piece for page in self.pages for piece in page]

    @property
    def blocks(self) -> list[Block]:
        """The text as a perfect record holds it, dateline and read-more sentences taken off."""
        return [
            Block(type=kind, text=text, page=number)
            for number, page in enumerate(self.pages, start=1)
            for piece in page
            for kind, text in blocks(piece)
        ]

    @property
    def text(self) -> str:
        """The blocks' texts joined by a blank line."""
        return "\n\n".join(block.text for block in self.blocks)

    @property
    def related(self) -> list[Related]:
        """The "Baca juga" links in order."""
        found: list[Related] = []
        for piece in self.pieces:
            if isinstance(piece, BacaJuga):
                found.append(piece.related)
            elif isinstance(piece, Paragraph) and piece.baca_juga:
                found.append(piece.baca_juga)
        return found

    @property
    def images(self) -> list[Image]:
        """The lead photo, then those inside the body."""
        return [self.lead_photo, *(p.image for p in self.pieces if isinstance(p, Photo))]

    @property
    def embeds(self) -> list[Embed]:
        """What other sites show inside the body."""
        return [piece.embed for piece in self.pieces if isinstance(piece, Embedded)]
