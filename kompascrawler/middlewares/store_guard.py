"""Ends the run when a callback finds that the store cannot be used."""

from collections.abc import Iterable
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.http import Response

from kompascrawler.storage import stop_run
from kompascrawler.store.interface import StoreError


class StoreGuardMiddleware:
    """Turns a ``StoreError`` of a callback into the end of the run.

    Scrapy would log it as a spider error and go on fetching what nobody could remember.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware of a crawl."""
        return cls(crawler)

    def process_spider_exception(
        self,
        response: Response,  # noqa: ARG002 - Scrapy passes it
        exception: Exception,
    ) -> Iterable[Any] | None:
        """End the run on a ``StoreError``; leave every other error to Scrapy."""
        if not isinstance(exception, StoreError):
            return None
        stop_run(self._crawler, exception)
        return ()
