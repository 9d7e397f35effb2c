"""What the elements of a body are, as data: text, silence, frames, boxes of the site."""

from typing import Final

from kompascrawler.items import BlockType

SILENT: Final = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "form",
        "button",
        "select",
        "textarea",
        "input",
        "head",
        "title",
    ]
)
"""Elements whose text no reader sees or that are controls; what follows them is text."""
KINDS: Final[dict[str, BlockType | None]] = {
    **dict.fromkeys(["h1", "h2", "h3", "h4", "h5", "h6"], "heading"),
    **dict.fromkeys(["li", "dt", "dd"], "list_item"),
    **dict.fromkeys(["blockquote", "q"], "quote"),
    **dict.fromkeys(
        [
            "p",
            "div",
            "section",
            "article",
            "aside",
            "main",
            "header",
            "footer",
            "figure",
            "figcaption",
            "center",
            "pre",
            "ul",
            "ol",
            "dl",
            "table",
            "caption",
            "thead",
            "tbody",
            "tfoot",
            "tr",
            "td",
            "th",
            "hr",
            "address",
            "details",
            "summary",
        ]
    ),
}
"""Elements that begin a piece of their own, and its kind (None: that of what they stand in)."""
END: Final = "liftdown_v2_tanda"
"""Class of the empty ``span`` with which the site ends a body (211 of 211 pages of 2020-2023)."""
RELATED_BOXES: Final = frozenset({"inject-baca-juga", "articleRelated", "article__related"})
"""Boxes of "Baca juga" links since 2024; named by public scrapers, not seen (SITE.md 6)."""
BOXES: Final = frozenset(
    [
        "kompasidRec",
        "kompasidRec__wrap",
        "kid-wrap",
        "inner__sidebar",
        "native-wrap",
        "wSpec",
        "tagsCloud-tag",
        "read__byline",
        "ads-partner-wrap",
        "gate-kgplus",
        "read__paging",
        "kcm-read-terkait",
    ]
)
"""Boxes of the site inside a body; all but ``kid-wrap`` (2023) named by scrapers, not seen."""
LEAVES: Final = frozenset({"strong", "em", "b", "i", "u"})
"""Elements that only mark their text; most hold nothing else."""
FRAMES: Final = frozenset({"iframe", "embed", "object", "video", "audio"})
