"""``kompascrawler replay --warc``: input and output."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kompascrawler.command import LazyCommand
from kompascrawler.dataset.command_line import run_id_of
from kompascrawler.outcome.terminal import counted, put_json, show, text
from kompascrawler.outcome.verdict import ExitStatus
from kompascrawler.replay.foreign import Wanted, of_sources
from kompascrawler.replay.found import Found
from kompascrawler.replay.job import Job, Summary, results_at
from kompascrawler.replay.sources import sources_of
from kompascrawler.replay.work import MOST_MESSAGES, chosen_articles, working
from kompascrawler.sections import chosen_sections

if TYPE_CHECKING:
    from kompascrawler.outcome.terminal import Drawn


@dataclass(slots=True)
class Report:
    """What sources hold."""

    sources: int
    records: int = 0
    whole: int = 0
    unknown: int = 0
    """Articles of which nobody knows whether they are whole."""
    not_whole: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    passed: dict[str, int] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)

    def add(self, summary: Summary) -> None:
        """Count what came of a shard."""
        for article_id, result in summary.told:
            self.whole += result is True
            self.unknown += result is None
            if result is False:
                self.not_whole.append(article_id)
            elif isinstance(result, str):
                self.refused[article_id] = result
        for name, cause in summary.bad.items():
            self.refused[name] = f"its pages cannot be read: {cause}"
        if cause := summary.failure or "; ".join(summary.damage):
            self.damaged.append(f"{summary.name}: {cause}")


def replay_foreign(command: LazyCommand, opts: argparse.Namespace) -> int:
    """Read sources, and write where asked to; 3 where something of them cannot be read.

    Raises Refused and StoreError.
    """
    for name in ("publish", "run"):
        if getattr(opts, name):
            command.refuse(f"--{name}: not with --warc, which knows of no runs and no data folder")
    if opts.scheduler and not opts.out:
        command.refuse("--scheduler with --warc: give --out, which all workers reach")
    local = [one for one in opts.warc if "://" not in one and not Path(one).is_absolute()]
    if opts.scheduler and local:
        command.refuse(f"{local[0]}: with --scheduler give full paths, the same for all workers")
    sections = chosen_sections(command.chosen["SECTION"])
    ids, since, until = chosen_articles(command, opts)
    wanted = Wanted(sections, str(since or ""), f"{until or '9999-12-31'}~", frozenset(ids))
    sources = sources_of(opts.warc)
    report = Report(len(sources))
    _replay(command, opts, sources, wanted, report)
    if opts.json:
        put_json(asdict(report))
    else:
        show(*_shown(report))
    return ExitStatus.STORE if report.damaged else ExitStatus.FINE


def _replay(
    command: LazyCommand,
    opts: argparse.Namespace,
    sources: Sequence[str],
    wanted: Wanted,
    report: Report,
) -> None:
    """Have all sources read, and then all days made of what was found."""
    asked = f"{wanted.sections.name} {wanted.first} {wanted.last} {sorted(wanted.ids)}"
    seconds = command.chosen.getfloat("READ_MAX_SECONDS")
    with ExitStack() as stack:
        job = Job(out=opts.out, asked=f"{asked} {sources}", seconds=seconds)
        job.left(())  # refuses another job's results before anything is read
        place = f"{opts.out or stack.enter_context(TemporaryDirectory())}/found"
        work = stack.enter_context(working(command, opts))
        shards, reading = of_sources(sources, wanted), Job(out=place, asked=asked, seconds=seconds)
        # Days that were made before a source was read may lack its pages.
        job = replace(job, again=bool(reading.left(shards)))
        for summary in work(reading, shards, "Files"):
            report.add(summary)
        results = results_at(place)
        found = Found(results, shards)
        for summary in work(job, found.days(place, run_id_of(command.name)), "Days"):
            report.add(summary)
        # What failed goes on from here.
        if opts.out and not report.damaged:
            results.clear()
    report.records, report.passed = found.records, dict(found.passed.most_common())
    report.damaged = found.damage + report.damaged
    report.not_whole.sort()
    report.refused = dict(sorted(report.refused.items()))


def _shown(report: Report) -> "Iterator[Drawn]":
    """Yield what is printed for people."""
    yield text(f"{counted(report.sources, 'file')}, {counted(report.records, 'record')}")
    yield text(f"{counted(report.whole, 'article')} whole")
    if report.unknown:
        yield text(f"{counted(report.unknown, 'article')} that may or may not be whole")
    if report.not_whole:
        yield text(f"{counted(len(report.not_whole), 'article')} not whole")
    for cause, number in report.passed.items():
        yield text(f"{counted(number, 'answer')} passed over: {cause}")
    refused = [f"{article_id}: {message}" for article_id, message in report.refused.items()]
    for line in islice(refused, MOST_MESSAGES):
        yield text(line, "yellow")
    for line in islice(report.damaged, MOST_MESSAGES):
        yield text(line, "red")
