"""``kompascrawler doctor``: every check, a run of Scrapy for the site, and what is shown of it."""

import argparse
import os
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler, CrawlerProcessBase
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings
from typing_extensions import override

from kompascrawler.browser.chromium import ALLOW_SANDBOX, INSTALL
from kompascrawler.browser.request import BrowserError, BrowserMissing
from kompascrawler.browser.supervisor import INSTALL_PLAYWRIGHT, smoke_test
from kompascrawler.command import LazyCommand
from kompascrawler.doctor import machine
from kompascrawler.doctor.assumptions import ASSUMPTIONS
from kompascrawler.doctor.result import Result, Subject, drawn
from kompascrawler.doctor.visit import MOST_REQUESTS, Reply, Visit, robots, site_clock, visit
from kompascrawler.outcome.cards import ExitStatus
from kompascrawler.politeness.non_content import NON_CONTENT
from kompascrawler.run.requests import cause_of, declared_encoding
from kompascrawler.sections import SECTIONS
from kompascrawler.terminal import folder_line, put_json, show, text

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


Check = Callable[[Subject], Iterator[Result]]
CHECKS: Final[tuple[Check, ...]] = (
    *(machine.versions, machine.network, machine.zone, machine.settings, machine.contact),
    *(machine.extras, machine.written_files, machine.notifications, machine.writing),
    *(machine.owner, machine.disk, machine.clock, machine.store, machine.breakers),
)
"""Those behind that of the settings need valid settings."""


def check_machine(subject: Subject) -> Iterator[Result]:
    """Make the checks that need neither network nor browser; invalid settings are the last."""
    for check in CHECKS:
        try:
            for result in check(subject):
                yield result
                if check is machine.settings and result.state == "fail":
                    return
        except OSError as error:
            found = f"{error.filename or 'it'} cannot be read: {error.strerror}"
            advice = "run the doctor as the user who crawls (runuser -u …)"
            yield Result(check.__name__, "fail", found, advice)


def check_site(seen: Visit) -> list[Result]:
    """Judge every assumption about the site."""
    return [assumption.result(seen) for assumption in ASSUMPTIONS]


def summary(results: Sequence[Result], *, is_unreachable: bool) -> str:
    """Return all results in one line."""
    states = [result.state for result in results if not result.source]
    counts = ", ".join(f"{states.count(one)} {one}" for one in ("ok", "warn", "fail"))
    if is_unreachable:
        return f"{counts}. The site cannot be reached from here: its checks were not made"
    if not (judged := [result.label for result in results if result.source]):
        return counts
    said = ", ".join(f"{judged.count(label)} {label}" for label in dict.fromkeys(judged))
    return f"{counts}. Of {len(judged)} assumptions about the site: {said}"


def _visited(process: CrawlerProcessBase, *, is_live: bool) -> DoctorSpider:
    crawler = process.create_crawler(DoctorSpider)
    process.crawl(crawler, is_live=is_live)
    process.start()
    assert isinstance(crawler.spider, DoctorSpider)
    return crawler.spider


def _of_spider(spider: DoctorSpider) -> Iterator[Result]:
    assert spider.browser is not None
    yield spider.browser
    agent = spider.settings["USER_AGENT"]
    most = spider.settings.getfloat("CRAWL_DELAY_MAX_SECONDS")
    for host in spider.section.hosts:
        yield robots(host, spider.robots.get(host), agent, most)
    if clock := site_clock(spider.robots, datetime.now(UTC)):
        yield clock
    if spider.visit and not spider.visit.is_unreachable:
        yield from check_site(spider.visit)


def run(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Make the checks, show the results; return 1 if one fails, 4 if the site is unreachable."""
    if args:
        command.refuse("no arguments are taken")
    assert command.crawler_process is not None
    results: list[Result] = []

    def tell(found: Iterable[Result]) -> None:
        for result in found:
            results.append(result)
            if not opts.json:
                show(drawn(result))

    if not opts.json:
        show(folder_line(Path(str(command.chosen["DATA_DIR"]))))
    now, is_unreachable = datetime.now(UTC), False
    tell(check_machine(Subject(settings=command.chosen, environment=os.environ, now=now)))
    if results[-1].name == "settings":
        tell([Result("all the rest", "warn", "not checked", "correct the settings first")])
    else:
        spider = _visited(command.crawler_process, is_live=opts.live)
        is_unreachable = spider.visit is not None and spider.visit.is_unreachable
        tell(_of_spider(spider))
    return _conclude(results, is_unreachable=is_unreachable, as_json=opts.json)


def _conclude(results: Sequence[Result], *, is_unreachable: bool, as_json: bool) -> int:
    has_failed = any(result.state == "fail" for result in results)
    status = ExitStatus.UNREACHABLE if is_unreachable else ExitStatus.FINE
    status = ExitStatus.ERROR if has_failed else status
    said = summary(results, is_unreachable=is_unreachable)
    if as_json:
        checks = [one.as_dict() for one in results if not one.source]
        assumptions = [one.as_dict() for one in results if one.source]
        told = {"exit_status": int(status), "summary": said}
        put_json({**told, "checks": checks, "assumptions": assumptions})
    else:
        show(text(f"\n{said}"))
    return int(status)
