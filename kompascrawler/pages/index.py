"""Listings: Terkini Lainnya on article pages, the index (indeks.kompas.com), the front page.

Only links are read here; what they mean is told by their addresses (sections.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from itertools import chain, islice
from typing import TYPE_CHECKING, Literal, NamedTuple

from lxml import etree

from kompascrawler.identity import parse_address
from kompascrawler.pages.byline import printed_time
from kompascrawler.pages.markup import PageRefused, Tree, Trees, classes_of, is_odd, parse
from kompascrawler.pages.pager import LINK

if TYPE_CHECKING:
    from datetime import datetime

    from selectolax.lexbor import LexborNode

    Node = etree._Element | LexborNode  # noqa: SLF001
Attributes = Mapping[str, str | None]

LOCATION = re.compile(rb"<loc>\s*(?:<!\[CDATA\[)?\s*(\S+?)\s*(?:\]\]>)?\s*</loc>")
"""An address in a sitemap (docs/site.md, section 8)."""
TERKINI_HEADING = "terkini lainnya"
"""The block's heading. Its markup differs by channel and year, its words do not."""
BOX_HEIGHT = 4
"""How many elements above its heading the box may stand that holds the block's links."""
LISTS = etree.XPath("//div[contains(@class, 'latest--indeks') or contains(@class, 'articleList')]")
"""The index's list: 2017 to early 2024, and since about May 2024 (docs/site.md, section 8)."""
_NEAR = 5
"""Nodes of a heading among which its text begins."""
UPDATED = etree.XPath("//text()[contains(., 'Diperbarui')]/..")
_MOST_MARKS = 100
"""Marks of updates that are looked at."""
_MOST_LISTS = 20
"""Lists that are read: broken markup may nest them."""
_DEEPEST = 50
"""Elements above a link among which its column stands."""
SIDE_COLUMNS = frozenset({"col-bs10-3", "sidebar"})
"""Classes of the right column, whose boxes reuse the classes of the lists."""
LOOKS = {"article-link": "that since 2024", "article__link": "that of 2017 to early 2024"}
"""Which look a listing has, by the class of an item's link (docs/site.md, section 8)."""
ITEM_LINKS = frozenset(LOOKS)


class Terkini(NamedTuple):
    """The "Terkini Lainnya" block of an article page."""

    hrefs: list[str]
    """Its links in order, the newest first; empty where the page has no such block."""
    pager: str | None
    """Where its own pager goes on: an index page. None without a pager."""


def terkini(page: Trees) -> Terkini:
    """Return the links of the Terkini Lainnya block: told by its heading and such links."""
    found = _terkini_in(page.rest) if page.rest else None
    return found or _terkini_in(page.whole) or Terkini([], None)


def _terkini_in(tree: Tree) -> Terkini | None:
    headings = tree.iter("h2", "h3", "h4") if etree.iselement(tree) else tree.css("h2, h3, h4")
    named = (one for one in headings if _own_text(one) == TERKINI_HEADING)
    boxes = map(_terkini_box, islice(named, _MOST_LISTS))
    return next((box for box in boxes if box.hrefs), None)


def index_hrefs(tree: etree._Element) -> list[str]:
    """Return the links of the items that an index page lists, in order."""
    lists: Iterable[etree._Element] = LISTS(tree)[:_MOST_LISTS] or [tree]
    return _distinct(
        link.get("href", "") for box in lists for link in _items(box) if not _is_aside(link)
    )


def listing_tree(body: bytes, encoding: str | None) -> etree._Element:
    """Return the root of a listing; raise PageRefused (``empty``, ``too_large``).

    One that is large or odd is not read: it stays unread, and other listings show the same.
    """
    if is_odd(body):
        raise PageRefused("too_large", "the page is larger, or odder, than any listing")
    return parse(body, encoding)


