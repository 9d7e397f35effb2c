"""Which of the marks that the readers look for a page shows: what drift is measured by.

A mark is told of a page only where it can be expected: a line that is not there cannot hold a
time that can be read, and advertorials have neither credits nor a list of other stories.
"""

import re
from typing import Final

from kompascrawler.halaman.completeness import falls_short
from kompascrawler.halaman.joining import letters_of, without_suffix
from kompascrawler.identity import parse_address
from kompascrawler.pages import byline
from kompascrawler.pages.article import ArticlePage, ReadPage
from kompascrawler.pages.index import main_hrefs
from kompascrawler.pages.markup import parse

Checks = dict[str, bool]
"""Name of a mark → whether the page shows it."""

FULL_LIST: Final = 15
"""Links of a Terkini Lainnya block, on every captured page that has one."""
_OF_AN_ARTICLE = re.compile(
    rb"""content_PublishedDate|article:published_time|"NewsArticle"|content=["']article["']"""
)
UNREAD: Final = {"no_layout": {"layout": False}, "no_body": {"layout": True, "body": False}}
"""Reasons of refusal that drift may be behind, and the marks that such pages have and lack."""
_HEADLINE: Final = b'"headline"'
_TIMES = re.compile(rb'content_PublishedDate"|article:published_time"|"datePublished"')
_LATER_PAGE = re.compile(
    rb"(?:/[^\"'?#<>\s]{0,300})?\?(?:[^\"'#<>\s]{0,300}[&;])?page=(?:[2-9]|[1-9]\d)\b"
)


def checks_of_refused(reason: str, markup: bytes) -> Checks:
    """Return the marks of a page that was refused for a reason; none where it is no article.

    A page that says it is an article, in whatever layout (docs/site.md, section 4), should be read.
    """
    return UNREAD.get(reason, {}) if _OF_AN_ARTICLE.search(markup) else {}


def articles_linked(markup: bytes) -> int:
    """Count the articles that a listing links to outside its side columns, in whatever markup.

    Raises PageRefused (``empty``).
    """
    found = (parse_address(href) for href in main_hrefs(parse(markup)))
    return len({address.id for address in found if address})


def checks_of(page: ArticlePage, *, links: int) -> Checks:
    """Return the marks of an article's page in a known layout.

    ``links`` is how many its Terkini Lainnya block has. Of the layout of 2015 one page is known,
    which says nothing of the marks since.
    """
    found = {"layout": True, "body": True, "title": bool(page.title)}
    if isinstance(page, ReadPage):
        found["title"] = bool(page.printed_title)
        found |= _title(page) | _time(page) | _fields(page) | _pager(page)
        found |= _credits_and_list(page, links)
    return found


def _title(page: ReadPage) -> Checks:
    stated = without_suffix(page.landmarks.meta("og:title"))
    if not page.printed_title:
        return {"title_elsewhere": bool(stated) or _HEADLINE in page.markup}
    agrees = letters_of(stated) == letters_of(page.printed_title)
    return {"title_agrees": agrees} if stated else {}


def _time(page: ReadPage) -> Checks:
    line = page.time_line
    is_printed, is_stated = byline.printed_time(line) is not None, page.stated_time is not None
    found = {"time": bool(line), "date_stated": is_stated}
    if line:
        found["date"] = is_printed
    else:
        found["time_elsewhere"] = _TIMES.search(page.markup) is not None
    if is_printed or is_stated:
        found["date_agrees"] = "time_contradicts" not in page.missing
    return found


def _credits_and_list(page: ReadPage, links: int) -> Checks:
    metas = page.landmarks.meta("content_author"), page.landmarks.meta("content_editor")
    stated = byline.names_in(",".join(metas))
    if stated and not byline.personal(stated):
        return {}  # an advertorial
    found = {"names": bool(page.authors or page.editors), "terkini": links > 0}
    if stated:
        found["credits"] = _prints_credits(page)
    if found["names"]:
        roles = (byline.AUTHOR, byline.EDITOR, byline.SOURCE)
        found["credits_agree"] = not any(f"{role}_contradicts" in page.missing for role in roles)
    if links:
        found["terkini_full"] = links >= FULL_LIST
    return found


def _prints_credits(page: ReadPage) -> bool:
    """Tell whether the page prints who wrote or edited it, with roles that can be read or not."""
    has_box = any(page.landmarks.first(name) is not None for name in byline.BOXES)
    fields = ("authors", "editors")
    return has_box or any(page.readings[name].taken == byline.PRINTED for name in fields)


def _fields(page: ReadPage) -> Checks:
    return {
        "description": bool(page.description),
        "section": bool(page.section),
        "tags": bool(page.tags),
        "sources": bool(page.sources),
        "images": bool(page.lead_image or page.body.images),
        "words_declared": page.words_declared is not None,
        "text_declared": page.text_declared is not None,
        "canonical": "canonical" not in page.missing,
        "text_read": "text" not in page.missing,
    }


def _pager(page: ReadPage) -> Checks:
    """Tell whether a page has a pager that links to a later page of its own, or lacks words."""
    found = {"pager_divided": page.pager.leads_on} if falls_short(page.halaman) else {}
    if page.pager.leads_on:
        return found | {"pager": True}
    return found | ({"pager": False} if _links_on(page) else {})


def _links_on(page: ReadPage) -> bool:
    url, number = page.address.url, page.address.number
    own = url[url.index("/read/") : url.index(number) + len(number)].encode()
    position = page.markup.find(own)
    while position >= 0:
        position += len(own)
        if _LATER_PAGE.match(page.markup, position):
            return True
        position = page.markup.find(own, position)
    return False
