"""The body of an article: one walk from its container to blocks, photos, embeds and links.

Nothing is kept or dropped by where it stands: bare text nodes, text after a photo and text in
broken nesting are text (docs/site.md, section 6). What goes is what is no text of the article:
code, photos with their captions, posts and videos of other sites, surveys, boxes of the site, and
"Baca juga" links.
"""

import re
from itertools import islice
from typing import Any, Final

from lxml import etree

from kompascrawler.items import BlockType, Embed, EmbedType
from kompascrawler.pages import elements
from kompascrawler.pages.collect import Body, Collector
from kompascrawler.pages.elements import KINDS, LEAVES, SILENT, is_unseen
from kompascrawler.pages.markup import END, classes_of, text_of
from kompascrawler.pages.related import BREAK, related_to

_TOPIC: Final = "inner-link-tag"
_REDUPLICATED: Final = re.compile(r"(\w+)- $")
_LONGEST_WORD: Final = 60
_FEW: Final = 100
"""Texts of an element that is looked at for how it ends: more hold no word before a link."""


def close_topic_blanks(container: etree._Element) -> None:
    """Take away the blank that the template of 2020 puts before each topic link, in place.

    It does so before every link: "( AS)", "hewan- hewan", two blanks between words. Templates since
    2021 do not: there a single blank between words is one.
    """
    links = [link for link in container.iter("a") if _TOPIC in classes_of(link)]
    places = [_place_before(link) for link in links]
    before = [getattr(element, name) or "" for element, name in places]
    if _has_template_blanks(links, before):
        for (element, name), text in zip(places, before, strict=True):
            setattr(element, name, text[:-1])


def _has_template_blanks(links: list[etree._Element], before: list[str]) -> bool:
    shown = False
    for link, text in zip(links, before, strict=True):
        if not text.endswith(" "):
            return False
        starts = len(text) == 1 and link.getprevious() is None
        if starts or text.endswith(("  ", "( ")) or _is_reduplicated(link, text):
            shown = True
        elif _ends_with_word(link, text) and not (link.text or "").startswith(" "):
            return False  # the only blank between two words
    return shown


def _is_reduplicated(link: etree._Element, text: str) -> bool:
    """Tell whether a link repeats the word before a hyphen and a blank: one word, "hewan-hewan"."""
    first = _REDUPLICATED.search(text[-_LONGEST_WORD:])
    return first is not None and (link.text or "").casefold().startswith(first[1].casefold())


def _ends_with_word(link: etree._Element, text: str) -> bool:
    """Tell whether a word or its comma stands before the blank that ends ``text``."""
    if len(text) == 1:  # the blank alone: look at the end of the element before it
        previous = link.getprevious()
        text = "".join(islice(previous.itertext(), _FEW)) if previous is not None else ""
    else:
        text = text[:-1]
    return text[-1:].isalnum() or text[-1:] in tuple(",.)")


def _place_before(link: etree._Element) -> tuple[Any, str]:
    """Return the element that holds the text before a link, and the name of its attribute."""
    previous = link.getprevious()
    return (link.getparent(), "text") if previous is None else (previous, "tail")


_PAGE_ANCHOR = re.compile(r"page(\d{1,2})")


def read_body(container: etree._Element, base: str) -> Body:
    """Walk a body's container, up to the mark with which the site ends a body.

    Where an element was never closed, the container holds the rest of the page too. ``base`` is
    the page's address.
    """
    close_topic_blanks(container)
    walker = _Walker(base)
    walker.walk(container)
    return walker.body


