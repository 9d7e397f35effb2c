"""The circuit breakers of a crawl: refusals open them, and what they hold back fails fast.

Requests are checked twice: in the middleware, before robots.txt is requested, and in the download
handler (``browser/service.py``). Only a crawl has breakers: in a shell a person decides.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from kompascrawler.components import Component, OfCrawler, counts_of
from kompascrawler.outcome.verdict import REFUSALS
from kompascrawler.politeness.breaker import NO_RULES, Breakers, Policy
from kompascrawler.politeness.non_content import NON_CONTENT, REFUSING, NonContentKind
from kompascrawler.run.requests import (
    HAS_NEXT_ROUTE,
    WAITS,
    cause_of,
    host_of,
    is_robots,
    ruled_host,
)
from kompascrawler.run.shutdown import ShuttingDown, fail_waiting, shutdown_of
from kompascrawler.run.storage import storage_of

logger = logging.getLogger(__name__)

_PROBE: Final = "breaker_probe"
"""Key in ``Request.meta``: the host that a request probes, kept by its redirects and retries."""

_TIMEOUTS: Final = 4
"""``DOWNLOAD_TIMEOUT``s after which a probe that nobody heard of again counts as failed."""
_SECONDS_BETWEEN_LOOKS: Final = 0.1


class BreakerOpen(IgnoreRequest):
    """A request that was not made, since its host is left alone; the article is none the worse."""


def probing(request: Request) -> dict[str, str]:
    """Return the meta with which another request goes on probing where this one failed."""
    return {_PROBE: request.meta[_PROBE]} if _PROBE in request.meta else {}


class CrawlBreakers:
    """The breakers of a crawl, kept in its store."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._storage = storage_of(crawler)
        self._counts = counts_of(crawler).breaker
        self._shutdown = shutdown_of(crawler)
        settings = crawler.settings
        self._policy = Policy(
            settings.getint("BREAKER_REFUSALS"),
            settings.getint("BREAKER_CHALLENGES"),
            settings.getfloat("BREAKER_FIRST_WAIT"),
            settings.getfloat("BREAKER_LONGEST_WAIT"),
        )
        self._longest_probe = _TIMEOUTS * settings.getfloat("DOWNLOAD_TIMEOUT")
        self._opened: Breakers | None = None
        self._told: dict[str, str] = {}
        crawler.signals.connect(self.spider_closed, signals.spider_closed)

    def _breakers(self) -> Breakers | None:
        """Return the breakers, with what earlier runs left; None outside a crawl."""
        if self._opened is None and self._storage.is_open:
            store = self._storage.store()
            self._opened = Breakers(
                self._policy,
                store.breakers(),
                save=store.set_breaker,
                forget=store.close_breaker,
                clock=lambda: datetime.now(UTC),
            )
        return self._opened if self._storage.is_open else None

    def is_open(self, url: str) -> bool:
        """Tell whether an address is on a host that is left alone."""
        breakers = self._breakers()
        return breakers is not None and breakers.is_open(urlsplit(url).hostname or "")

    def check(self, request: Request) -> None:
        """Raise ``BreakerOpen`` for a request to a host that is left alone."""
        breakers, host = self._breakers(), host_of(request)
        if breakers is not None and breakers.is_open(host):
            self._tell(breakers, host)
            raise self._held_back(breakers, host)

    async def admit(self, request: Request) -> None:
        """Permit a request for a page, as a probe where one is due, or raise ``BreakerOpen``."""
        breakers, host = self._breakers(), host_of(request)
        if breakers is None or self._goes_on_probing(breakers, request, host):
            return
        while (answer := breakers.may_ask(host)) == "wait":
            latest = monotonic() + self._longest_probe
            while breakers.is_probing(host) and monotonic() < latest:
                self._shutdown.check()
                await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            self.probe_failed(host)
        if answer == "probe":
            request.meta[_PROBE] = host
            self._counts.probes += 1
            logger.info("Probing %s with %s", host, request.url)
        self.check(request)

    def _goes_on_probing(self, breakers: Breakers, request: Request, host: str) -> bool:
        # The probe again: a retry of it, or where it was sent on to.
        probed = request.meta.get(_PROBE)
        if probed is not None and probed != host:
            self.record_success(probed)  # it sends us to another host of the site
        return probed == host and breakers.is_probing(host)

    def record_success(self, host: str) -> None:
        """Record a page that was received."""
        breakers = self._breakers()
        if breakers is not None and breakers.record_success(host):
            self._counts.closed += 1
            logger.info("%s answers again", host)

    def record_failure(self, host: str, cause: str, *, is_challenge: bool = False) -> None:
        """Record a refusal."""
        self._note(host, lambda known: known.record_failure(host, cause, is_challenge=is_challenge))

    def probe_failed(self, host: str) -> None:
        """Record a failed request, if it was a probe."""
        self._note(host, lambda known: known.probe_failed(host))

    def open_for(self, host: str, cause: str, seconds: float) -> None:
        """Leave a host alone for as long as it asks for."""
        self._note(host, lambda known: known.open_for(host, cause, seconds))

    def force_open(self, host: str, cause: str) -> bool:
        """Leave a host alone for this run; a probe that was due has failed."""
        return self._note(host, lambda known: known.force_open(host, cause))

    def record_no_robots(self, host: str, cause: str) -> None:
        """Leave a host without a robots.txt alone (RFC 9309, 2.3.1.4); Scrapy would not."""
        if self.force_open(host, f"{NO_RULES} ({cause})"):
            self._counts.no_robots = f"{host}: {cause}"

    def spider_closed(self) -> None:
        """Leave alone what gave nothing but refusals."""
        if breakers := self._breakers():
            for host in breakers.end_run():
                self._counts.opened += 1
                logger.warning("Left alone: %s", breakers.why(host))

    def _note(self, host: str, opens: Callable[[Breakers], bool]) -> bool:
        """Tell whether the breakers open by an answer; then what waits for its turn fails, too."""
        breakers = self._breakers()
        if breakers is None or not opens(breakers):
            return False
        self._counts.opened += 1
        self._tell(breakers, host)
        fail_waiting(self._crawler, lambda: self._held_back(breakers, host), host=host)
        return True

    def _held_back(self, breakers: Breakers, host: str) -> BreakerOpen:
        self._counts.held_back += 1
        return BreakerOpen(f"breaker open: {breakers.why(host)}")

    def _tell(self, breakers: Breakers, host: str) -> None:
        """Say once why a host is left alone: in the log and, if for longer, to the verdict."""
        why = breakers.why(host)
        if self._told.get(host) == why:
            return
        self._told[host] = why
        logger.warning("Left alone: %s", why)
        lasting = [host for host in self._told if breakers.outlives_the_run(host)]
        down = [self._told[host] for host in lasting if breakers.is_down(host)]
        refusing = [self._told[host] for host in lasting if not breakers.is_down(host)]
        self._counts.down = " | ".join(down) or self._counts.down
        self._counts.open = " | ".join(refusing) or self._counts.open


