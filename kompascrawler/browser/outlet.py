"""The only way from the browser to the network: Scrapy's own HTTP handler."""

import copy

from scrapy import Request
from scrapy.core.downloader.handlers import DownloadHandlerProtocol
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.httpproxy import HttpProxyMiddleware
from scrapy.http import Response
from scrapy.utils.misc import build_from_crawler, load_object

from kompascrawler.browser.pace import wait_for_turn
from kompascrawler.browser.robots import RobotsRules
from kompascrawler.politeness.crawl_breakers import breakers_of
from kompascrawler.politeness.retry_after import hear_retry_after
from kompascrawler.run.traffic import WireHandler


class Outlet:
    """Asks the site what a page in the browser wants, as Scrapy would.

    Certificates, proxy, size limit and time limit are Scrapy's; the browser itself is kept off
    the network.
    """

    def __init__(self, crawler: Crawler, *, ignore_https_errors: bool) -> None:
        self._crawler = crawler
        self.http = plain_handler(crawler, kind="browser", ignore_https_errors=ignore_https_errors)
        self.robots = RobotsRules.from_crawler(crawler)

    def decoded(self, request: Request, response: Response) -> Response:
        """Return an answer with its Content-Encoding undone."""
        middleware = self._crawler.get_downloader_middleware(HttpCompressionMiddleware)
        if middleware is None:
            return response
        decoded = middleware.process_response(request, response)
        assert isinstance(decoded, Response)
        return decoded

    async def ask(self, request: Request, article: Request) -> Response:
        """Ask for what the page of an article wants, when the host's turn has come."""
        headers = article.headers.copy()
        headers.update(request.headers)
        request = request.replace(headers=headers)
        if proxy := self._crawler.get_downloader_middleware(HttpProxyMiddleware):
            proxy.process_request(request)
        if compression := self._crawler.get_downloader_middleware(HttpCompressionMiddleware):
            compression.process_request(request)
        await wait_for_turn(self._crawler, article)
        breakers_of(self._crawler).check(request)
        response = self.decoded(request, await self.http.download_request(request))
        hear_retry_after(self._crawler, request, response)
        return response


def plain_handler(
    crawler: Crawler, *, kind: str | None = None, ignore_https_errors: bool = False
) -> DownloadHandlerProtocol:
    """Return the HTTP handler that Scrapy would use if there were no browser, on the wire.

    ``kind`` is what its requests are counted as, where their address does not tell.
    """
    reader = crawler
    if ignore_https_errors:
        reader = copy.copy(crawler)
        reader.settings = crawler.settings.copy()
        reader.settings.frozen = False  # those of a running crawl are; the copy is ours
        reader.settings.set("DOWNLOAD_VERIFY_CERTIFICATES", value=False, priority="cmdline")
    handler: DownloadHandlerProtocol = build_from_crawler(
        load_object(crawler.settings["DOWNLOAD_HANDLERS_BASE"]["https"]), reader
    )
    return WireHandler(crawler, handler, kind)
