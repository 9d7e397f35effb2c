"""Pages that stand where content was asked for: noticed on every path, handed to no callback."""

import logging
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from kompascrawler.politeness.non_content import IMPOSTER, ImposterServed, imposter_in, is_markup
from kompascrawler.run.counting import counts_of
from kompascrawler.run.requests import is_robots

logger = logging.getLogger(__name__)


class ImpostersMiddleware:
    """Downloader middleware that names what is no content, once for all who come after.

    Stands where bodies are decoded and nobody has asked again yet. Stats: ``imposters/<kind>``.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._imposters = counts_of(crawler).imposters

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware of a crawl."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Mark an imposter, which is not asked for again in this run."""
        is_rules = is_robots(request) and not is_markup(response.body)
        kind = None if is_rules else imposter_in(response)
        request.meta[IMPOSTER] = kind
        if kind is not None:
            self._imposters[kind] += 1
            request.meta["dont_retry"] = True
        return response


class ImpostersSpiderMiddleware:
    """Hands imposters to errbacks, as Scrapy does statuses of failure: no callback parses them.

    Not the downloader middleware's task: a shell and ``scrapy fetch`` are to show them.
    """

    def process_spider_input(self, response: Response) -> None:
        """Raise ``ImposterServed`` for what is no content."""
        kind = response.meta.get(IMPOSTER)
        if kind is not None and not _wants_any(response):
            raise ImposterServed(kind, response)

    def process_spider_exception(
        self, response: Response, exception: Exception
    ) -> tuple[()] | None:
        """Say in one line what came, where nobody hears of it otherwise (``scrapy parse``)."""
        if not isinstance(exception, ImposterServed):
            return None
        logger.warning("Refused: %s (%s)", response.url, exception)
        return ()


def _wants_any(response: Response) -> bool:
    """Tell whether an answer was asked for whatever it is, as Scrapy marks it for HttpError."""
    wanted = response.meta.get("handle_httpstatus_list") or ()
    return bool(response.meta.get("handle_httpstatus_all")) or response.status in wanted
