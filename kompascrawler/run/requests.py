"""What a request is for, where it waits for its turn, and why it failed.

Redirects keep the kind of where they lead.
"""

import asyncio
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Final
from urllib.parse import parse_qs, urlsplit

from scrapy import Request
from scrapy.core.downloader import Downloader, Slot
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
from twisted.python.failure import Failure
from w3lib.encoding import http_content_type_encoding

from kompascrawler.discovery.links import INDEX_HOST
from kompascrawler.identity import parse_address
from kompascrawler.run.bodies import CompressionError
from kompascrawler.sections import SECTIONS

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


def fail_waiting(
    crawler: Crawler, error: Callable[[], Exception], *, host: str | None = None
) -> None:
    """Have the requests fail that wait for their turn, at one host or all."""
    for name, slot in crawler.engine.downloader.slots.items():
        while slot.queue and host in (None, name):
            slot.queue.popleft()[1].errback(error())


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
    CompressionError: "compressed, and broken",
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
