"""The browser's only way to the network: Scrapy's HTTP handler, robots.txt and delays."""

import copy

from scrapy import Request, signals
from scrapy.core.downloader.handlers import DownloadHandlerProtocol
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.httpproxy import HttpProxyMiddleware
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler, load_object

from kompascrawler.politeness.crawl_breakers import breakers_of
from kompascrawler.politeness.permission import hear_retry_after
from kompascrawler.run.requests import wait_for_turn
from kompascrawler.run.traffic import MeteredHandler


class RobotsRules:
    """The robots.txt of every host, as the RobotsTxtMiddleware has read it.

    A download handler must not ask for one itself (Scrapy's contract): other hosts are
    forbidden until Scrapy has asked them.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._obeys = crawler.settings.getbool("ROBOTSTXT_OBEY")
        self._name: str | None = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._parsers: dict[str, RobotParser] = {}
        crawler.signals.connect(self.robots_parsed, signals.robots_parsed)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Remember a host's rules."""
        self._parsers[urlparse_cached(request).netloc] = robotparser

    def allows(self, request: Request, article: Request) -> bool:
        """Tell whether an article's page may ask for an address."""
        if not self._obeys:
            return True
        host = urlparse_cached(request).netloc
        rules = self._parsers.get(host)
        if rules is None:
            # The article itself went through the middleware: a person asked for it, since a crawl
            # skips a host whose robots.txt cannot be read.
            return host == urlparse_cached(article).netloc
        return rules.allowed(request.url, self._name or article.headers.get("User-Agent") or b"")


class Network:
    """Makes the requests of a page in the browser, with Scrapy's proxy, certificates and limits."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        ignores = crawler.settings.getbool("BROWSER_IGNORE_HTTPS_ERRORS")
        self.http = plain_handler(crawler, kind="browser", ignore_https_errors=ignores)
        self.robots = RobotsRules(crawler)

    def decoded(self, request: Request, response: Response) -> Response:
        """Return a response with its Content-Encoding undone."""
        middleware = self._crawler.get_downloader_middleware(HttpCompressionMiddleware)
        if middleware is None:
            return response
        decoded = middleware.process_response(request, response)
        assert isinstance(decoded, Response)
        return decoded

    async def ask(self, request: Request, article: Request) -> Response:
        """Make a request of an article's page when its host may be asked."""
        headers = article.headers.copy()
        headers.update(request.headers)
        request = request.replace(headers=headers, cb_kwargs=article.cb_kwargs)
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
    """Return Scrapy's HTTP handler, metered; ``kind`` is as for ``MeteredHandler``."""
    reader = crawler
    if ignore_https_errors:
        reader = copy.copy(crawler)
        reader.settings = crawler.settings.copy()
        reader.settings.frozen = False  # those of a running crawl are; the copy is ours
        reader.settings.set("DOWNLOAD_VERIFY_CERTIFICATES", value=False, priority="cmdline")
    handler: DownloadHandlerProtocol = build_from_crawler(
        load_object(crawler.settings["DOWNLOAD_HANDLERS_BASE"]["https"]), reader
    )
    return MeteredHandler(crawler, handler, kind)
