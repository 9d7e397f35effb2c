"""Crawl what is new; the exit status says how it went."""

import argparse
import asyncio
import logging
import os
import sys
import textwrap
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Final, NoReturn

from scrapy.commands import ScrapyHelpFormatter, crawl
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader
from scrapy.utils.misc import load_object
from typing_extensions import override

from kompascrawler.command import CONSOLE_SCRIPT, OurCommand, name_data_folder, program
from kompascrawler.components import counts_of
from kompascrawler.configuration.setting import SettingError, shown
from kompascrawler.configuration.table import SETTINGS, check_settings
from kompascrawler.discovery.tasks import ArgumentError, parse_arguments
from kompascrawler.outcome.cards import ExitStatus, Verdict, is_used
from kompascrawler.outcome.counts import Engine, PublishTally, RunCounts
from kompascrawler.outcome.outcome import Outcome, last_line, output
from kompascrawler.run import log
from kompascrawler.run.interruptions import INTERRUPTIONS
from kompascrawler.run.shutdown import Shutdown, shutdown_of
from kompascrawler.run.storage import new_run_id, storage_of
from kompascrawler.sections import chosen_sections
from kompascrawler.store.lock import RunLock
from kompascrawler.store.model import StoreError
from kompascrawler.terminal import put, write

logger = logging.getLogger(__name__)


SPIDER: Final = "kompas_global"
ARGUMENTS: Final = {
    "start_urls": "articles, pages of the index or the front page, with commas between",
    "refresh": "stored articles to look at again: ids, addresses, or days such as 7d",
    "max_articles": "stop after so many new records",
    "since": "first day of publication (WIB), YYYY-MM-DD",
    "until": "last day of publication (WIB), YYYY-MM-DD",
}


