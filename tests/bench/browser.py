"""What an article costs in the browser, ours beside a plain scrapy-playwright spider.

    python -m tests.bench.browser [--rounds N] [--articles N] [--at-once N ...]

Articles of the replica as heavy as real ones, whose pages only a script brings. The sides run in
turn with the same Chromium. CPU is that of every process that a crawl starts, the browser's
included: it holds where the machine is busy, articles a second do not. Start and end count.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple

from playwright.sync_api import sync_playwright

from kompascrawler.browser.chromium import find_chromium
from tests.crawls import AT_ONCE, ROOT, scrapy_command
from tests.replica import Site
from tests.replica.serve import Replica, serve

BEHAVIOURS: Final = ("script_pager", "script_pager_href", "next_click", "next_click_swap")
MANY: Final = {"CONCURRENT_REQUESTS": 32, "CONCURRENT_REQUESTS_PER_DOMAIN": 32, "LOG_LEVEL": "INFO"}
SIDES: Final = {
    "ours": "kompascrawler",
    "blocking": "scrapy-playwright, blocking",
    "plain": "scrapy-playwright",
}
_SPIDER: Final = Path(__file__).with_name("playwright_spider.py")
_HANDLER: Final = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"
_COUNT: Final = """
import ctypes, os, resource, subprocess, sys
ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: orphans come to us and are counted, too
subprocess.run(sys.argv[1:], check=True)
try:
    while os.wait():
        pass
except ChildProcessError:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(used.ru_utime + used.ru_stime)
"""


class Cost(NamedTuple):
    """What a crawl took, seconds."""

    cpu: float
    wall: float


class Yard:
    """A replica, its articles, and the crawls over them."""

    def __init__(self, replica: Replica[Site], chromium: str, folder: Path) -> None:
        self.stories = [story for story in replica.site.stories if len(story.pages) > 1]
        self._replica = replica
        self._chromium = chromium
        self._folder = folder

    def cost(self, side: str, at_once: int) -> Cost:
        """Crawl all articles, so many of them open at the same time; check that all came whole."""
        ours = side == "ours"
        command = self._ours(at_once) if ours else self._plain(at_once, blocks=side == "blocking")
        began = time.monotonic()
        with (self._folder / "log").open("w") as log:
            cpu = subprocess.run(
                [sys.executable, "-c", _COUNT, *command],
                cwd=ROOT if ours else self._folder,  # out of reach of our scrapy.cfg
                env=os.environ | self._replica.env | {"PYTHONPATH": str(ROOT)},
                check=True,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            ).stdout
        taken = Cost(float(cpu.splitlines()[-1]), time.monotonic() - began)
        result = json.loads((self._folder / "result.json").read_text())
        expected = {story.url: len(story.pages) for story in self.stories}
        brought = result["answers"].items() if ours else ((item["url"], item) for item in result)
        assert {url: item.get("pages") for url, item in brought} == expected
        return taken

    def _ours(self, at_once: int) -> list[str]:
        settings = AT_ONCE | MANY | {"BROWSER_CONCURRENT_PAGES": at_once}
        settings |= {"BROWSER_EXECUTABLE": self._chromium, "DATA_DIR": str(self._folder / "data")}
        requests = [{"name": story.url, "url": story.url} for story in self.stories]
        order = self._folder / "order"
        order.write_text(json.dumps({"requests": requests, "settings": settings}))
        result = str(self._folder / "result.json")
        return [sys.executable, "-m", "tests.browser.worker", str(order), result]

    def _plain(self, at_once: int, *, blocks: bool) -> list[str]:
        urls = self._folder / "urls"
        urls.write_text("\n".join(story.url for story in self.stories))
        launch = {"executable_path": self._chromium, "proxy": {"server": self._replica.proxy_url}}
        settings = MANY | {
            "DOWNLOAD_HANDLERS": json.dumps({"https": _HANDLER}),
            "PLAYWRIGHT_LAUNCH_OPTIONS": json.dumps(launch),
            "PLAYWRIGHT_CONTEXTS": json.dumps({"default": {"ignore_https_errors": True}}),
            "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": at_once,
        }
        if blocks:
            settings["PLAYWRIGHT_ABORT_REQUEST"] = "tests.bench.playwright_spider.is_blocked"
        command = scrapy_command("runspider", str(_SPIDER), settings=settings)
        return [*command, f"-aurls={urls}", "-O", str(self._folder / "result.json")]


def measure(yard: Yard, at_once: Sequence[int], rounds: int) -> Iterator[str]:
    """Yield a table in Markdown: medians, and the spread of CPU."""
    articles = len(yard.stories)
    pages = sum(len(story.pages) for story in yard.stories)
    yield f"{articles} articles, {pages} pages, {rounds} rounds\n"
    yield "| Open at once | Side | CPU an article (least, most) | CPU a page | Articles/s |"
    yield "|---|---|---|---|---|"
    for number in at_once:
        costs: dict[str, list[Cost]] = {side: [] for side in SIDES}
        for _ in range(rounds):
            for side in SIDES:
                costs[side].append(yard.cost(side, number))
        for side, taken in costs.items():
            cpu, wall = (statistics.median(column) for column in zip(*taken, strict=True))
            least, most = (chosen(cost.cpu for cost in taken) for chosen in (min, max))
            yield (
                f"| {number} | {SIDES[side]} | {cpu / articles:.2f} s "
                f"({least / articles:.2f}, {most / articles:.2f}) | {cpu / pages:.2f} s "
                f"| {articles / wall:.2f} |"
            )


def _chromium() -> tuple[str, str]:
    """Return path and version of the browser that the crawler would take."""
    with sync_playwright() as playwright:
        named = os.environ.get("BROWSER_EXECUTABLE")
        path = find_chromium(named, Path(playwright.chromium.executable_path))
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=False)
        return path, browser.version


def main() -> None:
    """Print the machine, the versions and the table."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.bench.browser")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--articles", type=int, default=40)
    parser.add_argument("--at-once", type=int, nargs="+", default=[1, 2, 4])
    options = parser.parse_args()
    path, chromium = _chromium()
    packages = ", ".join(f"{name} {version(name)}" for name in ("scrapy-playwright", "playwright"))
    print(f"Python {platform.python_version()}, {packages}, Chromium {chromium}, ", end="")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}")
    site = Site(
        seed=1,
        articles=options.articles,
        layout="2023-11",
        padding="real",
        halaman=dict.fromkeys(BEHAVIOURS, 1.0),
    )
    with serve(site) as replica, tempfile.TemporaryDirectory() as folder:
        for line in measure(Yard(replica, path, Path(folder)), options.at_once, options.rounds):
            print(line, flush=True)


if __name__ == "__main__":
    main()
