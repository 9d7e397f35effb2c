"""A page read to its end, as it travels from the process that reads large and odd pages."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from kompascrawler.cleaning import clean
from kompascrawler.halaman.joining import Part
from kompascrawler.identity import ArticleAddress
from kompascrawler.items import Article
from kompascrawler.pages.checks import Checks, checks_of
from kompascrawler.pages.index import Terkini, terkini
from kompascrawler.pages.layouts import article_page
from kompascrawler.pages.markup import PageRefused

TOO_MUCH: Final = ("too_large", "unreadable")
"""Reasons to refuse a page that holds too much, or takes too long, whatever its address."""
FINAL: Final = ("other_section", *TOO_MUCH)
"""Reasons for which an article is requested in no other form of its address either."""
_MOST_TEXT: Final = 1_000_000
"""Characters of the longest text that is taken; the longest seen has some 50,000."""
_MOST_PARTS: Final = 20_000
"""Blocks, photos, embeds and links of the largest record that is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WholePage:
    """What a crawl asks of an ``ArticlePage``, without its tree."""

    url: str
    address: ArticleAddress
    halaman_part: Part
    missing: list[str]
    block: Terkini
    checks: Checks

    def part(self, *, is_rendered: bool = False) -> Part:
        """Return this page as one of several; it was read as ``is_rendered`` says already."""
        del is_rendered
        return self.halaman_part

    def to_item(self) -> Article:
        """Return the record of this page. Raises PageRefused (``no_body``)."""
        if not self.halaman_part.record.blocks:
            raise PageRefused("no_body", f"{self.url} holds no text")
        return self.halaman_part.record


def read_whole(
    url: str, body: bytes, encoding: str | None, *, is_rendered: bool = False
) -> WholePage:
    """Read a page; see ``article_page`` for what it raises, and ``too_large``.

    Its text is cleaned as well, for the time that takes. ``is_rendered`` is that of
    ``ArticlePage.part``.
    """
    page = article_page(url, body, encoding)
    block, part = terkini(page.trees), page.part(is_rendered=is_rendered)
    record = part.record
    parts = len(record.blocks) + len(record.images) + len(record.embeds) + len(record.related)
    if parts > _MOST_PARTS or sum(len(one.text) for one in record.blocks) > _MOST_TEXT:
        raise PageRefused("too_large", f"{url} holds more text than an article has")
    clean(record)
    return WholePage(
        url=url,
        address=page.address,
        halaman_part=part,
        missing=page.missing,
        block=block,
        checks=checks_of(page, links=len(block.hrefs)),
    )


def read_shown(url: str, documents: Sequence[bytes]) -> list[WholePage]:
    """Read the pages of an article that a browser has shown; skip those that are refused."""
    pages = []
    for document in documents:
        with suppress(PageRefused):
            pages.append(read_whole(url, document, "utf-8", is_rendered=True))
    return pages