class _Help(ScrapyHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of the list at the end."""


def _epilog() -> str:
    """Return the arguments, and the settings that an operator may need, a paragraph each."""
    wrap = textwrap.TextWrapper(78, initial_indent="  ", subsequent_indent=" " * 24)
    arguments = [f"{name:22}{meaning}" for name, meaning in ARGUMENTS.items()]
    common = [f"{one.name:22}{one.meaning}" for one in SETTINGS.values() if one.is_common]
    said = ["Arguments (-a NAME=VALUE):", *map(wrap.fill, arguments), ""]
    said += ["Settings (-s NAME=VALUE; docs/settings.md has them all):", *map(wrap.fill, common)]
    return "\n".join(said)


class Command(OurCommand, crawl.Command):
    @override
    def syntax(self) -> str:
        return "[options]" if program() == CONSOLE_SCRIPT else f"[options] {SPIDER}"

    @override
    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.formatter_class = _Help
        parser.epilog = _epilog()
        parser.error = self.refuse  # type: ignore[method-assign] # ends as every bad argument

    @override
    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        INTERRUPTIONS.begin()
        # On import it looks up the source of every frame above it, among all modules: now few.
        import_module("scrapy.core.downloader.contextfactory")
        _open_closed_streams()
        if not args and program() == CONSOLE_SCRIPT:
            args.append(SPIDER)
        try:
            super().process_options(args, opts)
            _check_spider(args, self.chosen)
            check_settings(self.chosen)
            parse_arguments(opts.spargs, chosen_sections(self.chosen["SECTION"]))
        except (ArgumentError, SettingError, UsageError) as error:
            self.refuse(str(error))
        run_id = self.chosen["RUN_ID"] or new_run_id()
        self.chosen.set("RUN_ID", run_id, priority="cmdline")
        try:
            log.set_up(self.chosen, run_id)
        except OSError as error:
            self.refuse(f"LOG_FILE={error.filename}: cannot be written: {error.strerror}")

    @override
    def refuse(self, message: str) -> NoReturn:
        refuse(message, self.chosen)

    @override
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if sys.stderr.isatty():
            name_data_folder(self.chosen)
        else:
            logger.info("Data folder: %s", Path(self.chosen["DATA_DIR"]).absolute())
        try:
            self.exitcode = self._run(args[0], opts.spargs)
            write("", sys.stderr, end="")
        finally:
            INTERRUPTIONS.end()

    def _run(self, spider: str, arguments: dict[str, str]) -> ExitStatus:
        """Take the lock, crawl, tell how it went: in this order and whatever happens."""
        outcome, errors = Outcome(self.chosen, spider, arguments), log.Errors()
        logging.root.addHandler(errors)
        try:
            had_name = is_used(outcome.data_dir, outcome.run_id)
            RunLock.take(outcome.data_dir, outcome.run_id)  # until the process ends
        except StoreError as error:
            return outcome.refused(error)
        if had_name:
            self.refuse(f"RUN_ID={outcome.run_id}: an earlier run had that name; give another")
        counts = self._crawl(spider, arguments)
        counts.errors, counts.first_error = errors.count, errors.first
        counts.signal = INTERRUPTIONS.signal
        if counts.store.published and counts.signal is None:
            self._show_news()
        if self.chosen["PUBLISH_URL"] and counts.signal is None and not counts.store.error:
            self._copy(counts)
        return outcome.summarise(counts)

    def _show_news(self) -> None:
        """Keep ``parquet/`` and the report current; what fails there is no failure of the run."""
        every, report = self.chosen.getfloat("PARQUET_EVERY_SECONDS"), self.chosen["REPORT_FILE"]
        self._write("parquet/", "tables.refresh", every)
        if report:
            sections = chosen_sections(self.chosen["SECTION"]).names
            self._write("REPORT_FILE", "report.write", Path(report), sections)

    def _copy(self, counts: RunCounts) -> None:
        """Copy what is published to the bucket; a signal leaves the rest to later runs."""
        from kompascrawler.cloud.publishing import publish  # noqa: PLC0415 - where it is wanted

        try:
            url, is_stopped = self.chosen["PUBLISH_URL"], lambda: INTERRUPTIONS.signal is not None
            done = publish(self.data_dir, url, is_stopped=is_stopped)
            counts.publish = PublishTally(**asdict(done))
        except StoreError as error:
            counts.store.error = str(error)
        except Exception as error:
            logger.exception("Publishing to the bucket broke off")
            counts.publish.cause = f"unexpected {type(error).__name__}"
        if cause := counts.publish.cause or counts.store.error:
            logger.error("%s", cause)

    def _write(self, what: str, function: str, *about: object) -> None:
        try:
            load_object(f"kompascrawler.dataset.{function}")(self.data_dir, *about)
        except (StoreError, OSError) as error:
            logger.warning("%s was not written: %s", what, error)
        except Exception:
            logger.exception("%s was not written; the next run with news tries again", what)

    def _crawl(self, spider: str, arguments: dict[str, str]) -> RunCounts:
        assert self.crawler_process is not None
        crawler = None
        try:
            crawler = self._create_crawler(spider)
            storage_of(crawler).is_locked_outside = True
            with INTERRUPTIONS.telling(partial(_end, shutdown_of(crawler))):
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


def refuse(message: str, settings: BaseSettings) -> NoReturn:
    """End before the crawl with status 2: one line, and the verdict as the last one."""
    cause = shown(message)
    put(f"{program()} crawl: {cause}", sys.stderr)
    advice = "correct it; `crawl --help` lists what there is"
    put(last_line(Verdict.of(ExitStatus.USAGE, cause, advice)), output(settings))
    sys.exit(ExitStatus.USAGE)


def _end(shutdown: Shutdown, signals: int) -> None:
    """End a crawl at the first signal, abort its requests at the second; callable at any moment."""
    from twisted.internet import reactor  # noqa: PLC0415 - installed by now, and not before

    work = partial(shutdown.begin, "shutdown") if signals == 1 else shutdown.abort_in_flight
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
