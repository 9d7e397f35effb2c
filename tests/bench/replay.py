"""What reading kept pages again costs, by who does the work: ``make bench-replay``.

    python -m tests.bench.replay [--articles N] [--times N] [--rounds N]

Pages of the replica as heavy as real ones, kept by a crawl; each is read several times, so that
starting counts for little. The sides run in turn over the same days and must write the same bytes.
CPU is that of all processes of a side, the cluster's included.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple

import psutil

from kompascrawler.replay.differences import of_days
from kompascrawler.replay.engine import HERE, cluster, pool, run_all
from kompascrawler.replay.job import Job
from tests.bench.document import machine, write
from tests.crawls import COMPILED, ROOT, crawl
from tests.replay.cluster import Cluster, certificates
from tests.replay.foreign_files import Warc
from tests.replay.kept import NO_BROWSER
from tests.replica import Request, Site
from tests.replica.serve import serve

SIDES: Final = {
    "serial": "one process, the command itself",
    "pool 1": "a pool of 1 process",
    "pool 2": "a pool of 2 processes",
    "dask": "Dask: scheduler, 2 workers, TLS",
}
RECORDS: Final = 500
"""Of other sites, in each foreign file."""
_LOOK: Final = 0.2
"""Seconds between two looks at the memory."""


class Cost(NamedTuple):
    """What a side took for all pages."""

    cpu: float
    """Seconds, start and end included."""
    work: float
    """Seconds from the first shard that is handed out to the last that is done."""
    memory: float
    """The most that all its processes had at a time, MB; what they share is counted once."""


class Yard:
    """A folder with kept pages, a cluster, and replays of the one on the other."""

    def __init__(self, folder: Path, started: Cluster, times: int) -> None:
        self._folder, self._cluster, self._times = folder, started, times
        self._out = folder / "out"

    def cost(self, side: str) -> Cost:
        """Have a side read all pages."""
        shutil.rmtree(self._out, ignore_errors=True)
        command = [sys.executable, "-m", "tests.bench.replay", "--side", side]
        command += ["--folder", str(self._folder), "--times", str(self._times)]
        if side == "dask":
            command += ["--address", self._cluster.address]
        others = psutil.Process().children(recursive=True) if side == "dask" else []
        before, waited = sum(map(_cpu, others)), os.times()
        most = 0.0
        with subprocess.Popen(
            command, cwd=ROOT, env=os.environ | COMPILED, stdout=subprocess.PIPE
        ) as process:
            while process.poll() is None:
                most = max(most, _memory([psutil.Process(process.pid), *others]))
                time.sleep(_LOOK)
            assert process.stdout is not None
            told = process.stdout.read()
        assert process.returncode == 0, side
        after = os.times()
        cpu = after.children_user + after.children_system
        cpu -= waited.children_user + waited.children_system
        return Cost(cpu + sum(map(_cpu, others)) - before, json.loads(told), most)

    def written(self) -> dict[str, bytes]:
        """Return what the last side has written."""
        return {path.name: path.read_bytes() for path in self._out.glob("*.jsonl")}


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _memory(processes: Sequence[psutil.Process]) -> float:
    """Return what processes and their children have, MB."""
    total = 0
    for process in {one for each in processes for one in _family(each)}:
        try:
            total += process.memory_full_info().pss
        except psutil.Error:  # it has ended meanwhile
            continue
    return total / 1e6


def _family(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def work(folder: Path, side: str, times: int, address: str) -> float:
    """Read all pages so many times, in this process and those of a side; return the seconds."""
    shards = [
        shard._replace(name=f"{shard.name}-{number}")
        for number in range(times)
        for shard in of_days(folder / "data")
    ]
    job = Job(out=str(folder / "out"), seconds=30)
    kind, _, number = side.partition(" ")
    engines = {"serial": nullcontext(HERE), "pool": nullcontext(pool(int(number or 1)))}
    with engines.get(kind) or cluster(address, certificates(folder)) as engine:
        began = time.monotonic()
        for summary in run_all(job, shards, engine):
            assert summary.records, summary
        return time.monotonic() - began


def passing(folder: Path, body: bytes, files: int = 9) -> float:
    """Return the CPU seconds of a record of another site in a foreign file."""
    if not (folder / "foreign-0.warc.gz").exists():
        made = Warc()
        for number in range(RECORDS):
            made.add(f"https://www.example.com/{number}", body)
        for number in range(files):
            (folder / f"foreign-{number}.warc.gz").write_bytes(made.content)
    return (_foreign(folder, files) - _foreign(folder, 1)) / (RECORDS * (files - 1))


def _foreign(folder: Path, files: int) -> float:
    names = [f"foreign-{number}.warc.gz" for number in range(files)]
    command = [sys.executable, "-m", "kompascrawler", "replay", "--workers", "1", "--warc", *names]
    before = os.times()
    subprocess.run(
        command, cwd=folder, env=os.environ | COMPILED, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    after = os.times()
    used = after.children_user + after.children_system
    return used - before.children_user - before.children_system


def measure(folder: Path, articles: int, times: int, rounds: int) -> Iterator[str]:
    """Yield a table in Markdown."""
    with serve(Site(seed=5, articles=articles, padding="real", halaman="normal")) as replica:
        done = crawl(replica.env, folder / "data", WARC_ENABLED=True, **NO_BROWSER)
        assert done.status == 0, done.errors
        page = replica.site.answer(Request.get(replica.site.stories[0].url)).body
    pages = articles * times
    costs: dict[str, list[Cost]] = {side: [] for side in SIDES}
    with Cluster(folder).running(2) as started:
        yard, first = Yard(folder, started, times), None
        while (folder / "worker.log").read_text().count("Registered to") < 2:
            time.sleep(_LOOK)
        yard.cost("dask")  # its workers have imported what they need before
        for _ in range(rounds):
            for side, found in costs.items():
                found.append(yard.cost(side))
                first = first or yard.written()
                assert yard.written() == first, side
    yield f"| {pages:,} pages | Pages/s | CPU a page | CPU / serial | least and most | Memory |"
    yield "|---|---:|---:|---:|---:|---:|"
    for side, name in SIDES.items():
        yield _row(name, pages, costs[side], costs["serial"])
    of_record = statistics.median(passing(folder, page) for _ in range(rounds))
    yield ""
    yield (
        f"A record of another site in a foreign WARC file ({len(page) // 1000} KB, unpacked), "
        "which `--warc` passes over: "
        f"{of_record * 1000:.2f} ms of CPU, median of {rounds}."
    )


def _row(name: str, pages: int, costs: Sequence[Cost], serial: Sequence[Cost]) -> str:
    ratios = [one.cpu / other.cpu for one, other in zip(costs, serial, strict=True)]
    cpu, seconds, memory = (statistics.median(column) for column in zip(*costs, strict=True))
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    return (
        f"| {name} | {pages / seconds:.0f} | {cpu / pages * 1000:.1f} ms "
        f"| {statistics.median(ratios):.2f} | {spread} | {memory:.0f} MB |"
    )


def main() -> None:
    """Measure all, and write it into docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.bench.replay")
    parser.add_argument("--articles", type=int, default=300, help="that are crawled")
    parser.add_argument("--times", type=int, default=3, help="that each is read again")
    parser.add_argument("--rounds", type=int, default=3, help="of all sides")
    for inner in ("--side", "--folder", "--address"):
        parser.add_argument(inner, default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        print(work(Path(options.folder), options.side, options.times, options.address))
        return
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for line in measure(Path(folder), options.articles, options.times, options.rounds):
            print(line, flush=True)
            lines.append(line)
    versions = (f"distributed {version('distributed')}", f"FastWARC {version('FastWARC')}")
    write("replay", [machine(*versions), "", *lines])


if __name__ == "__main__":
    main()
