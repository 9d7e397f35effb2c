"""Browser crawls in processes of their own, and the processes that they start."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any, NamedTuple

import psutil
import pytest

from kompascrawler.browser.chromium import find_chromium
from kompascrawler.browser.request import BrowserMissing
from tests.browser.stand_in import StandIn
from tests.crawls import AT_ONCE, ROOT
from tests.replica import Story
from tests.replica.serve import Replica

TIME_LIMIT = 120
"""Seconds after which a crawl counts as hanging."""

MANY_AT_ONCE = {
    "BROWSER_CONCURRENT_PAGES": 6,
    "CONCURRENT_REQUESTS": 32,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 32,
}
"""Settings for articles that wait more than they work; the default is two."""


class Outcome(NamedTuple):
    """What a crawl wrote down."""

    answers: dict[str, dict[str, Any]]
    stats: dict[str, Any]
    modules: list[str]
    log: str


class Walks(NamedTuple):
    """What became of articles that were walked in one crawl."""

    outcome: Outcome
    replica: Replica[StandIn]
    stories: dict[str, Story]
    """Articles of the replica, by behaviour."""

    def of_story(self, behaviour: str) -> dict[str, Any]:
        """Return what became of an article of the replica."""
        return self.outcome.answers[f"replica {behaviour}"]


class Crawl:
    """A crawl that is under way."""

    def __init__(self, process: "subprocess.Popen[str]", folder: Path) -> None:
        self.process = process
        self._folder = folder
        self._seen: set[psutil.Process] = set()

    def running(self, *words: str, without: str = "\0") -> list[psutil.Process]:
        """Return the processes below the crawl whose command line has all of the words."""
        found = []
        for process in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.Error):
                line = " ".join(process.cmdline())
                if all(word in line for word in words) and without not in line:
                    found.append(process)
        return found

    def note(self) -> None:
        """Remember every process below the crawl as it is now."""
        with suppress(psutil.Error):
            self._seen |= set(psutil.Process(self.process.pid).children(recursive=True))

    def left(self, seconds: float = 10.0) -> list[psutil.Process]:
        """Return those remembered that have not ended; waits a while for them to."""
        return list(psutil.wait_procs(self._seen, timeout=seconds)[1])

    def left_files(self) -> list[str]:
        """Return what is in its folder for temporary files."""
        return [path.name for path in self._folder.joinpath("tmp").iterdir()]

    def end(self, seconds: float = TIME_LIMIT) -> Outcome:
        """Wait for the end of the crawl."""
        self.process.wait(seconds)
        log = (self._folder / "log").read_text()
        assert self.process.returncode == 0, log[-3000:]
        written = json.loads((self._folder / "result").read_text())
        return Outcome(written["answers"], written["stats"], written["modules"], log)


@contextmanager
def crawling(
    replica: Replica[Any],
    requests: Mapping[str, str] | Iterable[Mapping[str, Any]],
    *,
    env: Mapping[str, str] | None = None,
    **settings: Any,
) -> Iterator[Crawl]:
    """Start a crawl; it is killed at the end of the context if it still runs."""
    if isinstance(requests, Mapping):
        requests = [{"name": name, "url": url} for name, url in requests.items()]
    with TemporaryDirectory(prefix="crawl-") as name:
        folder = Path(name)
        temporary = folder / "tmp"
        temporary.mkdir()
        settings = AT_ONCE | {"DATA_DIR": str(folder / "data"), "LOG_LEVEL": "INFO"} | settings
        order = {"requests": list(requests), "settings": settings}
        (folder / "order").write_text(json.dumps(order))
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.browser.worker", folder / "order", folder / "result"],
                cwd=ROOT,
                env={**os.environ, **replica.env, **(env or {}), "TMPDIR": str(temporary)},
                stderr=log,
                stdout=log,
                text=True,
            )
        try:
            yield Crawl(process, folder)
        finally:
            process.kill()
            process.wait()


def crawl(replica: Replica[Any], requests: Mapping[str, str], **settings: Any) -> Outcome:
    """Run a crawl to its end."""
    with crawling(replica, requests, **settings) as running:
        return running.end()


def wait_for(condition: Callable[[], Any], seconds: float = 30.0) -> Any:
    """Wait until something is so, and return it; fail when it does not become so."""
    end = monotonic() + seconds
    while not (value := condition()):
        assert monotonic() < end, "it did not happen in time"
        sleep(0.02)
    return value


def asked(replica: Replica[Any], text: str) -> int:
    """Return how often an address with such a text was asked for."""
    return sum(text in line.url for line in replica.log)


def require_chromium() -> None:
    """Skip a test where no Chromium is installed."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    try:
        find_chromium(os.environ.get("BROWSER_EXECUTABLE"), own)
    except BrowserMissing as missing:
        pytest.skip(str(missing))
