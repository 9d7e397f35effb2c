"""``scrapy crawl``: Scrapy's own, with arguments checked first and an exit status that is true."""

import argparse
import sys
from typing import TextIO

from scrapy.commands import crawl
from scrapy.settings import BaseSettings

from kompascrawler.configuration import SettingError, check_settings
from kompascrawler.discovery.arguments import ArgumentError, parse_arguments
from kompascrawler.sections import SECTIONS
from kompascrawler.verdict import ExitStatus, judge, summary


class Command(crawl.Command):
    """Run a spider; the exit status says how it went (README.md)."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check what was given, crawl, print the summary, set the exit status."""
        assert self.crawler_process is not None
        assert self.settings is not None
        try:
            name = self._spider_name(args)
            check_settings(self.settings)
            parse_arguments(opts.spargs, SECTIONS[self.settings["SECTION"]])
        except (ArgumentError, SettingError) as error:
            print(f"scrapy crawl: {error}", file=sys.stderr)
            self.exitcode = ExitStatus.USAGE
            return
        crawler = self._create_crawler(name)
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        if self.crawler_process.bootstrap_failed:
            self.exitcode = ExitStatus.ERROR
            return
        assert crawler.stats is not None
        stats = crawler.stats.get_stats()
        print(summary(stats, self.settings["DATA_DIR"]), file=_output(self.settings))
        self.exitcode = judge(stats).status

    def _spider_name(self, args: list[str]) -> str:
        assert self.crawler_process is not None
        names = self.crawler_process.spider_loader.list()
        if len(args) != 1 or args[0] not in names:
            given = " ".join(args) or "no spider"
            raise ArgumentError(f"{given}: give one spider of {', '.join(names)}")
        return args[0]


def _output(settings: BaseSettings) -> TextIO:
    """Return where the summary goes: not where ``-o -`` writes the articles."""
    writes_items = any(uri in ("-", "stdout:") for uri in settings.getdict("FEEDS"))
    return sys.stderr if writes_items else sys.stdout
