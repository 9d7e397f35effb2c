"""Pages that stand where content was asked for: noticed on every path, handed to no callback."""

import logging
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from kompascrawler.politeness.non_content import (
    NON_CONTENT,
    NonContentServed,
    is_markup,
    non_content_in,
)
from kompascrawler.run.counting import counts_of
from kompascrawler.run.requests import is_robots

logger = logging.getLogger(__name__)


class NonContentMiddleware:
    """Downloader middleware that names what is no content, once for all who come after.

    Stands where bodies are decoded and nobody has asked again yet.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._counts = counts_of(crawler).non_content

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware of a crawl."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Mark a page without content, which is not asked for again in this run."""
        is_rules = is_robots(request) and not is_markup(response.body)
        kind = None if is_rules else non_content_in(response)
        request.meta[NON_CONTENT] = kind
        if kind is not None:
            self._counts[kind] += 1
            request.meta["dont_retry"] = True
        return response


class NonContentSpiderMiddleware:
    """Hands pages without content to errbacks, as Scrapy does with failures.

    Not the downloader middleware's task: a shell and ``scrapy fetch`` are to show them.
    """

    def process_spider_input(self, response: Response) -> None:
        """Raise ``NonContentServed`` for what is no content, ``HttpError`` for what is no page."""
        kind, meta = response.meta.get(NON_CONTENT), response.meta
        # As Scrapy marks, for its HttpError, what was asked for whatever it is.
        wanted = meta.get("handle_httpstatus_list") or ()
        if meta.get("handle_httpstatus_all") or response.status in wanted:
            return
        if kind:
            raise NonContentServed(kind, response)
        if 200 < response.status < 300:  # Scrapy takes them for pages, a part (206) included
            raise HttpError(response, f"http {response.status}: no page")

    def process_spider_exception(
        self, response: Response, exception: Exception
    ) -> list[str] | None:
        """Say in one line what came, where nobody hears of it otherwise (``scrapy parse``)."""
        if not isinstance(exception, NonContentServed):
            return None
        logger.warning("Refused: %s (%s)", response.url, exception)
        return []
