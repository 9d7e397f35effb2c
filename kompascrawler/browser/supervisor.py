"""Keeps a browser ready: starts it at the first article, replaces it when worn or dead."""

import asyncio
import logging
from collections import Counter
from importlib import import_module
from typing import TYPE_CHECKING, Final

from scrapy import Request
from scrapy.crawler import Crawler

from kompascrawler.browser.request import (
    Broken,
    BrowserCrashed,
    BrowserError,
    BrowserMissing,
    BrowserTimeout,
)
from kompascrawler.browser.traffic import Traffic
from kompascrawler.components import counts_of

if TYPE_CHECKING:  # these import Playwright
    from kompascrawler.browser.session import Session
    from kompascrawler.browser.walker import Walked

logger = logging.getLogger(__name__)

INSTALL_PLAYWRIGHT: Final = "Playwright is not installed: in the checkout, pip install '.[browser]'"
_TRIES: Final = 2
"""Tries for an article: the browser may end without its fault."""
_DEATHS_IN_A_ROW: Final = {"driver": 2, "browser": 4}
"""Deaths without an article in between that make the browser unusable for the run. A driver
that dies after its restart will die again; an article that kills the browser does so twice, and
another such article may follow. Sessions that we kill ourselves do not count."""


class Supervisor:
    """Lends sessions to articles."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._counts = counts_of(crawler).browser
        self._session: Session | None = None
        self._all: set[Session] = set()
        self._starting = asyncio.Lock()
        self._deaths: Counter[str] = Counter()
        self._unusable: BrowserError | None = None

    def check(self) -> None:
        """Raise the ``BrowserError`` that keeps this run from using a browser, if there is one."""
        if self._unusable is not None:
            raise self._unusable
        try:
            _require_playwright()
        except BrowserMissing as error:
            self._give_up(error)
            raise

    async def walk(self, article: Request, traffic: Traffic) -> "Walked":
        """Walk an article; try a second time if the browser ends meanwhile.

        Raises ``BrowserMissing``, ``BrowserCrashed``, and what ``Session.walk`` raises.
        """
        cause = ""
        for _ in range(_TRIES):
            try:
                walk = await self._try(article, traffic)
            except Broken as broken:
                cause = str(broken)
                self._counts.tries_lost[cause.partition(":")[0]] += 1
                logger.warning("The browser broke off (%s): %s", cause, article.url)
            else:
                self._deaths.clear()
                return walk
        raise BrowserCrashed(f"{cause}, {_TRIES} times")

    async def _try(self, article: Request, traffic: Traffic) -> "Walked":
        session = await self._usable()
        session.users += 1
        try:
            return await session.walk(article, traffic)
        finally:
            session.users -= 1
            await self._look_after(session)

    async def _usable(self) -> "Session":
        async with self._starting:
            self.check()
            if self._session is not None and self._session.cause_of_death():
                await self._look_after(self._session)
            if self._session is None:
                self._session = await self._started()
            return self._session

    async def _started(self) -> "Session":
        from kompascrawler.browser.session import Session  # noqa: PLC0415 - imports Playwright

        session = Session(self._crawler)
        self._all.add(session)
        try:
            await session.start()
        except BrowserMissing as error:
            self._give_up(error)
            raise
        except Broken as broken:
            victim = "driver" if session.cause_of_death() == "driver" else "browser"
            self._note_death(victim, f": {broken}")
            raise
        except asyncio.CancelledError:  # its article's time was used up
            self._note_death("browser", ": not started in time")
            raise
        finally:
            if session.version is None:
                await self._end(session)
        self._counts.started += 1
        self._counts.version = session.version
        return session

    async def _look_after(self, session: "Session") -> None:
        if session is self._session:
            cause = session.cause_of_death()
            if cause:
                self._note_death(cause)
            if cause or session.is_worn():
                self._session = None
        self._count_pages()
        self._counts.peak_memory = max(self._counts.peak_memory, session.peak_memory)
        if session is not self._session and not session.users:
            await self._end(session)

    async def _end(self, session: "Session") -> None:
        if session in self._all:
            self._all.discard(session)
            await session.close()

    def _note_death(self, cause: str, why: str = "") -> None:
        self._deaths[cause] += 1
        self._counts.deaths[cause] += 1
        times = self._deaths[cause]
        if times >= _DEATHS_IN_A_ROW.get(cause, times + 1):
            self._give_up(BrowserCrashed(f"the {cause} died {times} times in a row{why}"))

    def _give_up(self, error: BrowserError) -> None:
        self._unusable = error
        self._counts.unusable = str(error)
        logger.error("No browser for the rest of this run: %s", error)

    async def close(self) -> None:
        """Close every session and end its processes."""
        await asyncio.gather(*map(self._end, list(self._all)))
        self._session = None
        self._count_pages()

    def _count_pages(self) -> None:
        self._counts.pages_open = sum(session.pages_open for session in self._all)


async def smoke_test(crawler: Crawler, seconds: float) -> tuple[str, float]:
    """Start the browser within so many seconds, as a crawl would, and close it.

    Returns its path or address with its version, and the seconds to start. Raises
    ``BrowserMissing``, ``BrowserCrashed`` or ``BrowserTimeout``.
    """
    _require_playwright()
    from kompascrawler.browser.session import Session  # noqa: PLC0415 - imports Playwright

    session = Session(crawler)
    began = asyncio.get_running_loop().time()
    try:
        await asyncio.wait_for(session.start(), seconds)
        return session.program, asyncio.get_running_loop().time() - began
    except TimeoutError as error:
        raise BrowserTimeout(f"not started in {seconds:g} s") from error
    except Broken as error:
        raise BrowserCrashed(str(error)) from error
    finally:
        await session.close()


def _require_playwright() -> None:
    try:
        import_module("scrapy_playwright.handler")
    except ImportError as error:
        raise BrowserMissing(f"{INSTALL_PLAYWRIGHT} ({error})") from error
