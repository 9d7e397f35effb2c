"""Bytes of a page → tree, and what its elements mean to a reader of its body."""

import codecs
import re
from typing import Final

from lxml import etree

from kompascrawler.items import BlockType


class PageRefused(Exception):  # noqa: N818 - named for what happened; it is no fault of ours
    """No layout fits the page, or it lacks what makes an article; nothing of it is used.

    ``reason`` is a short word for statistics and the reject folder: ``empty`` (no markup at
    all), ``no_layout`` (home page, section front, index, challenge page), ``no_body`` (an
    article's page without its text), ``not_an_article`` (neither address nor page say which
    article it is).
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
SILENT: Final = frozenset(
    [
        *("script", "style", "noscript", "template", "svg", "form", "button", "select", "textarea"),
        *("input", "head", "title", "canvas", "datalist", "meter", "progress"),
    ]
)
"""Elements whose text no reader sees or that are controls; what follows them is text."""
KINDS: Final[dict[str, BlockType | None]] = {
    **dict.fromkeys(["h1", "h2", "h3", "h4", "h5", "h6"], "heading"),
    **dict.fromkeys(["li", "dt", "dd"], "list_item"),
    "blockquote": "quote",
    **dict.fromkeys(
        [
            *("p", "div", "section", "article", "aside", "main", "header", "footer", "figure"),
            *("figcaption", "center", "pre", "ul", "ol", "dl", "table", "caption", "thead"),
            *("tbody", "tfoot", "tr", "td", "th", "hr", "address", "details", "summary"),
        ]
    ),
}
"""Elements that begin a piece of their own, and its kind (None: that of what they stand in)."""
END: Final = "liftdown_v2_tanda"
"""Class of the empty ``span`` with which the site ends a body (211 of 211 pages of 2020-2023)."""
RELATED_BOXES: Final = frozenset({"inject-baca-juga", "articleRelated", "article__related"})
"""Boxes of "Baca juga" links since 2024; named by public scrapers, not seen."""
BOXES: Final = frozenset(
    [
        *("kompasidRec", "kompasidRec__wrap", "kid-wrap", "inner__sidebar", "native-wrap", "wSpec"),
        *("tagsCloud-tag", "read__byline", "ads-partner-wrap", "gate-kgplus", "read__paging"),
        *("kcm-read-terkait", "komentar-bar", "read__credit"),
    ]
)
"""Boxes of the site inside a body; all but ``kid-wrap`` (2023) named by scrapers, not seen."""
DIALOG: Final = "data-modal-target"
"""Attribute of what opens a window of the site, as to send a gift (2026, named by scrapers)."""
_UNDISPLAYED = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE
)
LEAVES: Final = frozenset({"strong", "em", "b", "i", "u"})
"""Elements that only mark their text; most hold nothing else."""
FRAMES: Final = frozenset({"iframe", "embed", "object", "video", "audio"})


BROKEN: Final = "\ufffd"
"""Stands for bytes that fit no encoding."""
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
            without_controls(as_utf8(body, encoding)),
            etree.HTMLParser(encoding="utf-8", huge_tree=True),
        )
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise PageRefused("unreadable", "the page takes more memory than there is") from None
        root = None
    if root is None:
        raise PageRefused("empty", "the page holds no markup")
    return root


def without_controls(body: bytes) -> bytes:
    """Return a page without NULs and vertical tabs, which are no characters of a text.

    HTML ignores NULs, libxml2 puts U+FFFD for them; vertical tabs mark breaks in collected text.
    """
    return body.replace(b"\0", b"").replace(b"\v", b"")


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


def is_unseen(element: etree._Element) -> bool:
    """Tell whether no reader sees an element as text: it is hidden, or opens a window."""
    names = element.keys()
    if "hidden" in names or DIALOG in names:
        return True
    return "style" in names and _UNDISPLAYED.search(element.get("style", "")) is not None


def classes_of(element: etree._Element) -> list[str]:
    """Return the class names of an element."""
    return (element.get("class") or "").split()


def as_utf8(body: bytes, encoding: str | None) -> bytes:
    """Return the bytes of a page in UTF-8, given the encoding that the header declares.

    The order is that of the HTML standard: byte order mark, header, ``meta``. But Kompas serves
    UTF-8 (every captured page), and bytes that are valid UTF-8 are read as such whatever is
    declared: another encoding almost never looks like it. Neither does a page become another
    encoding's that has more valid than broken sequences. The parser puts U+FFFD for what is
    broken, so that the usual page is not decoded here.
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
    """Return Python's name of an encoding; None where there is none such.

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
    broken = text.count(BROKEN)
    return broken == 0 or sum(character > "\x7f" for character in text) > 2 * broken
