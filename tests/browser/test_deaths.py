"""Something of the browser ends in the middle of an article."""

import signal
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from time import sleep
from typing import Any

import psutil
import pytest

from tests.browser.crawls import Crawl, asked, crawling, wait_for
from tests.browser.stand_in import Page, StandIn, always, article, two_pages
from tests.replica.serve import serve

pytestmark = pytest.mark.usefixtures("chromium")

SLOW = 2.0
"""Seconds that the first answer for page 2 takes: the victim is killed while it is waited for."""
TWO = ["Satu.", "Dua."]


def _browser(crawl: Crawl) -> list[psutil.Process]:
    return crawl.running("--remote-debugging-pipe", without="/bin/sh")


VICTIMS: dict[str, Callable[[Crawl], list[psutil.Process]]] = {
    "browser": lambda crawl: [p for p in _browser(crawl) if "--type" not in " ".join(p.cmdline())],
    "renderer": lambda crawl: crawl.running("--type=renderer"),
    "gpu": lambda crawl: crawl.running("--type=gpu-process"),
    "network": lambda crawl: crawl.running("--utility-sub-type=network"),
    "driver": lambda crawl: crawl.running("run-driver", without="guard.py"),
    "guard": lambda crawl: crawl.running("guard.py"),
}


def _kill(crawl: Crawl, victim: str) -> None:
    crawl.note()
    killed = VICTIMS[victim](crawl)
    assert killed, [p.cmdline() for p in psutil.Process(crawl.process.pid).children(recursive=True)]
    for process in killed:
        process.send_signal(signal.SIGKILL)


def _check(answer: dict[str, Any], *, may_fall_short: bool = False) -> None:
    """Check that an article is whole, or, where it may be, that it says it is not."""
    if may_fall_short and not answer["is_whole"]:
        return
    documents = answer.get("documents", [answer])
    assert [text in page for text, page in zip(TWO, documents, strict=True)] == [True, True]


def test_articles_are_whole_all_the_same() -> None:
    """Whatever was killed, its article is walked to its end, the next one too, nothing is left."""
    slow = dict.fromkeys(VICTIMS, two_pages(delays=(SLOW, 0.0)))
    site = StandIn(**slow, last=two_pages())
    with (
        serve(site) as replica,
        crawling(replica, site.urls(), BROWSER_CONCURRENT_PAGES=1) as crawl,
    ):
        for victim in VICTIMS:
            wait_for(partial(asked, replica, f"{victim}?n=2"))
            _kill(crawl, victim)
        outcome = crawl.end()
        for name in site.urls():
            _check(outcome.answers[name], may_fall_short=name == "network")
            assert asked(replica, f"/{name}") == 2, "a page was asked for a second time"
        assert outcome.stats["browser/pages_open"] == 0
        assert not crawl.left()
        assert not crawl.left_files()
        assert "never retrieved" not in outcome.log, "Playwright's own tasks are in the log"


def late(page: Page) -> Page:
    """Return a page whose every answer takes its time."""
    return lambda request, times: replace(page(request, times), delay=SLOW)


def test_driver_that_dies_again() -> None:
    """A driver killed again after its restart makes the browser unusable; plain requests go on."""
    site = StandIn(
        first=two_pages(delays=(4 * SLOW,)),
        second=late(two_pages()),  # else it might be opened before the first
        plain=always(article("Biasa.")),
    )
    orders = [{"name": name, "url": url} for name, url in site.urls().items()]
    orders[-1]["browser"] = False  # type: ignore[assignment]  # an order is JSON
    with serve(site) as replica, crawling(replica, orders, BROWSER_CONCURRENT_PAGES=1) as crawl:
        wait_for(lambda: asked(replica, "first?n=2"))
        first = VICTIMS["renderer"](crawl)
        _kill(crawl, "driver")
        # The second driver has started its browser; renderers of the first may still be ending.
        wait_for(lambda: [p for p in VICTIMS["renderer"](crawl) if p not in first])
        _kill(crawl, "driver")
        outcome = crawl.end()
        errors = [outcome.answers[name].get("error") for name in ("first", "second", "plain")]
        assert errors == ["BrowserCrashed", "BrowserCrashed", None]
        assert "driver" in outcome.stats["browser/unusable"]
        assert not crawl.left()


def test_article_that_kills_its_renderer() -> None:
    """It fails by name after two tries; the browser stays usable for the next."""
    site = StandIn(first=two_pages(delays=(4 * SLOW,)), second=late(two_pages()))
    with (
        serve(site) as replica,
        crawling(replica, site.urls(), BROWSER_CONCURRENT_PAGES=1) as crawl,
    ):
        wait_for(lambda: asked(replica, "first?n=2"))
        first = VICTIMS["renderer"](crawl)
        _kill(crawl, "renderer")
        wait_for(lambda: [p for p in VICTIMS["renderer"](crawl) if p not in first])
        sleep(1.0)  # a renderer waits in reserve; the page may begin in it or in another
        _kill(crawl, "renderer")
        outcome = crawl.end()
        assert outcome.answers["first"]["error"] == "BrowserCrashed"
        assert len(outcome.answers["second"]["documents"]) == 2
        assert "browser/unusable" not in outcome.stats
