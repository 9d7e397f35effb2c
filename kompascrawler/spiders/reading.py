"""Large and odd pages of articles are read by another process, which can be stopped."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, Final, TypeVar

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response

from kompascrawler.browser import PAGES
from kompascrawler.components import Component
from kompascrawler.halaman.joining import Part
from kompascrawler.pages import ArticlePage, PageRefused, article_page
from kompascrawler.pages.article import is_ended
from kompascrawler.pages.layouts import WholePage, read_shown, read_whole
from kompascrawler.pages.markup import is_odd
from kompascrawler.politeness.non_content import NON_CONTENT
from kompascrawler.run.reader import Reader, ReaderFailed
from kompascrawler.run.requests import declared_encoding
from kompascrawler.run.shutdown import ShuttingDown, shutdown_of
from kompascrawler.run.storage import storage_of
from kompascrawler.store.model import Link

P = TypeVar("P", bound=ArticlePage | WholePage)

_READ: Final = "page_read_elsewhere"
"""Key in ``Request.meta``: what the other process has read of the answer, or its refusal."""


def page_of(response: Response) -> ArticlePage | WholePage:
    """Return an article's page; see ``article_page`` for what it raises."""
    read: WholePage | None = _read_elsewhere(response)
    return read or article_page(response.url, response.body, declared_encoding(response))


def parts_shown(response: Response, article_id: str) -> list[Part]:
    """Return the pages of the article that a browser has shown; skip anything else.

    Raises PageRefused where reading them takes too much.
    """
    read: list[WholePage] | None = _read_elsewhere(response)
    pages: Iterable[ArticlePage | WholePage] = _shown(response) if read is None else read
    parts = []
    for page in pages:
        with suppress(PageRefused):
            parts.append(of_article(page, article_id).part(is_rendered=True))
    return parts


def _shown(response: Response) -> Iterator[ArticlePage]:
    for document in response.meta[PAGES]:
        with suppress(PageRefused):
            yield article_page(response.url, document, "utf-8")


def of_article(page: P, article_id: str) -> P:
    """Return a page of the article; raise PageRefused (``another_article``) for any other."""
    if page.address.id != article_id:
        raise PageRefused("another_article", f"{page.url} shows {page.address.id}")
    return page


def _read_elsewhere(response: Response) -> Any:
    read = response.meta.pop(_READ, None)
    if isinstance(read, PageRefused):
        raise read
    return read


class ReadingMiddleware(Component):
    """Has large and odd pages read, one at a time, before the spider gets them.

    Setting: ``READ_MAX_SECONDS``. What takes longer is refused (``unreadable``): a page, or all
    that a browser has shown of an article. A page that was cut off is requested again, as often
    as Scrapy does, then refused (``cut_off``).
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._reader = Reader(crawler.settings.getfloat("READ_MAX_SECONDS"))
        self._storage, self._shutdown = storage_of(crawler), shutdown_of(crawler)
        self._turn = asyncio.Lock()
        crawler.signals.connect(self.engine_stopped, signals.engine_stopped)

    async def engine_stopped(self) -> None:
        """End the process."""
        await self._reader.close()

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """Read a page of an article that is large or odd, request one again that was cut off."""
        shown: list[bytes] | None = request.meta.get(PAGES)
        if request.cb_kwargs.get("asked") is None or response.status != 200:
            return response
        url, body, encoding = response.url, response.body, declared_encoding(response)
        if shown is None and not request.meta.get(NON_CONTENT) and not is_ended(body, encoding):
            spider, cause = self.crawler.spider, "cut_off"
            assert spider is not None
            again = get_retry_request(
                request, spider=spider, reason=cause, give_up_log_level=logging.INFO
            )
            request.meta[_READ] = PageRefused(cause, f"{url} ends before its text does")
            return again or response
        if any(map(is_odd, shown or [body])):
            request.meta[_READ] = await (
                self._read(request, read_shown, url, shown)
                if shown
                else self._read(request, read_whole, url, body, encoding)
            )
        return response

    async def _read(self, request: Request, read: Callable[..., Any], url: str, *page: Any) -> Any:
        asked: Link = request.cb_kwargs["asked"]

        async def send(_: Request) -> Any:
            async with self._turn:
                if self._storage.is_open:
                    self._storage.store().under_way.begin(asked)
                return await self._reader.call(read, url, *page)

        try:
            return await self._shutdown.cancellable(send, request)
        except PageRefused as refusal:
            return refusal
        except ReaderFailed as failure:
            return PageRefused("unreadable", f"{url} cannot be read: {failure}")
        except ShuttingDown:
            return PageRefused("unreadable", f"the run ended while {url} was read")
