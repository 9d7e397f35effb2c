"""The whole examination: this machine first, then a run of Scrapy for browser and site."""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from scrapy.crawler import CrawlerProcessBase
from scrapy.settings import BaseSettings

from kompascrawler.doctor import local
from kompascrawler.doctor.finding import Finding, Subject
from kompascrawler.doctor.report import Report, of_robots, of_visit
from kompascrawler.doctor.spider import DoctorSpider
from kompascrawler.outcome.terminal import WIDTH

Show = Callable[[Sequence[str]], None]
"""Shows lines to whoever waits for them."""


def examine(
    process: CrawlerProcessBase,
    settings: BaseSettings,
    environment: Mapping[str, str],
    *,
    is_live: bool,
    show: Show | None,
) -> Report:
    """Make every check; ``show`` gets the lines of each as soon as it is made."""
    report = Report()

    def tell(*lines: str) -> None:
        if show:
            show(lines)

    def add(*findings: Finding) -> None:
        for finding in findings:
            report.findings.append(finding)
            tell(*finding.lines())

    subject = Subject(settings=settings, environment=environment, now=datetime.now(UTC))
    for finding in local.examine(subject):
        add(finding)
    if report.findings[-1].name == "settings":
        add(Finding.warn("all the rest", "not looked at", "correct the settings first"))
    else:
        spider = _run(process, is_live=is_live)
        assert spider.browser is not None
        add(spider.browser)
        delay, agent = settings.getfloat("DOWNLOAD_DELAY"), spider.settings["USER_AGENT"]
        add(*of_robots(spider.robots, spider.section.hosts, agent, delay, datetime.now(UTC)))
        if spider.seen is not None:
            report.is_unreachable = spider.seen.is_unreachable
            report.judgements = [] if report.is_unreachable else of_visit(spider.seen)
            for judgement in report.judgements:
                tell("", *judgement.lines())
    tell("", *textwrap.wrap(report.summary, WIDTH))
    return report


def _run(process: CrawlerProcessBase, *, is_live: bool) -> DoctorSpider:
    """Run the doctor's spider to its end."""
    crawler = process.create_crawler(DoctorSpider)
    process.crawl(crawler, is_live=is_live)
    process.start()
    assert isinstance(crawler.spider, DoctorSpider)
    return crawler.spider
