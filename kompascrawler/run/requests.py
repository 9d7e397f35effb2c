"""Requests: what one is for, when it is sent, how it counts, why it failed.

Redirects keep the kind of where they lead.
"""

import asyncio
import copy
from collections.abc import Mapping
from time import monotonic
from typing import Final
from urllib.parse import parse_qs, urlsplit

from scrapy import Request, signals
from scrapy.core.downloader import Downloader, Slot
from scrapy.core.downloader.handlers import DownloadHandlerProtocol
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler, load_object
from twisted.python.failure import Failure
from typing_extensions import override
from w3lib.encoding import http_content_type_encoding

from kompascrawler.components import Component, OfCrawler, answer_received, counts_of, tell
from kompascrawler.discovery.tasks import INDEX_HOST
from kompascrawler.identity import parse_address
from kompascrawler.run.shutdown import ShuttingDown, shutdown_of
from kompascrawler.run.storage import storage_of
from kompascrawler.sections import SECTIONS


class BrokenBodyError(ResponseDataLossError):
    """A body that broke off, or cannot be unpacked to its end."""

    def __init__(self, response: Response, cause: str) -> None:
        super().__init__(f"{response.url}: {cause}")
        self.response, self.cause = response, cause


_FRONTS = frozenset[str]().union(*(section.front_forms for section in SECTIONS.values()))


HAS_NEXT_ROUTE = "has_next_route"
"""Key in ``Request.meta``: whether an article is requested in another form where this fails. A
refusal of one form is no refusal of the host."""
NOT_MODIFIED: Final = 304
WAITS = (429, 503)
"""Statuses that ask us to wait, whatever was requested."""
_SHORTEST_DELAY: Final = 0.001
"""Seconds: a slot without any delay does not look at its time."""


def kind_of(url: str) -> str:
    """Return ``robots``, ``index``, ``article``, ``halaman``, ``front``, or ``other``.

    ``halaman`` is a page of an article that is requested by its number.

    >>> kind_of("https://www.kompas.com/global/read/2023/09/16/170000170/?page=2")
    'halaman'
    """
    parts = urlsplit(url)
    if parts.path == "/robots.txt":
        return "robots"
    if parts.hostname == INDEX_HOST:
        return "index"
    if parse_address(url):
        page = parse_qs(parts.query).get("page", [""])[-1]
        return "halaman" if page.isascii() and page.isdecimal() else "article"
    return "front" if f"{parts.hostname}{parts.path.rstrip('/')}" in _FRONTS else "other"


def is_robots(request: Request) -> bool:
    """Tell whether a request is that of Scrapy's middleware for robots.txt, or a redirect of it."""
    return bool(request.meta.get("dont_obey_robotstxt"))


def ruled_host(request: Request) -> str:
    """Return the host whose robots.txt a request is for, wherever that was redirected to."""
    asked: list[str] = request.meta.get("redirect_urls", [request.url])
    return urlsplit(asked[0]).hostname or ""


def request_of(failure: Failure) -> Request:
    """Return the request that failed."""
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
    return request


def declared_encoding(response: Response) -> str | None:
    """Return the encoding that the answer's header states; the page itself is not asked here."""
    content_type = response.headers.get("Content-Type") or b""
    return http_content_type_encoding(content_type.decode("latin-1"))


def host_of(request: Request) -> str:
    """Return the host that a request is for, the name of its slot."""
    return urlparse_cached(request).hostname or ""


def slot_of(crawler: Crawler, request: Request) -> Slot | None:
    """Return the slot of a request that was handed to the downloader; None if it has none."""
    key = request.meta.get(Downloader.DOWNLOAD_SLOT) or host_of(request)
    return crawler.engine.downloader.slots.get(key)


async def wait_for_turn(crawler: Crawler, request: Request) -> None:
    """Wait until the host of a request may be asked again, which then counts as asked.

    Delay (AutoThrottle's, too) and concurrency apply to it as to those of the downloader.
    """
    slot = slot_of(crawler, request)
    if slot is None:
        return
    delay = slot.download_delay()
    # Another request may take the turn while this one waits.
    while (left := slot.lastseen + delay - monotonic()) > 0:  # noqa: ASYNC110 - a time, no event
        await asyncio.sleep(left)
    slot.lastseen = monotonic()


def keep_delay(crawler: Crawler, host: str, seconds: float) -> None:
    """Let so many seconds pass between two requests to a host, in slots to come as well."""
    downloader = crawler.engine.downloader
    downloader.per_slot_settings[host] = {"delay": seconds, "jitter": 0.0}
    if slot := downloader.slots.get(host):
        slot.delay, slot.jitter = max(slot.delay, seconds), 0.0


def hold(crawler: Crawler, request: Request, seconds: float) -> bool:
    """Have the slot of a request, if there is one, take its last request for later."""
    if slot := slot_of(crawler, request):
        slot.delay = max(slot.delay, _SHORTEST_DELAY)
        slot.lastseen = max(slot.lastseen, monotonic() + seconds)
    return slot is not None


_CAUSES: Final[Mapping[type[Exception], str]] = {
    # Scrapy says of them what its libraries raised, which is Twisted's names or nothing at all.
    DownloadCancelledError: "larger than DOWNLOAD_MAXSIZE",
    ResponseDataLossError: "the answer broke off",
    DownloadFailedError: "the connection broke",
    DownloadTimeoutError: "no answer in time",
    DownloadConnectionRefusedError: "connection refused",
    CannotResolveHostError: "host not found",
}


