"""The most that one run may take: seconds, requests, bytes."""

import asyncio

from scrapy import signals
from scrapy.crawler import Crawler

from kompascrawler.ending import ending_of
from kompascrawler.storage import storage_of


class Budgets:
    """Ends a run that has used up what it may take.

    Settings: ``MAX_RUN_SECONDS`` (from the opening of the spider), ``MAX_RUN_REQUESTS``,
    ``MAX_RUN_BYTES``; 0 is no limit. Stats: ``budget/hit`` (which, once one has ended the run).
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        settings = crawler.settings
        self._seconds = settings.getfloat("MAX_RUN_SECONDS")
        self._requests = settings.getint("MAX_RUN_REQUESTS")
        self._bytes = settings.getint("MAX_RUN_BYTES")
        crawler.signals.connect(self.spider_opened, signals.spider_opened)

    def spider_opened(self) -> None:
        """Start the clock."""
        if self._seconds:
            limit = f"MAX_RUN_SECONDS={self._seconds:g}"
            asyncio.get_running_loop().call_later(self._seconds, self._time_over, limit)

    def check(self, requests: int, received: int) -> None:
        """Raise ``RunEnding`` where one more request is too much.

        ``requests`` were sent and ``received`` bytes came so far. A run that needs no more than
        it may take is not ended: only who wants more is.
        """
        if self._requests and requests >= self._requests:
            self._hit(f"MAX_RUN_REQUESTS={self._requests}")
        elif self._bytes and received >= self._bytes:
            self._hit(f"MAX_RUN_BYTES={self._bytes}")
        ending_of(self._crawler).check()

    def _time_over(self, limit: str) -> None:
        if storage_of(self._crawler).is_open:  # a shell may stay open
            self._hit(limit)

    def _hit(self, limit: str) -> None:
        ending = ending_of(self._crawler)
        if ending.reason is None:
            self._crawler.stats.set_value("budget/hit", limit)
            ending.begin("budget")
