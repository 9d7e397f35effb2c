"""``scrapy crawl``: Scrapy's own, with arguments checked first and an exit status that is true."""

import argparse
import sys
from typing import TextIO

from scrapy.commands import crawl
from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader

from kompascrawler.configuration import SettingError, check_settings
from kompascrawler.discovery.arguments import ArgumentError, parse_arguments
from kompascrawler.log import quieten
from kompascrawler.sections import SECTIONS
from kompascrawler.verdict import ExitStatus, judge, summary


class Command(crawl.Command):
    """Run a spider; the exit status says how it went (README.md)."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check what was given before anything is started; a bad argument ends with status 2."""
        super().process_options(args, opts)
        assert self.settings is not None
        try:
            _check_spider(args, self.settings)
            check_settings(self.settings)
            parse_arguments(opts.spargs, SECTIONS[self.settings["SECTION"]])
        except (ArgumentError, SettingError) as error:
            print(f"scrapy crawl: {error}", file=sys.stderr)
            sys.exit(ExitStatus.USAGE)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl, print the summary, set the exit status."""
        assert self.crawler_process is not None
        assert self.settings is not None
        quieten()
        crawler = self._create_crawler(args[0])
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        if self.crawler_process.bootstrap_failed:
            self.exitcode = ExitStatus.ERROR
            return
        assert crawler.stats is not None
        stats = crawler.stats.get_stats()
        print(summary(stats, self.settings["DATA_DIR"]), file=_output(self.settings))
        self.exitcode = judge(stats).status


def _check_spider(args: list[str], settings: BaseSettings) -> None:
    names = get_spider_loader(settings).list()
    if len(args) != 1 or args[0] not in names:
        given = " ".join(args) or "no spider"
        raise ArgumentError(f"{given}: give one spider of {', '.join(names)}")


def _output(settings: BaseSettings) -> TextIO:
    """Return where the summary goes: not where ``-o -`` writes the articles."""
    writes_items = any(uri in ("-", "stdout:") for uri in settings.getdict("FEEDS"))
    return sys.stderr if writes_items else sys.stdout