def cause_of(error: BaseException | None) -> str:
    """Name in a few words why a request failed, for people and for the retry queue."""
    if isinstance(error, HttpError):
        return f"http {error.response.status}"
    if isinstance(error, BrokenBodyError):
        return error.cause
    for kind, cause in _CAUSES.items():
        if isinstance(error, kind):
            return cause
    if isinstance(error, IgnoreRequest) and "exceeded DOWNLOAD_MAXSIZE" in str(error):
        return "larger than DOWNLOAD_MAXSIZE when unpacked"
    if isinstance(error, IgnoreRequest) and str(error):
        # Scrapy's words: forbidden by robots.txt, redirected too often, off the section's hosts.
        return " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {error}".splitlines()[0][:200]


def is_gone(error: BaseException | None) -> bool:
    """Tell whether the site says that there is no such page."""
    return isinstance(error, HttpError) and error.response.status in (404, 410)


class Budgets:
    """Ends a run that has used up what it may take.

    Settings: ``MAX_RUN_SECONDS`` (from the opening of the spider), ``MAX_RUN_REQUESTS``,
    ``MAX_RUN_BYTES``; 0 is no limit. Stats: ``budget/hit`` (which has ended the run),
    ``traffic/bytes`` (bodies as they came).
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._shutdown = shutdown_of(crawler)
        self._counts = counts_of(crawler)
        self._seconds = crawler.settings.getfloat("MAX_RUN_SECONDS")
        self._requests = crawler.settings.getint("MAX_RUN_REQUESTS")
        self._bytes = crawler.settings.getint("MAX_RUN_BYTES")
        crawler.signals.connect(self.spider_opened, signals.spider_opened)
        crawler.signals.connect(self.bytes_received, signals.bytes_received)

    def spider_opened(self) -> None:
        """Start the clock."""
        if self._seconds:
            asyncio.get_running_loop().call_later(self._seconds, self._time_over)

    def bytes_received(self, data: bytes) -> None:
        """Count a piece of a body."""
        self._counts.traffic.bytes += len(data)

    def _time_over(self) -> None:
        if storage_of(self._crawler).is_open:  # a shell may stay open
            self._hit(f"MAX_RUN_SECONDS={self._seconds:g}")

    def check(self) -> None:
        """Raise ``ShuttingDown`` where one more request is too much."""
        if self._requests and self._counts.traffic.requests >= self._requests:
            self._hit(f"MAX_RUN_REQUESTS={self._requests}")
        elif self._bytes and self._counts.traffic.bytes >= self._bytes:
            self._hit(f"MAX_RUN_BYTES={self._bytes}")
        self._shutdown.check()

    def _hit(self, limit: str) -> None:
        if self._shutdown.reason is None:
            self._counts.budget_hit = limit
            self._shutdown.begin("budget")


_budgets_of = OfCrawler(Budgets)


class PlainHandler(BaseDownloadHandler):
    """Scrapy's HTTP handler, whose requests are counted and kept within the budgets of the run.

    Stats: ``traffic/requests``, ``answers/<kind>/<status>``, ``unanswered/<kind>``,
    ``cancelled/<kind>`` (by the run's end). Kinds: those of ``kind_of``, and ``browser`` for what
    a page in the browser requests, itself included.
    """

    def __init__(
        self, crawler: Crawler, kind: str | None = None, *, ignore_https_errors: bool = False
    ) -> None:
        """``kind`` is what its requests are for; None: their address tells."""
        super().__init__(crawler)
        self._budgets = _budgets_of(crawler)
        self._counts = counts_of(crawler).traffic
        self._kind = kind
        reader = crawler
        if ignore_https_errors:
            reader = copy.copy(crawler)
            reader.settings = crawler.settings.copy()
            reader.settings.frozen = False  # those of a running crawl are; the copy is ours
            reader.settings.set("DOWNLOAD_VERIFY_CERTIFICATES", value=False, priority="cmdline")
        self._handler: DownloadHandlerProtocol = build_from_crawler(
            load_object(crawler.settings["DOWNLOAD_HANDLERS_BASE"]["https"]), reader
        )

    @override
    async def download_request(self, request: Request) -> Response:
        self._budgets.check()
        kind = self._kind or kind_of(request.url)
        self._counts.requests += 1
        try:
            response = await self._handler.download_request(request)
        except asyncio.CancelledError:
            self._counts.cancelled[kind] += 1
            raise
        except Exception as error:
            self._counts.unanswered[kind] += 1
            if isinstance(error, BrokenBodyError):
                self._tell(request, error.response, kind, error.cause)
            raise
        self._counts.answers[kind, response.status] += 1
        self._tell(request, response, kind, None)
        return response

    def _tell(self, request: Request, response: Response, kind: str, broken: str | None) -> None:
        about = {"response": response, "kind": kind, "broken": broken}
        tell(self.crawler, answer_received, request=request, **about)

    @override
    async def close(self) -> None:
        await self._handler.close()


class ShutdownMiddleware(Component):
    """Sends nothing while the run is ending; requests go back to the scheduler, to no errback.

    Closest to the downloader of all: nobody else sees, counts or retries what was not sent.
    """

    def process_request(self, request: Request) -> None:  # noqa: ARG002 - Scrapy's signature
        """Stop a request that comes late."""
        shutdown_of(self.crawler).check()

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Put a request back that was not sent, or not answered in time."""
        # Scrapy waits for its own (robots.txt), and is told.
        is_left = isinstance(exception, ShuttingDown) and not is_robots(request)
        return request if is_left else None
