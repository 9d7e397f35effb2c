"""What every article page has, whatever its layout: identity, counts, and the record made of it."""

import re
from dataclasses import replace
from functools import cached_property
from html.entities import codepoint2name
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
from kompascrawler.pages.markup import BODY, END, PageRefused, as_utf8, parse
from kompascrawler.pages.pager import BOX as PAGER
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
OPENING: Final = BODY.encode()
"""Class of the container; its first mention in an attribute (scripts name it later or not)."""
# What may stand before a class name in its attribute, and what behind it.
_CLASS: Final = rb"""\bclass=["'](?:[^"'<>]*\s)?"""
# A tag that is not closed is told first: else each class in it would be tried to its end.
_CONTAINER = re.compile(
    rb"""<div\b(?=[^<>]*>)[^<>]*%b%b["'\s][^<>]*>""" % (_CLASS, OPENING), re.IGNORECASE
)
_UNCOUNTED = re.compile(
    # Inserted when the page is served, or embedded: not part of the text that the site stores.
    # The captions of div.photo-infographic are stored in it and counted (2 of 2 pages).
    rb"""<(?:(?P<hidden>!--|script\b|style\b)"""
    rb"""|(?P<tag>div|blockquote)\b(?=[^<>]*>)[^<>]*(?:"""
    + _CLASS
    + rb"""(?:(?:photo|komentar-bar|read__credit)["'\s]|twitter-|instagram-media|tiktok-embed)"""
    rb"""|\bdata-modal-target=)[^<>]*>)""",
    re.IGNORECASE,
)
_END_OF_HIDDEN: Final = {b"!--": b"-->", b"script": b"</script>", b"style": b"</style>"}
_NAMED: Final = frozenset(code for code in codepoint2name if code > 127)
_TOPIC_BLANK = re.compile(
    rb"-(?<=[A-Za-z]-)((?:<\w+>)*) (?=<a [^<>]*" + _CLASS + rb"inner-link-tag)"
)
"""The blank before topic links of 2020 (``close_topic_blanks``) where it parts one word."""


def raw_body(page: bytes) -> bytes:
    """Return the markup of a page's body that the site counts; empty if there is none.

    Its words (``count_words``) are those declared on all 69 captured articles of one page.
    """
    start, end = _bounds(page)
    if start < 0:
        return b""
    body = _without_uncounted(page[start : _end_of(page, b"div", start) if end < 0 else end])
    return _TOPIC_BLANK.sub(rb"-\1", body)


def marked_body(page: bytes) -> bytes:
    """Return all markup from the container's start to the mark that ends the body, if any."""
    start, end = _bounds(page)
    return page[start:end] if end >= 0 else b""


def _bounds(page: bytes) -> tuple[int, int]:
    """Return where a body begins and where the mark stands that ends it; -1 for none."""
    start = _start_of(page)
    named = page.find(END.encode(), start) if start >= 0 else -1
    return start, max(page.rfind(b"<span", start, named), start) if named >= 0 else -1


def count_nameable(body: bytes) -> int:
    """Count the characters of a body (UTF-8), ASCII aside, that HTML has names for (``&ldquo;``).

    >>> count_nameable("“Ya” – kata São".encode())
    4
    """
    return sum(code in _NAMED for code in map(ord, body.decode(errors="replace")))


def _start_of(page: bytes) -> int:
    named = page.find(OPENING)
    while named >= 0:
        opening = _CONTAINER.match(page, page.rfind(b"<", 0, named))
        if opening:
            return opening.end()
        behind = page.find(b"<", named)  # more of them in the same tag say no more
        named = page.find(OPENING, behind) if behind >= 0 else -1
    return -1


def _without_uncounted(body: bytes) -> bytes:
    kept: list[bytes] = []
    position = 0
    while found := _UNCOUNTED.search(body, position):
        kept.append(body[position : found.start()])
        if found["tag"]:
            position = _end_of(body, found["tag"].lower(), found.end())
        else:
            ending = _END_OF_HIDDEN[found["hidden"].lower()]
            end = body.find(ending, found.end())
            position = len(body) if end < 0 else end + len(ending)
    kept.append(body[position:])
    return b"".join(kept)


def _end_of(markup: bytes, tag: bytes, position: int) -> int:
    depth = 1
    for mark in re.compile(rb"<(/?)%b\b[^<>]*>" % tag, re.IGNORECASE).finditer(markup, position):
        depth += -1 if mark[1] else 1
        if depth == 0:
            return mark.end()
    return len(markup)


class ArticlePage(ReadFields):
    """One answer of the site that is an article; other layouts read other places."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.address.id} {self.title!r} at {self.url}>"

    @cached_property
    def body(self) -> Body:
        """The text in pieces, and what stands between them.

        A closing tag too many ends the container early, and the parser hangs the rest elsewhere.
        Then the bytes up to the mark that ends the body are read by themselves.
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
        """Markup of the body that the site counts."""
        return raw_body(self.markup) or etree.tostring(self.body_element, method="html")

    @cached_property
    def raw_text(self) -> str:
        """Its text, entities decoded."""
        return plain_text(self.raw_body)

    @cached_property
    def words_counted(self) -> int:
        """Its words by the site's rule."""
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
        is_ended = self.body.is_ended or _has_end(self.markup)
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
        """Words that must have been read, so that broken markup hides no text."""
        return _least(count_plain_words(self.raw_text))

    @property
    def is_all_read(self) -> bool:
        """Whether the body that the site counts has been read."""
        # The words counted, with names of entities, are more than those to read.
        return self.words_read >= _least(self.words_counted) or (
            self.words_read >= self.words_to_read
        )

    def to_item(self) -> Article:
        """Return the record of this page, its text not yet cleaned.

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
        """Fields that every article has and this one lacks, or that contradict each other."""
        record = self._record
        has = {"text": self.is_all_read} | {name: getattr(record, name) for name in EXPECTED}
        has["editors"] = record.authors or record.editors
        has["words_declared"] = record.halaman.words_declared is not None
        lost = ["characters"] if self.characters_lost else []
        lacking = [name for name, value in has.items() if not value]
        return [*self.address_doubts, *self.contradictions, *lost, *lacking]


def _least(words: int) -> int:
    return words - LEFT_OUT - words // 20


def is_ended(body: bytes, encoding: str | None) -> bool:
    """Tell whether a page holds what follows the text of an article, or was cut off before."""
    return _has_end(body) or _has_end(as_utf8(body, encoding))


def _has_end(markup: bytes) -> bool:
    return any(mark in markup for mark in ENDS)


class ReadPage(ArticlePage):
    """An article page as served since 2020."""
