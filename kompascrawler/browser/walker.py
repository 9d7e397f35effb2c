"""A tab of the browser: it opens one article after the other, and walks its pages.

Imports Playwright. ``BROWSER_HEADED=1`` shows it.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import asdict
from importlib.resources import files
from typing import Any, Final, Literal, NamedTuple

from playwright.async_api import CDPSession, Error, Page, Route
from playwright.async_api import Request as Wanted
from scrapy import Request
from scrapy_playwright.handler import (  # type: ignore[import-untyped]  # it has no types
    ScrapyPlaywrightDownloadHandler,
)

from kompascrawler.browser.chromium import NOWHERE
from kompascrawler.browser.traffic import Traffic
from kompascrawler.pages.pager import PLAN

logger = logging.getLogger(__name__)

_LOOK: Final = files(__package__).joinpath("look.js").read_text()
_PLAN: Final = asdict(PLAN) | {"kinds": ()}  # a set has no JSON
_WAYS: Final = ("number", "next", "label", "scroll")
_BLANK = "about:blank"
_ARTICLES_A_COLLECTION = 8
"""The renderer itself collects garbage late: of two tabs, 200 MB lay about (26 November 2026)."""
_NO_WAY_OUT = """
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport"])
    delete globalThis[name];
Object.defineProperty(Navigator.prototype, "onLine", {get: () => true});
"""
"""Removes what no route sees. A browser without a network would tell the page so."""


class Walked(NamedTuple):
    """Result of a walk."""

    documents: list[bytes]
    """HTML of each page in order, UTF-8; one document if pages are appended."""
    pages: int
    """Pages seen, including the first."""
    stopped: str | None
    """Why the walk ended early; None if the whole article was seen."""


class Snapshot(NamedTuple):
    """One look at a page."""

    text: str
    declared: int
    """Pages that the article declares; 1 proves nothing: not every layout declares them."""
    titles: int
    html: str


class Walker:
    """One walk over one article."""

    def __init__(self, page: Page, traffic: Traffic, end: float) -> None:
        """``traffic`` answers the page's requests; no step begins after ``end`` (loop time)."""
        self._page = page
        self._traffic = traffic
        self._end = end
        self._documents: list[bytes] = []
        self._texts: list[str] = []
        self._useless: set[str] = set()
        self._came_again = False

    async def walk(self) -> Walked:
        """Walk from the open page to the last."""
        snapshot = await self._settle("", PLAN.patience)
        stopped = self._take(snapshot) if snapshot else "no text"
        while snapshot and not stopped and not 1 < snapshot.declared <= len(self._texts):
            if stopped := self._limit():
                break
            following = await self._advance(snapshot)
            if following is None:
                stopped = self._limit() or self._what_is_missing(snapshot)
                break
            stopped = self._take(following)
            snapshot = following
        if not self._documents:
            self._documents = [(await self._page.content()).encode("utf-8", "replace")]
        return Walked(self._documents, len(self._texts), stopped)

    def _limit(self) -> str | None:
        if len(self._texts) >= PLAN.most_pages:
            return f"{PLAN.most_pages} pages"
        return "no time left" if asyncio.get_running_loop().time() > self._end else None

    def _what_is_missing(self, last: Snapshot) -> str | None:
        if self._came_again:
            return "a page again"
        is_short = len(self._texts) < last.declared or self._traffic.has_failed
        return "no further page" if is_short else None

    async def _advance(self, shown: Snapshot) -> Snapshot | None:
        self._came_again = False
        for way in _WAYS:
            if way not in self._useless and (following := await self._try(way, shown)):
                return following
        return None

    async def _try(self, way: str, shown: Snapshot) -> Snapshot | None:
        # Twice, with a longer wait: the page's script may listen late.
        for patience in (PLAN.patience, PLAN.second_patience):
            if self._limit():
                return None
            address = self._page.url
            following = await self._settle(shown.text, patience, (way, len(self._texts) + 1))
            if following is False:
                return None  # this page does not have it; the next may
            if following and following.text not in self._texts:
                return following
            self._came_again |= following is not None
            if self._page.url.partition("#")[0] != address.partition("#")[0]:
                # A document that never is loaded, is taken as it is.
                longest = PLAN.longest_load * 1000
                with suppress(Error):
                    await self._page.go_back(timeout=longest, wait_until="commit")
                await self._settle("", PLAN.patience)
                break
            is_last = way == "scroll" and len(self._texts) >= shown.declared
            if is_last or self._traffic.has_failed:
                break
        self._useless.add(way)
        return None

    def _take(self, snapshot: Snapshot) -> str | None:
        """Keep a new page; return why it was not kept."""
        if snapshot.titles > 1:
            return "another article"
        is_appended = bool(self._texts) and self._texts[-1] in snapshot.text
        self._texts.append(snapshot.text)
        if is_appended:
            self._documents.pop()
        self._documents.append(snapshot.html.encode("utf-8", "replace"))
        return None

    async def _settle(
        self, before: str, patience: float, step: tuple[str, int] | None = None
    ) -> Snapshot | Literal[False] | None:
        """Take a step, if one is given, and wait for another text; False: there is no such way."""
        # Until nothing is under way. Again where a response came and nothing of it is seen yet:
        # the page's script may still be at work on it.
        now = asyncio.get_running_loop().time
        latest = now() + PLAN.longest_step
        snapshot = None
        while (left := latest - now()) > 0:
            answered = self._traffic.answered
            seen = await self._look([_PLAN, before, patience, left, step])
            if seen is False:
                return False
            step = None
            snapshot = Snapshot(*seen) if seen else None
            is_over = snapshot or (seen is not None and answered == self._traffic.answered)
            if is_over and not self._traffic.is_busy():
                break
            with suppress(TimeoutError):
                await asyncio.wait_for(self._traffic.rest(), max(0.0, latest - now()))
        return snapshot

    async def _look(self, argument: list[Any]) -> Any:
        try:
            return await self._page.evaluate(_LOOK, argument)
        except Error as error:
            if "Execution context was destroyed" in error.message:
                return None  # the page is just being replaced
            raise


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
        walked = await Walker(page, traffic, end).walk()
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
