"""Bytes of a page → tree, and what its elements mean to a reader of its body."""

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
        *("input", "head", "title"),
    ]
)
"""Elements whose text no reader sees or that are controls; what follows them is text."""
KINDS: Final[dict[str, BlockType | None]] = {
    **dict.fromkeys(["h1", "h2", "h3", "h4", "h5", "h6"], "heading"),
    **dict.fromkeys(["li", "dt", "dd"], "list_item"),
    **dict.fromkeys(["blockquote", "q"], "quote"),
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
        "kcm-read-terkait",
    ]
)
"""Boxes of the site inside a body; all but ``kid-wrap`` (2023) named by scrapers, not seen."""
LEAVES: Final = frozenset({"strong", "em", "b", "i", "u"})
"""Elements that only mark their text; most hold nothing else."""
FRAMES: Final = frozenset({"iframe", "embed", "object", "video", "audio"})


def parse(body: bytes, encoding: str | None = None) -> etree._Element:
    """Return the root of the page's tree.

    ``encoding`` is what the answer's header declares, if anything (``as_utf8``). Elements may
    nest 2,048 deep instead of 255, below which libxml2 drops what it reads without a word: a
    writer's program leaves inline elements unclosed, paragraph by paragraph. Raises PageRefused
    (``empty``) when there is no markup.
    """
    try:
        root = etree.fromstring(
            # NULs are no characters of a text: HTML ignores them, libxml2 puts U+FFFD for them.
            as_utf8(body, encoding).replace(b"\0", b""),
            etree.HTMLParser(encoding="utf-8", huge_tree=True),
        )
    except (etree.ParserError, etree.XMLSyntaxError):
        root = None
    if root is None:
        raise PageRefused("empty", "the page holds no markup")
    return root


def as_utf8(body: bytes, encoding: str | None) -> bytes:
    """Return the bytes of a page in UTF-8, given the encoding that the header declares.

    Kompas serves UTF-8 (every captured page), and bytes that are valid UTF-8 are read as such
    whatever is declared: another encoding almost never looks like it. Otherwise the declared
    one counts where it fits; bytes that fit nothing are left, and the parser puts U+FFFD for
    them (so that the usual page is not decoded twice).
    """
    if encoding is None or encoding.lower().replace("_", "-") in {"utf-8", "utf8"}:
        return body
    for candidate in ("utf-8", encoding):
        try:
            return body.decode(candidate).encode()
        except (LookupError, UnicodeError):
            continue
    return body
