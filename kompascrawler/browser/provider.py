"""How scrapy-playwright gets its browser: a driver under guard, and the Chromium we choose."""

import logging
import os
from pathlib import Path
from typing import Any, Final, NoReturn

import playwright
from playwright.async_api import Browser, Playwright, async_playwright
from scrapy.exceptions import NotSupported

from kompascrawler.browser.chromium import find_chromium
from kompascrawler.browser.options import Options
from kompascrawler.browser.processes import Pids, end, guarded

logger = logging.getLogger(__name__)

NOWHERE: Final = "http://127.0.0.1:9"
"""A proxy that is none (port 9 is "discard"): what does not go through us goes nowhere."""
_NODE = Path(playwright.__file__).parent / "driver" / "node"


class GuardedProvider:
    """A ``BrowserProvider`` of scrapy-playwright."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._manager = async_playwright()
        self._playwright: Playwright | None = None
        self.pids: Pids | None = None
        """The driver's processes; None until it was started."""
        self.program: str | None = options.cdp_url
        """Path of the Chromium that was started, or address of the one connected to."""

    async def start(self) -> None:
        """Start the driver."""
        with guarded(str(_NODE)) as started:
            try:
                self._playwright = await self._manager.start()
            finally:
                self.pids = started()

    async def launch_browser(self) -> Browser:
        """Start a Chromium or connect to one; raise ``BrowserMissing`` where there is none."""
        assert self._playwright is not None
        chromium = self._playwright.chromium
        if self._options.cdp_url:
            return await chromium.connect_over_cdp(self._options.cdp_url)
        is_root = os.geteuid() == 0
        path = find_chromium(
            self._options.executable, Path(chromium.executable_path), headed=self._options.headed
        )
        logger.info(
            "Starting %s%s", path, " without its sandbox, because root runs it" if is_root else ""
        )
        self.program = path
        return await chromium.launch(
            executable_path=path,
            headless=not self._options.headed,
            chromium_sandbox=not is_root,
            proxy={"server": NOWHERE},
        )

    async def launch_persistent_context(self, _: dict[str, Any]) -> NoReturn:
        """Nothing of ours outlives an article."""
        raise NotSupported("persistent contexts")

    async def close(self) -> None:
        """Ask the driver to end."""
        await self._manager.__aexit__()

    def kill(self) -> None:
        """End the driver and everything below it, whatever state it is in."""
        if self.pids is not None:
            end(self.pids.guard)
