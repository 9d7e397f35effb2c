"""Hands shards to an Executor: a pool of processes, or a Dask cluster; the job is the same."""

import asyncio
import logging
import os
import signal
import ssl
import sys
from argparse import Namespace
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any, Final, TypeVar

from typing_extensions import override

from kompascrawler.configuration.setting import without_keys
from kompascrawler.dataset.lines import Refused, need
from kompascrawler.replay.job import Job, Shard, Summary

T = TypeVar("T")
_SECONDS: Final = 30.0
"""How long a scheduler may take to answer, and to have a worker."""
_ON_CLUSTER: Final = 1_000
"""Shards that a scheduler has at a time."""
TLS: Final = {
    "--tls-ca": "tls_ca_file",
    "--tls-cert": "tls_client_cert",
    "--tls-key": "tls_client_key",
}
"""Options with PEM files, and what Dask calls them."""


Work = Callable[[Job, Sequence[Shard], str], Iterable[Summary]]
"""Yields what came of each shard that has no result yet; is told what a bar calls them."""


class NoCluster(Exception):  # noqa: N818 - what there is not
    """The scheduler cannot be used, or went away; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Engine:
    """What shards are handed to."""

    start: Callable[[], Executor]
    window: int
    """Shards that it has at a time."""
    broken: tuple[type[BaseException], ...]
    """What it raises for a shard whose worker died."""


def run_all(job: Job, shards: Iterable[Shard], engine: Engine) -> Iterator[Summary]:
    """Yield what came of each shard, in the order in which they end.

    Where a worker dies, the shards that may be the cause are done again after the others, one at
    a time and each article in a process of its own. Raises StoreError, NoCluster.
    """
    left, suspects = deque(shards), list[Shard]()
    while left:
        executor = engine.start()
        try:
            yield from _all_that_go(job, left, suspects, executor, engine)
        finally:
            executor.shutdown(wait=False)
    for shard in suspects:
        yield _alone(job, shard, engine)


def _all_that_go(
    job: Job, left: deque[Shard], suspects: list[Shard], executor: Executor, engine: Engine
) -> Iterator[Summary]:
    """Do shards until all are done or the executor is broken; those that it had are suspects."""
    waiting: dict[Future[Summary], Shard] = {}
    is_broken = False
    try:
        while waiting or (left and not is_broken):
            while left and len(waiting) < engine.window and not is_broken:
                try:
                    waiting[executor.submit(job.run, left[0])] = left[0]
                    left.popleft()
                except BrokenProcessPool:
                    is_broken = True
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                shard = waiting.pop(future)
                try:
                    yield _result(future)
                except engine.broken as error:
                    suspects.append(shard)
                    is_broken = is_broken or isinstance(error, BrokenProcessPool)
    finally:
        for future in waiting:
            future.cancel()


def _alone(job: Job, shard: Shard, engine: Engine) -> Summary:
    executor = engine.start()
    try:
        return _result(executor.submit(job.run, shard, alone=True))
    except engine.broken:
        return Summary(shard.name, failure="the process that reads it dies, whatever the article")
    finally:
        executor.shutdown(wait=False)


def _result(future: Future[Summary]) -> Summary:
    try:
        return future.result()
    except (CancelledError, asyncio.CancelledError):  # Dask raises either
        raise NoCluster(
            "the scheduler went away: start it, and replay again; what is done stays done"
        ) from None


# this process -------------------------------------------------------------------------------------
class _Here(Executor):
    """Does what it is given at once."""

    @override
    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future = Future[T]()
        future.set_result(fn(*args, **kwargs))
        return future


HERE: Final = Engine(_Here, 1, ())


# a pool of processes ------------------------------------------------------------------------------
class _Pool(ProcessPoolExecutor):
    """Processes that are started where they are needed: by ``submit``."""

    @override
    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        # A worker runs what it finds as ``__main__`` here: a command line, which imports Scrapy.
        main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
        try:
            return super().submit(fn, *args, **kwargs)
        finally:
            sys.modules["__main__"] = main


def pool(workers: int | None = None) -> Engine:
    """Return processes of this machine; None: as many as there are cores for us."""
    number = workers or len(os.sched_getaffinity(0))

    def start() -> Executor:
        # Not forked: a worker would have all that the command line has imported.
        return _Pool(number, get_context("spawn"), _begin)

    return Engine(start, 2 * number, (BrokenProcessPool,))


def _begin() -> None:
    """End with the parent, however it ends, and without a word by Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parent = parent_process()
    assert parent is not None

    def end() -> None:
        parent.join()
        os._exit(1)

    Thread(target=end, daemon=True).start()


# a cluster ----------------------------------------------------------------------------------------
def certificates(opts: Namespace) -> dict[str, str]:
    """Return the files that are given. Raises Refused where options contradict each other."""
    if opts.workers is not None and (opts.workers < 1 or opts.scheduler):
        raise Refused("give --workers as a number from 1, or --scheduler")
    options = {name: getattr(opts, name[2:].replace("-", "_")) for name in TLS}
    given = {name: path for name, path in options.items() if path is not None}
    if given and opts.scheduler is None:
        raise Refused(f"{', '.join(given)}: give --scheduler, too, or leave it out")
    for name, path in given.items():
        if not os.access(path, os.R_OK) or Path(path).is_dir():
            raise Refused(f"{name} {path} cannot be read: give a file in PEM")
    return given


@contextmanager
def cluster(address: str, files: Mapping[str, str]) -> Iterator[Engine]:
    """Give the workers of a Dask scheduler. Raises NoCluster, Refused.

    ``files``: paths of PEM files by the options of ``TLS``; what is not there is taken
    from Dask's own configuration.
    """
    if not address.startswith("tls://"):
        raise Refused(
            f"--scheduler {without_keys(address)}: give tls://HOST:PORT; "
            "whoever reaches a scheduler without TLS can run any code on its workers"
        )
    distributed = need("distributed", "cluster")
    # Of a lost connection it logs whole tracebacks; we say it in one line.
    for name in ("distributed", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    given = {TLS[name]: path for name, path in files.items()}
    security = distributed.Security(require_encryption=True, **given)
    if not all(getattr(security, name) for name in TLS.values()):
        raise Refused(
            "certificates: give --tls-ca, --tls-cert and --tls-key, or in the environment "
            "DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__TLS__CLIENT__CERT and …__TLS__CLIENT__KEY"
        )
    try:
        client = distributed.Client(
            address, security=security, timeout=_SECONDS, set_as_default=False
        )
    except (OSError, ssl.SSLError, ValueError, TypeError) as error:
        raise NoCluster(
            f"{address}: {error}; look whether a Dask scheduler with TLS runs there, with a "
            "certificate of the same authority"
        ) from error
    try:
        try:
            client.wait_for_workers(1, timeout=_SECONDS)
        except TimeoutError as error:
            raise NoCluster(f"{address} has no workers: start some") from error
        yield Engine(client.get_executor, _ON_CLUSTER, (distributed.scheduler.KilledWorker,))
    finally:
        with suppress(TimeoutError):  # it could take the place of what was raised
            client.close(timeout=1)
