"""What the options of ``kompascrawler replay`` say about who does the work, and its progress."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from kompascrawler.command import LazyCommand, fail, say
from kompascrawler.outcome.terminal import counted
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


def work(
    command: LazyCommand, opts: argparse.Namespace, job: Job, shards: Sequence[Shard]
) -> Iterator[Summary]:
    """Yield what came of each shard that has no result yet; the command ends without a cluster."""
    left = job.left(shards)
    if done := len(shards) - len(left):
        say(command.name, f"{counted(done, 'shard')} done before, in {job.out}")
    try:
        with _engine(command, opts, len(left)) as engine:
            yield from _tracked(run_all(job, left, engine), len(left))
    except NoCluster as error:
        fail(command.name, f"--scheduler: {error}", ExitStatus.UNREACHABLE)


@contextmanager
def _engine(command: LazyCommand, opts: argparse.Namespace, shards: int) -> Iterator[Engine]:
    if opts.workers is not None and (opts.workers < 1 or opts.scheduler):
        command.refuse("give --workers as a number from 1, or --scheduler")
    if opts.scheduler is None:
        yield HERE if shards < 2 or opts.workers == 1 else pool(opts.workers)
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


def _tracked(summaries: Iterator[Summary], number: int) -> Iterator[Summary]:
    """Pass summaries on, with a bar on a terminal."""
    if not sys.stderr.isatty():
        yield from summaries
        return
    from rich.console import Console  # noqa: PLC0415 - on a terminal only
    from rich.progress import track  # noqa: PLC0415 - as above

    console = Console(stderr=True)
    yield from track(summaries, description="Shards", total=number, console=console, transient=True)
