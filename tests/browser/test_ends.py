"""The crawl itself ends early: by a signal, or by a crash of ours."""

import signal

import pytest

from kompascrawler.replica.player import play
from tests.browser.crawls import asked, crawling, wait_for
from tests.browser.stand_in import StandIn, two_pages

pytestmark = pytest.mark.usefixtures("chromium")


@pytest.mark.parametrize(
    "numbers",
    [(signal.SIGTERM,), (signal.SIGINT, signal.SIGINT), (signal.SIGKILL,)],
    ids=["SIGTERM", "SIGINT twice", "SIGKILL"],
)
def test_no_process_is_left(numbers: tuple[int, ...]) -> None:
    """In the middle of an article: driver and browser end with the crawl."""
    site = StandIn(first=two_pages(delays=(600.0,)))
    with play(site) as replica, crawling(replica, site.urls(), BROWSER_TIMEOUT=10) as crawl:
        wait_for(lambda: asked(replica, "first?n=2"))
        crawl.note()
        for number in numbers:
            crawl.process.send_signal(number)
        crawl.process.wait(60)
        assert not crawl.left()
