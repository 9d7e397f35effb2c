"""Starts a browser once, as a crawl would, and ends it: to know whether that goes."""

import asyncio
from importlib import import_module
from typing import NamedTuple

from scrapy.crawler import Crawler

from kompascrawler.browser.chromium import INSTALL_PLAYWRIGHT
from kompascrawler.browser.errors import Broken, BrowserCrashed, BrowserMissing, BrowserTimeout
from kompascrawler.browser.options import Options


class Trial(NamedTuple):
    """A browser that was started."""

    program: str
    """Path or address, and version."""
    seconds: float
    """How long its start took."""


async def try_browser(crawler: Crawler, seconds: float) -> Trial:
    """Start the browser that the settings name within so many seconds, and end it.

    Raises ``BrowserMissing``, ``BrowserCrashed`` or ``BrowserTimeout``.
    """
    try:
        import_module("scrapy_playwright.handler")
    except ImportError as error:
        raise BrowserMissing(f"{INSTALL_PLAYWRIGHT} ({error})") from error
    from kompascrawler.browser.session import Session  # noqa: PLC0415 - imports Playwright

    session = Session(crawler, Options.from_settings(crawler.settings))
    began = asyncio.get_running_loop().time()
    try:
        await asyncio.wait_for(session.start(), seconds)
        return Trial(session.program, asyncio.get_running_loop().time() - began)
    except TimeoutError as error:
        raise BrowserTimeout(f"not started in {seconds:g} s") from error
    except Broken as error:
        raise BrowserCrashed(str(error)) from error
    finally:
        await session.close()
