"""Makes every check and puts the results together: table, JSON, exit status."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Final

from scrapy.crawler import CrawlerProcessBase
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from kompascrawler.command import LazyCommand
from kompascrawler.doctor import environment, folder
from kompascrawler.doctor.assumptions import ASSUMPTIONS
from kompascrawler.doctor.result import Result, Subject, drawn
from kompascrawler.doctor.spider import DoctorSpider, robots, site_clock
from kompascrawler.doctor.visit import Visit
from kompascrawler.outcome.exit_status import ExitStatus
from kompascrawler.outcome.terminal import folder_line, put, show, text

Check = Callable[[Subject], Iterator[Result]]
FIRST: Final[tuple[Check, ...]] = (
    *(environment.versions, environment.proxies, environment.certificates, environment.zone),
    environment.settings,
)
"""Checks that need no settings, and that of the settings."""
BY_SETTINGS: Final[tuple[Check, ...]] = (
    *(environment.contact, environment.extras, environment.metrics_file),
    *(environment.notifications, folder.writing, folder.owner, folder.disk),
    *(environment.clock, folder.store, folder.breakers),
)
"""Checks of what the settings name; they need valid settings."""


def check_machine(subject: Subject) -> Iterator[Result]:
    """Make every check that needs neither the network nor a browser.

    If the settings are invalid, the last result says so.
    """
    result = None
    for result in chain.from_iterable(check(subject) for check in FIRST):
        yield result
    if result and result.state == "fail":
        return
    for check in BY_SETTINGS:
        try:
            yield from check(subject)
        except OSError as error:
            found = f"{error.filename or 'it'} cannot be read: {error.strerror}"
            advice = "run the doctor as the user who crawls (runuser -u …)"
            yield Result(check.__name__, "fail", found, advice)


def check_site(seen: Visit) -> list[Result]:
    """Judge every assumption about the site."""
    return [assumption.result(seen) for assumption in ASSUMPTIONS]


@dataclass(kw_only=True)
class Report:
    """All results."""

    results: list[Result] = field(default_factory=list)
    is_unreachable: bool = False
    """Whether the site should have been visited and did not respond."""

    @property
    def exit_status(self) -> int:
        """1 if something failed, 4 if the site should have been visited and did not respond."""
        if any(result.state == "fail" for result in self.results):
            return ExitStatus.ERROR
        return ExitStatus.UNREACHABLE if self.is_unreachable else ExitStatus.FINE

    @property
    def summary(self) -> str:
        """Everything in one line."""
        states = [result.state for result in self.results if not result.source]
        counts = ", ".join(f"{states.count(one)} {one}" for one in ("ok", "warn", "fail"))
        if self.is_unreachable:
            return f"{counts}. The site cannot be reached from here: its checks were not made"
        if not (judged := [result.label for result in self.results if result.source]):
            return counts
        told = ", ".join(f"{judged.count(word)} {word}" for word in dict.fromkeys(judged))
        return f"{counts}. Of {len(judged)} assumptions about the site: {told}"

    def as_dict(self) -> dict[str, Any]:
        """Return the report as ``doctor --json`` prints it."""
        return {
            "exit_status": int(self.exit_status),
            "summary": self.summary,
            "checks": [one.as_dict() for one in self.results if not one.source],
            "assumptions": [one.as_dict() for one in self.results if one.source],
        }


def examine(
    process: CrawlerProcessBase, settings: BaseSettings, report: Report, *, is_live: bool
) -> Iterator[Result]:
    """Yield each result as soon as it is known; say in ``report`` if the site does not respond."""
    result = None
    for result in check_machine(
        Subject(settings=settings, environment=os.environ, now=datetime.now(UTC))
    ):
        yield result
    if result and result.name == "settings":
        yield Result("all the rest", "warn", "not checked", "correct the settings first")
        return
    crawler = process.create_crawler(DoctorSpider)
    process.crawl(crawler, is_live=is_live)
    process.start()
    spider = crawler.spider
    assert isinstance(spider, DoctorSpider)
    yield from _of_spider(spider)
    if spider.visit is not None:
        report.is_unreachable = spider.visit.is_unreachable
        if not report.is_unreachable:
            yield from check_site(spider.visit)


def _of_spider(spider: DoctorSpider) -> Iterator[Result]:
    assert spider.browser is not None
    yield spider.browser
    agent = spider.settings["USER_AGENT"]
    most = spider.settings.getfloat("CRAWL_DELAY_MAX_SECONDS")
    for host in spider.section.hosts:
        yield robots(host, spider.robots.get(host), agent, most)
    if clock := site_clock(spider.robots, datetime.now(UTC)):
        yield clock


def run(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Make the checks, show the results, return the exit status."""
    if args:
        raise UsageError("no arguments are taken")
    assert command.crawler_process is not None
    if not opts.json:
        show(folder_line(Path(str(command.chosen["DATA_DIR"]))))
    report = Report()
    for result in examine(command.crawler_process, command.chosen, report, is_live=opts.live):
        report.results.append(result)
        if not opts.json:
            show(drawn(result))
    if opts.json:
        put(json.dumps(report.as_dict(), ensure_ascii=False, indent=1), sys.stdout)
    else:
        show(text(f"\n{report.summary}"))
    return int(report.exit_status)
