"""What a page, an article and an idle run cost, each against a yardstick in the same run.

    python -m tests.bench [--rounds N] [--articles N] [--json FILE]

Costs are CPU time (user and system) of ours and of the yardstick in turn; the figure is the
median of the pairs' ratios, which holds where the machine's speed does not.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import scrapy
from lxml import etree

from kompascrawler.cleaning import clean
from kompascrawler.pages import article_page
from tests.bench import shapes
from tests.bench.document import machine, write
from tests.conftest import SHARED, read_page
from tests.crawls import AT_ONCE, COMPILED, ROOT, scrapy_command
from tests.replica import Request, Site
from tests.replica.serve import Replica, serve

BARE = Path(__file__).with_name("bare.py")
ONE_BY_ONE = {"CONCURRENT_REQUESTS": 1}
"""As with a delay: a request at a time, and one connection to a host, for both sides."""
SWITCHES = ONE_BY_ONE | {
    "CONCURRENT_ITEMS": 1,
    "COOKIES_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "INFO",
}
"""What costs nothing to switch off, and is off in ours."""


Pages = list[tuple[str, bytes]]


class Figure(NamedTuple):
    """The cost of ours against that of a yardstick; seconds, a pair a round."""

    name: str
    aim: float
    pairs: Sequence[tuple[float, float]]

    @property
    def ratio(self) -> float:
        """The median of the pairs' ratios."""
        return statistics.median(ours / yardstick for ours, yardstick in self.pairs)

    @property
    def row(self) -> str:
        """The figure as a row of a table."""
        ratios = [ours / yardstick for ours, yardstick in self.pairs]
        lower, _, upper = statistics.quantiles(ratios * 2, method="inclusive")
        half = f"{lower:.2f} to {upper:.2f}"
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        return f"| {self.name} | {self.ratio:.2f} | {half} | {spread} | {self.aim} |"

    def __str__(self) -> str:
        ours, yardstick = (
            statistics.median(column) * 1000 for column in zip(*self.pairs, strict=True)
        )
        return f"{self.ratio:5.2f} (aim {self.aim})  {ours:8.2f} / {yardstick:8.2f} ms  {self.name}"


def extraction(rounds: int) -> Figure:
    """Page bytes to finished record, against the parse alone of the same bytes.

    In turns of a dozen pages, and three times as many rounds as of the others: it takes little.
    """
    kind, saved = _pages()

    def parse(pages: Pages) -> None:
        for _, body in pages:
            etree.fromstring(body, etree.HTMLParser(encoding="utf-8"))

    def extract(pages: Pages) -> None:
        for url, body in pages:
            page = article_page(url, body)  # as in a crawl, it lives until its record is clean
            clean(page.to_item())

    pairs = []
    for _ in range(3 * rounds):
        dozens = [saved[start : start + 12] for start in range(0, len(saved), 12)]
        costs = [(_cpu(partial(extract, few)), _cpu(partial(parse, few))) for few in dozens]
        ours, yardstick = (sum(column) / len(saved) for column in zip(*costs, strict=True))
        pairs.append((ours, yardstick))
    return Figure(f"page to record / lxml parse; {len(saved)} {kind}", 1.15, pairs)


def crawls(rounds: int, articles: int) -> Figure:
    """CPU per article of the whole crawl, against the bare spider on the same addresses.

    Twice as many pairs as of the others, in turns of who begins: a machine that gets busier, or
    less so, moves the ratios of both orders by as much.
    """
    with serve(Site(seed=1, articles=articles, padding="real")) as replica:
        pairs = [_crawl_pair(replica, articles, ours_first=bool(n % 2)) for n in range(2 * rounds)]
    name = "crawl / spider with ten selections, a feed and our switches, per article of"
    return Figure(f"{name} {articles}", 1.0, pairs)


def _crawl_pair(replica: Replica[Site], articles: int, *, ours_first: bool) -> tuple[float, float]:
    urls = [f"{story.url}?page=all" for story in replica.site.stories]
    with tempfile.TemporaryDirectory() as folder:
        sides = [_ours(Path(folder)), _bare(urls, Path(folder))]
        order = sides if ours_first else sides[::-1]
        costs = [_child(command, replica) / articles for command in order]
    ours, bare = costs if ours_first else costs[::-1]
    return ours, bare


