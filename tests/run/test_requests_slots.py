"""Scrapy's downloader slots, as far as we touch them."""

import asyncio
from collections import deque
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.core.downloader import Slot

from kompascrawler.run.requests import hold, slot_of, wait_for_turn
from kompascrawler.run.shutdown import fail_waiting

URL = "https://www.kompas.com/global"


class Waiting:
    """Remembers why a request that waited has failed."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    def errback(self, error: Exception) -> None:
        """Take the error."""
        self.error = error


def slot(*waiting: Waiting, delay: float = 0.0) -> Slot:
    """Return a slot as the downloader makes them, with requests in its queue."""
    made = Slot(concurrency=2, delay=delay, jitter=0)
    made.queue = deque((Request(URL), one) for one in waiting)  # type: ignore[misc]  # a Deferred
    return made


def crawler(**slots: Slot) -> Any:
    """Return a crawler whose downloader has slots, by host with ``_`` for a dot."""
    named = {name.replace("_", "."): one for name, one in slots.items()}
    return SimpleNamespace(engine=SimpleNamespace(downloader=SimpleNamespace(slots=named)))


@pytest.mark.parametrize(("host", "failed"), [(None, 2), ("www.kompas.com", 1), ("x", 0)])
def test_waiting_requests_fail(host: str | None, failed: int) -> None:
    """Those of one host, or all, each with an error of its own."""
    here, there = Waiting(), Waiting()
    crawl = crawler(www_kompas_com=slot(here), indeks_kompas_com=slot(there))
    fail_waiting(crawl, ValueError, host=host)
    assert [one.error is not None for one in (here, there)].count(True) == failed
    assert here.error is not there.error or failed == 0


def test_a_slot_is_held() -> None:
    """For as long as was asked, and with no delay of 0: that would send at once."""
    held = slot()
    assert hold(crawler(www_kompas_com=held), Request(URL), 30.0)
    assert held.lastseen > monotonic() + 29
    assert held.delay > 0.0
    assert not hold(crawler(), Request(URL), 30.0)


def test_waiting_for_a_turn_takes_the_turn() -> None:
    """The next one waits as long again; a host without a slot has no turns."""
    one = slot(delay=0.05)
    one.lastseen = monotonic()
    crawl, request = crawler(www_kompas_com=one), Request(URL)
    assert slot_of(crawl, request) is one
    began = monotonic()
    asyncio.run(wait_for_turn(crawl, request))
    assert one.lastseen >= began + 0.04
    asyncio.run(wait_for_turn(crawler(), request))
