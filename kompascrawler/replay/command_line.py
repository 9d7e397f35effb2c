"""``kompascrawler replay``: input and output."""

import argparse
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kompascrawler.command import LazyCommand, fail
from kompascrawler.configuration.setting import BUCKET_URL, spans
from kompascrawler.dataset.command_line import run_id_of
from kompascrawler.dataset.lines import Refused as CannotBe
from kompascrawler.dataset.lines import need
from kompascrawler.dataset.upkeep import refresh
from kompascrawler.halaman.assembly import RouteChoice
from kompascrawler.outcome.terminal import WIDTH, counted, folder_line, put_json, show, table, text
from kompascrawler.outcome.verdict import ExitStatus
from kompascrawler.replay.differences import Outcome, Report, Result, difference, of_days
from kompascrawler.replay.job import Job
from kompascrawler.replay.work import MOST_MESSAGES, chosen_articles, working
from kompascrawler.store.errors import explained
from kompascrawler.store.store import Store, held, open_reader

if TYPE_CHECKING:
    from kompascrawler.outcome.terminal import Drawn

_AT_ONCE: Final = 100
"""Revisions that are published at a time."""
_SAID: Final[dict[Outcome, str]] = {
    "unchanged": "as published",
    "changed": "differ",
    "not_kept": "whose pages are not kept, or not all",
    "refused": "whose pages make no record any more",
    "damaged": "whose pages are damaged: `kompascrawler verify` tells which files are",
    "deleted": "deleted by the site, or taken down",
}


def replay(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Read again, compare, and write and publish where asked to; 3 where pages are damaged."""
    _check(command, args, opts)
    report = Report(opts.samples)
    try:
        if opts.warc:
            need("fastwarc", "warc")
            from kompascrawler.replay.foreign_command import replay_foreign  # noqa: PLC0415 - extra

            return replay_foreign(command, opts)
        with ExitStack() as stack:
            store = stack.enter_context(_held(command)) if opts.publish else None
            _work(_results(command, opts, report), report, store)
        if report.published:
            with explained("keep parquet/ current", command.data_dir):
                refresh(command.data_dir, command.chosen.getfloat("PARQUET_EVERY_SECONDS"))
    except CannotBe as error:
        command.refuse(str(error))
    except KeyboardInterrupt:
        fail(command.name, "interrupted: replay again", ExitStatus.INTERRUPTED)
    if opts.json:
        put_json(report.to_dict())
    else:
        show(folder_line(command.data_dir), *_shown(report))
    return ExitStatus.STORE if report.number("damaged") else ExitStatus.FINE


def _check(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> None:
    if args or opts.samples < 0:
        command.refuse("give no arguments" if args else "give --samples as a number from 0")
    if opts.out and "://" in opts.out:
        if not BUCKET_URL.fullmatch(opts.out):
            command.refuse(f"--out {opts.out}: give s3://bucket/prefix, gs://… or az://container/…")
    elif opts.out:
        opts.out = str(Path(opts.out).absolute())  # workers may stand in other folders
        if Path(opts.out).is_relative_to(command.data_dir):
            command.refuse(f"--out {opts.out}: give a folder outside the data folder")


@contextmanager
def _held(command: LazyCommand) -> Iterator[Store]:
    """Give the store of the data folder, with all published that was stored."""
    after = spans(command.chosen["REVISIT_AFTER"])
    with held(command.data_dir, run_id_of(command.name), revisit_after=after) as store:
        store.publish()
        yield store


def _work(results: Iterable[Result], report: Report, store: Store | None) -> None:
    """Count what comes, and publish it where there is a store."""
    report.published = None if store is None else 0
    for result in results:
        report.add(result)
        if result.fields and store is not None and store.put_again(result.revision()):
            report.published = (report.published or 0) + 1
            if report.published % _AT_ONCE == 0:
                store.publish()
    if store is not None:
        store.publish()


def _results(command: LazyCommand, opts: argparse.Namespace, report: Report) -> Iterator[Result]:
    """Have all days read again; what gives no result is noted in the report."""
    need("fastwarc", "warc")
    ids, since, until = chosen_articles(command, opts)
    with open_reader(command.data_dir) as reader:
        if unknown := sorted(name for name in ids if not reader.is_stored(name)):
            raise CannotBe(f"not stored in this folder: {', '.join(unknown)}")
    route: RouteChoice = command.chosen["HALAMAN_ROUTE"]
    shards = of_days(command.data_dir, ids, since=since, until=until, run=opts.run, route=route)
    job = Job(
        out=opts.out,
        asked=f"{command.data_dir} {sorted(ids)} {since} {until} {opts.run} {route}",
        seconds=command.chosen.getfloat("READ_MAX_SECONDS"),
        again=opts.publish,
    )
    with working(command, opts) as work:
        for summary in work(job, shards, "Days"):
            yield from summary.told
            for name, cause in summary.bad.items():
                report.note("refused", name, f"its pages cannot be read: {cause}")
            if cause := summary.failure or "; ".join(summary.damage):
                report.note("damaged", summary.name, cause)


def _shown(report: Report) -> "Iterator[Drawn]":
    """Yield what is printed for people."""
    for outcome, said in _SAID.items():
        if number := report.number(outcome):
            yield text(f"{counted(number, 'article')} {said}")
    if report.published is not None:
        yield text(f"{counted(report.published, 'revision')} published")
    for article_id, message in islice(report.messages.items(), MOST_MESSAGES):
        yield text(f"{article_id}: {message}", "yellow")
    if report.fields:
        rows = [(name, f"{number:,}") for name, number in report.fields.most_common()]
        yield table(rows, head=("field", "articles"), left=1)
    for sample in report.samples:
        yield text(f"\n{sample.before.id}, revision {sample.before.revision}", "bold")
        for name, old, new in sample.values():
            yield text(name)
            for line in difference(old, new, WIDTH):
                yield text(line, {"-": "red", "+": "green"}.get(line[0], ""))