breakers_of = OfCrawler(CrawlBreakers)
"""Return the breakers of a crawler."""


class BreakerMiddleware(Component):
    """Holds back requests, before robots.txt is requested; records those that failed at last."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._breakers = breakers_of(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass, wait for a probe, or raise ``BreakerOpen``."""
        if is_robots(request):
            self._breakers.check(request)
        else:
            await self._breakers.admit(request)

    def process_response(self, request: Request, response: Response) -> Response:
        """Record a robots.txt that the site fails to serve."""
        is_unread = 300 <= response.status < 400 or response.status == 429  # a redirect to nowhere
        if is_robots(request) and (is_unread or response.status >= 500):
            self._breakers.record_no_robots(ruled_host(request), f"http {response.status}")
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Record a request without an answer."""
        if isinstance(exception, BreakerOpen | ShuttingDown):
            return
        if is_robots(request):
            self._breakers.record_no_robots(ruled_host(request), cause_of(exception))
        elif not request.meta.get(HAS_NEXT_ROUTE) and (host := request.meta.get(_PROBE)):
            self._breakers.probe_failed(host)


class AnswersMiddleware(Component):
    """Tells the breakers of every answer, before the retry middleware asks again.

    Where an article has another form to be requested in, a refusal says nothing of the host.
    Stats: ``halaman/refused`` (such answers).
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._breakers = breakers_of(crawler)
        self._counts = counts_of(crawler).halaman

    def process_response(self, request: Request, response: Response) -> Response:
        """Record an answer and return it."""
        host, status, kind = host_of(request), response.status, request.meta.get(NON_CONTENT)
        is_bad = status >= 500 or status in REFUSALS or kind is not None
        if is_robots(request):
            self._robots_answered(request, status, kind)
        elif request.meta.get(HAS_NEXT_ROUTE) and is_bad and status not in WAITS:
            self._counts.refused += (status in REFUSALS) + (kind not in (None, "maintenance"))
        elif status in REFUSALS or kind in REFUSING:
            self._refused(host, status, kind)
        elif status < 500 and kind is None:
            self._breakers.record_success(host)
        else:
            self._breakers.probe_failed(host)
        return response

    def _robots_answered(self, request: Request, status: int, kind: NonContentKind | None) -> None:
        # That a robots.txt is missing or refused alone says nothing of pages.
        if kind == "challenge":
            self._refused(host_of(request), status, kind)
        elif kind is not None:
            # Scrapy would read no rules in it and ask for everything.
            self._breakers.force_open(ruled_host(request), f"robots.txt is a {kind} page")

    def _refused(self, host: str, status: int, kind: NonContentKind | None) -> None:
        cause = f"{kind} page" if kind else f"http {status}"
        self._breakers.record_failure(host, cause, is_challenge=kind == "challenge")
