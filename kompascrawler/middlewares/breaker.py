"""Asks the circuit breakers about every request, and tells them of every answer."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from kompascrawler.breakers import BreakerOpen, CrawlBreakers, breakers_of
from kompascrawler.extensions.refusals import named
from kompascrawler.robots import is_robots


class BreakerMiddleware:
    """Holds back requests, before robots.txt is asked for; hears of those that came to nothing.

    What comes back here is final: everything that is asked for again has been.
    """

    def __init__(self, breakers: CrawlBreakers) -> None:
        self._breakers = breakers

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware of a crawl."""
        return cls(breakers_of(crawler))

    async def process_request(self, request: Request) -> None:
        """Let a request pass, wait for a probe, or raise ``BreakerOpen``."""
        if is_robots(request):
            self._breakers.check(request)
        else:
            await self._breakers.admit(request)

    def process_response(self, request: Request, response: Response) -> Response:
        """Take note of a robots.txt that the site fails to serve."""
        if is_robots(request) and response.status >= 500:
            self._breakers.lack_rules(request, f"http {response.status}")
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Take note of a request without an answer: broken, or forbidden by robots.txt."""
        if is_robots(request) and not isinstance(exception, IgnoreRequest):
            self._breakers.lack_rules(request, named(exception))
        elif not isinstance(exception, BreakerOpen):
            self._breakers.unanswered(request)


class AnswersMiddleware:
    """Tells the breakers of every answer, before the retry middleware asks again."""

    def __init__(self, breakers: CrawlBreakers) -> None:
        self._breakers = breakers

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware of a crawl."""
        return cls(breakers_of(crawler))

    def process_response(self, request: Request, response: Response) -> Response:
        """Take note of an answer and hand it on."""
        self._breakers.answered(request, response)
        return response
