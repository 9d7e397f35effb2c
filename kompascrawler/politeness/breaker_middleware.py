"""Asks the circuit breakers about every request, and tells them what the answers mean."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from kompascrawler.outcome.evidence import REFUSALS
from kompascrawler.politeness.crawl_breakers import BreakerOpen, breakers_of
from kompascrawler.politeness.non_content import NON_CONTENT, REFUSING, Kind
from kompascrawler.run.causes import cause_of
from kompascrawler.run.counting import counts_of
from kompascrawler.run.downloader_slots import host_of
from kompascrawler.run.requests import HAS_NEXT_ROUTE, WAITS, is_robots, ruled_host


class _OfBreakers:
    def __init__(self, crawler: Crawler) -> None:
        self._breakers = breakers_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)


class BreakerMiddleware(_OfBreakers):
    """Holds back requests, before robots.txt is asked for; hears of those that came to nothing.

    What comes back here is final: everything that is asked for again has been.
    """

    async def process_request(self, request: Request) -> None:
        """Let a request pass, wait for a probe, or raise ``BreakerOpen``."""
        if is_robots(request):
            self._breakers.check(request)
        else:
            await self._breakers.admit(request)

    def process_response(self, request: Request, response: Response) -> Response:
        """Take note of a robots.txt that the site fails to serve."""
        if is_robots(request) and response.status >= 500:
            self._breakers.record_no_robots(ruled_host(request), f"http {response.status}")
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Take note of a request without an answer: broken, or forbidden by robots.txt."""
        if is_robots(request) and not isinstance(exception, IgnoreRequest):
            self._breakers.record_no_robots(ruled_host(request), cause_of(exception))
        elif not isinstance(exception, BreakerOpen) and not request.meta.get(HAS_NEXT_ROUTE):
            self._breakers.request_failed(request)


class AnswersMiddleware(_OfBreakers):
    """Tells the breakers of every answer, before the retry middleware asks again.

    Where an article has another form to be requested in, a refusal says nothing of the host.
    Stats: ``halaman/refused`` (such answers).
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._counts = counts_of(crawler).halaman

    def process_response(self, request: Request, response: Response) -> Response:
        """Take note of an answer and hand it on."""
        host, status, kind = host_of(request), response.status, request.meta.get(NON_CONTENT)
        if is_robots(request):
            self._robots_answered(request, status, kind)
        elif _is_refusal_of_form(request, status, kind):
            self._counts.refused += (status in REFUSALS) + (kind not in (None, "maintenance"))
        elif status in REFUSALS or kind in REFUSING:
            self._refused(host, status, kind)
        elif status < 500 and kind is None:
            self._breakers.record_success(host)
        else:
            self._breakers.probe_failed(host)
        return response

    def _robots_answered(self, request: Request, status: int, kind: Kind | None) -> None:
        # That a robots.txt is missing or refused alone says nothing of pages.
        if status == 429 or kind == "challenge":
            self._refused(host_of(request), status, kind)
        elif kind is not None:
            # Scrapy would read no rules in it and ask for everything.
            self._breakers.force_open(ruled_host(request), f"robots.txt is a {kind} page")

    def _refused(self, host: str, status: int, kind: Kind | None) -> None:
        cause = f"{kind} page" if kind else f"http {status}"
        self._breakers.record_failure(host, cause, is_challenge=kind == "challenge")


def _is_refusal_of_form(request: Request, status: int, kind: Kind | None) -> bool:
    """Tell whether an answer to a form of an article's address leads to the next form."""
    is_bad = status >= 500 or status in REFUSALS or kind is not None
    return bool(request.meta.get(HAS_NEXT_ROUTE)) and is_bad and status not in WAITS
