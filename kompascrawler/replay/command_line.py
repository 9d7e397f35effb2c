"""``kompascrawler replay``: input and output."""

import argparse
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kompascrawler.command import LazyCommand, fail
from kompascrawler.configuration.value_types import spans
from kompascrawler.dataset.command_line import run_id_of, tracked
from kompascrawler.dataset.front_door import refresh
from kompascrawler.dataset.selection import Refused as CannotBe
from kompascrawler.dataset.selection import need
from kompascrawler.halaman.assembly import RouteChoice
from kompascrawler.outcome.exit_status import ExitStatus
from kompascrawler.outcome.terminal import WIDTH, counted, folder_line, put_json, show, table, text
from kompascrawler.replay.captures import kept
from kompascrawler.replay.differences import Outcome, Report, Result, difference, replayed
from kompascrawler.replay.work import MOST_MESSAGES, Call, chosen_articles, reading, write_day
from kompascrawler.run.reader import ReaderFailed
from kompascrawler.store.errors import explained
from kompascrawler.store.records import to_line
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
    if args or opts.samples < 0:
        command.refuse("give no arguments" if args else "give --samples as a number from 0")
    report, out = Report(opts.samples), Path(opts.out) if opts.out else None
    if out and out.absolute().is_relative_to(command.data_dir):
        command.refuse(f"--out {out}: give a folder outside the data folder")
    try:
        if opts.warc:
            need("fastwarc", "warc")
            from kompascrawler.replay.foreign_command import replay_foreign  # noqa: PLC0415 - extra

            return replay_foreign(command, opts, out)
        with ExitStack() as stack:
            store = stack.enter_context(_held(command)) if opts.publish else None
            results = _results(command, opts, stack.enter_context(reading(command)))
            _work(results, report, out, store)
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


@contextmanager
def _held(command: LazyCommand) -> Iterator[Store]:
    """Give the store of the data folder, with all published that was stored."""
    after = spans(command.chosen["REVISIT_AFTER"])
    with held(command.data_dir, run_id_of(command.name), revisit_after=after) as store:
        store.publish()
        yield store


def _work(results: Iterable[Result], report: Report, out: Path | None, store: Store | None) -> None:
    """Count, write and publish what comes, day by day."""
    report.published = None if store is None else 0
    for day, of_day in groupby(results, lambda result: result.before.id[:10]):
        lines = []
        for result in of_day:
            report.add(result)
            if result.after is not None:
                lines.append(to_line(result.after))
            if result.fields and store is not None and store.put_again(result.revision()):
                report.published = (report.published or 0) + 1
                if report.published % _AT_ONCE == 0:
                    store.publish()
        if out is not None and lines:
            write_day(out, day, lines)
    if store is not None:
        store.publish()


def _results(command: LazyCommand, opts: argparse.Namespace, call: Call) -> Iterator[Result]:
    route: RouteChoice = command.chosen["HALAMAN_ROUTE"]
    ids, since, until = chosen_articles(command, opts)
    with open_reader(command.data_dir) as reader:
        if unknown := sorted(name for name in ids if not reader.is_stored(name)):
            raise CannotBe(f"not stored in this folder: {', '.join(unknown)}")
    chosen = {"since": since, "until": until, "run_id": opts.run}
    for one in kept(command.data_dir, ids, **chosen, track=tracked):
        try:
            yield call([capture.body for capture in one.captures], replayed, one, route)
        except ReaderFailed as failure:
            yield Result("refused", one.article, message=f"its pages cannot be read: {failure}")


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
