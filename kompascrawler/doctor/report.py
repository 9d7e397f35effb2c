"""``kompascrawler doctor``: every check, shown as a table or JSON, and the exit status."""

import argparse
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from scrapy.crawler import CrawlerProcessBase

from kompascrawler.command import LazyCommand
from kompascrawler.doctor import environment, folder
from kompascrawler.doctor.assumptions import ASSUMPTIONS
from kompascrawler.doctor.result import Result, Subject, drawn
from kompascrawler.doctor.spider import DoctorSpider, robots, site_clock
from kompascrawler.doctor.visit import Visit
from kompascrawler.outcome.terminal import folder_line, put_json, show, text
from kompascrawler.outcome.verdict import ExitStatus

Check = Callable[[Subject], Iterator[Result]]
CHECKS: Final[tuple[Check, ...]] = (
    *(environment.versions, environment.proxies, environment.certificates, environment.zone),
    *(environment.settings, environment.contact, environment.extras, environment.written_files),
    *(environment.notifications, folder.writing, folder.owner, folder.disk),
    *(environment.clock, folder.store, folder.breakers),
)
"""Those behind that of the settings need valid settings."""


def check_machine(subject: Subject) -> Iterator[Result]:
    """Make the checks that need neither network nor browser; invalid settings are the last."""
    for check in CHECKS:
        try:
            for result in check(subject):
                yield result
                if check is environment.settings and result.state == "fail":
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
