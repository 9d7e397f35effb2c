"""The doctor's run of Scrapy: a browser, a few polite requests, robots.txt, the site's clock."""

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any, Final, Self
from urllib.parse import urljoin, urlsplit

from protego import Protego
from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings
from typing_extensions import override

from kompascrawler.browser.chromium import ALLOW_SANDBOX, INSTALL, INSTALL_PLAYWRIGHT
from kompascrawler.browser.request import BrowserError, BrowserMissing
from kompascrawler.browser.supervisor import smoke_test
from kompascrawler.doctor.environment import SET_CLOCK, TOLERANCE
from kompascrawler.doctor.result import Result, checked
from kompascrawler.doctor.visit import MOST_REQUESTS, Reply, Visit, visit
from kompascrawler.outcome.terminal import span
from kompascrawler.politeness.non_content import NON_CONTENT
from kompascrawler.run.requests import cause_of, declared_encoding
from kompascrawler.sections import SECTIONS

SECONDS_FOR_BROWSER = 30.0
"""Seconds that a browser may take to start; 1 s is usual."""


class RequestLimit:
    """Downloader middleware, the last before the network, that limits the requests."""

    _left = MOST_REQUESTS

    def process_request(self, request: Request) -> None:  # noqa: ARG002 - Scrapy's signature
        """Count a request or, at the limit, refuse it."""
        if self._left <= 0:
            raise IgnoreRequest(f"the doctor's {MOST_REQUESTS} requests are used up")
        self._left -= 1


class DoctorSpider(Spider):
    """Starts the browser, requests robots.txt of the section's hosts and, if ``is_live``, pages.

    It obeys robots.txt, keeps the delay and sends our user agent, as a crawl does, and stores
    nothing. The results are in ``browser``, ``robots`` and ``visit``.
    """

    name = "doctor"
    custom_settings: dict[str, Any] | None = {  # noqa: RUF012 - as Scrapy declares it
        "ITEM_PIPELINES": {},
        "EXTENSIONS": {},
        "RETRY_ENABLED": False,
        # A person waits: a site that does not respond is known within a minute.
        "DOWNLOAD_TIMEOUT": 10.0,
    }

    def __init__(self, *, is_live: bool) -> None:
        super().__init__(self.name)
        # Whatever SECTION says: the assumptions are about Global.
        self.section = SECTIONS["global"]
        self.allowed_domains = list(self.section.hosts)
        self.is_live = is_live
        self.browser: Result | None = None
        self.robots: dict[str, Reply] = {}
        self.visit: Visit | None = None

    @classmethod
    @override
    def from_crawler(cls, crawler: Crawler, *_: Any, is_live: bool = False, **__: Any) -> Self:
        spider = cls(is_live=is_live)
        spider._set_crawler(crawler)
        crawler.signals.connect(spider.response_received, signals.response_received)
        return spider

    @classmethod
    @override
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        # Scrapy's set_in_component_priority_dict keeps the priority of the project's setting,
        # which `process.crawl` then sets once more: the limit would be lost.
        middlewares = settings.getdict("DOWNLOADER_MIDDLEWARES") | {RequestLimit: 1000}
        settings.set("DOWNLOADER_MIDDLEWARES", middlewares, priority="spider")

    @override
    async def start(self) -> AsyncIterator[Request]:
        """Make all requests one after the other, past the scheduler."""
        self.browser = await self._try_browser()
        if self.is_live:
            self.visit = await visit(self.ask, self.section)
            self.visit.robots = self.robots
        else:
            for host in self.section.hosts:
                url = f"https://{host}/robots.txt"
                self.robots[host] = await self.ask(url, dont_obey_robotstxt=True)
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    async def _try_browser(self) -> Result:
        try:
            program, seconds = await smoke_test(self.crawler, SECONDS_FOR_BROWSER)
        except BrowserMissing as error:
            others = (INSTALL_PLAYWRIGHT, ALLOW_SANDBOX)
            advice = next((other for other in others if other in str(error)), INSTALL)
            found = str(error).partition(advice)[0].strip(" ;:") or "Playwright is not installed"
            if self.settings["HALAMAN_ROUTE"] == "browser":
                return Result("browser", "fail", f"{found}, and HALAMAN_ROUTE needs it", advice)
            found += ": articles that need it stay incomplete"
            return Result("browser", "warn", found, advice)
        except BrowserError as error:
            advice = "start it by hand to see why, or set BROWSER_EXECUTABLE to another"
            return Result("browser", "fail", str(error), advice)
        return Result("browser", "ok", f"{program}, started in {seconds:.1f} s")

    async def ask(self, url: str, *, follow: bool = True, **meta: Any) -> Reply:
        """Make a request, as ``visit.Ask`` says."""
        assert self.crawler.engine is not None
        request = Request(url, meta={"dont_redirect": not follow, **meta})
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever it raises, there is no response
            is_ours = isinstance(error, IgnoreRequest)
            return Reply(url=url, problem=cause_of(error), is_ours=is_ours)
        return reply_of(response)

    def response_received(self, response: Response) -> None:
        """Keep the robots.txt that the middleware requests before any page."""
        parts = urlsplit(response.url)
        if parts.path == "/robots.txt":
            self.robots[parts.netloc] = reply_of(response)


