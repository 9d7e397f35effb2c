"""The handler: nothing of the browser before it is asked for, and what happens without one."""

import os
import signal
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kompascrawler.browser.chromium import find_chromium
from tests.browser.crawls import crawl, crawling, wait_for
from tests.browser.stand_in import StandIn, always, article, two_pages
from tests.replica.serve import serve


def _plain(site: StandIn) -> list[dict[str, Any]]:
    return [{"name": name, "url": url, "browser": False} for name, url in site.urls().items()]


def test_plain_run_knows_no_browser() -> None:
    """A run without browser requests imports neither Playwright nor scrapy-playwright."""
    site = StandIn(plain=always(article("Biasa.")))
    with serve(site) as replica, crawling(replica, _plain(site)) as running:
        outcome = running.end()
    assert "Biasa." in outcome.answers["plain"]["body"]
    assert outcome.modules == []
    assert not [name for name in outcome.stats if name.startswith("browser/")]


def test_one_driver_for_both_schemes(chromium: None) -> None:
    """Articles over http and https share one browser."""
    site = StandIn(one=two_pages(), two=two_pages())
    urls = site.urls() | {"two": site.urls()["two"].replace("https:", "http:")}
    with serve(site) as replica:
        outcome = crawl(replica, urls)
    assert [len(outcome.answers[name]["documents"]) for name in urls] == [2, 2]
    assert outcome.stats["browser/started"] == 1


def test_recycled(chromium: None) -> None:
    """The browser is replaced after so many articles."""
    site = StandIn(one=two_pages(), two=two_pages(), three=two_pages())
    with serve(site) as replica:
        outcome = crawl(replica, site.urls(), BROWSER_RECYCLE_PAGES=2, BROWSER_CONCURRENT_PAGES=1)
    assert (outcome.stats["browser/started"], outcome.stats["browser/articles"]) == (2, 3)


def test_recycled_by_memory(chromium: None) -> None:
    """The browser is replaced when it holds too much."""
    site = StandIn(one=two_pages(), two=two_pages())
    with serve(site) as replica:
        outcome = crawl(replica, site.urls(), BROWSER_MAX_MEMORY_MB=1, BROWSER_CONCURRENT_PAGES=1)
    assert (outcome.stats["browser/started"], outcome.stats["browser/articles"]) == (2, 2)


@pytest.mark.parametrize("what", ["playwright", "chromium"])
def test_missing(tmp_path: Path, what: str) -> None:
    """Without one the article fails with what to install; everything else goes on."""
    settings, env = {}, {}
    if what == "chromium":
        pytest.importorskip("scrapy_playwright")
        settings = {"BROWSER_EXECUTABLE": str(tmp_path / "none")}
    else:
        (tmp_path / "scrapy_playwright.py").write_text("raise ImportError('not installed')")
        env = {"PYTHONPATH": str(tmp_path)}
    site = StandIn(walked=two_pages(), plain=always(article("Biasa.")))
    walked = {"name": "walked", "url": site.urls()["walked"]}
    orders: list[dict[str, Any]] = [walked, *_plain(site)[1:]]
    with serve(site) as replica, crawling(replica, orders, env=env, **settings) as running:
        outcome = running.end()
    assert outcome.answers["walked"]["error"] == "BrowserMissing"
    assert "install" in outcome.answers["walked"]["why"]
    assert "Biasa." in outcome.answers["plain"]["body"]
    assert outcome.stats["browser/unusable"] == outcome.answers["walked"]["why"]


def test_never_started(tmp_path: Path) -> None:
    """A browser that hangs at its start is given up for the run, with the cause."""
    hanging = tmp_path / "chromium"
    hanging.write_text("#!/bin/sh\nexec sleep 600\n")
    hanging.chmod(0o700)
    site = StandIn(**{f"a{n}": two_pages() for n in range(8)})
    settings = {"BROWSER_TIMEOUT": 1, "BROWSER_CONCURRENT_PAGES": 1}
    with serve(site) as replica:
        outcome = crawl(replica, site.urls(), **settings, BROWSER_EXECUTABLE=str(hanging))
    errors = Counter(answer["error"] for answer in outcome.answers.values())
    # More than four time out where a document takes as long, which is no fault of the browser.
    assert errors.keys() == {"BrowserCrashed", "BrowserTimeout"}
    assert errors["BrowserTimeout"] >= 4
    assert "4 times in a row: not started in time" in outcome.stats["browser/unusable"]


@pytest.mark.parametrize("ignores", [False, True])
def test_certificates(chromium: None, ignores: bool) -> None:  # noqa: FBT001 - a table
    """A certificate that proves nothing is refused, unless the operator says otherwise."""
    site = StandIn(one=two_pages())
    orders = [{"name": "one", "url": site.urls()["one"]}]
    env = {"SSL_CERT_FILE": "/dev/null"}
    with (
        serve(site) as replica,
        crawling(replica, orders, env=env, BROWSER_IGNORE_HTTPS_ERRORS=ignores) as running,
    ):
        outcome = running.end()
    assert ("documents" in outcome.answers["one"]) is ignores, outcome.answers["one"]
    assert ignores or "certificate verify failed" in outcome.answers["one"]["why"]


def test_browser_elsewhere(chromium: None, tmp_path: Path) -> None:
    """A Chromium that runs elsewhere is connected to, and left running."""
    path = find_chromium(None, tmp_path / "chromium-1" / "x" / "chrome")
    options = ["--remote-debugging-port=0", f"--user-data-dir={tmp_path}", "--no-sandbox"]
    site = StandIn(one=two_pages(), two=two_pages())
    orders = [{"name": name, "url": url} for name, url in site.urls().items()]
    elsewhere = subprocess.Popen(
        [path, *options], stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        port = wait_for(lambda: _port(tmp_path))
        with serve(site) as replica:
            # An operator with a proxy excepts the browser's host from it, as any other's.
            env = {"no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}
            url = f"http://127.0.0.1:{port}"
            with crawling(replica, orders, env=env, BROWSER_CDP_URL=url) as running:
                outcome = running.end()
        assert [len(outcome.answers[name]["documents"]) for name in ("one", "two")] == [2, 2]
        assert elsewhere.poll() is None
    finally:
        os.killpg(elsewhere.pid, signal.SIGKILL)
        elsewhere.wait()


def _port(folder: Path) -> str | None:
    file = folder / "DevToolsActivePort"
    return file.read_text().split()[0] if file.exists() and file.read_text() else None
