"""What goes over the network, whoever sends it: Scrapy, robots.txt's reader, the browser."""

from scrapy import Request, signals
from scrapy.core.downloader.handlers import DownloadHandlerProtocol
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from kompascrawler.budgets import Budgets
from kompascrawler.runs.kinds import kind_of


class Wire:
    """Counts requests and answers, and keeps to the budgets.

    Stats: ``wire/requests``, ``wire/bytes`` (bodies as they came, also of answers given up),
    ``wire/answers/<kind>/<status>``, ``wire/unanswered/<kind>``, ``wire/cancelled/<kind>`` (the
    run's end came first). Kinds: ``runs/kinds.py``, and ``browser`` for what a page in the
    browser asks for, itself included.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._stats = crawler.stats
        self._budgets = Budgets(crawler)
        self._requests = self._bytes = 0
        crawler.signals.connect(self.bytes_received, signals.bytes_received)

    async def send(self, handler: DownloadHandlerProtocol, request: Request, kind: str) -> Response:
        """Send a request by a handler; raise what it raises, and ``RunEnding``."""
        self._budgets.check(self._requests, self._bytes)
        self._requests += 1
        self._stats.inc_value("wire/requests")
        came = f"cancelled/{kind}"  # an asyncio.CancelledError is no Exception
        try:
            response = await handler.download_request(request)
            came = f"answers/{kind}/{response.status}"
        except Exception:
            came = f"unanswered/{kind}"
            raise
        finally:
            self._stats.inc_value(f"wire/{came}")
        return response

    def bytes_received(self, data: bytes) -> None:
        """Count a piece of a body."""
        self._bytes += len(data)
        self._stats.inc_value("wire/bytes", len(data))


class WireHandler(BaseDownloadHandler):
    """A download handler whose requests are counted."""

    def __init__(
        self, crawler: Crawler, handler: DownloadHandlerProtocol, kind: str | None = None
    ) -> None:
        """``kind`` is what its requests are for, where their address does not tell."""
        super().__init__(crawler)
        self._wire = wire_of(crawler)
        self._handler = handler
        self._kind = kind

    async def download_request(self, request: Request) -> Response:
        """Send a request, and count it."""
        return await self._wire.send(self._handler, request, self._kind or kind_of(request.url))

    async def close(self) -> None:
        """Close the connections."""
        await self._handler.close()


def wire_of(crawler: Crawler) -> Wire:
    """Return the wire of a crawl, the same for whoever sends over it."""
    if __name__ not in vars(crawler):
        vars(crawler)[__name__] = Wire(crawler)
    wire: Wire = vars(crawler)[__name__]
    return wire