def idle_runs(rounds: int) -> Figure:
    """Measure a run that finds nothing new against a bare crawl of one page, start-up included."""
    with (
        serve(Site(seed=1, articles=30, padding="real")) as replica,
        tempfile.TemporaryDirectory() as folder,
    ):
        bare = _bare([replica.site.stories[0].url], Path(folder))
        ours = _ours(Path(folder))
        _child(ours, replica)
        pairs = [(_child(ours, replica), _child(bare, replica)) for _ in range(rounds)]
    return Figure("run with nothing new / bare crawl of one page", 1.3, pairs)


def _pages() -> tuple[str, Pages]:
    """Return addresses and bytes of Global pages: the real ones, else the replica's as heavy."""
    if real := sorted(SHARED.glob("pages/*__www_global__*.gz")):
        return "real Global pages of 2020", [(_address(path), read_page(path)) for path in real]
    site = Site(seed=1, articles=60, padding="real")
    urls = [story.url for story in site.stories]
    answers = [(url, site.answer(Request.get(url)).body) for url in urls]
    return "pages of the replica, as heavy as real ones", answers


def _address(path: Path) -> str:
    day, _, number = path.name.split("__")[2].removesuffix(".html.gz").rpartition("-")
    return f"https://www.kompas.com/global/read/{day.replace('-', '/')}/{number}/"


def _ours(folder: Path) -> list[str]:
    settings = AT_ONCE | ONE_BY_ONE | {"DATA_DIR": folder / "data"}
    return scrapy_command("crawl", "kompas_global", settings=settings)


def _bare(urls: Sequence[str], folder: Path) -> list[str]:
    (folder / "urls").write_text("\n".join(urls))
    feed = str(folder / "feed.jsonl")
    command = scrapy_command("runspider", str(BARE), "-O", feed, settings=SWITCHES)
    return [*command, f"-aurls={folder / 'urls'}"]


def _cpu(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _child(command: Sequence[str], replica: Replica[Any]) -> float:
    """Run a command against the replica; return its CPU time, seconds."""
    is_ours = "crawl" in command
    before = os.times()
    subprocess.run(
        command,
        cwd=ROOT if is_ours else Path(command[-1].partition("=")[2]).parent,
        env=os.environ | replica.env | COMPILED,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    after = os.times()
    return (
        after.children_user + after.children_system - before.children_user - before.children_system
    )


_TABLE = (
    "| Ours / yardstick | Ratio | half of the pairs | least and most | Aim |",
    "|---|---:|---:|---:|---:|",
)


def _block(lines: Sequence[str]) -> list[str]:
    return [
        "",
        "What reading costs, whatever a page repeats:",
        "",
        *(f"    {one}" for one in lines),
    ]


def main() -> None:
    """Run all benchmarks and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.bench")
    parser.add_argument("--rounds", type=int, default=7, help="pairs of each benchmark")
    parser.add_argument("--articles", type=int, default=200, help="articles of a crawl")
    parser.add_argument("--json", type=Path, help="write the pairs here")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, lxml {etree.__version__}, {os.cpu_count()} cores")
    figures = [extraction(options.rounds * 3)]
    print(figures[-1], flush=True)
    figures.append(crawls(options.rounds, options.articles))
    print(figures[-1], flush=True)
    figures.append(idle_runs(options.rounds))
    print(figures[-1], flush=True)
    print("What reading costs a megabyte, whatever a page repeats:")
    shown = []
    for line in shapes.table(shapes.SHOWN, shapes.SIZES):
        shown.append(line)
        print(line, flush=True)
    versions = (f"lxml {etree.__version__}", f"Scrapy {scrapy.__version__}")
    write("bench", [machine(*versions), "", *_TABLE, *(one.row for one in figures), *_block(shown)])
    if options.json:
        options.json.write_text(json.dumps([figure._asdict() for figure in figures], indent=1))


if __name__ == "__main__":
    main()
