"""The circuit breakers of a crawl: refusals open them, and what they hold back fails fast.

Requests are looked at twice: in the middleware, before robots.txt is asked for, and at the door
(``browser/handler.py``), past which nothing goes. Answers are looked at before the retry middleware
asks again. Only a crawl has breakers: in a shell a person decides.

A host whose robots.txt cannot be had is left alone too, for this run.

Settings: ``BREAKER_*``. Stats: ``breaker/open`` and ``breaker/no_robots`` (why, for the verdict),
``breaker/opened``, ``breaker/closed``, ``breaker/probes``, ``breaker/held_back``.
"""

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic
from typing import Final
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.httpobj import urlparse_cached

from kompascrawler.ending import ending_of
from kompascrawler.imposters import IMPOSTER
from kompascrawler.pages.imposters import Kind
from kompascrawler.politeness.breaker import Breakers, Policy
from kompascrawler.robots import is_robots
from kompascrawler.storage import stop_run, storage_of
from kompascrawler.store.interface import Breaker, StoreError

logger = logging.getLogger(__name__)

_REFUSALS: Final = (403, 429)
_REFUSING_KINDS: Final = ("challenge", "consent", "login")
_PROBE: Final = "breaker_probe"
"""Key in ``Request.meta``: the host that a request probes, kept by its redirects and retries."""
_TIMEOUTS: Final = 4
"""``DOWNLOAD_TIMEOUT``s after which a probe that nobody heard of again counts as failed."""


class BreakerOpen(IgnoreRequest):
    """A request that was not made, since its host is left alone; the article is none the worse."""


