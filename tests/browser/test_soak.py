"""Many articles with everything that goes wrong in between: a short form, and the long one."""

import time
from collections import Counter
from itertools import count
from pathlib import Path
from typing import Any

import psutil
import pytest

from kompascrawler.browser.chromium import memory
from tests.browser.crawls import MANY_AT_ONCE, Crawl, asked, crawling
from tests.browser.stand_in import Page, StandIn, always, article, two_pages
from tests.browser.test_deaths import VICTIMS
from tests.replica.serve import serve

HANGS = always(article("Satu.", script="onload = () => setTimeout(() => {for (;;) {}})"))


def _site(articles: int, hanging: int) -> StandIn:
    every = articles // hanging
    pages: dict[str, Page] = {
        f"a{n}": HANGS if n % every == every // 2 else two_pages() for n in range(articles)
    }
    return StandIn(**pages)


def _kill_one(crawl: Crawl, victim: str) -> None:
    crawl.note()
    for process in VICTIMS[victim](crawl):
        process.kill()


def _watch(crawl: Crawl, done: Any, victims: dict[int, str]) -> list[int]:
    """Kill each victim when so many articles came to page 2; return the memory after each."""
    sizes, due = [], sorted(victims)
    for look in count():
        if crawl.process.poll() is not None:
            break
        time.sleep(0.05)
        if due and done() >= due[0]:
            _kill_one(crawl, victims[due.pop(0)])
        if look % 10 == 0:  # reading the process table takes long
            guards = VICTIMS["guard"](crawl)
            sizes.append(sum(memory(guard.pid) for guard in guards))
            crawl.note()
    assert not due, "the crawl ended before everything was killed"
    return sizes


def _soak(
    articles: int, hanging: int, victims: dict[int, str], **settings: Any
) -> tuple[dict[str, Any], list[int]]:
    """Walk so many articles; check what must hold; return the statistics and the memory."""
    site = _site(articles, hanging)
    with serve(site) as replica, crawling(replica, site.urls(), **settings) as crawl:

        def done() -> int:
            return asked(replica, "?n=2")

        sizes = _watch(crawl, done, victims)
        outcome = crawl.end()
        assert not crawl.left()
        assert not crawl.left_files()
    ends = Counter(answer.get("error", "whole") for answer in outcome.answers.values())
    assert outcome.answers.keys() == site.urls().keys(), "an article is lost"
    assert ends == {"whole": articles - hanging, "BrowserTimeout": hanging}
    assert all(
        len(answer["documents"]) == 2 and answer["is_whole"]
        for answer in outcome.answers.values()
        if "error" not in answer
    )
    assert outcome.stats["browser/pages_open"] == 0
    return outcome.stats, sizes


def test_short(chromium: None) -> None:
    """20 articles, a browser and a driver killed, a page that hangs: every other one is whole."""
    settings = MANY_AT_ONCE | {"BROWSER_CONCURRENT_PAGES": 3, "BROWSER_TIMEOUT": 12}
    stats, _ = _soak(20, 1, {4: "browser", 13: "driver"}, **settings)
    assert stats["browser/started"] >= 3


@pytest.mark.soak
def test_long(chromium: None, tmp_path: Path) -> None:
    """500 articles, two browsers and a driver killed, ten that hang; memory stays flat."""
    victims = {100: "browser", 250: "driver", 400: "browser"}
    begun = time.monotonic()
    stats, sizes = _soak(500, 10, victims, BROWSER_TIMEOUT=10)
    megabytes = [size / 2**20 for size in sizes if size]
    quarter = len(megabytes) // 4
    early, late = (max(part) for part in (megabytes[quarter : 2 * quarter], megabytes[-quarter:]))
    print(
        f"{time.monotonic() - begun:.0f} s, {stats['browser/started']} browsers, "
        f"{early:.0f} MB early, {late:.0f} MB late, {psutil.cpu_count()} cores"
    )
    assert late < early * 1.3
