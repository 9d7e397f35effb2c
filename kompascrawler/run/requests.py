"""Requests: what one is for, where it waits for its turn, its answer unpacked, why it failed.

Redirects keep the kind of where they lead. Bodies are unpacked whole or not at all: Scrapy takes
what it can of a part.
"""

import asyncio
import sys
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Final
from urllib.parse import parse_qs, urlsplit

from scrapy import Request
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
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
from scrapy.responsetypes import responsetypes
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.httpobj import urlparse_cached
from twisted.python.failure import Failure
from typing_extensions import override
from w3lib.encoding import http_content_type_encoding

from kompascrawler.discovery.listing import INDEX_HOST
from kompascrawler.identity import parse_address
from kompascrawler.run.unpacking import CODINGS
from kompascrawler.run.unpacking import unpack as unpack_coding
from kompascrawler.sections import SECTIONS

UNPACKED: Final = "unpacked"
"""Key in ``Request.meta``: the body of the answer that was received last, as it was packed once."""


class BrokenBodyError(ResponseDataLossError):
    """A body that broke off."""

    def __init__(self, response: Response, why: str) -> None:
        super().__init__(f"{response.url}: {why}")
        self.response = response


class CompressionError(BrokenBodyError):
    """A compressed body that ends early, or whose checksum is wrong."""


def unpack(response: Response, most: int) -> bytes | None:
    """Return the body of a page; None where Scrapy is to unpack it: it is not packed, or oddly.

    What unpacks to more than ``most`` bytes is Scrapy's to refuse. Raises CompressionError for a
    page that cannot be unpacked to its end.
    """
    encodings = response.headers.getlist("Content-Encoding") or [b""]
    inner, _, outermost = encodings[-1].decode("latin-1").rpartition(",")
    outermost = outermost.strip().lower()
    if outermost not in CODINGS or response.status != 200 or not response.body:
        return None
    found = unpack_coding(response.body, outermost, most or sys.maxsize)
    is_large = found is not None and len(found.content) >= (most or sys.maxsize)
    if found is None or not (found.is_whole or is_large):
        raise CompressionError(response, outermost)
    is_plain = not inner and len(encodings) == 1 and found.members == 1
    return found.content if is_plain and not is_large else None


class UnpackingMiddleware(HttpCompressionMiddleware):
    """Scrapy's own, which takes what has been unpacked already by who had to see whether it can."""

    @override
    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        body: bytes | None = request.meta.pop(UNPACKED, None)
        if body is None:
            return super().process_response(request, response)
        headers = response.headers.copy()
        del headers["Content-Encoding"]
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        return response.replace(cls=kind, body=body, headers=headers)


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
