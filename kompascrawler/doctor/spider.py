"""The doctor's own run of Scrapy: a browser that is started, and a few polite requests."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings

from kompascrawler.browser.chromium import ALLOW_SANDBOX, INSTALL, INSTALL_PLAYWRIGHT
from kompascrawler.browser.errors import BrowserError, BrowserMissing
from kompascrawler.browser.trial import try_browser
from kompascrawler.doctor.answer import Answer
from kompascrawler.doctor.finding import Finding
from kompascrawler.doctor.live.seen import Seen
from kompascrawler.doctor.live.visit import MOST_REQUESTS, visit
from kompascrawler.politeness.non_content import IMPOSTER
from kompascrawler.run.causes import cause_of
from kompascrawler.sections import SECTIONS
from kompascrawler.spiders.answers import declared_encoding

SECONDS_FOR_BROWSER = 30.0
"""Seconds that a browser's start may take; some 1 s is usual."""


class RequestLimit:
    """Downloader middleware, the last before the network: lets so many requests through."""

    def __init__(self, most: int) -> None:
        self._left = most

    @classmethod
    def from_crawler(cls, _: Crawler) -> Self:
        """Build the middleware."""
        return cls(MOST_REQUESTS)

    def process_request(self, request: Request) -> None:  # noqa: ARG002 - Scrapy's signature
        """Count a request; refuse it when the limit is reached."""
        if self._left <= 0:
            raise IgnoreRequest(f"the doctor's {MOST_REQUESTS} requests are used up")
        self._left -= 1


class DoctorSpider(Spider):
    """Starts the browser, asks the section's hosts for robots.txt and, when told to, for pages.

    Robots.txt is obeyed, the delay kept and our name told, as in a crawl; nothing is asked for a
    second time, and nothing is stored. What came is in ``browser``, ``robots`` and ``seen``.
    """

    name = "doctor"

    def __init__(self, *, is_live: bool) -> None:
        super().__init__(self.name)
        # Whatever SECTION says: it is Global that the assumptions are about.
        self.section = SECTIONS["global"]
        self.allowed_domains = list(self.section.hosts)
        self.is_live = is_live
        self.browser: Finding | None = None
        self.robots: dict[str, Answer] = {}
        self.seen: Seen | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *_: Any, is_live: bool = False, **__: Any) -> Self:
        """Build the spider."""
        spider = cls(is_live=is_live)
        spider._set_crawler(crawler)
        crawler.signals.connect(spider.response_received, signals.response_received)
        return spider

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Leave out what keeps, repeats or reports; let no request through above the limit."""
        super().update_settings(settings)
        changes = {
            "ITEM_PIPELINES": {},
            "EXTENSIONS": {},
            "RETRY_ENABLED": False,
            # Somebody waits: where nothing answers, that is known in a minute.
            "DOWNLOAD_TIMEOUT": 10.0,
            # Scrapy's set_in_component_priority_dict keeps the priority of the project's setting,
            # which `process.crawl` then sets once more: the limit would be lost.
            "DOWNLOADER_MIDDLEWARES": settings.getdict("DOWNLOADER_MIDDLEWARES")
            | {RequestLimit: 1000},
        }
        for name, value in changes.items():
            settings.set(name, value, priority="spider")

    async def start(self) -> AsyncIterator[Request]:
        """Look at everything, one thing after the other; nothing is left for the scheduler."""
        self.browser = await self._try_browser()
        if self.is_live:
            self.seen = await visit(self.ask, self.section)
            self.seen.robots = self.robots
        else:
            for host in self.section.hosts:
                url = f"https://{host}/robots.txt"
                self.robots[host] = await self.ask(url, dont_obey_robotstxt=True)
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    async def _try_browser(self) -> Finding:
        name = "browser"
        try:
            trial = await try_browser(self.crawler, SECONDS_FOR_BROWSER)
        except BrowserMissing as error:
            others = (INSTALL_PLAYWRIGHT, ALLOW_SANDBOX)
            advice = next((other for other in others if other in str(error)), INSTALL)
            found = str(error).partition(advice)[0].strip(" ;:") or "there is no Playwright"
            if self.settings["HALAMAN_ROUTE"] == "browser":
                return Finding.fail(name, f"{found}, and HALAMAN_ROUTE asks for it", advice)
            return Finding.warn(name, f"{found}: articles that need one stay incomplete", advice)
        except BrowserError as error:
            advice = "start it by hand to see why; BROWSER_EXECUTABLE names another"
            return Finding.fail(name, str(error), advice)
        return Finding.ok(name, f"{trial.program}, started in {trial.seconds:.1f} s")

    async def ask(self, url: str, *, follow: bool = True, **meta: Any) -> Answer:
        """Ask for an address; see ``live.visit.Ask``."""
        assert self.crawler.engine is not None
        request = Request(url, meta={"dont_redirect": not follow, **meta})
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever it raises, there is no answer
            is_ours = isinstance(error, IgnoreRequest)
            return Answer(url=url, problem=cause_of(error), is_ours=is_ours)
        return answer_of(response)

    def response_received(self, response: Response) -> None:
        """Note an answer to robots.txt, which the middleware asks for before any page."""
        parts = urlsplit(response.url)
        if parts.path == "/robots.txt":
            self.robots[parts.netloc] = answer_of(response)


def answer_of(response: Response) -> Answer:
    """Return what the doctor keeps of a response."""
    header = partial(_header, response)
    location = header("Location") if 300 <= response.status < 400 else None
    return Answer(
        url=response.url,
        imposter=response.meta.get(IMPOSTER),
        status=response.status,
        body=response.body,
        encoding=declared_encoding(response),
        leads_to=urljoin(response.url, location) if location else None,
        date=header("Date"),
    )


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
