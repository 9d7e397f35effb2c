"""``kompascrawler replay``: input and output."""

import argparse
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from kompascrawler.command import LazyCommand, fail, say
from kompascrawler.configuration.setting import BUCKET_URL, spans
from kompascrawler.dataset.command_line import run_id_of
from kompascrawler.dataset.lines import Refused, need, parse_day
from kompascrawler.dataset.tables import refresh
from kompascrawler.halaman.assembly import RouteChoice
from kompascrawler.items import Article
from kompascrawler.outcome.cards import ExitStatus
from kompascrawler.replay import engine
from kompascrawler.replay.differences import Outcome, Report, difference, of_days
from kompascrawler.replay.job import AGAIN, ENDING, Job, Shard, Summary, clear, names, results_at
from kompascrawler.sections import chosen_sections
from kompascrawler.store.disk import explained
from kompascrawler.store.lock import Locked
from kompascrawler.store.store import held, open_reader
from kompascrawler.terminal import WIDTH, counted, put_json, show, table, text, tracked

if TYPE_CHECKING:
    from kompascrawler.terminal import Drawn

_AT_ONCE: Final = 100
"""Revisions that are published at a time."""
_PAUSE: Final = 1.0
"""Seconds between two tries to hold the folder."""
_MESSAGES: Final = 20
"""Damaged and refused articles that are listed; ``--json`` has all."""
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
    try:
        _check(command, args, opts)
        need("fastwarc", "warc")
        return (_replay_foreign if opts.warc else _replay_kept)(command, opts)
    except Refused as error:
        command.refuse(str(error))


