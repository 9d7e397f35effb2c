"""The handler: nothing of the browser before it is asked for, and what happens without one."""

from pathlib import Path

import pytest

from kompascrawler.replica.player import play
from tests.browser.crawls import crawl, crawling
from tests.browser.stand_in import StandIn, always, article, two_pages


def _plain(site: StandIn) -> list[dict[str, object]]:
    return [{"name": name, "url": url, "browser": False} for name, url in site.urls().items()]


def test_plain_run_knows_no_browser() -> None:
    """A run without browser requests imports neither Playwright nor scrapy-playwright."""
    site = StandIn(plain=always(article("Biasa.")))
    with play(site) as replica, crawling(replica, _plain(site)) as running:
        outcome = running.end()
    assert "Biasa." in outcome.answers["plain"]["body"]
    assert outcome.modules == []
    assert "browser/started" not in outcome.stats


def test_one_driver_for_both_schemes(chromium: None) -> None:
    """Articles over http and https share one browser."""
    site = StandIn(one=two_pages(), two=two_pages())
    urls = site.urls() | {"two": site.urls()["two"].replace("https:", "http:")}
    with play(site) as replica:
        outcome = crawl(replica, urls)
    assert [len(outcome.answers[name]["documents"]) for name in urls] == [2, 2]
    assert outcome.stats["browser/started"] == 1


def test_recycled(chromium: None) -> None:
    """The browser is replaced after so many articles."""
    site = StandIn(one=two_pages(), two=two_pages(), three=two_pages())
    with play(site) as replica:
        outcome = crawl(replica, site.urls(), BROWSER_RECYCLE_PAGES=2, BROWSER_CONCURRENT_PAGES=1)
    assert (outcome.stats["browser/started"], outcome.stats["browser/articles"]) == (2, 3)


def test_recycled_by_memory(chromium: None) -> None:
    """The browser is replaced when it holds too much."""
    site = StandIn(one=two_pages(), two=two_pages())
    with play(site) as replica:
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
    orders = [{"name": "walked", "url": site.urls()["walked"]}, *_plain(site)[1:]]
    with play(site) as replica, crawling(replica, orders, env=env, **settings) as running:
        outcome = running.end()
    assert outcome.answers["walked"]["error"] == "BrowserMissing"
    assert "install" in outcome.answers["walked"]["why"]
    assert "Biasa." in outcome.answers["plain"]["body"]
    assert outcome.stats["browser/unusable"] == outcome.answers["walked"]["why"]
