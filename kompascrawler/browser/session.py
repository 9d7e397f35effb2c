"""One driver with one browser, for some articles, then replaced as a whole. Imports Playwright."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final

from playwright.async_api import Error
from playwright.async_api import TimeoutError as PlaywrightTimeout
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy_playwright.handler import (  # type: ignore[import-untyped]  # it has no types
    ScrapyPlaywrightDownloadHandler,
)

from kompascrawler.browser.chromium import (
    NO_SANDBOX,
    GuardedProvider,
    is_running,
    is_sandbox_denied,
    last_words,
    memory,
)
from kompascrawler.browser.request import (
    Broken,
    BrowserError,
    BrowserMissing,
    BrowserRefused,
    BrowserTimeout,
)
from kompascrawler.browser.traffic import Traffic
from kompascrawler.browser.walker import Tab, Walked, context_of

# Every failure reaches the crawler's own log, in one line.
logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)

_SECONDS_TO_CLOSE: Final = 5.0
_SECONDS_TO_CLEAR: Final = 2.0
_SECONDS_TO_NOTICE: Final = 1.0
_ARTICLES_A_MEASURE: Final = 4
"""To measure memory, the kernel walks over every page of every process: 0.02 s of CPU."""
_SHARE_FOR_WALKING: Final = 0.8
"""Share of an article's time after which its walk takes no further step."""


class Session:
    """A driver and its browser."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._seconds_for_walking = settings.getfloat("BROWSER_TIMEOUT") * _SHARE_FOR_WALKING
        self._most_articles = settings.getint("BROWSER_RECYCLE_PAGES")
        self._most_memory = settings.getint("BROWSER_MAX_MEMORY_MB") << 20
        self._provider = GuardedProvider(settings)
        self._handler = ScrapyPlaywrightDownloadHandler(crawler)
        self._handler.browser_provider_cls = lambda _: self._provider
        # The supervisor decides about second tries.
        self._handler.config.target_closed_max_retries = 0
        # The headers are Scrapy's already: the network sends them.
        self._handler.process_request_headers = None
        self._died = asyncio.Event()
        self._was_killed = False
        self.version: str | None = None
        """The browser's, once it is started."""
        self._articles = 0
        self._resting: list[Tab] = []
        self._memory = 0
        self.peak_memory = 0
        """Most bytes that driver and browser used, measured by ``is_worn``."""
        self.users = 0
        """Articles being walked; set by the supervisor."""

    async def start(self) -> None:
        """Start driver and browser; raise ``BrowserMissing`` or ``Broken``."""
        try:
            # scrapy-playwright does this at engine start; it has no public method for it.
            await self._handler._launch()  # noqa: SLF001
            await self._handler._maybe_launch_browser()  # noqa: SLF001
        except BrowserError:
            raise
        except Exception as error:  # Playwright raises bare ones if the driver dies at start
            if is_sandbox_denied(str(error)):
                raise BrowserMissing(NO_SANDBOX) from error
            raise Broken(f"not started: {last_words(str(error))}") from error
        self._handler.browser.on("disconnected", lambda _: self._died.set())
        self.version = str(self._handler.browser.version)

    async def walk(self, article: Request, traffic: Traffic) -> Walked:
        """Open an article and walk its pages.

        Raises ``Broken``, and ``BrowserTimeout`` or ``BrowserRefused`` because of the page.
        """
        self._articles += 1
        tab = await self._tab(article)
        walk = tab.walk(article.url, traffic, self._seconds_for_walking)
        try:
            return await self._unless(tab.crashed, walk)
        except Error as error:
            raise await self._explained(error) from error
        except Exception as error:
            if isinstance(error, Broken) or not (cause := self.cause_of_death()):
                raise
            raise Broken(cause) from error
        finally:
            await self._put_back(tab)

    async def _tab(self, article: Request) -> Tab:
        """Return a tab at rest, or a new one."""
        wanted = context_of(article)
        while self._resting:
            tab = self._resting.pop()
            if tab.context == wanted and not tab.crashed.is_set():
                return tab
            await self._close_tab(tab)
        return Tab(self._handler, f"tab-{self._articles}", wanted)

    async def _put_back(self, tab: Tab) -> None:
        """Let a tab rest until the next article; close one whose walk was not whole."""
        is_clear = False
        try:
            if tab.is_clean and not self.cause_of_death():
                with suppress(Error, TimeoutError):
                    await asyncio.wait_for(tab.clear(), _SECONDS_TO_CLEAR)
                    is_clear = True
        finally:
            if is_clear:
                self._resting.append(tab)
            else:
                await self._close_tab(tab)

    async def _unless(self, crashed: asyncio.Event, work: Coroutine[Any, Any, Walked]) -> Walked:
        working = asyncio.ensure_future(work)
        ends = [asyncio.ensure_future(event.wait()) for event in (crashed, self._died)]
        try:
            await asyncio.wait([working, *ends], return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
            raise Broken(self.cause_of_death() or "the page's renderer ended")
        finally:
            for task in (working, *ends):
                task.cancel()
            await asyncio.gather(working, *ends, return_exceptions=True)

    async def _explained(self, error: Error) -> Exception:
        line = str(error).partition("\n")[0][:200]
        if isinstance(error, PlaywrightTimeout):
            return BrowserTimeout(line)
        # The connection may end a moment before the browser is reported dead.
        with suppress(TimeoutError):
            if "closed" in error.message:
                await asyncio.wait_for(self._died.wait(), _SECONDS_TO_NOTICE)
        if cause := self.cause_of_death():
            return Broken(cause)
        if "crashed" in error.message:
            return Broken("the page's renderer ended")
        return BrowserRefused(line)

    async def _close_tab(self, tab: Tab) -> None:
        wrapper = self._handler.context_wrappers.get(tab.name)
        if wrapper is None:
            return
        try:
            await asyncio.wait_for(wrapper.context.close(), _SECONDS_TO_CLOSE)
        except (Error, TimeoutError):
            self.kill()
        finally:
            self._handler.context_wrappers.pop(tab.name, None)

    def kill(self) -> None:
        """End every process at once; articles being walked raise ``Broken``."""
        self._was_killed = not self.cause_of_death()
        self._died.set()
        self._provider.kill()

    async def close(self) -> None:
        """End everything, in order if possible, and wait for it."""
        closing = self._provider.close() if self._died.is_set() else self._handler.close()
        with suppress(Error, TimeoutError):
            await asyncio.wait_for(closing, _SECONDS_TO_CLOSE)
        self.kill()
        await self._provider.clean()

    def cause_of_death(self) -> str | None:
        """Return ``driver``, ``browser`` or ``killed``; None while both run."""
        if self._was_killed:
            return "killed"
        pids = self._provider.pids
        if pids is None or not is_running(pids.driver):
            return "driver"
        return "browser" if self._died.is_set() else None

    @property
    def program(self) -> str:
        """Path or address of the browser that was started, and its version."""
        return f"{self._provider.program} {self.version}"

    @property
    def pages_open(self) -> int:
        """Tabs that are not closed and not at rest."""
        return len(self._handler.context_wrappers) - len(self._resting)

    def is_worn(self) -> bool:
        """Tell whether to replace driver and browser before the next article."""
        pids = self._provider.pids
        if pids and self._articles % _ARTICLES_A_MEASURE == 1:
            self._memory = memory(pids.guard)
            self.peak_memory = max(self.peak_memory, self._memory)
        return self._articles >= self._most_articles or self._memory > self._most_memory
