"""Answers browser requests: fetches the article, has it walked, returns its pages.

Nothing of Playwright is imported before the first such request. scrapy-playwright's own handler
would start its driver on ``engine_started``, and hang ``scrapy shell``.
"""

import asyncio
import logging
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response
from typing_extensions import override

from kompascrawler.browser.request import (
    BROWSER,
    PAGES,
    WALK,
    BrowserError,
    BrowserRefused,
    BrowserTimeout,
)
from kompascrawler.browser.supervisor import Supervisor
from kompascrawler.browser.traffic import Traffic, decoded
from kompascrawler.components import OfCrawler, counts_of, page_rendered, tell
from kompascrawler.pages.pager import PLAN
from kompascrawler.politeness.crawl_breakers import breakers_of
from kompascrawler.politeness.non_content import non_content_in
from kompascrawler.run.requests import PlainHandler
from kompascrawler.run.shutdown import shutdown_of

if TYPE_CHECKING:  # importing it imports Playwright
    from kompascrawler.browser.walker import Walked

logger = logging.getLogger(__name__)


class BrowserService:
    """The browser of a crawler, for http and https."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._counts = counts_of(crawler).browser
        settings = crawler.settings
        self._timeout = settings.getfloat("BROWSER_TIMEOUT")
        ignores = settings.getbool("BROWSER_IGNORE_HTTPS_ERRORS")
        self._http = PlainHandler(crawler, "browser", ignore_https_errors=ignores)
        self._supervisor = Supervisor(crawler)
        most_open = settings.getint("BROWSER_CONCURRENT_PAGES")
        self._room = asyncio.Semaphore(most_open)
        # For each open article, another's document may be fetched meanwhile.
        self._place = asyncio.Semaphore(2 * most_open)

    async def fetch(self, request: Request) -> Response:
        """Answer a browser request; raise a ``BrowserError``, or what plain HTTP would raise.

        Redirects, error statuses and non-content pages are left to the middlewares.
        """
        async with self._place:
            try:
                return await self._fetch(request)
            except TimeoutError:
                self._counts.failed[BrowserTimeout.__name__] += 1
                raise BrowserTimeout(f"not done in {self._timeout:g} s") from None
            except BrowserError as error:
                self._counts.failed[type(error).__name__] += 1
                raise

    async def _fetch(self, request: Request) -> Response:
        end = monotonic() + self._timeout
        raw, document = await asyncio.wait_for(self._ask(request), self._timeout)
        if document is None:
            return raw
        left = end - monotonic()  # the time until there is room is not the article's
        async with self._room:
            walked = await asyncio.wait_for(self._walk(request, document), left)
        return self._response(document, request, walked)

    async def _ask(self, request: Request) -> tuple[Response, Response | None]:
        """Return the response, and its document if that is to be walked."""
        self._supervisor.check()
        _check_host(request.url)
        raw = await self._http.download_request(request)
        if 300 <= raw.status < 400 and (location := raw.headers.get("Location")):
            _check_host(urljoin(request.url, location.decode("latin-1")))
        if raw.status != 200:
            return raw, None
        document = decoded(self._crawler, request, raw)
        _check_document(document)
        # One without content is the middleware's; it is not walked.
        return raw, None if non_content_in(document) else document

    async def _walk(self, request: Request, document: Response) -> "Walked":
        traffic = Traffic(self._crawler, self._http, request, document)
        try:
            return await self._supervisor.walk(request, traffic)
        finally:
            await traffic.close()

    def _response(self, document: Response, request: Request, walk: "Walked") -> Response:
        self._counts.articles += 1
        self._counts.pages += walk.pages
        if walk.stopped:
            self._counts.stopped[walk.stopped] += 1
            logger.warning("Not walked to the end (%s): %s", walk.stopped, request.url)
        said = f"{walk.pages} {walk.stopped or ''}".strip()
        about = {"documents": walk.documents, "walk": said}
        tell(self._crawler, page_rendered, request=request, **about)
        request.meta[PAGES] = walk.documents
        whole = walk.stopped is None
        request.meta[WALK] = {"pages": walk.pages, "is_whole": whole, "stopped": walk.stopped}
        headers = document.headers.copy()
        headers["Content-Type"] = "text/html; charset=utf-8"
        page = document.replace(body=walk.documents[0], headers=headers, request=request)
        return page.replace(encoding="utf-8", flags=["browser"])

    async def close(self) -> None:
        """Close every process and connection."""
        await self._supervisor.close()
        await self._http.close()


service_of = OfCrawler(BrowserService)
"""Return the crawler's service, one for both schemes."""


def _check_host(url: str) -> None:
    host = urlsplit(url).hostname or ""
    if not any(f".{host}".endswith(f".{known}") for known in PLAN.document_hosts):
        raise BrowserRefused(f"{host or url}: the browser walks articles of the site only")


def _check_document(response: Response) -> None:
    disposition = response.headers.get("Content-Disposition") or b""
    if disposition.strip().lower().startswith(b"attachment"):
        raise BrowserRefused("a download, not a page")
    if not isinstance(response, HtmlResponse):
        content_type = response.headers.get("Content-Type") or b"no content type"
        raise BrowserRefused(f"no HTML: {content_type.decode('latin-1')}")


class BrowserDownloadHandler(BaseDownloadHandler):
    """Sends requests marked by ``browser_request`` to the browser, all others to Scrapy's."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._http = PlainHandler(crawler)
        self._shutdown = shutdown_of(crawler)
        self._breakers = breakers_of(crawler)
        self._browser: BrowserService | None = None

    @override
    async def download_request(self, request: Request) -> Response:
        # Raises BreakerOpen for a blocked host, ShuttingDown if the run ends first.
        self._breakers.check(request)
        send = self._http.download_request
        if request.meta.get(BROWSER):
            self._browser = service_of(self.crawler)
            send = self._browser.fetch
        return await self._shutdown.cancellable(send, request)

    @override
    async def close(self) -> None:
        if self._browser is not None:
            await self._browser.close()
        await self._http.close()
