"""Photos, videos and posts inside a page: what they are and where they lead."""

import re
from typing import Final

from lxml import etree

from kompascrawler.items import Embed, EmbedType, Image

EMBED_QUOTES: Final[dict[str, EmbedType]] = {
    "twitter-tweet": "twitter",
    "twitter-video": "twitter",
    "instagram-media": "instagram",
    "tiktok-embed": "tiktok",
}
"""Class of a ``blockquote`` that a script turns into a post → the post's site (SITE.md 6)."""
PHOTOS: Final = frozenset({"photo", "cover-photo"})
"""Class of a photo with its caption and credit (SITE.md sections 5 and 6)."""
SURVEY: Final = "widget.kompas.com"
"""Host of the reader surveys that stand in an iframe of the body (SITE.md section 6)."""
_HOSTS: Final[tuple[tuple[str, EmbedType], ...]] = (
    ("youtube", "youtube"),
    ("youtu.be", "youtube"),
    ("twitter.com", "twitter"),
    ("//x.com", "twitter"),
    ("instagram.com", "instagram"),
    ("tiktok.com", "tiktok"),
)
_BRACKETS = re.compile(r"\((.*)\)")


def has_picture(element: etree._Element) -> bool:
    """Tell whether an element holds a picture."""
    return element.find(".//img") is not None


def image_of(photo: etree._Element, caption: str | None = None) -> Image | None:
    """Return the photo of one of ``PHOTOS`` or of a ``figure``, or None without a picture.

    2020-21 the credit stands in ``span.author`` before the caption; since 2023 after it, in
    brackets, both in ``.photo__caption``. ``caption`` is one that the page prints elsewhere.
    """
    picture = photo.find(".//img")
    url = picture.get("src") or picture.get("data-src") if picture is not None else None
    if not url:
        return None
    caption_place, credit = photo, None
    for element in photo.iter("div", "span"):
        name = (element.get("class") or "").split()
        if "photo__caption" in name:
            caption_place = element
        elif "author" in name:
            credit = credit if credit is not None else element
    text = _text(caption_place, without=credit)
    return Image(
        url=url.strip(),
        caption=text or caption or None,
        credit=_unbracket(_text(credit)) or None if credit is not None else None,
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


def _unbracket(credit: str) -> str:
    bracketed = _BRACKETS.fullmatch(credit)
    return bracketed[1].strip() if bracketed else credit


def infographic_of(box: etree._Element) -> Embed | None:
    """Return the infographic of a ``div.photo-infographic``; its caption is not text."""
    picture = box.find(".//img")
    url = picture.get("src") or picture.get("data-link") if picture is not None else None
    return Embed(type="infographic", url=url.strip()) if url else None


def frame_of(frame: etree._Element) -> Embed | None:
    """Return what an ``iframe``, ``embed``, ``video`` or ``object`` shows; None without address."""
    url = frame.get("src") or frame.get("data-src") or frame.get("data")
    return Embed(type=_site_of(url), url=url.strip()) if url else None


def post_of(quote: etree._Element, site: EmbedType) -> Embed | None:
    """Return the post that a ``blockquote`` of an embed class stands for.

    Instagram and TikTok state the address in an attribute; a tweet's is its last link, the
    date. None when the quote leads nowhere.
    """
    url = quote.get("data-instgrm-permalink") or quote.get("cite")
    if not url:
        links = [link.get("href") for link in quote.iter("a") if link.get("href")]
        url = links[-1] if links else None
    return Embed(type=site, url=url.strip()) if url else None


def _site_of(url: str) -> EmbedType:
    return next((site for mark, site in _HOSTS if mark in url), "other")
