"""Elements of a body: what they mean to its reader; photos, videos and posts, where they lead."""

import re
from itertools import islice
from typing import Final

from lxml import etree

from kompascrawler.items import BlockType, EmbedType, Image
from kompascrawler.pages.markup import classes_of, web_address

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
EMBED_QUOTES: Final[dict[str, EmbedType]] = {
    **dict.fromkeys(["twitter-tweet", "twitter-video"], "twitter"),
    "instagram-media": "instagram",
    "tiktok-embed": "tiktok",
    **dict.fromkeys(["fb-post", "fb-video", "fb-xfbml-parse-ignore", "text-post-media"], "other"),
    **dict.fromkeys(["bluesky-embed", "reddit-embed-bq"], "other"),
}
"""Class of an element that a script turns into a post → the post's site.

The first four are those of docs/site.md, section 6; the others are what Facebook, Threads,
Bluesky and Reddit give to paste, not seen on the captured pages.
"""
_POST_ADDRESSES: Final = (
    "data-instgrm-permalink", "data-text-post-permalink", "data-href", "cite",
)  # fmt: skip
"""Attributes that hold a post's address, where it is not that of its last link."""
_PICTURE_ADDRESSES: Final = ("data-src", "data-original", "data-lazy-src", "src", "data-link")
"""Attributes that hold a picture's address; a placeholder may stand in the place of ``src``."""
PHOTOS: Final = frozenset({"photo", "cover-photo"})
"""Class of a photo with its caption and credit (docs/site.md, sections 5 and 6)."""
INFOGRAPHIC: Final = "photo-infographic"
"""Class of an infographic, whose caption is not text."""
SURVEY: Final = "widget.kompas.com"
"""Host of the reader surveys that stand in an iframe of the body (docs/site.md, section 6)."""
_HOSTS: Final[tuple[tuple[str, EmbedType], ...]] = (
    ("youtube", "youtube"),
    ("youtu.be", "youtube"),
    ("twitter.com", "twitter"),
    ("//x.com", "twitter"),
    ("instagram.com", "instagram"),
    ("tiktok.com", "tiktok"),
)
_NEAR: Final = 100
"""Elements of a figure among which its picture stands: figures may nest."""
_BRACKETS = re.compile(r"^\(\s*(.*?)\s*\)$")


def is_unseen(element: etree._Element) -> bool:
    """Tell whether no reader sees an element as text: it is hidden, or opens a window."""
    names = element.keys()
    if "hidden" in names or DIALOG in names:
        return True
    return "style" in names and _UNDISPLAYED.search(element.get("style", "")) is not None


def has_picture(element: etree._Element) -> bool:
    """Tell whether an element holds a picture."""
    return any(part.tag == "img" for part in islice(element.iter(), _NEAR))


def image_of(photo: etree._Element, base: str, caption: str | None = None) -> Image | None:
    """Return the photo of one of ``PHOTOS`` or of a ``figure``, if it has a picture.

    2020-21 the credit stands in ``span.author`` before the caption; since 2023 after it, in
    brackets, both in ``.photo__caption``. ``caption`` is one that the page prints elsewhere.
    """
    url = picture_in(photo, base)
    if not url:
        return None
    caption_place, credit = photo, None
    for element in photo.iter("div", "span"):
        name = classes_of(element)
        if "photo__caption" in name:
            caption_place = element
        elif "author" in name:
            credit = credit if credit is not None else element
    text = _text(caption_place, without=credit)
    return Image(
        url=url,
        caption=text or caption or None,
        credit=_BRACKETS.sub(r"\1", _text(credit)) or None if credit is not None else None,
    )


def _text(element: etree._Element, without: etree._Element | None = None) -> str:
    """Return an element's text, one blank between words, without that of one part of it."""
    pieces: list[str] = []
    parts = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, part in parts:
        if event != "start":
            pieces.append((part.tail or "") if part is not element else "")
        elif part is without:
            parts.skip_subtree()
        else:
            pieces.append(part.text or "")
    return " ".join("".join(pieces).split())


def frame_in(frame: etree._Element, base: str) -> str | None:
    """Return the address of what an element of ``FRAMES`` shows."""
    url = _address(frame, base, "data-src", "src", "data")
    source = next(frame.iterchildren("source"), None)
    return _address(source, base, "src") if url is None and source is not None else url


def post_in(quote: etree._Element, base: str) -> str | None:
    """Return the address of a post: in an attribute; a tweet's is its last link, the date."""
    if url := _address(quote, base, *_POST_ADDRESSES):
        return url
    links = [href for link in quote.iter("a") if (href := _address(link, base, "href"))]
    return links[-1] if links else None


def picture_in(element: etree._Element, base: str) -> str | None:
    """Return the address of the first picture; that of one which a script loads is its own."""
    picture = next(element.iter("img"), None)
    return None if picture is None else _address(picture, base, *_PICTURE_ADDRESSES)


def _address(element: etree._Element, base: str, *attributes: str) -> str | None:
    said = (web_address(element.get(name), base) for name in attributes)
    return next((address for address in said if address), None)


def site_of(url: str) -> EmbedType:
    """Return the site that an address leads to."""
    return next((site for mark, site in _HOSTS if mark in url), "other")
