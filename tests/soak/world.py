"""The site, the data folder and the clock of a soak, and runs of the crawler between them."""

import os
import resource
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple, TextIO

from kompascrawler.replica.player import Replica
from kompascrawler.replica.site import Site
from tests.clock import clock
from tests.crawls import AT_ONCE, ROOT, TIME_LIMIT, scrapy_command
from tests.soak.mishaps import Mishap

EVERY = 15 * 60.0
"""Seconds from one run to the next, by the soak's clock: that of the cron line."""
LONGEST_START = 1.5
"""Seconds in which a run has sent its first request, mostly."""
SETTINGS = AT_ONCE | {"DOWNLOAD_DELAY": 0.02, "PUBLISH_EVERY_ITEMS": 3}
"""Requests a little apart, so that there are moments to be killed in."""


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

    process: "subprocess.Popen[bytes]"
    begun: float
    cpu_before: float
    requests_before: int
    output: TextIO
    errors: TextIO


class World:
    """One data folder, one replica, one clock that is moved by hand."""

    def __init__(self, folder: Path, replica: Replica[Site], chance: Random) -> None:
        self.data_dir = folder / "data"
        self.temporary = folder / "tmp"
        self.temporary.mkdir(parents=True)
        self.replica = replica
        self.runs = 0
        self._folder = folder
        self._chance = chance
        self._now = time.time()

    def wait(self, seconds: float = EVERY) -> None:
        """Let time pass."""
        self._now += seconds

    def newest(self, count: int) -> list[str]:
        """Return the identities of the newest articles of the site."""
        return [story.id for story in self.replica.site.stories[:count]]

    def run(self, mishap: Mishap) -> tuple[Outcome, ...]:
        """Run the crawler with a mishap; two outcomes where two ran at once."""
        self.replica.faults.load(mishap.plan(self._chance, self.newest(12)))
        chosen = [f"-s{name}={value}" for name, value in mishap.settings.items()]
        command = ["crawl", "kompas_global", *mishap.arguments, *chosen]
        if mishap.limits_files:
            limit = [
                "prlimit",
                f"--fsize={self._chance.randrange(200, self.state_size() + 200_000)}",
            ]
        else:
            limit = []
        started = [
            self._start(command, shift=mishap.shift, prefix=limit)
            for _ in range(2 if mishap.overlaps else 1)
        ]
        self._disturb(started[0], mishap)
        outcomes = tuple(self._end(run) for run in started)
        self.replica.faults.clear()
        return outcomes

    def scrapy(self, *args: str) -> Outcome:
        """Run another command of the project on the data folder, by the soak's clock."""
        return self._end(self._start(args))

    def state_size(self) -> int:
        """Return the bytes of the database, its log included."""
        return sum(path.stat().st_size for path in self.data_dir.glob("state.sqlite3*"))

    def leftovers(self) -> list[str]:
        """Return what runs have left in the folder for temporary files."""
        return [path.name for path in self.temporary.iterdir()]

    def _start(self, args: Sequence[str], *, shift: float = 0.0, prefix: Sequence[str] = ()) -> Run:
        self.runs += 1
        shift += self._now - time.time()
        streams = [(self._folder / f"{self.runs}.{name}").open("w+") for name in ("out", "err")]
        process = subprocess.Popen(
            [*prefix, *scrapy_command(*args, settings=SETTINGS | {"DATA_DIR": self.data_dir})],
            cwd=ROOT,
            env=os.environ | self.replica.env | clock(shift) | {"TMPDIR": str(self.temporary)},
            stdout=streams[0],
            stderr=streams[1],
        )
        return Run(process, time.monotonic(), _cpu(), len(self.replica.log), *streams)

    def _disturb(self, run: Run, mishap: Mishap) -> None:
        """Now and then publish during the run; send the mishap's signals at random moments."""
        if self._chance.random() < 0.3:
            self._let_go_on(run, requests=3)
            self.replica.publish(1)
        for signal in mishap.signals:
            self._let_go_on(run, requests=self._chance.randint(0, 12))
            run.process.send_signal(signal)

    def _let_go_on(self, run: Run, *, requests: int) -> None:
        """Wait until a run has made so many requests, or ended, and a random moment more."""
        deadline = time.monotonic() + TIME_LIMIT
        while self._requests(run) < requests and time.monotonic() < deadline:
            if run.process.poll() is not None:
                return
            time.sleep(0.01)
        # Without a request to wait for, somewhere between the interpreter's start and the first.
        time.sleep(self._chance.uniform(0.0, 0.1 if requests else LONGEST_START))

    def _requests(self, run: Run) -> int:
        return len(self.replica.log) - run.requests_before

    def _end(self, run: Run) -> Outcome:
        """Wait for the end of a run."""
        status = run.process.wait(TIME_LIMIT)
        texts = []
        for stream in (run.output, run.errors):
            stream.seek(0)
            texts.append(stream.read())
            stream.close()
            Path(stream.name).unlink()
        return Outcome(
            status=status,
            output=texts[0],
            errors=texts[1],
            requests=self._requests(run),
            cpu=_cpu() - run.cpu_before,
            wall=time.monotonic() - run.begun,
        )


def _cpu() -> float:
    """Return the CPU seconds of all runs that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