class CrawlBreakers:
    """The breakers of a crawl, kept in its store."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._storage = storage_of(crawler)
        self._policy = policy_of(crawler.settings)
        self._opened: Breakers | None = None
        self._probe_ends: dict[str, asyncio.Event] = {}
        self._told: dict[str, str] = {}
        crawler.signals.connect(self.spider_closed, signals.spider_closed)

    def _breakers(self) -> Breakers | None:
        """Return the breakers, with what earlier runs left; None where no crawl goes on."""
        if self._opened is None and self._storage.is_open:
            try:
                saved = self._storage.store().breakers()
            except StoreError as error:
                stop_run(self._crawler, error)
                return None
            self._opened = Breakers(
                self._policy, saved, save=self._save, forget=self._forget, clock=_utc_now
            )
        return self._opened if self._storage.is_open else None

    # requests ------------------------------------------------------------------------------------
    def is_open(self, url: str) -> bool:
        """Tell whether an address is on a host that is left alone."""
        breakers = self._breakers()
        return breakers is not None and breakers.is_open(urlsplit(url).hostname or "")

    def check(self, request: Request) -> None:
        """Raise ``BreakerOpen`` for a request to a host that is left alone."""
        breakers, host = self._breakers(), host_of(request)
        if breakers is None or not breakers.is_open(host):
            return
        self._tell(host)
        self._count("held_back")
        raise self._held_back(host)

    async def admit(self, request: Request) -> None:
        """Let a page be asked for, as a probe where one is due; wait for the probe's end.

        Raises ``BreakerOpen``.
        """
        breakers, host = self._breakers(), host_of(request)
        if breakers is None or self._goes_on_probing(request, host):
            return
        while (answer := breakers.may_ask(host)) == "wait":
            await self._wait_for_probe(host)
        if answer == "probe":
            request.meta[_PROBE] = host
            self._probe_ends[host] = asyncio.Event()
            self._count("probes")
            logger.info("Probing %s with %s", host, request.url)
        self.check(request)

    def _goes_on_probing(self, request: Request, host: str) -> bool:
        """Tell whether a request is the probe again: a retry of it, or where it was sent on to."""
        assert self._opened is not None
        probed = request.meta.get(_PROBE)
        if probed is not None and probed != host:
            self._welcome(probed)  # it sends us to another host of the site
        return probed == host and self._opened.is_probing(host)

    async def _wait_for_probe(self, host: str) -> None:
        """Wait until a probe has ended, or is lost; raise ``RunEnding`` where the run is ending."""
        ended = self._probe_ends[host]
        latest = monotonic() + _TIMEOUTS * self._crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        while not ended.is_set() and monotonic() < latest:
            ending_of(self._crawler).check()
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), 1.0)
        self._lack_answer(host)

    # answers -------------------------------------------------------------------------------------
    def answered(self, request: Request, response: Response) -> None:
        """Take note of an answer."""
        breakers = self._breakers()
        if breakers is None:
            return
        host, kind = host_of(request), request.meta.get(IMPOSTER)
        if is_robots(request):
            self._robots_answered(host, response.status, kind)
        elif response.status in _REFUSALS or kind in _REFUSING_KINDS:
            self._refuse(host, response.status, kind)
        elif response.status < 500 and kind is None:
            self._welcome(host)
        else:
            self._lack_answer(host)

    def _robots_answered(self, host: str, status: int, kind: Kind | None) -> None:
        """Take note of a robots.txt; that it is missing or refused alone says nothing of pages."""
        assert self._opened is not None
        if status == 429 or kind == "challenge":
            self._refuse(host, status, kind)
        elif kind is not None:
            # Scrapy would read no rules in it and ask for everything.
            self._shut(host, f"robots.txt is a {kind} page")

    def lack_rules(self, request: Request, cause: str) -> None:
        """Take note that a host's robots.txt cannot be had: nothing is allowed (RFC 9309, 2.3.1.4).

        Scrapy would ask for everything.
        """
        host = host_of(request)
        if self._breakers() is not None and not self.is_open(request.url):
            self._shut(host, f"robots.txt cannot be had ({cause})")
            assert self._crawler.stats is not None
            self._crawler.stats.set_value("breaker/no_robots", f"{host}: {cause}")

    def unanswered(self, request: Request) -> None:
        """Take note that a request came to nothing, which matters of probes only."""
        host = request.meta.get(_PROBE)
        if host is not None and self._breakers() is not None:
            self._lack_answer(host)

    def open_for(self, request: Request, cause: str, seconds: float) -> None:
        """Leave a host alone for as long as it asks for."""
        if breakers := self._breakers():
            breakers.open_for(host_of(request), cause, seconds)
            self._has_opened(host_of(request))

    def spider_closed(self) -> None:
        """Leave alone what gave nothing but refusals; the verdict is told by its answers."""
        if breakers := self._breakers():
            for host in breakers.end_run():
                self._count("opened")
                logger.warning("Left alone: %s", breakers.why(host))

    # what follows --------------------------------------------------------------------------------
    def _refuse(self, host: str, status: int, kind: Kind | None) -> None:
        assert self._opened is not None
        cause = f"{kind} page" if kind else f"http {status}"
        if self._opened.refused(host, cause, is_challenge=kind == "challenge"):
            self._has_opened(host)

    def _shut(self, host: str, cause: str) -> None:
        assert self._opened is not None
        self._opened.shut(host, cause)
        self._end_probe(host)

    def _welcome(self, host: str) -> None:
        assert self._opened is not None
        if self._opened.welcomed(host):
            self._count("closed")
            logger.info("%s answers again", host)
            self._end_probe(host)

    def _lack_answer(self, host: str) -> None:
        assert self._opened is not None
        if self._opened.unanswered(host):
            self._has_opened(host)

    def _end_probe(self, host: str) -> None:
        assert self._opened is not None
        if host in self._probe_ends and not self._opened.is_probing(host):
            self._probe_ends.pop(host).set()

    def _has_opened(self, host: str) -> None:
        self._count("opened")
        self._tell(host)
        self._end_probe(host)
        self._empty_queue(host)

    def _empty_queue(self, host: str) -> None:
        """Have requests fail now that would wait for their turn, each longer than the last."""
        assert self._crawler.engine is not None
        assert self._opened is not None
        slot = self._crawler.engine.downloader.slots.get(host)
        while slot is not None and slot.queue:
            self._count("held_back")
            slot.queue.popleft()[1].errback(self._held_back(host))

    def _held_back(self, host: str) -> BreakerOpen:
        assert self._opened is not None
        return BreakerOpen(f"breaker open: {self._opened.why(host)}")

    def _tell(self, host: str) -> None:
        """Say once a host why it is left alone: in the log and, if for longer, to the verdict."""
        assert self._opened is not None
        assert self._crawler.stats is not None
        why = self._opened.why(host)
        if self._told.get(host) == why:
            return
        self._told[host] = why
        logger.warning("Left alone: %s", why)
        told = [why for host, why in self._told.items() if self._opened.outlives_the_run(host)]
        if told:
            self._crawler.stats.set_value("breaker/open", " | ".join(told))

    def _save(self, breaker: Breaker) -> None:
        try:
            self._storage.store().set_breaker(breaker)
        except StoreError as error:
            stop_run(self._crawler, error)

    def _forget(self, host: str) -> None:
        try:
            self._storage.store().close_breaker(host)
        except StoreError as error:
            stop_run(self._crawler, error)

    def _count(self, stat: str) -> None:
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value(f"breaker/{stat}")


_breakers: WeakKeyDictionary[Crawler, CrawlBreakers] = WeakKeyDictionary()


def breakers_of(crawler: Crawler) -> CrawlBreakers:
    """Return the breakers of a crawler; made at the first call."""
    if crawler not in _breakers:
        _breakers[crawler] = CrawlBreakers(crawler)
    return _breakers[crawler]


def policy_of(settings: BaseSettings) -> Policy:
    """Return when breakers open and for how long, by the settings."""
    return Policy(
        settings.getint("BREAKER_REFUSALS"),
        settings.getint("BREAKER_CHALLENGES"),
        settings.getfloat("BREAKER_FIRST_WAIT"),
        settings.getfloat("BREAKER_LONGEST_WAIT"),
    )


def host_of(request: Request) -> str:
    """Return the host that a request is for, as the downloader's slots are called."""
    return urlparse_cached(request).hostname or ""


def _utc_now() -> datetime:
    return datetime.now(UTC)
