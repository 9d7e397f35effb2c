"""Which of the marks that the readers look for a page shows: what drift is measured by.

A mark that is missing from the answer cannot be expected on the page (a time that nobody
printed cannot be readable), so that every mark has pages to count it on of its own.
"""

import re
from typing import Final

from kompascrawler.halaman import without_suffix
from kompascrawler.pages.article import ArticlePage
from kompascrawler.pages.dates import printed_time
from kompascrawler.pages.read import ReadPage
from kompascrawler.pages.words import names_in, personal, text_of

Signs = dict[str, bool]
"""Name of a mark → whether the page shows it."""

FULL_LIST: Final = 15
"""Links of a Terkini Lainnya block, on every page captured that has one (SITE.md section 3)."""
_PAGE_TWO_ON = rb"/read/(?:xml/)?%b/[^\"'?#<>\s]*\?(?:[^\"'#<>\s]*&(?:amp;)?)?page=(?:[2-9]|\d\d)"
_OF_AN_ARTICLE = re.compile(
    rb"""content_PublishedDate|article:published_time|"NewsArticle"|content=["']article["']"""
)


def is_said_to_be_article(markup: bytes) -> bool:
    """Tell whether a page says that it is an article, in whatever layout (SITE.md section 4)."""
    return _OF_AN_ARTICLE.search(markup) is not None


def signs_of(page: ArticlePage, *, links: int) -> Signs:
    """Return the marks of an article's page in a known layout.

    ``links`` is how many its Terkini Lainnya block has. Of the layout of 2015 one page is known,
    which says nothing of the marks since.
    """
    found = {"layout": True, "body": True, "title": bool(page.title)}
    if isinstance(page, ReadPage):
        page.part()  # what contradicts itself is noted when the record is made
        for part in (_title, _time, _people, _fields, _pager):
            found |= part(page)
        found["terkini"] = links > 0
        if links:
            found["terkini_full"] = links >= FULL_LIST
    return found


def _title(page: ReadPage) -> Signs:
    stated = without_suffix(page.landmarks.meta("og:title"))
    found = {"title_stated": bool(stated) or b'"headline"' in page.markup}
    if stated and page.title:
        found["title_agrees"] = _plain(stated) == _plain(page.title)
    return found


def _plain(title: str) -> str:
    return "".join(character for character in title.casefold() if character.isalnum())


def _time(page: ReadPage) -> Signs:
    line = text_of(page.landmarks.first(page.TIME))
    is_printed, is_stated = printed_time(line) is not None, page.stated_time is not None
    found = {"time": bool(line), "date_stated": is_stated}
    if line:
        found["date"] = is_printed
    if is_printed or is_stated:
        found["date_agrees"] = "time_contradicts" not in page.missing
    return found


def _people(page: ReadPage) -> Signs:
    stated = f"{page.landmarks.meta('content_author')},{page.landmarks.meta('content_editor')}"
    names = personal(names_in(stated))
    found = {"people_stated": bool(names)}
    if names:
        found["people"] = page.credits.are_printed
    if page.authors or page.editors:
        found["people_agree"] = not page.credits.contradicting
    return found


def _fields(page: ReadPage) -> Signs:
    return {
        "description": bool(page.description),
        "section": bool(page.section),
        "tags": bool(page.tags),
        "sources": bool(page.sources),
        "images": bool(page.lead_image or page.body.images),
        "words_declared": page.words_declared is not None,
        "canonical": "canonical" not in page.missing,
        "text_read": "text" not in page.missing,
    }


def _pager(page: ReadPage) -> Signs:
    """Tell whether the pager is found on a page that links to a later page of its article."""
    if page.has_pager:
        return {"pager": True}
    year, month, day, number = page.address.id.split("-")
    own = _PAGE_TWO_ON % f"{year}/{month}/{day}/{number}".encode()
    return {"pager": False} if re.search(own, page.markup) else {}
