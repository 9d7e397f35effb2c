"""What an article costs by each route: requests, bytes, CPU and seconds, measured in one run.

    python -m tests.bench.routes [--articles N] [--rounds N]

Every route crawls the same generated articles, as heavy as real ones and divided as often, in
turn; a figure is the median of the rounds. Nothing waits between requests. CPU is that of the
crawl and of all its processes (the browser has several), start and end included.
"""

import argparse
import gzip
import os
import platform
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final, NamedTuple

import psutil

from tests.crawls import AT_ONCE, COMPILED, ROOT, records, scrapy_command
from tests.replica import Reply, Request, Site
from tests.replica.serve import serve

ROUTES: Final = ("all", "numbered", "browser")
_LOOK: Final = 0.05
"""Seconds between two looks at the process table: what a process uses after its last is lost."""


class Cost(NamedTuple):
    """What an article costs on average."""

    requests: float
    kilobytes: float
    """Of the answers, compressed as the replica does."""
    cpu: float
    """Seconds, user and system."""
    seconds: float


class Weighed(Site):
    """A site that keeps what it answers about articles."""

    def __init__(self, articles: int) -> None:
        super().__init__(seed=1, articles=articles, padding="real")
        self.kept: list[bytes] = []

    def answer(self, request: Request) -> Reply:
        """Answer as ever."""
        reply = super().answer(request)
        if "/read/" in request.path:
            self.kept.append(reply.body)
        return reply


def measure(route: str, articles: int) -> Cost:
    """Crawl a site of so many articles by one route; every one must come whole."""
    with serve(Weighed(articles)) as replica, tempfile.TemporaryDirectory() as folder:
        settings = AT_ONCE | {"DATA_DIR": folder, "HALAMAN_ROUTE": route}
        command = scrapy_command("crawl", "kompas_global", settings=settings)
        began = time.monotonic()
        cpu = _run(command, os.environ | replica.env | COMPILED)
        seconds = time.monotonic() - began
        complete = [record["halaman"]["complete"] for record in records(Path(folder))]
        if complete != [True] * articles:
            raise RuntimeError(f"{route}: {complete.count(True)} of {articles} articles came whole")
        answers = replica.site.kept
    size = sum(len(gzip.compress(body, compresslevel=1)) for body in answers) / 1000
    return Cost(len(answers) / articles, size / articles, cpu / articles, seconds / articles)


def _run(command: list[str], environment: dict[str, str]) -> float:
    """Run a command to its end; return the CPU time of it and all its descendants, seconds."""
    quiet = subprocess.DEVNULL
    used: dict[int, float] = {}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet
    ) as process:
        tree = psutil.Process(process.pid)
        while process.poll() is None:
            for one in _alive(tree):
                used[one.pid] = max(used.get(one.pid, 0.0), _cpu(one))
            time.sleep(_LOOK)
    return sum(used.values())


def _alive(tree: psutil.Process) -> list[psutil.Process]:
    try:
        return [tree, *tree.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def main() -> None:
    """Measure every route in turn and print a row of the table each."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.bench.routes")
    parser.add_argument("--articles", type=int, default=40, help="articles of a crawl")
    parser.add_argument("--rounds", type=int, default=3, help="crawls of each route")
    options = parser.parse_args()
    rounds = [[measure(route, options.articles) for route in ROUTES] for _ in range(options.rounds)]
    pages = sum(len(story.pages) for story in Weighed(options.articles).stories) / options.articles
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores; per article of")
    print(
        f"{options.articles} with {pages:.2f} pages on average, median of {options.rounds} rounds"
    )
    print("| route | requests | KB | CPU ms | seconds |\n| --- | ---: | ---: | ---: | ---: |")
    for route, costs in zip(ROUTES, zip(*rounds, strict=True), strict=True):
        requests, kilobytes, cpu, seconds = map(statistics.median, zip(*costs, strict=True))
        print(f"| {route} | {requests:.2f} | {kilobytes:.1f} | {cpu * 1000:.0f} | {seconds:.2f} |")


if __name__ == "__main__":
    main()