class _Walker(Collector):
    """Goes through a tree in reading order, without recursion: any depth that a parser gives."""

    def walk(self, container: etree._Element) -> None:
        """Collect what an element holds."""
        pieces = self.pieces
        pieces.append(container.text or "")
        way: list[tuple[etree._Element, str, BlockType | None]] = [(container, "", None)]
        rest = [iter(container)]  # of each element on the way, the children not yet seen
        while way:
            element, opened, kind = way[-1]
            for child in rest[-1]:
                tag = child.tag
                if tag in LEAVES and not len(child) and not (child.keys() and is_unseen(child)):
                    pieces.append(child.text or "")
                elif tag == "br":
                    pieces.append(BREAK)
                elif not isinstance(tag, str) or tag in SILENT:
                    pass  # comments hold the names of advertisements
                elif self.enter(child, tag, kind):
                    way.append((child, tag, KINDS.get(tag) or kind))
                    rest.append(iter(child))
                    pieces.append(child.text or "")
                    break
                elif self.body.is_ended:
                    rest = [iter(()) for _ in rest]
                    break
                if child.tail:
                    pieces.append(child.tail)
            else:
                self.leave(opened, kind)
                way.pop()
                rest.pop()
                if way and element.tail and not self.body.is_ended:
                    pieces.append(element.tail)
        self.end_piece(None)

    def enter(self, child: etree._Element, tag: str, kind: BlockType | None) -> bool:
        """Begin an element by what it is; tell whether what it holds is to be walked."""
        has_attributes = bool(child.keys())
        if has_attributes and is_unseen(child):
            self.leave_out("hidden", child)
            return False
        anchor = has_attributes and (child.get("id") or (tag == "a" and child.get("name")))
        if anchor and (page := _PAGE_ANCHOR.fullmatch(anchor)):
            self.end_piece(kind)
            self.page = max(self.page, int(page[1]))
        if tag == "a":
            self.begin_link(child)
        elif tag in elements.FRAMES:
            self.embed(child, None, elements.frame_in(child, self.base))
            return False
        elif tag in KINDS:
            self.end_piece(kind)
            if tag == "p":
                return True
            if self.box(child, tag):
                return False
            self.tables.begin(child, tag)
        elif tag == "span" and END in classes_of(child):
            self.body.is_ended = True
            return False
        return True

    def leave(self, tag: str, kind: BlockType | None) -> None:
        """End an element that has been walked."""
        if tag == "a":
            self.end_link()
        elif tag in KINDS:
            self.end_piece(kind)
            if tag != "p":
                self.tables.end(tag)

    def box(self, element: etree._Element, tag: str) -> bool:
        """Deal with an element that holds no text of the article; tell whether it is one."""
        names = classes_of(element)
        if tag == "figcaption":
            self.body.leave_out("caption", element, 1)
        elif not elements.PHOTOS.isdisjoint(names) or (
            tag == "figure" and elements.has_picture(element)
        ):
            self.body.leave_out("photo", element)
            image = elements.image_of(element, self.base)
            self.body.images += [image] if image else []
        elif not names:
            return False
        elif elements.INFOGRAPHIC in names:
            self.embed(element, "infographic", elements.picture_in(element, self.base))
        elif post := next((name for name in names if name in elements.EMBED_QUOTES), None):
            site = elements.EMBED_QUOTES[post]
            self.embed(element, site, elements.post_in(element, self.base))
        elif not elements.RELATED_BOXES.isdisjoint(names):
            self.related_box(element)
        elif not elements.BOXES.isdisjoint(names):
            self.leave_out("box", element)
        else:
            return False
        return True

    def leave_out(self, name: str, element: etree._Element) -> None:
        """Leave an element out; it counts if it holds text."""
        self.body.leave_out(name, element, 1 if "".join(element.itertext()).strip() else 0)

    def related_box(self, box: etree._Element) -> None:
        """Take over the links of a box of "Baca juga" links."""
        self.body.leave_out("baca_juga", box, 1)
        for link in box.iter("a"):
            title = text_of(link)
            if title and (related := related_to(link, title, self.base)):
                self.body.related.append(related)

    def embed(self, element: etree._Element, site: EmbedType | None, url: str | None) -> None:
        """Note something of another site; reader surveys are counted and left out."""
        if url and elements.SURVEY in url:
            self.body.leave_out("survey", element, 1)
            return
        self.body.leave_out("embed", element)
        if url:
            self.body.embeds.append(Embed(type=site or elements.site_of(url), url=url))