def _check(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> None:
    if args or (opts.samples or 0) < 0:
        command.refuse("give no arguments" if args else "give --samples as a number from 0")
    opts.certificates = engine.certificates(opts)
    if opts.warc:
        _check_foreign(command, opts)
    if opts.out is None:
        return
    if not opts.out:
        command.refuse("--out is empty: give a folder, or s3://bucket/prefix")
    if "://" in opts.out:
        if not BUCKET_URL.fullmatch(opts.out):  # it may have a key in it: it is not repeated
            command.refuse("--out: give s3://bucket/prefix, gs://… or az://container/…")
        need("obstore", "cloud")
        opts.out = opts.out.rstrip("/")
    else:
        opts.out = str(Path(opts.out).absolute())  # workers may stand in other folders
        if Path(opts.out).resolve().is_relative_to(command.data_dir.resolve()):
            command.refuse(f"--out {opts.out}: give a folder outside the data folder")


def _check_foreign(command: LazyCommand, opts: argparse.Namespace) -> None:
    for name in ("publish", "run", "samples"):
        if getattr(opts, name) not in (None, False):
            command.refuse(f"--{name}: not with --warc, which knows of no runs and no data folder")
    if opts.scheduler and not opts.out:
        command.refuse("--scheduler with --warc: give --out, which all workers reach")
    local = [one for one in opts.warc if "://" not in one and not Path(one).is_absolute()]
    if opts.scheduler and local:
        command.refuse(f"{local[0]}: with --scheduler give full paths, the same for all workers")


def _chosen_articles(
    command: LazyCommand, opts: argparse.Namespace
) -> tuple[set[str], date | None, date | None]:
    """Return the identities that are chosen, and the first and last day."""
    ids = set(command.articles(opts.ids))
    return ids, parse_day("--since", opts.since), parse_day("--until", opts.until)


@contextmanager
def _working(command: LazyCommand, opts: argparse.Namespace) -> Iterator[engine.Work]:
    """Give what has shards done by whom the options name; the command ends without a cluster."""

    def work(job: Job, shards: Sequence[Shard], name: str) -> Iterable[Summary]:
        left = job.left(shards)
        if done := len(shards) - len(left):
            say(command.name, f"{counted(done, 'shard')} done before, in {job.out}")
        is_here = len(left) < 2 or opts.workers == 1
        who = there or (engine.HERE if is_here else engine.pool(opts.workers))
        return tracked(engine.run_all(job, left, who), name, len(left))

    address = opts.scheduler
    cluster = nullcontext() if address is None else engine.cluster(address, opts.certificates)
    try:
        with cluster as there:
            yield work
    except engine.NoCluster as error:
        fail(command.name, f"--scheduler: {error}", ExitStatus.UNREACHABLE)


def _replay_kept(command: LazyCommand, opts: argparse.Namespace) -> int:
    report = Report(5 if opts.samples is None else opts.samples)
    revisions = _revisions(command, opts, report)
    publish = partial(_publish, command, run_id_of(command.name))
    if opts.publish:
        report.published = publish([], is_patient=False)
    while some := list(islice(revisions, _AT_ONCE)):
        if report.published is not None:
            report.published += publish(some)
    if report.published:
        with explained("keep parquet/ current", command.data_dir):
            refresh(command.data_dir, float(command.setting("PARQUET_EVERY_SECONDS")))
    return _tell(opts, report.to_dict(), _shown(report), report.number("damaged"))


def _publish(
    command: LazyCommand, run_id: str, revisions: Sequence[Article], *, is_patient: bool = True
) -> int:
    """Publish revisions of what is still the latest one; return how many.

    The folder is held for no longer, so that crawls go on beside a replay. One that holds it is
    waited for, or raises Locked.
    """
    after, is_told = spans(command.setting("REVISIT_AFTER")), False
    while True:
        try:
            with held(command.data_dir, run_id, revisit_after=after) as store:
                store.publish()  # also what a run that was killed has left
                number = sum(map(store.put_again, revisions))
                store.publish()
                return number
        except Locked as error:
            if not is_patient:
                raise
            if not is_told:
                say(command.name, f"{error}; waiting until it ends, to publish")
            is_told = True
        time.sleep(_PAUSE)


def _revisions(command: LazyCommand, opts: argparse.Namespace, report: Report) -> Iterator[Article]:
    """Have all days read again and counted; yield what differs."""
    ids, since, until = _chosen_articles(command, opts)
    with open_reader(command.data_dir) as reader:
        if unknown := sorted(name for name in ids if not reader.is_stored(name)):
            raise Refused(f"not stored in this folder: {', '.join(unknown)}")
    route: RouteChoice = command.setting("HALAMAN_ROUTE")
    shards = of_days(command.data_dir, ids, since=since, until=until, run=opts.run, route=route)
    asked = f"{command.data_dir} {sorted(ids)} {since} {until} {opts.run} {route}"
    seconds = float(command.setting("READ_MAX_SECONDS"))
    job = Job(out=opts.out, asked=asked, seconds=seconds, again=opts.publish)
    with _working(command, opts) as work:
        for summary in work(job, shards, "Days"):
            for result in summary.told:
                report.add(result)
                if result.fields:
                    yield result.revision()
            for name, cause in summary.bad.items():
                report.note("refused", name, f"its pages cannot be read: {cause}")
            if summary.failure:
                report.note("damaged", summary.name, summary.failure)


@dataclass(slots=True)
class ForeignReport:
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
        if summary.failure:
            self.damaged.append(f"{summary.name}: {summary.failure}")


def _replay_foreign(command: LazyCommand, opts: argparse.Namespace) -> int:
    from kompascrawler.replay.foreign import Found, Wanted, of_sources  # noqa: PLC0415 - extra
    from kompascrawler.replay.sources import sources_of  # noqa: PLC0415 - as above

    ids, since, until = _chosen_articles(command, opts)
    sections, sources = chosen_sections(command.setting("SECTION")), sources_of(opts.warc)
    wanted = Wanted(sections, str(since or ""), f"{until or '9999-12-31'}~", frozenset(ids))
    shards, report = of_sources(sources, wanted), ForeignReport(len(sources))
    digest = sha256("\n".join(sources).encode()).hexdigest()  # a query may be a key
    asked = f"{sections.name} {wanted.first} {wanted.last} {sorted(ids)} {digest}"
    job = Job(out=opts.out, asked=asked, seconds=float(command.setting("READ_MAX_SECONDS")))
    folder = nullcontext(opts.out) if opts.out else TemporaryDirectory()
    with folder as out, _working(command, opts) as work:
        place = f"{out}/found"
        reading, results, made = replace(job, out=place), results_at(place), job.results
        job.left(())  # refuses another job's results before anything is read
        # Days that were made before a source was read may lack its pages.
        if reading.left(shards) and made and any(name.endswith(ENDING) for name in names(made)):
            results.put(AGAIN, b"")
        job = replace(job, again=results.get(AGAIN) is not None)
        for summary in work(reading, shards, "Files"):
            report.add(summary)
        found = Found(place, shards)
        for summary in work(job, found.days(run_id_of(command.name)), "Days"):
            report.add(summary)
        # What failed goes on from here.
        if job.out and not report.damaged:
            clear(results)
    report.records, report.passed = found.records, dict(found.passed.most_common())
    report.damaged = found.damage + report.damaged
    report.not_whole.sort()
    report.refused = dict(sorted(report.refused.items()))
    return _tell(opts, asdict(report), _shown_foreign(report), len(report.damaged))


def _tell(
    opts: argparse.Namespace, answer: dict[str, Any], drawn: "Iterable[Drawn]", damaged: int
) -> int:
    """Print a report, for programs or people; return the exit status."""
    if opts.json:
        put_json(answer)
    else:
        show(*drawn)
    return ExitStatus.STORE if damaged else ExitStatus.FINE


def _shown(report: Report) -> "Iterator[Drawn]":
    if not report.ids:
        yield text("no articles")
    for outcome, said in _SAID.items():
        if number := report.number(outcome):
            yield text(f"{counted(number, 'article')} {said}")
    if report.published is not None:
        yield text(f"{counted(report.published, 'revision')} published")
    for article_id, message in islice(report.messages.items(), _MESSAGES):
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


def _shown_foreign(report: ForeignReport) -> "Iterator[Drawn]":
    yield text(f"{counted(report.sources, 'file')}, {counted(report.records, 'record')}")
    yield text(f"{counted(report.whole, 'article')} whole")
    if report.unknown:
        yield text(f"{counted(report.unknown, 'article')} that may or may not be whole")
    if report.not_whole:
        yield text(f"{counted(len(report.not_whole), 'article')} not whole")
    for cause, number in report.passed.items():
        yield text(f"{counted(number, 'answer')} passed over: {cause}")
    for article_id, message in islice(report.refused.items(), _MESSAGES):
        yield text(f"{article_id}: {message}", "yellow")
    for line in islice(report.damaged, _MESSAGES):
        yield text(line, "red")
