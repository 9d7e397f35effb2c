"""The body of an article: one walk from its container to blocks, photos, embeds and links.

Nothing is kept or dropped by where it stands: bare text nodes, text after a photo and text in
broken nesting are text (SITE.md section 6). What goes is what is no text of the article: code,
photos with their captions, posts and videos of other sites, surveys, the boxes listed here, and
"Baca juga" links.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from kompascrawler.items import Block, BlockType, Embed, Image, Related
from kompascrawler.pages import media
from kompascrawler.pages.elements import BOXES, FRAMES, KINDS, LEAVES, RELATED_BOXES, SILENT
from kompascrawler.pages.related import Link, cut_related, may_hold_label, related_to
from kompascrawler.pages.topics import close_topic_blanks

HEADING_LIMIT: Final = 160
"""Longest heading in characters; what is longer was marked so by mistake and is a paragraph."""
DEPTH_LIMIT: Final = 100
"""Deepest nesting that is walked (real bodies: 8); below it the text is taken as it comes."""

_BREAK: Final = "\v"  # where the page breaks a line; white space of the source is none
_PAGE_ANCHOR = re.compile(r"page(\d{1,2})")


@dataclass(slots=True)
class Body:
    """What a walk found."""

    blocks: list[Block] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    embeds: list[Embed] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    removed: dict[str, int] = field(default_factory=dict)
    """Name of what was left out → how often."""

    def count(self, name: str, times: int = 1) -> None:
        """Note that something was left out."""
        self.removed[name] = self.removed.get(name, 0) + times


def read_body(container: etree._Element) -> Body:
    """Walk a body's container."""
    close_topic_blanks(container)
    walker = _Walker()
    walker.children(container, None, 0)
    walker.flush(None)
    return walker.body


class _Walker:
    """Collects text until a piece ends, then makes a block of it."""

    def __init__(self) -> None:
        self.body = Body()
        self.page = 1
        self.pieces: list[str] = []
        self.links: list[tuple[int, int, str]] = []  # first piece, piece after the last, address

    def children(self, parent: etree._Element, kind: BlockType | None, depth: int) -> None:
        """Walk what an element holds; the element itself has been dealt with."""
        pieces = self.pieces
        if parent.text:
            pieces.append(parent.text)
        for child in parent:
            tag = child.tag
            if tag in LEAVES and not len(child):
                pieces.append(child.text or "")
            elif tag == "br":
                pieces.append(_BREAK)
            elif not isinstance(tag, str) or tag in SILENT:
                pass  # comments hold the names of advertisements
            elif depth > DEPTH_LIMIT:
                pieces.extend(child.itertext())
            else:
                self.element(child, tag, kind, depth + 1)
            if child.tail:
                pieces.append(child.tail)

    def element(self, child: etree._Element, tag: str, kind: BlockType | None, depth: int) -> None:
        """Walk one element by what it is."""
        if tag == "a":
            start = len(self.pieces)
            self.children(child, kind, depth)
            self.links.append((start, len(self.pieces), child.get("href") or ""))
        elif tag == "table":
            self.flush(kind)
            self.table(child)
        elif tag in FRAMES:
            self.embed(media.frame_of(child))
        elif tag in KINDS:
            self.flush(kind)
            if tag == "p" or not self.box(child, tag):
                inner = KINDS[tag] or kind
                self.children(child, inner, depth)
                self.flush(inner)
        else:
            self.children(child, kind, depth)
        anchor = child.get("id") or (child.get("name") if tag == "a" else None)
        if anchor and (page := _PAGE_ANCHOR.fullmatch(anchor)):
            self.flush(kind)
            self.page = max(self.page, int(page[1]))

    def box(self, element: etree._Element, tag: str) -> bool:
        """Deal with an element whose class says that it is no text; tell whether it was one."""
        name = (element.get("class") or "").partition(" ")[0]
        if not name:
            return False
        if name in {"photo", "cover-photo"}:
            image = media.image_of(element)
            self.body.images += [image] if image else []
        elif name == "photo-infographic":
            self.embed(media.infographic_of(element))
        elif tag == "blockquote" and name in media.EMBED_QUOTES:
            self.embed(media.post_of(element, media.EMBED_QUOTES[name]))
        elif name in RELATED_BOXES:
            self.related_box(element)
        elif name in BOXES:
            self.body.count("box", 1 if "".join(element.itertext()).strip() else 0)
        else:
            return False
        return True

    def related_box(self, box: etree._Element) -> None:
        """Take over the links of a box of "Baca juga" links."""
        for link in box.iter("a"):
            title = " ".join("".join(link.itertext()).split())
            if title and link.get("href"):
                self.body.related.append(related_to(link.get("href") or "", title))
        self.body.count("baca_juga")

    def embed(self, embed: Embed | None) -> None:
        """Note something of another site; reader surveys are counted and left out."""
        if embed is None:
            return
        if media.SURVEY in embed.url:
            self.body.count("survey")
        else:
            self.body.embeds.append(embed)

    def table(self, table: etree._Element) -> None:
        """Make a paragraph of each row, cells joined by `` | ``."""
        for row in table.iter("tr"):
            cells = (" ".join("".join(cell.itertext()).split()) for cell in row.iter("td", "th"))
            text = " | ".join(cell for cell in cells if cell)
            if text:
                self.body.blocks.append(Block(type="paragraph", text=text, page=self.page))

    def flush(self, kind: BlockType | None) -> None:
        """Make blocks of the text collected so far; a blank line within it parts two."""
        if not self.pieces:
            return
        text = "".join(self.pieces)
        if self.links and may_hold_label(text):
            text = self.without_related(text)
        self.pieces.clear()
        self.links.clear()
        for paragraph in _paragraphs(text):
            self.body.blocks.append(
                Block(type=_kind(kind, paragraph), text=paragraph, page=self.page)
            )

    def without_related(self, text: str) -> str:
        """Take the "Baca juga" links out of the collected text."""
        starts = [0]
        for piece in self.pieces:
            starts.append(starts[-1] + len(piece))
        links = [Link(starts[first], starts[last], url) for first, last, url in self.links]
        text, related, labels = cut_related(text, links)
        self.body.related += related
        if labels:
            self.body.count("baca_juga", labels)
        return text


def _paragraphs(text: str) -> list[str]:
    """Return a text's paragraphs: source white space is one blank, a break a line feed."""
    if _BREAK not in text:
        paragraph = " ".join(text.split())
        return [paragraph] if paragraph else []
    lines = "\n".join(" ".join(line.split()) for line in text.split(_BREAK))
    return [stripped for part in lines.split("\n\n") if (stripped := part.strip("\n"))]


def _kind(kind: BlockType | None, text: str) -> BlockType:
    if kind == "heading" and len(text) > HEADING_LIMIT:
        return "paragraph"
    return kind or "paragraph"
