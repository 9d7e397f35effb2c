"""What every article page has, whatever its layout: identity, counts, and the record made of it."""

import re
from dataclasses import replace
from functools import cached_property
from typing import Final

from lxml import etree

from kompascrawler.halaman.completeness import MOST_LOST, agrees, count_lost, judge
from kompascrawler.halaman.joining import (
    Part,
    count_plain_words,
    count_words,
    plain_text,
    without_suffix,
)
from kompascrawler.items import Article, Halaman
from kompascrawler.pages.body import read_body
from kompascrawler.pages.collect import Body
from kompascrawler.pages.markup import END, PageRefused, as_utf8, parse
from kompascrawler.pages.pager import BOX as PAGER
from kompascrawler.pages.rawbody import count_nameable, marked_body, raw_body
from kompascrawler.pages.read import ReadFields

LEFT_OUT: Final = 30
"""Words of a body, beside one in twenty, that need not be text.

What the site counts and the walk leaves out are captions of infographics and labels of links: 20
words at most on the 231 captured pages. Where more is missing, broken markup has hidden text.
"""
ENDS: Final = (END.encode(), PAGER.encode(), b"</html", b"</HTML")
"""What follows a body: a page without any of them was cut off, and is never complete."""
EXPECTED: Final = ("title", "published_at", "description", "section", "tags", "images")
"""Fields that no article lacks."""
_ALL_PAGES = re.compile(r"[^#]*[?&]page=all(?:[&#]|$)")


class ArticlePage(ReadFields):
    """One answer of the site that is an article; other layouts read other places."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.address.id} {self.title!r} at {self.url}>"

    @cached_property
    def body(self) -> Body:
        """The text in pieces, and what stands between them.

        A closing tag too many in the text ends the container early, and the parser hangs the
        rest of the text elsewhere. Then the bytes up to the mark that ends the body are read by
        themselves.
        """
        found = read_body(self.body_element, self.url)
        if found.is_ended or not (markup := marked_body(self.markup)):
            return found
        self.readings["body"] = self.readings["body"]._replace(
            reason="the container ends early: what its bytes hold up to the end mark is read"
        )
        return read_body(parse(b"<body>" + markup), self.url)

    @cached_property
    def raw_body(self) -> bytes:
        """Markup of the body that the site counts; joined by whoever joins pages."""
        return raw_body(self.markup) or etree.tostring(self.body_element, method="html")

    @cached_property
    def raw_text(self) -> str:
        """Text of the raw body, entities decoded."""
        return plain_text(self.raw_body)

    @cached_property
    def words_counted(self) -> int:
        """Words of the raw body by the site's rule."""
        return count_words(self.raw_body)

    @cached_property
    def asked_for_all(self) -> bool:
        """Whether the address asked for every page at once (``?page=all``)."""
        return _ALL_PAGES.match(self.url) is not None

    @cached_property
    def halaman(self) -> Halaman:
        """Which pages this answer holds, and whether all their text has been read."""
        blocks, declared = self.body.blocks, self.text_declared
        judged = judge(
            pages_declared=self.pages_declared,
            asked_for_all=self.asked_for_all,
            anchors=blocks[-1].page if blocks else 1,
            words_declared=self.words_declared,
            words_counted=self.words_counted,
            has_text=agrees(declared, self.raw_text) if declared else None,
        )
        return judged if self.is_sound else replace(judged, complete=False, proof=None)

    @cached_property
    def is_sound(self) -> bool:
        """Whether all its text was read and can be read, and the page was not cut off."""
        is_legible = self.characters_lost <= MOST_LOST
        is_ended = self.body.is_ended or any(mark in self.markup for mark in ENDS)
        return self.is_all_read and is_legible and is_ended

    @cached_property
    def characters_lost(self) -> int:
        """Characters of title and text in whose place U+FFFD stands."""
        return count_lost([self.title or "", *(block.text for block in self.body.blocks)])

    @cached_property
    def words_read(self) -> int:
        """Words of all texts of the body, whatever became of them, by the site's rule."""
        body = self.body
        texts = [block.text for block in body.blocks] + [link.title for link in body.related]
        return count_plain_words(" ".join(texts))

    @cached_property
    def words_to_read(self) -> int:
        """Words that must have been read at least, so that broken markup hides no text."""
        words = count_plain_words(self.raw_text)
        return words - LEFT_OUT - words // 20

    @property
    def is_all_read(self) -> bool:
        """Whether the body that the site counts has been read."""
        words = self.words_counted  # more than those to read: with names of entities
        is_plain = self.words_read >= words - LEFT_OUT - words // 20
        return is_plain or self.words_read >= self.words_to_read

    def to_item(self) -> Article:
        """Return the record of this page: complete in structure, its text not yet cleaned.

        Raises PageRefused (``not_an_article``, ``no_body``).
        """
        if not self.body.blocks:
            raise PageRefused("no_body", f"{self.url} holds no text")
        return self._record

    def part(self, *, is_rendered: bool = False) -> Part:
        """Return this page as one of several; it may hold no text, which a script is to bring.

        ``is_rendered``: it comes from a browser, which has decoded the entities. Raises
        PageRefused (``not_an_article``, ``no_body``).
        """
        return Part(
            record=self._record,
            pages_declared=self.pages_declared,
            number_stated=self.number_stated,
            hides_pages=self.pager.hides_pages,
            decoded=count_nameable(self.raw_body) if is_rendered else 0,
            text=self.raw_text,
            text_declared=self.text_declared,
            is_sound=self.is_sound,
        )

    @cached_property
    def _record(self) -> Article:
        address, body, lead = self.address, self.body, self.lead_image
        return Article(
            id=address.id,
            url=address.url,
            title=self.title or "",
            description=without_suffix(self.description),
            published_at=self.published_at or "",
            updated_at=self.updated_at,
            authors=self.authors,
            editors=self.editors,
            sources=self.sources,
            section=self.section,
            topic=self.topic,
            tags=self.tags,
            blocks=body.blocks,
            images=[lead, *body.images] if lead else body.images,
            embeds=body.embeds,
            related=body.related,
            halaman=self.halaman,
            removed=body.removed,
        )

    @cached_property
    def missing(self) -> list[str]:
        """Fields that every article has and this one lacks, and those that contradict each other.

        Raises PageRefused (``not_an_article``, ``no_body``).
        """
        record = self._record
        has = {name: bool(getattr(record, name)) for name in EXPECTED}
        has["editors"] = bool(record.authors or record.editors)
        has["words_declared"] = record.halaman.words_declared is not None
        doubts = [*self.address_doubts, *self.contradictions]
        if self.characters_lost:
            doubts.append("characters")
        return doubts + [
            name for name, is_there in ({"text": self.is_all_read} | has).items() if not is_there
        ]


def is_ended(body: bytes, encoding: str | None) -> bool:
    """Tell whether a page holds what follows the text of an article, or was cut off before."""
    if any(mark in body for mark in ENDS):
        return True
    markup = as_utf8(body, encoding)
    return any(mark in markup for mark in ENDS)


class ReadPage(ArticlePage):
    """An article page as served since 2020."""
