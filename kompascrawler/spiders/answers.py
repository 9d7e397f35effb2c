"""What an answer, or the failure of one, tells a callback: its request, encoding and pages."""

from contextlib import suppress

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure
from w3lib.encoding import http_content_type_encoding

from kompascrawler.browser import PAGES
from kompascrawler.halaman import Part
from kompascrawler.pages import ArticlePage, PageRefused, article_page


def parts_shown(response: Response, article_id: str) -> list[Part]:
    """Return the pages of the article that a browser has shown; anything else is passed over."""
    parts = []
    for markup in response.meta[PAGES]:
        with suppress(PageRefused):
            page = of_article(article_page(response.url, markup, "utf-8"), article_id)
            parts.append(page.part(is_rendered=True))
    return parts


def of_article(page: ArticlePage, article_id: str) -> ArticlePage:
    """Return a page of the article, or raise PageRefused (``another_article``)."""
    if page.address.id != article_id:
        raise PageRefused("another_article", f"{page.url} shows {page.address.id}")
    return page


def request_of(failure: Failure) -> Request:
    """Return the request that failed."""
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
    return request


def declared_encoding(response: Response) -> str | None:
    """Return the encoding that the answer's header states; the page itself is not asked here."""
    content_type = response.headers.get("Content-Type") or b""
    return http_content_type_encoding(content_type.decode("latin-1"))
