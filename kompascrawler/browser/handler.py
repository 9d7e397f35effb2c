"""The download handler for http and https: Scrapy's own, and the browser for who asks for it.

Nothing of the browser is imported, let alone started, before the first request that asks for
it. scrapy-playwright's own handler starts its driver in a handler of ``engine_started``, which
``scrapy shell`` sends from a thread whose loop does not run yet, and waits for: the shell hangs.
"""

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from kompascrawler.browser.outlet import plain_handler
from kompascrawler.browser.request import BROWSER
from kompascrawler.browser.service import service_of
from kompascrawler.politeness.crawl_breakers import breakers_of
from kompascrawler.run.shutdown import ending_of


class BrowserDownloadHandler(BaseDownloadHandler):
    """Sends requests marked by ``browser_request`` to the browser, all others to Scrapy's."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._http = plain_handler(crawler)
        self._ending = ending_of(crawler)
        # Now, since it must hear what robots.txt says from the first request on.
        self._browser = service_of(crawler)
        self._breakers = breakers_of(crawler)

    async def download_request(self, request: Request) -> Response:
        """Answer a request; see ``BrowserService.fetch`` for what marked ones raise.

        Raises ``BreakerOpen`` for a host that is left alone, and ``RunEnding`` where the run ends
        first.
        """
        self._breakers.check(request)
        is_marked = request.meta.get(BROWSER)
        send = self._browser.fetch if is_marked else self._http.download_request
        return await self._ending.bounded(send, request)

    async def close(self) -> None:
        """End what was started."""
        await self._browser.close()
        await self._http.close()
