"""What may be requested, and when: robots.txt, the section's hosts, the Retry-After header."""

import logging
import zlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Self
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from typing_extensions import override

from kompascrawler.components import Component, answer_received, counts_of
from kompascrawler.identity import oddity
from kompascrawler.politeness.crawl_breakers import breakers_of
from kompascrawler.run.requests import WAITS, hold, host_of, is_robots, keep_delay, ruled_host
from kompascrawler.run.shutdown import shutdown_of
from kompascrawler.run.storage import storage_of

logger = logging.getLogger(__name__)

LONGEST: Final = 500 * 1024
"""Bytes of a robots.txt that count, as sent and as unpacked (RFC 9309, 2.5)."""


class RulesMiddleware(RobotsTxtMiddleware):
    """Scrapy's middleware, for which a robots.txt that it did not get permits everything.

    Here it permits nothing, and its Crawl-delay is kept. Setting: ``CRAWL_DELAY_MAX_SECONDS``.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._name = settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"]
        self._least = settings.getfloat("DOWNLOAD_DELAY")
        self._most = settings.getfloat("CRAWL_DELAY_MAX_SECONDS")
        self._delays: dict[str, float] = {}

    @override
    async def robot_parser(self, request: Request) -> RobotParser | None:
        rules, host = await super().robot_parser(request), host_of(request)
        if rules is None:  # of several requests that wait for it, Scrapy tells the first only
            known = self._parsers[urlparse_cached(request).netloc]
            rules = known if isinstance(known, RobotParser) else None
        if rules is None and shutdown_of(self.crawler).reason is None:
            breakers_of(self.crawler).record_no_robots(host, "it was not received")
        if rules is not None and host not in self._delays:
            delay = min(rules.crawl_delay(self._name) or 0.0, self._most)
            self._delays[host] = delay if delay > self._least else 0.0
        if kept := self._delays.get(host):
            keep_delay(self.crawler, host, kept)
            request.meta["autothrottle_dont_adjust_delay"] = True  # it would shorten the delay
        return rules

    def allows(self, request: Request, article: Request) -> bool:
        """Tell whether an article's page may ask for an address, by the rules that are known.

        A download handler must not ask for any (Scrapy's contract): other hosts are forbidden.
        The article itself was permitted, or a person asked for it: a crawl skips a host whose
        robots.txt cannot be read.
        """
        host = urlparse_cached(request).netloc
        rules = self._parsers.get(host)
        if not isinstance(rules, RobotParser):
            return host == urlparse_cached(article).netloc
        name = self._robotstxt_useragent or article.headers.get("User-Agent") or b""
        return rules.allowed(request.url, name)


class RobotsMiddleware(Component):
    """Stops the download of a long robots.txt and cuts it at the end of a line; unpacks it itself.

    Scrapy's HttpCompressionMiddleware, above it, would refuse it; then nothing is forbidden.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._breakers = breakers_of(crawler)
        self._received: WeakKeyDictionary[Request, int] = WeakKeyDictionary()
        crawler.signals.connect(self.bytes_received, signals.bytes_received)

    def process_request(self, request: Request) -> None:
        """Ask for what can be unpacked in part; a length that is announced refuses nothing."""
        if is_robots(request):
            request.headers["Accept-Encoding"] = b"gzip"
            request.meta["download_maxsize"] = request.meta["download_warnsize"] = 0

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Stop the download where enough has come."""
        if is_robots(request):
            self._received[request] = self._received.get(request, 0) + len(data)
            if self._received[request] > LONGEST:
                raise StopDownload(fail=False)

    def process_response(self, request: Request, response: Response) -> Response:
        """Cut a robots.txt; one that cannot be read at all counts as one that cannot be had."""
        if not is_robots(request):
            return response
        body, problem = b"", "http 206" if response.status == 206 else None
        try:
            body = _beginning(response)
        except (ValueError, zlib.error) as error:
            problem = f"cannot be unpacked: {error}"
        if problem:
            self._breakers.record_no_robots(ruled_host(request), problem)
        headers = response.headers.copy()
        headers.pop("Content-Encoding", None)
        return response.replace(body=body, headers=headers)


def _beginning(response: Response) -> bytes:
    """Return as much of a body as counts, unpacked. Raises ValueError and ``zlib.error``."""
    encoding = (response.headers.get("Content-Encoding") or b"").lower().strip()
    body = response.body
    if encoding in (b"gzip", b"x-gzip"):
        body = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, LONGEST + 1)
    elif encoding not in (b"", b"identity"):
        raise ValueError(f"Content-Encoding {encoding.decode('latin-1')!r}")
    return body if len(body) <= LONGEST else body[:LONGEST].rpartition(b"\n")[0]


class TellingOffsiteMiddleware(OffsiteMiddleware):
    """Scrapy's own, without its short cut and, in a crawl, without its exceptions.

    Scrapy drops such a request when it is scheduled, and calls no errback: an article that is
    redirected off the site would be waited for in vain. And it lets pass whatever is marked
    ``dont_filter``, as every retry is.
    """

    @classmethod
    @override
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = super().from_crawler(crawler)
        crawler.signals.disconnect(middleware.request_scheduled, signals.request_scheduled)
        return middleware

    def process_request(self, request: Request) -> Request | None:  # type: ignore[override]  # ditto
        """Raise ``IgnoreRequest`` for a way off the site; keep to https once it was spoken."""
        if not storage_of(self.crawler).is_open:  # a person chooses the addresses
            super().process_request(request)
            return None
        if odd := oddity(request.url):
            self.stats.inc_value("offsite/filtered")
            raise IgnoreRequest(f"refused: {odd} in {request.url}")
        spider = self.crawler.spider
        assert spider is not None
        if not self.should_follow(request, spider):
            super().process_request(request.replace(dont_filter=False))
        # What anybody on the way can change is no record; browsers do the same for sites with HSTS.
        sources = request.meta.get("redirect_urls") or ("",)
        if request.url.startswith("http:") and sources[-1].startswith("https:"):
            return request.replace(url=f"https:{request.url.removeprefix('http:')}")
        return None


LONGEST_WAIT: Final = 24 * 60 * 60.0
"""Seconds that no answer can ask for more of: a longer wait is a mistake, or means "go away"."""


def seconds_asked(value: str, now: datetime) -> float | None:
    """Return how long to wait by a Retry-After header, from 0 to ``LONGEST_WAIT`` seconds.

    Takes seconds and dates of HTTP (RFC 9110, section 10.2.3); None for anything else. ``now``
    has a zone.

    >>> seconds_asked("120", datetime(2026, 11, 22, tzinfo=UTC))
    120.0
    >>> seconds_asked("Sun, 22 Nov 2026 00:01:00 GMT", datetime(2026, 11, 22, tzinfo=UTC))
    60.0
    """
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return min(float(value), LONGEST_WAIT)
    try:
        time = parsedate_to_datetime(value)
        # Without a zone, or with "-0000", it is meant as GMT, as every date of HTTP.
        seconds = ((time if time.tzinfo else time.replace(tzinfo=UTC)) - now).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT)


class RetryAfterExtension(Component):
    """Asks nothing of a host for as long as its answer (429 or 503) says, while a crawl goes on.

    What is longer than ``RETRY_AFTER_MAX_SECONDS`` or than the rest of ``MAX_RUN_SECONDS`` is
    left to a later run: it opens the breaker.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        crawler.signals.connect(self.answer_received, answer_received)

    def answer_received(self, request: Request, response: Response) -> None:
        """Do as the answer asks."""
        value, crawler = response.headers.get("Retry-After"), self.crawler
        if value is None or response.status not in WAITS or not storage_of(crawler).is_open:
            return
        seconds = seconds_asked(value.decode("latin-1"), datetime.now(UTC)) or 0.0
        if seconds > self._patience():
            cause = f"http {response.status} with Retry-After of {seconds:.0f} s"
            breakers_of(crawler).open_for(host_of(request), cause, seconds)
        elif seconds and hold(crawler, request, seconds):
            counts = counts_of(crawler).retry_after
            counts.waits += 1
            counts.seconds += round(seconds)
            logger.info("%s asks us to wait %.0f s", host_of(request), seconds)

    def _patience(self) -> float:
        longest: float = self.crawler.settings.getfloat("RETRY_AFTER_MAX_SECONDS")
        budget: float = self.crawler.settings.getfloat("MAX_RUN_SECONDS")
        assert self.crawler.stats is not None
        now = datetime.now(UTC)
        spent: float = (now - self.crawler.stats.get_value("start_time", now)).total_seconds()
        return max(0.0, min(longest, budget - spent)) if budget else longest
