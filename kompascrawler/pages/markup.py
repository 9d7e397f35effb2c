"""Bytes of a page → trees, and the short texts of their elements."""

from __future__ import annotations

import codecs
import re
from functools import cached_property
from itertools import accumulate, islice
from random import random
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import urljoin, urlsplit

from lxml import etree

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser


class PageRefused(Exception):  # noqa: N818 - named for what happened; it is no fault of ours
    """No layout fits the page, or it lacks what makes an article; nothing of it is used.

    ``reason`` is a short word for statistics and the reject folder: ``empty`` (no markup at
    all), ``no_layout`` (home page, section front, index, challenge page), ``no_body`` (no text),
    ``not_an_article`` (neither address nor page say which article it is).
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason, message)  # both, so that another process can raise it anew
        self.reason = reason

    def __str__(self) -> str:
        return str(self.args[1])


TITLE: Final = "read__title"
"""Class of the headline since 2020."""
BODY: Final = "read__content"
"""Class of the container of the text since 2020."""
END: Final = "liftdown_v2_tanda"
"""Class of the empty ``span`` with which the site ends a body (211 of 211 pages of 2020-2023)."""
# lxml has no public name for its elements.
Tree: TypeAlias = "etree._Element | LexborHTMLParser"  # noqa: SLF001

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"""<meta\s[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_META_REACH: Final = 1024
_LATIN: Final = frozenset({"ascii", "iso8859-1", "cp1252"})
"""Encodings (Python's names) that the HTML standard reads as windows-1252."""


def parse(body: bytes, encoding: str | None = None) -> etree._Element:
    """Return the root of the page's tree.

    ``encoding`` is what the answer's header declares, if anything (``as_utf8``). Elements may
    nest 2,048 deep instead of 255, below which libxml2 drops what it reads without a word: a
    writer's program leaves inline elements unclosed, paragraph by paragraph. Raises PageRefused:
    ``empty`` when there is no markup, ``unreadable`` when there is too little memory for it.
    """
    try:
        root = etree.fromstring(
            # HTML ignores NULs, libxml2 puts U+FFFD; vertical tabs mark breaks in collected text.
            as_utf8(body, encoding).replace(b"\0", b"").replace(b"\v", b""),
            etree.HTMLParser(encoding="utf-8", huge_tree=True),
        )
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise PageRefused("unreadable", "the page takes more memory than there is") from None
        root = None
    if root is None:
        raise PageRefused("empty", "the page holds no markup")
    return root


def as_utf8(body: bytes, encoding: str | None) -> bytes:
    """Return the bytes of a page in UTF-8, given the encoding that the header declares.

    The order is that of the HTML standard: byte order mark, header, ``meta``. But Kompas serves
    UTF-8 (every captured page), and what has more valid than broken sequences of it is read as
    such whatever is declared. The usual page is not decoded here.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body.removeprefix(mark).decode(name, "replace").encode()
    codec = _codec(encoding) or _codec(_stated(body)) or "utf-8"
    if codec == "utf-8" or _is_rather_utf8(body):
        return body
    return body.decode(codec, "replace").encode()


def _stated(body: bytes) -> str | None:
    found = _META.search(body, 0, _META_REACH)
    label = found[1].decode() if found else None
    # As the standard has it: what says so in ASCII is not UTF-16.
    return "utf-8" if label and label.lower().startswith("utf-16") else label


def _codec(label: str | None) -> str | None:
    """Return Python's name of an encoding, if there is one.

    >>> _codec("ISO-8859-1"), _codec("utf8"), _codec("x-none")
    ('cp1252', 'utf-8', None)
    """
    try:
        name = codecs.lookup((label or "").strip()).name
    except LookupError:
        return None
    return "cp1252" if name in _LATIN else name


def _is_rather_utf8(body: bytes) -> bool:
    text = body.decode(errors="replace")
    broken = text.count("\ufffd")
    return broken == 0 or sum(character > "\x7f" for character in text) > 2 * broken


LARGE: Final = 500_000
"""Bytes of a page that is large; the largest captured has 457,000."""
_LONG: Final = 4_000
_CROWDED = re.compile(
    rb"""<[a-zA-Z](?:[^>"']{20000}|[^>"']*+(?:"[^"]*+"[^>"']*+|'[^']*+'[^>"']*+){1000})"""
)
"""A tag with thousands of attributes: libxml2 takes the square of their number."""


def is_odd(body: bytes) -> bool:
    """Tell whether reading a page may take long: it is large, or odd (none was seen)."""
    if len(body) > LARGE:
        return True
    # Only where no tag begins for long may one be crowded: 20 times as fast as a look at each.
    place = 0
    while (begun := body.rfind(b"<", place, place + _LONG)) >= 0 or place + _LONG < len(body):
        if begun < 0 and _CROWDED.match(body, max(body.rfind(b"<", 0, place), 0)):
            return True
        place = begun + 1 if begun >= 0 else place + _LONG
    return False


_STEP: Final = 16_384
_SAMPLE: Final = 1_024
_MOST_TAGS: Final = 2_000
_DEEPEST_SAMPLED: Final = 300
_MOST_STYLED: Final = 25
"""In samples of a sixteenth of a page; the captured pages have at most 370, 60 and 6."""
_STYLED = re.compile(rb"<[bcefinstu](?:|ig|ode|m|ont|obr|mall|trike|trong|t)[\s/]", re.IGNORECASE)
"""Marks its text in a way of its own; a browser opens it anew in each paragraph until closed."""


def may_swell(page: bytes) -> bool:
    """Tell whether a browser's tree of a page may take the square of the page's size.

    So it does where elements nest thousands deep, or many that mark text stay open. Samples are
    taken at random, so that no page can keep what is odd between them.
    """
    last, room = max(len(page) - _SAMPLE, 0), _STEP - _SAMPLE
    places = [min(step + int(random() * room), last) for step in range(0, len(page), _STEP)]
    samples = [page[place : place + _SAMPLE] for place in places]
    depths = accumulate(one.count(b"<") - 2 * one.count(b"</") for one in samples)
    sampled = b".".join(samples)
    return (
        sampled.count(b"<") > _MOST_TAGS
        or max(depths, default=0) > _DEEPEST_SAMPLED
        or len(_STYLED.findall(sampled)) > _MOST_STYLED
    )


class Trees:
    """A page (UTF-8), parsed as far as is asked for.

    ``head`` is the article and what comes before it, ``rest`` the list of other stories and what
    follows. Without a rest, the head is the whole page.
    """

    def __init__(self, page: bytes, head: Tree, rest: bytes = b"") -> None:
        self._page, self._head, self._rest = page, head, rest

    @property
    def tail(self) -> bytes:
        """The list of other stories and what follows, unparsed; else the whole page."""
        return self._rest or self._page

    @cached_property
    def rest(self) -> LexborHTMLParser | None:
        """The list of other stories and what follows, where that is parsed apart."""
        return lexbor_tree(self._rest) if self._rest else None

    @cached_property
    def whole(self) -> Tree:
        """The page."""
        return (lexbor_tree(self._page) or parse(self._page)) if self._rest else self._head


def lexbor_tree(page: bytes) -> LexborHTMLParser | None:
    """Return the tree that a browser makes of a page, if there is memory for it."""
    # 8 ms: an idle run reads no article.
    from selectolax import lexbor  # noqa: PLC0415

    try:
        options = lexbor.LexborDocumentOptions.WO_EVENTS
        return lexbor.LexborHTMLParser(page.replace(b"\0", b""), options=options)
    except lexbor.SelectolaxError:
        return None


def classes_of(element: etree._Element) -> list[str]:
    """Return the class names of an element."""
    return (element.get("class") or "").split()


_NOT_IN_ADDRESSES: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_PLAIN: Final = re.compile(r"https?://[\w.-]+(?:[/?#][!-~]*)?", re.ASCII)
_ABSOLUTE: Final = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)
_MOST_TEXTS: Final = 1_000
_LONGEST: Final = 10_000


def text_of(element: etree._Element | None) -> str:
    """Return an element's text, one blank between words, cut at 10,000 characters.

    Elements may nest a thousand deep, and the text of each is asked for.
    """
    if element is None:
        return ""
    text = "".join(islice(element.itertext(), _MOST_TEXTS)) if len(element) else element.text or ""
    return " ".join(text[:_LONGEST].split())


def web_address(said: str | None, base: str) -> str | None:
    """Return an address of a page as an absolute one; None where it leads to no web page.

    ``base`` is the address of the page. What no address holds (control characters, ends of
    lines) is taken out, and a blank is written as one.

    >>> web_address("//asset.kompas.com/a b.jpg", "https://www.kompas.com/global")
    'https://asset.kompas.com/a%20b.jpg'
    """
    if said and _PLAIN.fullmatch(said):
        return said
    said = _NOT_IN_ADDRESSES.sub("", (said or "").strip()).replace(" ", "%20")
    try:
        address = said if _ABSOLUTE.match(said) else urljoin(base, said) if said else ""
        if not address.isascii() or "[" in address:
            urlsplit(address)  # raises where the name of the host is none
    except ValueError:
        return None
    return address if _ABSOLUTE.match(address) else None
