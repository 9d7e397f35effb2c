"""``kompascrawler replay``: input and output."""

import argparse
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kompascrawler.command import LazyCommand, fail, say
from kompascrawler.configuration.setting import BUCKET_URL, spans, without_keys
from kompascrawler.dataset.command_line import run_id_of
from kompascrawler.dataset.lines import Refused as CannotBe
from kompascrawler.dataset.lines import need, parse_day
from kompascrawler.dataset.tables import refresh
from kompascrawler.halaman.assembly import RouteChoice
from kompascrawler.identity import ID, parse_address
from kompascrawler.items import Article
from kompascrawler.outcome.cards import ExitStatus
from kompascrawler.outcome.terminal import WIDTH, counted, put_json, show, table, text, tracked
from kompascrawler.replay import engine
from kompascrawler.replay.differences import (
    MOST_MESSAGES,
    Outcome,
    Report,
    Result,
    difference,
    of_days,
)
from kompascrawler.replay.engine import Certificates, Engine, NoCluster, Work
from kompascrawler.replay.job import Job, Shard, Summary
from kompascrawler.store.errors import explained
from kompascrawler.store.lock import Locked
from kompascrawler.store.store import held, open_reader

if TYPE_CHECKING:
    from kompascrawler.outcome.terminal import Drawn

_AT_ONCE: Final = 100
"""Revisions that are published at a time."""
_SAMPLES: Final = 5
_PAUSE: Final = 1.0
"""Seconds between two tries to hold the folder."""
Publish = Callable[..., int]
"""Publishes revisions, and waits for a run that is at work if it ``is_patient``; tells how many."""
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
        report = Report(_SAMPLES if opts.samples is None else opts.samples)
        if opts.warc:
            need("fastwarc", "warc")
            from kompascrawler.replay.foreign_command import replay_foreign  # noqa: PLC0415 - extra

            with _working(command, opts) as work:
                return replay_foreign(command, opts, work, _chosen_articles(command, opts))
        publish = partial(_publish, command, run_id_of(command.name)) if opts.publish else None
        _work(_results(command, opts, report), report, publish)
        if report.published:
            with explained("keep parquet/ current", command.data_dir):
                refresh(command.data_dir, float(command.setting("PARQUET_EVERY_SECONDS")))
    except CannotBe as error:
        command.refuse(str(error))
    except KeyboardInterrupt:
        fail(command.name, "interrupted: replay again", ExitStatus.INTERRUPTED)
    if opts.json:
        put_json(report.to_dict())
    else:
        show(*_shown(report))
    return ExitStatus.STORE if report.number("damaged") else ExitStatus.FINE


def _check(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> None:
    if args or (opts.samples or 0) < 0:
        command.refuse("give no arguments" if args else "give --samples as a number from 0")
    _check_certificates(command, opts)
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


def _check_certificates(command: LazyCommand, opts: argparse.Namespace) -> None:
    options = {"--tls-ca": opts.tls_ca, "--tls-cert": opts.tls_cert, "--tls-key": opts.tls_key}
    given = {name: path for name, path in options.items() if path is not None}
    if given and opts.scheduler is None:
        command.refuse(f"{', '.join(given)}: give --scheduler, too, or leave it out")
    for name, path in given.items():
        if not os.access(path, os.R_OK) or Path(path).is_dir():
            command.refuse(f"{name} {path} cannot be read: give a file in PEM")


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
    ids = {address.id if (address := parse_address(name)) else name for name in opts.ids}
    if wrong := next((name for name in ids if not ID.fullmatch(name)), None):
        command.refuse(f"{' '.join(wrong.split())} is no article: give YYYY-MM-DD-<number>")
    return ids, parse_day("--since", opts.since), parse_day("--until", opts.until)


@contextmanager
def _working(command: LazyCommand, opts: argparse.Namespace) -> Iterator[Work]:
    """Give what has shards done by whom the options name; the command ends without a cluster."""

    def work(job: Job, shards: Sequence[Shard], name: str) -> Iterable[Summary]:
        left = job.left(shards)
        if done := len(shards) - len(left):
            say(command.name, f"{counted(done, 'shard')} done before, in {job.out}")
        is_here = len(left) < 2 or opts.workers == 1
        who = there or (engine.HERE if is_here else engine.pool(opts.workers))
        return tracked(engine.run_all(job, left, who), name, len(left))

    try:
        with _cluster(command, opts) as there:
            yield work
    except NoCluster as error:
        fail(command.name, f"--scheduler: {error}", ExitStatus.UNREACHABLE)


@contextmanager
def _cluster(command: LazyCommand, opts: argparse.Namespace) -> Iterator[Engine | None]:
    if opts.workers is not None and (opts.workers < 1 or opts.scheduler):
        command.refuse("give --workers as a number from 1, or --scheduler")
    if opts.scheduler is None:
        yield None
        return
    if not opts.scheduler.startswith("tls://"):
        command.refuse(
            f"--scheduler {without_keys(opts.scheduler)}: give tls://HOST:PORT; "
            "whoever reaches a scheduler without TLS can run any code on its workers"
        )
    certificates = Certificates(authority=opts.tls_ca, certificate=opts.tls_cert, key=opts.tls_key)
    with engine.cluster(opts.scheduler, certificates) as there:
        yield there


def _work(results: Iterable[Result], report: Report, publish: Publish | None) -> None:
    """Count what comes, and publish it where that is wanted."""
    waiting: list[Article] = []
    report.published = None if publish is None else publish([], is_patient=False)
    for result in results:
        report.add(result)
        waiting += [result.revision()] if publish and result.fields else []
        if publish and len(waiting) >= _AT_ONCE:
            report.published = (report.published or 0) + publish(waiting)
            waiting.clear()
    if publish and waiting:
        report.published = (report.published or 0) + publish(waiting)


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


def _results(command: LazyCommand, opts: argparse.Namespace, report: Report) -> Iterator[Result]:
    """Have all days read again; what gives no result is noted in the report."""
    need("fastwarc", "warc")
    ids, since, until = _chosen_articles(command, opts)
    with open_reader(command.data_dir) as reader:
        if unknown := sorted(name for name in ids if not reader.is_stored(name)):
            raise CannotBe(f"not stored in this folder: {', '.join(unknown)}")
    route: RouteChoice = command.setting("HALAMAN_ROUTE")
    shards = of_days(command.data_dir, ids, since=since, until=until, run=opts.run, route=route)
    job = Job(
        out=opts.out,
        asked=f"{command.data_dir} {sorted(ids)} {since} {until} {opts.run} {route}",
        seconds=float(command.setting("READ_MAX_SECONDS")),
        again=opts.publish,
    )
    with _working(command, opts) as work:
        for summary in work(job, shards, "Days"):
            yield from summary.told
            for name, cause in summary.bad.items():
                report.note("refused", name, f"its pages cannot be read: {cause}")
            if cause := summary.failure or "; ".join(summary.damage):
                report.note("damaged", summary.name, cause)


def _shown(report: Report) -> "Iterator[Drawn]":
    """Yield what is printed for people."""
    if not report.ids:
        yield text("no articles")
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
