"""The early end of a run, by a signal, a budget or a store that failed: soon, and nothing lost.

Scrapy would send every request that has left its scheduler, and wait for every answer. Here what
is not sent yet goes back to the scheduler, and what is under way gets ``GRACE`` seconds more. No
errback hears of either: an article that was not requested has not failed.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final, TypeVar

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.closespider import CloseSpider
from scrapy.utils.defer import deferred_from_coro

from kompascrawler.components import OfCrawler

logger = logging.getLogger(__name__)

T = TypeVar("T")

GRACE: Final = 5.0
"""Seconds that a request which is under way may still take: most answers come within one.
``docker stop`` kills after ten seconds."""


class ShuttingDown(IgnoreRequest):
    """The run is ending: the request is left to the next one."""


def fail_waiting(
    crawler: Crawler, error: Callable[[], Exception], *, host: str | None = None
) -> None:
    """Have the requests fail that wait for their turn, at one host or all."""
    for name, slot in crawler.engine.downloader.slots.items():
        while slot.queue and host in (None, name):
            slot.queue.popleft()[1].errback(error())


class Shutdown:
    """Whether a crawl is to end before it is done, and what becomes of its requests then."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._under_way: set[asyncio.Future[Any]] = set()
        self._is_late = False
        self.reason: str | None = None
        """The finish reason that the crawl is to have; None while it goes on."""

    def begin(self, reason: str) -> None:
        """End the crawl, with a finish reason; a second call changes nothing."""
        if self.reason is not None:
            return
        self.reason = reason
        logger.info("Ending the run (%s); the rest waits for the next run", reason)
        try:
            is_running = self._crawler.engine.running
        except RuntimeError:  # there is none yet
            is_running = False
        if is_running:
            self._close()
        else:
            self._crawler.signals.connect(self._close, signals.engine_started)

    def _close(self) -> None:
        assert self.reason is not None
        asyncio.get_running_loop().call_later(GRACE, self.abort_in_flight)
        fail_waiting(self._crawler, partial(ShuttingDown, self.reason))
        engine = self._crawler.engine
        if engine.spider is not None:
            deferred_from_coro(engine.close_spider_async(reason=self.reason))

    def abort_in_flight(self) -> None:
        """Wait for no answer any more."""
        self._is_late = True
        for request in self._under_way:
            request.cancel()

    def check(self) -> None:
        """Raise ``ShuttingDown`` if nothing is to be sent any more."""
        if self.reason is not None:
            raise ShuttingDown(self.reason)

    async def cancellable(self, send: Callable[[Request], Awaitable[T]], request: Request) -> T:
        """Send a request, or do work for one, unless the run is ending or ends before that."""
        self.check()
        answer = asyncio.ensure_future(send(request))
        self._under_way.add(answer)
        try:
            return await answer
        except asyncio.CancelledError:
            if self._is_late:
                raise ShuttingDown(self.reason) from None
            raise
        finally:
            self._under_way.discard(answer)


shutdown_of = OfCrawler(Shutdown)
"""Return the ending of a crawl; nothing ends by asking for it."""


class LimitsExtension(CloseSpider):
    """Scrapy's ``CloseSpider``, which would wait for every request that has left the scheduler."""

    def _close_spider(self, reason: str) -> None:
        shutdown_of(self.crawler).begin(reason)
