"""Which layout a page has."""

from typing import Final

from kompascrawler.pages.article import ArticlePage
from kompascrawler.pages.errors import PageRefused
from kompascrawler.pages.kcm import KcmReadPage
from kompascrawler.pages.landmarks import survey
from kompascrawler.pages.read import ReadPage
from kompascrawler.pages.tree import as_utf8, parse

LAYOUTS: Final[tuple[type[ArticlePage], ...]] = (ReadPage, KcmReadPage)
"""The layouts known, the newest first."""
_MARKS: Final = frozenset().union(*(layout.MARKS for layout in LAYOUTS))


def article_page(url: str, body: bytes, encoding: str | None = None) -> ArticlePage:
    """Parse a page and return it in its layout.

    ``url`` is the address after redirects, ``encoding`` what the header declares. Raises
    PageRefused: ``empty``, ``no_layout`` for whatever is no article page (home page, section
    front, index, challenge page), ``no_body``, ``not_an_article``.
    """
    body = as_utf8(body, encoding)
    tree = parse(body)
    landmarks = survey(tree, _MARKS, stop=ReadPage.OTHER_STORIES)
    for layout in LAYOUTS:
        if layout.fits(landmarks):
            page = layout(url, body, tree, landmarks)
            page.body_element  # noqa: B018 - a page without a body is refused here,
            page.address  # noqa: B018 - one that is no article too, not when it is first used
            return page
    raise PageRefused("no_layout", f"{url} is no article page of a known layout")
