"""A real Chromium that sees a replica, for the tests of its scripts."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from kompascrawler.replica import Site
from kompascrawler.replica.player import Replica

EXECUTABLES = ("chromium-headless-shell", "chromium", "google-chrome")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser of this system; skips the test where there is none."""
    found = next(filter(None, map(shutil.which, EXECUTABLES)), None)
    if found is None:
        pytest.skip(f"no browser is installed ({', '.join(EXECUTABLES)})")
    with sync_playwright() as playwright:
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
