"""Requests are counted, and end a run that has used up its seconds, requests or bytes."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from scrapy import Request, signals
from scrapy.core.downloader.handlers import DownloadHandlerProtocol
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response
from typing_extensions import override

from kompascrawler.run.counting import OfCrawler, counts_of
from kompascrawler.run.requests import BrokenBodyError, cause_of, kind_of
from kompascrawler.run.shutdown import shutdown_of
from kompascrawler.run.storage import storage_of


class Recorder(Protocol):
    """What keeps answers as they were received. Its methods raise ShuttingDown."""

    def answered(
        self, request: Request, response: Response, kind: str, broken: str | None = None
    ) -> None:
        """Keep an answer; ``broken``: what is wrong with its body."""

    def rendered(self, request: Request, documents: Sequence[bytes], walk: str) -> None:
        """Keep what a browser has rendered; ``walk``: its pages, and why it stopped early."""


class RequestAccounting:
    """Counts requests and answers, and ends a run that has used up what it may take.

    Settings: ``MAX_RUN_SECONDS`` (from the opening of the spider), ``MAX_RUN_REQUESTS``,
    ``MAX_RUN_BYTES``; 0 is no limit. Stats: ``budget/hit`` (which has ended the run);
    ``traffic/requests``, ``bytes`` (bodies as they came), ``answers/<kind>/<status>``,
    ``unanswered/<kind>``, ``cancelled/<kind>`` (by the run's end). Kinds: ``run/requests.py``, and
    ``browser`` for what a page in the browser requests, itself included.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.recorder: Recorder | None = None
        self._counts = counts_of(crawler).traffic
        self._seconds = crawler.settings.getfloat("MAX_RUN_SECONDS")
        self._requests = crawler.settings.getint("MAX_RUN_REQUESTS")
        self._bytes = crawler.settings.getint("MAX_RUN_BYTES")
        crawler.signals.connect(self.spider_opened, signals.spider_opened)
        crawler.signals.connect(self.bytes_received, signals.bytes_received)

    def spider_opened(self) -> None:
        """Start the clock."""
        if self._seconds:
            asyncio.get_running_loop().call_later(self._seconds, self._time_over)

    def _time_over(self) -> None:
        if storage_of(self._crawler).is_open:  # a shell may stay open
            self._hit(f"MAX_RUN_SECONDS={self._seconds:g}")

    def _check(self) -> None:
        """Raise ``ShuttingDown`` where one more request is too much."""
        if self._requests and self._counts.requests >= self._requests:
            self._hit(f"MAX_RUN_REQUESTS={self._requests}")
        elif self._bytes and self._counts.bytes >= self._bytes:
            self._hit(f"MAX_RUN_BYTES={self._bytes}")
        shutdown_of(self._crawler).check()

    def _hit(self, limit: str) -> None:
        shutdown = shutdown_of(self._crawler)
        if shutdown.reason is None:
            counts_of(self._crawler).budget_hit = limit
            shutdown.begin("budget")

    async def send(self, handler: DownloadHandlerProtocol, request: Request, kind: str) -> Response:
        """Send a request by a handler; raise what it raises, and ``ShuttingDown``."""
        self._check()
        self._counts.requests += 1
        try:
            response = await handler.download_request(request)
        except asyncio.CancelledError:
            self._counts.cancelled[kind] += 1
            raise
        except Exception as error:
            self._counts.unanswered[kind] += 1
            if self.recorder is not None and isinstance(error, BrokenBodyError):
                self.recorder.answered(request, error.response, kind, cause_of(error))
            raise
        self._counts.answers[kind, response.status] += 1
        if self.recorder is not None:
            self.recorder.answered(request, response, kind)
        return response

    def bytes_received(self, data: bytes) -> None:
        """Count a piece of a body."""
        self._counts.bytes += len(data)


accounting_of = OfCrawler(RequestAccounting)
"""Return what counts the requests of a crawl, the same for whoever sends any."""


class MeteredHandler(BaseDownloadHandler):
    """A download handler whose requests are counted."""

    def __init__(
        self, crawler: Crawler, handler: DownloadHandlerProtocol, kind: str | None = None
    ) -> None:
        """``kind`` is what its requests are for; None: their address tells."""
        super().__init__(crawler)
        self._accounting = accounting_of(crawler)
        self._handler = handler
        self._kind = kind

    @override
    async def download_request(self, request: Request) -> Response:
        kind = self._kind or kind_of(request.url)
        return await self._accounting.send(self._handler, request, kind)

    @override
    async def close(self) -> None:
        await self._handler.close()
