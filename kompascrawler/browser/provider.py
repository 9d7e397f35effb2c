"""Gives scrapy-playwright its browser: a guarded driver and the Chromium that we choose."""

import asyncio
import logging
import os
import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import playwright
from playwright.async_api import Browser, Playwright, async_playwright
from scrapy.settings import BaseSettings

from kompascrawler.browser.chromium import find_chromium
from kompascrawler.browser.guard import NO_NETWORK
from kompascrawler.browser.processes import Pids, end, guarded, is_running, pids_in

logger = logging.getLogger(__name__)

NOWHERE: Final = "http://127.0.0.1:9"
"""A proxy that leads nowhere (port 9 is "discard"), for requests that bypass us."""
FLAGS: Final = (
    # No name and no address is found, whoever asks: also what no proxy carries (UDP, QUIC, DNS).
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
)
"""Close the ways that no route sees."""
_SECONDS_BETWEEN_LOOKS: Final = 0.02
_LOOKS_AT_FILES: Final = 100
_NODE: Final = Path(playwright.__file__).parent / "driver" / "node"


def _is_news(record: logging.LogRecord) -> bool:
    # After a driver was killed, asyncio warns of Playwright's tasks; the supervisor reports it.
    message = record.getMessage()
    is_late = "never retrieved" in message or "destroyed but it is pending" in message
    return not (is_late and any(sign in message for sign in _OF_PLAYWRIGHT))


_OF_PLAYWRIGHT: Final = ("/playwright/", "Connection closed while reading from the driver")
logging.getLogger("asyncio").addFilter(_is_news)


class GuardedProvider:
    """A ``BrowserProvider`` of scrapy-playwright."""

    def __init__(self, settings: BaseSettings) -> None:
        self._executable: str | None = settings["BROWSER_EXECUTABLE"]
        self._cdp_url: str | None = settings["BROWSER_CDP_URL"]
        self._headed = settings.getbool("BROWSER_HEADED")
        self._manager = async_playwright()
        self._playwright: Playwright | None = None
        self.pids: Pids | None = None
        """The driver's processes; None until it was started."""
        self._folder: Path | None = None
        self.program: str | None = self._cdp_url and self._cdp_url.partition("?")[0]
        """Path of the Chromium, or address of a remote one without its query (maybe a key)."""

    async def start(self) -> None:
        """Start the driver."""
        self._folder = Path(mkdtemp(prefix="kompascrawler-browser-"))
        try:
            # A remote browser and a window may be at the other end of a network.
            is_local = not self._cdp_url and not self._headed
            network = NO_NETWORK if is_local else "shared"
            with guarded(str(_NODE), self._folder, network=network):
                self._playwright = await self._manager.start()
        finally:
            self.pids = pids_in(self._folder)

    async def launch_browser(self) -> Browser:
        """Start Chromium or connect to one; raise ``BrowserMissing`` if there is none."""
        assert self._playwright is not None
        chromium = self._playwright.chromium
        if self._cdp_url:
            return await chromium.connect_over_cdp(self._cdp_url)
        is_root, headed = os.geteuid() == 0, self._headed
        own = Path(chromium.executable_path)
        self.program = find_chromium(self._executable, own, headed=headed)
        remark = " without its sandbox, because root runs it" if is_root else ""
        logger.info("Starting %s%s", self.program, remark)
        return await chromium.launch(
            executable_path=self.program,
            headless=not headed,
            chromium_sandbox=not is_root,
            args=FLAGS,
            proxy={"server": NOWHERE},
        )

    async def close(self) -> None:
        """Ask the driver to end."""
        await self._manager.__aexit__()

    def kill(self) -> None:
        """End the driver and all its children."""
        if self.pids is not None:
            end(self.pids.guard)

    async def clean(self) -> None:
        """Wait until the guard has ended, and remove its files if it was killed or never ran."""
        while self.pids and is_running(self.pids.guard):  # noqa: ASYNC110 - no event of ours
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        for _ in range(_LOOKS_AT_FILES):  # the browser of a killed guard writes for a moment more
            if self._folder is None or not self._folder.exists():
                return
            shutil.rmtree(self._folder, ignore_errors=True)
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
