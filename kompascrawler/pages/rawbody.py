"""The bytes of a body as the site itself counts them (``content_total_words``).

Measured on the 69 captured articles of one page: with what is taken out here, the words counted
by ``kompascrawler.halaman.joining.count_words`` equal the site's own number on all 69.
"""

import re
from html.entities import codepoint2name
from typing import Final

from kompascrawler.pages.markup import BODY, END

OPENING: Final = BODY.encode()
"""Class of the container; its first mention in an attribute (scripts name it later or not)."""
CLOSING: Final = END.encode()

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
    """Return the markup of a page's body that the site counts; empty when there is none."""
    start = _start_of(page)
    if start < 0:
        return b""
    end = _mark_after(page, start)
    body = _without_uncounted(page[start : _end_of(page, b"div", start) if end < 0 else end])
    return _TOPIC_BLANK.sub(rb"-\1", body)


def marked_body(page: bytes) -> bytes:
    """Return all markup from the beginning of the container to the mark that ends the body.

    Empty where the page has no container or no mark.
    """
    start = _start_of(page)
    end = _mark_after(page, start) if start >= 0 else -1
    return page[start:end] if end >= 0 else b""


def _mark_after(page: bytes, start: int) -> int:
    """Return where the element stands that ends the body which begins at ``start``, or -1."""
    named = page.find(CLOSING, start)
    return max(page.rfind(b"<span", start, named), start) if named >= 0 else -1


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
