"""A tab of the browser, which opens one article after the other. Imports Playwright."""

import asyncio
import logging
from typing import Any

from playwright.async_api import CDPSession, Error, Page, Route
from playwright.async_api import Request as Wanted
from scrapy import Request
from scrapy_playwright.handler import (  # type: ignore[import-untyped]  # it has no types
    ScrapyPlaywrightDownloadHandler,
)

from kompascrawler.browser.chromium import NOWHERE
from kompascrawler.browser.traffic import Traffic
from kompascrawler.browser.walker import Walked, Walker
from kompascrawler.pages.pager import PLAN

logger = logging.getLogger(__name__)

_BLANK = "about:blank"
_ARTICLES_A_COLLECTION = 8
"""The renderer itself collects garbage late: of two tabs, 200 MB lay about (26 November 2026)."""
_NO_WAY_OUT = """
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport"])
    delete globalThis[name];
Object.defineProperty(Navigator.prototype, "onLine", {get: () => true});
"""
"""Removes what no route sees. A browser without a network would tell the page so."""


class Tab:
    """A page in a context of its own: the renderer lives on, what an article leaves does not."""

    def __init__(
        self, handler: ScrapyPlaywrightDownloadHandler, name: str, context: dict[str, Any]
    ) -> None:
        """``context`` are the options of its context."""
        self._handler = handler
        self.name = name
        self.context = context
        self.crashed = asyncio.Event()
        self.is_clean = False
        """Whether the last article was walked to its end, with no window opened."""
        self._articles = 0
        self._has_popup = False
        self._traffic: Traffic | None = None
        self._page: Page | None = None
        self._cdp: CDPSession

    async def _open(self) -> Page:
        meta: dict[str, Any] = {
            "playwright": True,
            "playwright_context": self.name,
            "playwright_context_kwargs": self.context,
            "playwright_page_init_callback": self._prepare,
            "playwright_page_event_handlers": {
                "crash": lambda _: self.crashed.set(),
                "popup": self._close_popup,
                "requestfailed": self._note_failure,
            },
            "playwright_include_page": True,
        }
        request = Request(_BLANK, meta=meta)
        await self._handler.download_request(request)
        page: Page = request.meta["playwright_page"]
        return page

    async def _prepare(self, page: Page, _: Request) -> None:
        """Close the ways out, before anything is opened."""
        await page.context.add_init_script(_NO_WAY_OUT)
        await page.route("**", self._answer)
        self._cdp = await page.context.new_cdp_session(page)

    async def _close_popup(self, popup: Page) -> None:
        self._has_popup = True
        await popup.close()

    def _note_failure(self, wanted: Wanted) -> None:
        if self._traffic:
            self._traffic.note_failure(wanted)

    async def _answer(self, route: Route) -> None:
        """Answer a request of the page; one that an article left behind gets none."""
        try:
            if self._traffic:
                await self._traffic.handle(route)
            else:
                await route.abort("aborted")
        except Error:  # the page or the browser has gone meanwhile; the walk reports it
            logger.debug("Not needed any more: %s", route.request.url)

    async def walk(self, url: str, traffic: Traffic, seconds: float) -> Walked:
        """Open an article and walk its pages; no step begins after so many seconds."""
        self.is_clean = False
        page = self._page = self._page or await self._open()
        self._articles += 1
        self._traffic = traffic
        self._has_popup = traffic.has_failed = False
        await page.goto(url, wait_until="commit")
        end = asyncio.get_running_loop().time() + seconds
        walked = await Walker(page, PLAN, traffic, end=end).walk()
        self.is_clean = walked.stopped is None and not self._has_popup
        return walked

    async def clear(self) -> None:
        """Leave the article and remove all that it stored."""
        assert self._page is not None
        self._traffic = None
        await self._page.goto(_BLANK)
        if self._articles % _ARTICLES_A_COLLECTION == 0:
            await self._cdp.send("HeapProfiler.collectGarbage")
        await asyncio.gather(
            self._cdp.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"}),
            self._cdp.send("Page.resetNavigationHistory"),
            self._page.context.clear_cookies(),
            self._page.evaluate("name = ''"),
        )


def context_of(article: Request) -> dict[str, Any]:
    """Return the options of a context: a reader in Jakarta, with our user agent."""
    user_agent = article.headers.get("User-Agent")
    return {
        "user_agent": user_agent.decode("latin-1") if user_agent else None,
        "locale": "id-ID",
        "timezone_id": "Asia/Jakarta",
        "service_workers": "block",
        "accept_downloads": False,
        "proxy": {"server": NOWHERE},
    }
