"""``scrapy crawl``: Scrapy's own, with arguments checked first and an end that is true."""

import argparse
import asyncio
import logging
import os
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NoReturn

from scrapy.commands import crawl
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader

from kompascrawler.configuration.table import SettingError, check_settings
from kompascrawler.discovery.arguments import ArgumentError, parse_arguments
from kompascrawler.outcome.counts import Engine, Errors, RunCounts
from kompascrawler.outcome.exit_status import ExitStatus, Verdict
from kompascrawler.outcome.outcome import Outcome, last_line, output
from kompascrawler.outcome.terminal import put
from kompascrawler.run import log
from kompascrawler.run.counting import counts_of
from kompascrawler.run.interruptions import Interruptions
from kompascrawler.run.shutdown import Ending, ending_of
from kompascrawler.run.storage import new_run_id, storage_of
from kompascrawler.sections import SECTIONS
from kompascrawler.store.lock import RunLock
from kompascrawler.store.model import StoreError

logger = logging.getLogger(__name__)


class Command(crawl.Command):
    """Run a spider; exit status and last line say how it went (docs/runs.md)."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add Scrapy's options; what cannot be parsed ends as every bad argument does."""
        super().add_options(parser)
        parser.error = self._refuse  # type: ignore[method-assign]

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check what was given before anything is started; a bad argument ends with status 2."""
        assert self.settings is not None
        _open_closed_streams()
        try:
            super().process_options(args, opts)
            _check_spider(args, self.settings)
            check_settings(self.settings)
            parse_arguments(opts.spargs, SECTIONS[self.settings["SECTION"]])
        except (ArgumentError, SettingError, UsageError) as error:
            self._refuse(str(error))
        run_id = self.settings["RUN_ID"] or new_run_id()
        self.settings.set("RUN_ID", run_id, priority="cmdline")
        try:
            log.set_up(self.settings, run_id)
        except OSError as error:
            self._refuse(f"LOG_FILE={error.filename}: cannot be written: {error.strerror}")

    def _refuse(self, message: str) -> NoReturn:
        put(f"scrapy crawl: {message}", sys.stderr)
        advice = "correct it; docs/runs.md and docs/settings.md list what there is"
        verdict = Verdict.of(ExitStatus.USAGE, message, advice)
        assert self.settings is not None
        put(last_line(verdict), output(self.settings))
        sys.exit(ExitStatus.USAGE)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Take the lock, crawl, tell how it went, in this order and whatever happens."""
        assert self.settings is not None
        interruptions, errors = Interruptions(), log.Errors()
        logging.root.addHandler(errors)
        outcome = Outcome(self.settings, args[0], opts.spargs)
        with interruptions.listening():
            try:
                RunLock.take(outcome.data_dir, outcome.run_id)  # until the process ends
            except StoreError as error:
                self.exitcode = outcome.refused(error)
                return
            counts = self._crawl(args[0], opts.spargs, interruptions)
            counts.errors = Errors(errors.count, errors.first)
            counts.run.signal = interruptions.signal
            self.exitcode = outcome.summarise(counts)

    def _crawl(
        self, spider: str, arguments: dict[str, str], interruptions: Interruptions
    ) -> RunCounts:
        """Crawl; return what was counted."""
        assert self.crawler_process is not None
        crawler = None
        try:
            crawler = self._create_crawler(spider)
            storage_of(crawler).rely_on_lock()
            with interruptions.telling(partial(_end, ending_of(crawler))):
                crawling = self.crawler_process.crawl(crawler, **arguments)
                self.crawler_process.start(install_signal_handlers=False)
            _raise_error_of(crawling)
        except Exception:
            logger.exception("The crawl broke off")
        if crawler is None:
            return RunCounts()
        counts = counts_of(crawler)
        with suppress(RuntimeError):  # it broke off before Scrapy had any statistics
            counts.engine = Engine.of(crawler.stats.get_stats())
        return counts


def _end(ending: Ending, signals: int) -> None:
    """End a crawl at the first signal, hurry it at the second; callable at any moment."""
    from twisted.internet import reactor  # noqa: PLC0415 - installed by now, and not before

    work = partial(ending.begin, "shutdown") if signals == 1 else ending.hurry
    reactor.callFromThread(work)


def _raise_error_of(crawling: object) -> None:
    """Raise what made a crawl break off, as Scrapy keeps it."""
    if isinstance(crawling, asyncio.Task) and crawling.done() and not crawling.cancelled():
        crawling.result()


def _open_closed_streams() -> None:
    """Put something in the place of streams that are closed (``2>&-``): Scrapy needs them."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115 - to the very end


def _check_spider(args: list[str], settings: BaseSettings) -> None:
    names = get_spider_loader(settings).list()
    if len(args) != 1 or args[0] not in names:
        given = " ".join(args) or "no spider"
        raise ArgumentError(f"{given}: give one spider of {', '.join(names)}")
