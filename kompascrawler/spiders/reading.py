"""Large and odd pages of articles are read by another process, which can be stopped."""

import asyncio
from typing import Final, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from kompascrawler.browser import PAGES
from kompascrawler.pages import ArticlePage, PageRefused, article_page
from kompascrawler.pages.markup import is_odd
from kompascrawler.pages.whole import WholePage, read_whole
from kompascrawler.run.reader import Reader, ReaderFailed
from kompascrawler.run.requests import declared_encoding
from kompascrawler.run.shutdown import ShuttingDown, shutdown_of
from kompascrawler.run.storage import storage_of
from kompascrawler.store.model import Link

_READ: Final = "page_read_elsewhere"
"""Key in ``Request.meta``: the ``WholePage`` or the ``PageRefused`` of the answer."""


def page_of(response: Response) -> ArticlePage | WholePage:
    """Return an article's page; see ``article_page`` for what it raises."""
    read: WholePage | PageRefused | None = response.meta.pop(_READ, None)
    if isinstance(read, PageRefused):
        raise read
    return read or article_page(response.url, response.body, declared_encoding(response))


class ReadingMiddleware:
    """Has large and odd pages read, one at a time, before the spider gets them.

    Setting: ``READ_MAX_SECONDS``. A page that takes longer is refused (``unreadable``).
    """

    def __init__(self, crawler: Crawler) -> None:
        self._reader = Reader(crawler.settings.getfloat("READ_MAX_SECONDS"))
        self._storage, self._shutdown = storage_of(crawler), shutdown_of(crawler)
        self._turn = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware; the process starts with the first such page."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.engine_stopped, signals.engine_stopped)
        return middleware

    async def engine_stopped(self) -> None:
        """End the process."""
        await self._reader.close()

    async def process_response(self, request: Request, response: Response) -> Response:
        """Read a page of an article that is large or odd."""
        asked: Link | None = request.cb_kwargs.get("asked")
        if asked is None or response.status != 200 or PAGES in request.meta:
            return response
        if is_odd(response.body):
            request.meta[_READ] = await self._read(asked, request, response)
        return response

    async def _read(
        self, asked: Link, request: Request, response: Response
    ) -> WholePage | PageRefused:
        arguments = (response.url, response.body, declared_encoding(response))

        async def send(_: Request) -> WholePage:
            async with self._turn:
                if self._storage.is_open:
                    self._storage.store().under_way.begin(asked)
                return await self._reader.call(read_whole, *arguments)

        try:
            return await self._shutdown.cancellable(send, request)
        except PageRefused as refusal:
            return refusal
        except ReaderFailed as failure:
            return PageRefused("unreadable", f"{response.url} cannot be read: {failure}")
        except ShuttingDown:
            return PageRefused("unreadable", f"the run ended while {response.url} was read")
