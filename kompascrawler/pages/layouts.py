"""The layouts known, and a page read in its own: part by part, or as a whole."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from kompascrawler.cleaning import clean
from kompascrawler.halaman.joining import Part
from kompascrawler.identity import ArticleAddress
from kompascrawler.items import Article
from kompascrawler.pages.article import ArticlePage, ReadPage
from kompascrawler.pages.checks import Checks, checks_of
from kompascrawler.pages.index import Terkini, terkini
from kompascrawler.pages.kcm import KcmReadPage
from kompascrawler.pages.layout import Layout, landmarks_of
from kompascrawler.pages.markup import PageRefused, as_utf8

LAYOUTS: Final[tuple[type[ArticlePage], ...]] = (ReadPage, KcmReadPage)
"""The layouts known, the newest first."""
MARKS: Final = frozenset().union(*(layout.MARKS for layout in LAYOUTS))
"""Class names that any of them looks for."""


def survey_page(url: str, body: bytes, encoding: str | None = None) -> Layout:
    """Parse a page and look for the marks of every layout. Raises PageRefused (``empty``)."""
    body = as_utf8(body, encoding)
    landmarks, trees = landmarks_of(body, MARKS, stop=ReadPage.OTHER_STORIES)
    return Layout(url, body, trees, landmarks)


def layout_of(page: Layout) -> ArticlePage:
    """Return a page in its layout, the first that fits. Raises PageRefused (``no_layout``)."""
    for layout in LAYOUTS:
        if layout.fits(page.landmarks):
            return layout(page.url, page.markup, page.trees, page.landmarks)
    raise PageRefused("no_layout", f"{page.url} is no article page of a known layout")


def article_page(url: str, body: bytes, encoding: str | None = None) -> ArticlePage:
    """Parse a page and return it in its layout.

    ``url`` is the address after redirects, ``encoding`` what the header declares. Raises
    PageRefused: ``empty``, ``no_layout``, ``no_body``, ``not_an_article``.
    """
    return proven(layout_of(survey_page(url, body, encoding)))


def proven(page: ArticlePage) -> ArticlePage:
    """Return a page that is an article; raise PageRefused (``no_body``, ``not_an_article``)."""
    page.body_element  # noqa: B018 - refused here, not when it is first used
    page.address  # noqa: B018 - as above
    return page


FINAL: Final = ("other_section", "too_large", "unreadable")
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
    """Read a page; it raises what ``article_page`` raises, and ``too_large``.

    ``is_rendered`` is that of ``ArticlePage.part``.
    """
    page = article_page(url, body, encoding)
    block, part = terkini(page.trees), page.part(is_rendered=is_rendered)
    record = part.record
    parts = len(record.blocks) + len(record.images) + len(record.embeds) + len(record.related)
    if parts > _MOST_PARTS or sum(len(one.text) for one in record.blocks) > _MOST_TEXT:
        raise PageRefused("too_large", f"{url} holds more text than an article has")
    clean(record)  # for the time that takes
    return WholePage(
        url=url,
        address=page.address,
        halaman_part=part,
        missing=page.missing,
        block=block,
        checks=checks_of(page, links=len(block.hrefs)),
    )


def read_shown(url: str, documents: Sequence[bytes]) -> list[WholePage]:
    """Read the pages that a browser has shown; skip those that are refused."""
    pages = []
    for document in documents:
        with suppress(PageRefused):
            pages.append(read_whole(url, document, "utf-8", is_rendered=True))
    return pages
