"""One data folder, one replica, one clock that is moved by hand, and runs of the crawler there."""

import os
import resource
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from kompascrawler.store.model import NoStore
from kompascrawler.store.store import open_reader
from tests.clock import clock
from tests.crawls import AT_ONCE, ROOT, TIME_LIMIT, scrapy_command
from tests.replica.serve import Replica
from tests.replica.site import Site

EVERY = 15 * 60.0
"""Seconds from one run to the next: the cron line's."""
DAY = 24 * 60 * 60.0


class Signal(NamedTuple):
    """A signal to a run, and when."""

    number: signal.Signals
    requests: int
    """Sent when the run has made so many requests, …"""
    seconds: float = 0.0
    """… and so many seconds later."""


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What goes wrong in a run."""

    orders: Sequence[Mapping[str, Any]] = ()
    """Faults of the replica while the run goes on."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    arguments: Sequence[str] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    signals: Sequence[Signal] = ()
    shift: float = 0.0
    """Seconds that the clock of the run is ahead of the world's."""
    file_limit: int | None = None
    """Bytes beyond which no file may grow, as on a full disk."""


NONE = Trouble()


class Outcome(NamedTuple):
    """How a run of the crawler went."""

    status: int
    output: str
    errors: str
    requests: int
    cpu: float
    """Seconds of CPU; of both runs where two went on at once."""
    wall: float
    """Seconds from start to end."""


class Run(NamedTuple):
    """A run that is going on."""

    process: "subprocess.Popen[str]"
    begun: float
    cpu_before: float
    requests_before: int
    output: TextIO
    errors: TextIO


class World:
    """Runs start when its clock says; between them it stands still until ``wait`` moves it."""

    def __init__(
        self, folder: Path, replica: Replica[Site], settings: Mapping[str, Any] = AT_ONCE
    ) -> None:
        """Make the folder; ``settings`` are those of every run."""
        self.data_dir = folder / "data"
        self.temporary = folder / "tmp"
        self.temporary.mkdir(parents=True)
        self.replica = replica
        self.runs = 0
        self._folder = folder
        self._settings = settings
        self._now = time.time()

    def wait(self, seconds: float = EVERY) -> None:
        """Let time pass."""
        self._now += seconds

    def crawl(self, trouble: Trouble = NONE) -> Outcome:
        """Run the crawler to its end."""
        return self.end(self.begin(trouble))

    def begin(self, trouble: Trouble = NONE) -> Run:
        """Start a run of the crawler, with its trouble, and send it its signals."""
        self.replica.faults.load(trouble.orders)
        run = self._start(["crawl", "kompas_global", *trouble.arguments], trouble)
        for number, requests, seconds in trouble.signals:
            self._wait_for(run, requests)
            time.sleep(seconds)
            run.process.send_signal(number)
        return run

    def end(self, run: Run) -> Outcome:
        """Wait for the end of a run, and end its faults; raises TimeoutExpired where it hangs."""
        try:
            status = run.process.wait(TIME_LIMIT)
        except subprocess.TimeoutExpired:
            run.process.kill()
            raise
        self.replica.faults.clear()
        return Outcome(
            status=status,
            output=_text(run.output),
            errors=_text(run.errors),
            requests=self._requests(run),
            cpu=_cpu() - run.cpu_before,
            wall=time.monotonic() - run.begun,
        )

    def scrapy(self, *args: str) -> Outcome:
        """Run another command of the project on the data folder."""
        return self.end(self._start(args, NONE))

    def newest(self, count: int) -> list[str]:
        """Return the identities of the newest articles of the site."""
        return [story.id for story in self.replica.site.stories[:count]]

    def has_open_breaker(self) -> bool:
        """Tell whether the crawler leaves any host alone."""
        try:
            with open_reader(self.data_dir) as reader:
                return bool(reader.breakers())
        except NoStore:
            return False

    def state_size(self) -> int:
        """Return the bytes of the database, its log included."""
        return sum(path.stat().st_size for path in self.data_dir.glob("state.sqlite3*"))

    def leftovers(self) -> list[str]:
        """Return what runs have left in the folder for temporary files."""
        return sorted(path.name for path in self.temporary.iterdir())

    def _start(self, args: Sequence[str], trouble: Trouble) -> Run:
        self.runs += 1
        shift = self._now - time.time() + trouble.shift
        env = os.environ | self.replica.env | clock(shift) | {"TMPDIR": str(self.temporary)}
        limit = ["prlimit", f"--fsize={trouble.file_limit}"] if trouble.file_limit else []
        settings = {**self._settings, "DATA_DIR": self.data_dir, **trouble.settings}
        command = scrapy_command(*args, settings=settings)
        output, errors = (
            (self._folder / f"{self.runs}.{name}").open("w+") for name in ("output", "errors")
        )
        process = subprocess.Popen(
            [*limit, *command], cwd=ROOT, env={**env, **trouble.env}, stdout=output, stderr=errors,
            text=True,
        )  # fmt: skip
        return Run(process, time.monotonic(), _cpu(), len(self.replica.log), output, errors)

    def _requests(self, run: Run) -> int:
        return len(self.replica.log) - run.requests_before

    def _wait_for(self, run: Run, requests: int) -> None:
        """Wait until a run has made so many requests, or has ended."""
        deadline = time.monotonic() + TIME_LIMIT
        while self._requests(run) < requests and time.monotonic() < deadline:
            if run.process.poll() is not None:
                return
            time.sleep(0.01)


def _text(stream: TextIO) -> str:
    """Return what was written to a file, and take the file away."""
    with stream:
        stream.seek(0)
        Path(stream.name).unlink()
        return stream.read()


def _cpu() -> float:
    """Return the CPU seconds of all runs that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