def listing_hrefs(
    body: bytes, encoding: str | None, kind: Literal["index", "front", "sitemap"]
) -> list[str]:
    """Return the links of a listing, in order; raise PageRefused as ``listing_tree`` does.

    How further pages of a front page look was never seen: where no item is known, any link to an
    article is taken.
    """
    if kind == "sitemap":  # no blank or CDATA hides an address
        return _distinct(unescape(href.decode(errors="replace")) for href in LOCATION.findall(body))
    tree = listing_tree(body, encoding)
    if (hrefs := index_hrefs(tree)) or kind == "index":
        return hrefs
    return [href for href in main_hrefs(tree) if parse_address(href)]


def main_hrefs(tree: etree._Element) -> list[str]:
    """Return every link that stands outside the side columns."""
    links = (link for link in tree.iter("a") if link.get("href") and not _is_aside(link))
    return _distinct(link.get("href", "") for link in links)


def front_hrefs(tree: etree._Element) -> list[str]:
    """Return every link of a front page; its headline boxes change too often to be named."""
    return _distinct(href for link in tree.iter("a") if (href := link.get("href")))


def updated_items(body: bytes, encoding: str | None) -> dict[str, datetime | None]:
    """Return the items that a listing marks as updated, by their links, with the time it prints.

    Nobody has seen such a listing; on article pages this is how an update is marked.
    """
    if b"Diperbarui" not in body or is_odd(body):
        return {}
    marks = UPDATED(parse(body, encoding))[:_MOST_MARKS]
    return {
        href: printed_time(" ".join(mark.itertext())) for mark in marks if (href := _item_of(mark))
    }


def _item_of(mark: etree._Element) -> str | None:
    """Return the link of the item that a mark stands in, if any."""
    for box in islice(chain((mark,), mark.iterancestors()), BOX_HEIGHT):
        if hrefs := _distinct(link.get("href", "") for link in _items(box)):
            return hrefs[0] if len(hrefs) == 1 else None
    return None


def look(tree: etree._Element) -> str | None:
    """Name the look that a listing has by its items' links; None for one never seen."""
    classes = {name for link in _items(tree) for name in classes_of(link)}
    return next((said for name, said in LOOKS.items() if name in classes), None)


def _own_text(heading: Node) -> str:
    if etree.iselement(heading):
        texts: Iterator[str | None] = heading.itertext()
    else:
        texts = (node.text_content for node in heading.traverse(include_text=True))
    return next(
        (said.strip().lower() for said in islice(texts, _NEAR) if said and said.strip()), ""
    )


def _terkini_box(heading: Node) -> Terkini:
    box: Node | None = heading
    for _ in range(BOX_HEIGHT):
        box = box.getparent() if etree.iselement(box) else box and box.parent
        if box is None or box.tag == "body":  # the box is no whole page
            break
        links = _links(box)
        if hrefs := _distinct(link.get("href") or "" for link in links if _is_item(link)):
            return Terkini(hrefs, _pager(links))
    return Terkini([], None)


def _links(box: Node) -> list[Attributes]:
    if etree.iselement(box):
        return [dict(link.attrib) for link in box.iter("a")]
    return [link.attributes for link in box.css("a")]


def _pager(links: Iterable[Attributes]) -> str | None:
    """Return the first link of the block's pager that leads somewhere (page 1 is a script)."""
    hrefs = (link.get("href") or "" for link in links if LINK in (link.get("class") or "").split())
    return next((href for href in hrefs if href.startswith("http")), None)


def _is_item(link: Attributes) -> bool:
    classes = link.get("class")
    return bool(classes and not ITEM_LINKS.isdisjoint(classes.split()) and link.get("href"))


def _items(box: etree._Element) -> Iterator[etree._Element]:
    return (link for link in box.iter("a") if _is_item(dict(link.attrib)))


def _is_aside(link: etree._Element) -> bool:
    return any(
        not SIDE_COLUMNS.isdisjoint(classes_of(ancestor))
        for ancestor in islice(link.iterancestors("div", "aside"), _DEEPEST)
    )


def _distinct(hrefs: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(href.strip() for href in hrefs))
