"""Which layout a page has."""

from typing import Final, NamedTuple

from lxml import etree

from kompascrawler.pages.article import ArticlePage, ReadPage
from kompascrawler.pages.kcm import KcmReadPage
from kompascrawler.pages.landmarks import Landmarks, Trees, landmarks_of
from kompascrawler.pages.markup import PageRefused, as_utf8

LAYOUTS: Final[tuple[type[ArticlePage], ...]] = (ReadPage, KcmReadPage)
"""The layouts known, the newest first."""
MARKS: Final = frozenset().union(*(layout.MARKS for layout in LAYOUTS))
"""Class names that any of them looks for."""


class Surveyed(NamedTuple):
    """A page before anything is known of it."""

    url: str
    """Address after redirects."""
    markup: bytes
    """The page in UTF-8."""
    trees: Trees
    landmarks: Landmarks[etree._Element]
    """Those of all layouts."""


def survey_page(url: str, body: bytes, encoding: str | None = None) -> Surveyed:
    """Parse a page and look for the marks of every layout.

    ``encoding`` is what the header declares. Raises PageRefused (``empty``).
    """
    body = as_utf8(body, encoding)
    landmarks, trees = landmarks_of(body, MARKS, stop=ReadPage.OTHER_STORIES)
    return Surveyed(url, body, trees, landmarks)


def layout_of(page: Surveyed) -> ArticlePage:
    """Return a page in its layout, the first that fits; see ``article_page`` for what it raises."""
    for layout in LAYOUTS:
        if layout.fits(page.landmarks):
            return layout(*page)
    raise PageRefused("no_layout", f"{page.url} is no article page of a known layout")


def article_page(url: str, body: bytes, encoding: str | None = None) -> ArticlePage:
    """Parse a page and return it in its layout.

    ``url`` is the address after redirects, ``encoding`` what the header declares. Raises
    PageRefused: ``empty``, ``no_layout`` for whatever is no article page (home page, section
    front, index, challenge page), ``no_body``, ``not_an_article``.
    """
    return proven(layout_of(survey_page(url, body, encoding)))


def proven(page: ArticlePage) -> ArticlePage:
    """Return a page that is an article; raise PageRefused (``no_body``, ``not_an_article``)."""
    page.body_element  # noqa: B018 - a page without a body is refused here,
    page.address  # noqa: B018 - one that is no article too, not when it is first used
    return page