def reply_of(response: Response) -> Reply:
    """Return what the doctor keeps of a response."""
    stated = (response.headers.get(name) for name in ("Location", "Date"))
    location, date = (value.decode("latin-1") if value else None for value in stated)
    leads_to = urljoin(response.url, location) if location else None
    return Reply(
        url=response.url,
        non_content=response.meta.get(NON_CONTENT),
        status=response.status,
        body=response.body,
        encoding=declared_encoding(response),
        leads_to=leads_to if 300 <= response.status < 400 else None,
        date=date,
    )


_SAMPLES: Final = (
    *("/", "/global", "/global/read/2026/11/01/120000170/x?page=all", "/?site=global&page=2"),
)
"""Paths of every kind that a crawl requests, on any host."""


def robots(host: str, reply: Reply | None, user_agent: str, most: float) -> Result:
    """Judge a host's robots.txt; ``most`` is ``CRAWL_DELAY_MAX_SECONDS``."""
    warn = partial(Result, "robots.txt", "warn")
    if reply is None or reply.status is None:
        found = f"no response from {host}: {reply.problem if reply else 'not asked'}"
        return warn(found, "check the network and http_proxy/https_proxy")
    if reply.status == 429 or reply.status >= 500:
        found = f"{host} responds with status {reply.status}: a crawl would request nothing of it"
        return warn(found, "wait: each crawl tries again")
    if reply.refuses_us:
        advice = "open it in a browser; the site may not want us now: run less often"
        return warn(f"{host} refuses us: {reply}", advice)
    rules = Protego.parse(reply.body.decode("utf-8", "replace") if reply.is_page else "")
    urls = {path: f"https://{host}{path}" for path in _SAMPLES}
    if forbidden := [path for path, url in urls.items() if not rules.can_fetch(url, user_agent)]:
        found = f"{host} forbids {', '.join(forbidden)}"
        return Result("robots.txt", "fail", found, "the crawler obeys: ask the site's owner")
    wanted = rules.crawl_delay(user_agent)
    if wanted and wanted > most:
        found = f"{host} permits the section, and wants {wanted:g} s between two requests"
        advice = "set CRAWL_DELAY_MAX_SECONDS to that; a crawl waits no longer than it says"
        return warn(found, advice)
    said = "permits the section" if reply.is_page else f"has none (status {reply.status})"
    return Result("robots.txt", "ok", f"{host} {said}")


def site_clock(replies: Mapping[str, Reply], now: datetime) -> Result | None:
    """Compare our clock with the site's; None if the site states no time."""
    for host, reply in replies.items():
        with suppress(ValueError):
            theirs = parsedate_to_datetime(reply.date or "")
            apart = (now - theirs).total_seconds() if theirs.tzinfo else 0.0
            side = "ahead of" if apart > 0 else "behind"
            is_wrong = abs(apart) > TOLERANCE.total_seconds()
            problem = is_wrong and f"ours is {span(abs(apart))} {side} that of {host}"
            return checked("site's clock", f"the same as ours ({host})", problem, SET_CLOCK)
    return None
