"""What an open article asks for: checked, and sent by Scrapy's HTTP handler in its host's turn."""

import asyncio
import logging
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.httpproxy import HttpProxyMiddleware
from scrapy.http import Response

from kompascrawler.components import counts_of
from kompascrawler.identity import oddity
from kompascrawler.pages.pager import PLAN
from kompascrawler.politeness.crawl_breakers import breakers_of
from kompascrawler.politeness.permission import RulesMiddleware
from kompascrawler.run.requests import PlainHandler, wait_for_turn

if TYPE_CHECKING:
    from playwright.async_api import Request as Wanted
    from playwright.async_api import Route

logger = logging.getLogger(__name__)

_MOST_REDIRECTS: Final = 5
_OF_THE_BODY: Final = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})
_FROM_THE_PAGE: Final = ("accept", "content-type", "x-requested-with")
"""Headers that a sub-request takes from the page; the others are the article request's."""


def decoded(crawler: Crawler, request: Request, response: Response) -> Response:
    """Return a response with its Content-Encoding undone."""
    middleware = crawler.get_downloader_middleware(HttpCompressionMiddleware)
    if middleware is None:
        return response
    page = middleware.process_response(request, response)
    assert isinstance(page, Response)
    return page


class Blocked(Exception):  # noqa: N818 - what happened to the request, no error
    """A request that was not made; the message names its kind."""


class Traffic:
    """Answers every request of one article's page; no address is asked for twice."""

    def __init__(
        self, crawler: Crawler, http: PlainHandler, article: Request, document: Response
    ) -> None:
        """``document`` is the article's response, its encoding undone."""
        self._crawler = crawler
        self._http = http
        self._article = article
        self._path = urlsplit(article.url).path
        self._hosts = (*PLAN.data_hosts, urlsplit(article.url).hostname)
        self._answers: dict[str, asyncio.Future[Response]] = {}
        self._document = document
        self.answered = 0
        """Responses that the page has got so far."""
        self._under_way = 0
        self._all_answered = asyncio.Event()
        # The article has one place at its host, so it makes one request at a time.
        self._place = asyncio.Lock()
        self._blocked: set[str] = set()
        self.has_failed = False
        """Whether an allowed request of the page failed."""
        self._counts = counts_of(crawler).browser

    def is_busy(self) -> bool:
        """Tell whether the page waits for a response."""
        return self._under_way > 0

    async def rest(self) -> None:
        """Wait until the page waits for no response."""
        while self._under_way:
            self._all_answered.clear()
            await self._all_answered.wait()

    def note_failure(self, wanted: "Wanted") -> None:
        """Notice a failed request: the browser's network process may die, too."""
        if wanted.resource_type in PLAN.kinds and wanted.url not in self._blocked:
            self.has_failed = True

    async def handle(self, route: "Route") -> None:
        """Answer a request of the page, or abort it. Raises Playwright's error if it has gone."""
        self._under_way += 1
        try:
            response = await self._answer(route.request)
        except Blocked as blocked:
            self._counts.blocked[str(blocked)] += 1
            self._blocked.add(route.request.url)
            # Any other reason would replace the article with an error page.
            await route.abort("aborted")
        else:
            headers, body = _headers(response), response.body
            self.answered += 1
            await route.fulfill(status=response.status, headers=headers, body=body)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._all_answered.set()

    async def _answer(self, wanted: "Wanted") -> Response:
        kind, url = wanted.resource_type, wanted.url.partition("#")[0]
        if wanted.is_navigation_request() and wanted.frame.parent_frame is not None:
            kind = "iframe"  # only the main frame may open another document
        if kind not in PLAN.kinds:
            raise Blocked(kind)
        if wanted.method != "GET":
            raise Blocked("method")
        if url == self._article.url:
            return self._document
        if url not in self._answers:
            self._answers[url] = asyncio.ensure_future(self._ask(wanted, kind, url))
        return await asyncio.shield(self._answers[url])

    async def close(self) -> None:
        """Cancel requests that nobody waits for."""
        for answer in self._answers.values():
            answer.cancel()
        await asyncio.gather(*self._answers.values(), return_exceptions=True)

    async def _ask(self, wanted: "Wanted", kind: str, url: str) -> Response:
        """Fetch an address and follow its redirects; check each address before."""
        own = {name: value for name, value in wanted.headers.items() if name in _FROM_THE_PAGE}
        for _ in range(_MOST_REDIRECTS):
            request = Request(url, headers=own)
            self._check(request, kind)
            response = await self._fetch(request, kind)
            location = response.headers.get("Location")
            if location is None or not 300 <= response.status < 400:
                break
            url = urljoin(url, location.decode("latin-1"))
        else:
            raise Blocked("redirects")
        self.has_failed |= response.status >= 400
        if kind == "document" and response.status != 200:
            # The page stays; the walk sees that nothing new came.
            raise Blocked(f"status_{response.status}")
        return response

    def _check(self, request: Request, kind: str) -> None:
        """Raise ``Blocked`` unless the article may ask for the address."""
        parts = urlsplit(request.url)
        if parts.scheme not in ("https", urlsplit(self._article.url).scheme):
            raise Blocked("scheme")
        if oddity(request.url):
            raise Blocked("address")
        if kind == "document" and parts.path != self._path:
            raise Blocked("other_document")
        if parts.hostname not in self._hosts:
            raise Blocked("host")
        if not self.allows(request):
            raise Blocked("robots")

    def allows(self, request: Request) -> bool:
        """Tell whether robots.txt permits a request to the article's page."""
        rules = self._crawler.get_downloader_middleware(RulesMiddleware)
        return rules is None or rules.allows(request, self._article)

    async def _fetch(self, request: Request, kind: str) -> Response:
        try:
            async with self._place:
                self._counts.requests[kind] += 1
                response = await self._send(request)
        except Exception as error:
            # The page sees a failed request, as in any browser.
            logger.debug("Not fetched for the browser: %s (%s)", request.url, error)
            self.has_failed = True
            raise Blocked("failed") from error
        self._counts.bytes += len(response.body)
        return response

    async def _send(self, request: Request) -> Response:
        """Send a request when its host may be asked, with Scrapy's proxy and limits."""
        headers = self._article.headers.copy()
        headers.update(request.headers)
        request = request.replace(headers=headers, cb_kwargs=self._article.cb_kwargs)
        if proxy := self._crawler.get_downloader_middleware(HttpProxyMiddleware):
            proxy.process_request(request)
        if compression := self._crawler.get_downloader_middleware(HttpCompressionMiddleware):
            compression.process_request(request)
        await wait_for_turn(self._crawler, self._article)
        breakers_of(self._crawler).check(request)
        response = await self._http.download_request(request)
        return decoded(self._crawler, request, response)


def _headers(response: Response) -> dict[str, str]:
    return {
        name.decode("latin-1"): b", ".join(response.headers.getlist(name)).decode("latin-1")
        for name in response.headers
        if name.lower() not in _OF_THE_BODY
    }
