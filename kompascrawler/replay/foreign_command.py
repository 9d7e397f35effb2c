"""``kompascrawler replay --warc``: input and output."""

import argparse
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from hashlib import sha256
from itertools import islice
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kompascrawler.command import LazyCommand
from kompascrawler.dataset.command_line import run_id_of
from kompascrawler.outcome.cards import ExitStatus
from kompascrawler.outcome.terminal import counted, put_json, show, text
from kompascrawler.replay.differences import MOST_MESSAGES
from kompascrawler.replay.engine import Work
from kompascrawler.replay.foreign import Wanted, of_sources
from kompascrawler.replay.found import Found
from kompascrawler.replay.job import AGAIN, ENDING, Job, Shard, Summary, results_at
from kompascrawler.replay.sources import sources_of
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


def replay_foreign(
    command: LazyCommand,
    opts: argparse.Namespace,
    work: Work,
    chosen: tuple[Collection[str], date | None, date | None],
) -> int:
    """Read sources, and write where asked to; 3 where something of them cannot be read.

    ``chosen``: identities, first and last day. Raises Refused and StoreError.
    """
    ids, since, until = chosen
    sections = chosen_sections(command.setting("SECTION"))
    wanted = Wanted(sections, str(since or ""), f"{until or '9999-12-31'}~", frozenset(ids))
    sources = sources_of(opts.warc)
    report = Report(len(sources))
    digest = sha256("\n".join(sources).encode()).hexdigest()  # a query may be a key
    asked = f"{sections.name} {wanted.first} {wanted.last} {sorted(ids)} {digest}"
    seconds = float(command.setting("READ_MAX_SECONDS"))
    job = Job(out=opts.out, asked=asked, seconds=seconds)
    _replay(job, work, of_sources(sources, wanted), report, run_id_of(command.name))
    if opts.json:
        put_json(asdict(report))
    else:
        show(*_shown(report))
    return ExitStatus.STORE if report.damaged else ExitStatus.FINE


def _replay(job: Job, work: Work, shards: Sequence[Shard], report: Report, run_id: str) -> None:
    """Have all sources read, and then all days made of what was found."""
    with ExitStack() as stack:
        place = f"{job.out or stack.enter_context(TemporaryDirectory())}/found"
        reading = replace(job, out=place)
        job.left(())  # refuses another job's results before anything is read
        results, made = results_at(place), job.results
        # Days that were made before a source was read may lack its pages.
        if reading.left(shards) and made and any(name.endswith(ENDING) for name in made.names()):
            results.put(AGAIN, b"")
        job = replace(job, again=results.get(AGAIN) is not None)
        for summary in work(reading, shards, "Files"):
            report.add(summary)
        found = Found(results, shards)
        for summary in work(job, found.days(place, run_id), "Days"):
            report.add(summary)
        # What failed goes on from here.
        if job.out and not report.damaged:
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
