"""A real Chromium that sees a replica, for the tests of its scripts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from kompascrawler.browser.chromium import find_chromium
from kompascrawler.browser.request import BrowserMissing
from tests.replica import Site
from tests.replica.serve import Replica


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser that the crawler would; skips the test where there is none."""
    with sync_playwright() as playwright:
        try:
            found = find_chromium(None, Path(playwright.chromium.executable_path))
        except BrowserMissing as missing:
            pytest.skip(str(missing))
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def tab(browser: Browser, replica: Replica[Site]) -> Iterator[Page]:
    """Open a tab whose network is the replica."""
    context = browser.new_context(
        proxy={"server": replica.proxy_url}, ignore_https_errors=True, service_workers="block"
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()
