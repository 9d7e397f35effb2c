"""Puts back what a run that is ending does not send."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from kompascrawler.run.requests import is_robots
from kompascrawler.run.shutdown import ShuttingDown, shutdown_of


class ShutdownMiddleware:
    """Sends nothing while the run is ending; requests go back to the scheduler, to no errback.

    Closest to the downloader of all: nobody else sees, counts or retries what was not sent.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._shutdown = shutdown_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:  # noqa: ARG002 - Scrapy's signature
        """Stop a request that comes late."""
        self._shutdown.check()

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Put a request back that was not sent, or not answered in time.

        One of Scrapy's own (robots.txt) has somebody waiting, who is told.
        """
        if isinstance(exception, ShuttingDown) and not is_robots(request):
            return request
        return None
