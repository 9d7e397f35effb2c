"""What a request is for, told by its address."""

import pytest
from scrapy import Request
from scrapy.http import TextResponse
from scrapy.utils.test import get_crawler

from kompascrawler.politeness import crawl_breakers
from kompascrawler.politeness.crawl_breakers import AnswersMiddleware, BreakerMiddleware
from kompascrawler.politeness.non_content import NON_CONTENT
from kompascrawler.run.requests import kind_of, ruled_host
from kompascrawler.sections import SECTIONS

ARTICLE = "https://www.kompas.com/global/read/2023/09/16/170000170/judul"


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://www.kompas.com/robots.txt", "robots"),
        ("https://indeks.kompas.com/robots.txt", "robots"),
        ("https://indeks.kompas.com/?site=global&page=2", "index"),
        (ARTICLE, "article"),
        (f"{ARTICLE}?page=all", "article"),
        (f"{ARTICLE}?page=2", "halaman"),
        ("https://internasional.kompas.com/", "front"),
        ("https://account.kompas.com/login", "other"),
        ("https://www.kompas.com/tren", "front"),
        ("https://www.kompas.com/tren/berita", "other"),
        *((section.front, "front") for section in SECTIONS.values()),
    ],
)
def test_kinds(url: str, kind: str) -> None:
    """Whatever led there."""
    assert kind_of(url) == kind


ROBOTS = "https://www.kompas.com/robots.txt"
OLD = "https://internasional.kompas.com/robots.txt"
SENT_ON = {"dont_obey_robotstxt": True, "redirect_urls": [OLD, "https://x.kompas.com/robots.txt"]}


class Breakers:
    """Takes down which hosts are to be left alone."""

    def __init__(self) -> None:
        self.shut_hosts: list[str] = []

    def record_no_robots(self, host: str, _: str) -> None:
        self.shut_hosts.append(host)

    force_open = record_no_robots


def test_the_host_that_it_is_for() -> None:
    """Is the first that was asked."""
    assert ruled_host(Request(ROBOTS)) == "www.kompas.com"
    assert ruled_host(Request(ROBOTS, meta=SENT_ON)) == "internasional.kompas.com"


def test_a_robots_txt_that_cannot_be_had_where_it_was_sent_on_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Leaves alone the host that has no rules then, and not the one that would have had them."""
    breakers = Breakers()
    monkeypatch.setattr(crawl_breakers, "breakers_of", lambda _: breakers)
    crawler = get_crawler()
    asking, answered = BreakerMiddleware(crawler), AnswersMiddleware(crawler)
    request = Request(ROBOTS, meta=SENT_ON)
    asking.process_response(request, TextResponse(ROBOTS, status=503))
    asking.process_exception(request, OSError("broken"))
    request.meta[NON_CONTENT] = "maintenance"
    answered.process_response(request, TextResponse(ROBOTS))
    assert breakers.shut_hosts == ["internasional.kompas.com"] * 3
