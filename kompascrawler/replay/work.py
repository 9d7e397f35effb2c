"""What the ways of ``kompascrawler replay`` share: what is chosen, and who does the work."""

import argparse
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Final

from kompascrawler.command import LazyCommand, fail, say
from kompascrawler.dataset.lines import parse_day
from kompascrawler.identity import ID, parse_address
from kompascrawler.outcome.terminal import counted, tracked
from kompascrawler.outcome.verdict import ExitStatus
from kompascrawler.replay.engine import (
    HERE,
    Certificates,
    Engine,
    NoCluster,
    cluster,
    pool,
    run_all,
)
from kompascrawler.replay.job import Job, Shard, Summary

MOST_MESSAGES: Final = 20
"""Damaged and refused articles that are listed; ``--json`` has all."""
Work = Callable[[Job, Sequence[Shard], str], Iterable[Summary]]
"""Yields what came of each shard that has no result yet; is told what a bar calls them."""


def chosen_articles(
    command: LazyCommand, opts: argparse.Namespace
) -> tuple[set[str], date | None, date | None]:
    """Return the identities that are chosen, and the first and last day."""
    ids = {address.id if (address := parse_address(name)) else name for name in opts.ids}
    if wrong := next((name for name in ids if not ID.fullmatch(name)), None):
        command.refuse(f"{' '.join(wrong.split())} is no article: give YYYY-MM-DD-<number>")
    return ids, parse_day("--since", opts.since), parse_day("--until", opts.until)


@contextmanager
def working(command: LazyCommand, opts: argparse.Namespace) -> Iterator[Work]:
    """Give what has shards done by whom the options name; the command ends without a cluster."""

    def work(job: Job, shards: Sequence[Shard], name: str) -> Iterable[Summary]:
        left = job.left(shards)
        if done := len(shards) - len(left):
            say(command.name, f"{counted(done, 'shard')} done before, in {job.out}")
        is_here = len(left) < 2 or opts.workers == 1
        engine = there or (HERE if is_here else pool(opts.workers))
        return tracked(run_all(job, left, engine), name, len(left))

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
            f"--scheduler {opts.scheduler}: give tls://HOST:PORT; whoever reaches a scheduler "
            "without TLS can run any code on its workers"
        )
    for path in filter(None, (opts.tls_ca, opts.tls_cert, opts.tls_key)):
        if not os.access(path, os.R_OK):
            command.refuse(f"{path} cannot be read: give a file for --tls-ca, -cert and -key")
    certificates = Certificates(authority=opts.tls_ca, certificate=opts.tls_cert, key=opts.tls_key)
    with cluster(opts.scheduler, certificates) as engine:
        yield engine
