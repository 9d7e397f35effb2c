"""The guard, with a driver that starts processes which leave its group."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kompascrawler.browser import guard
from tests.browser.crawls import wait_for

DRIVER = "touch $TMPDIR/kept; setsid sh -c 'sleep 600 & sleep 600' & sleep 600"
CRAWLER = "import subprocess, sys; subprocess.run(sys.argv[1:])"


@pytest.fixture
def family(tmp_path: Path) -> Iterator[dict[str, psutil.Process]]:
    """Start a crawler with a guard with a driver with children; name the first three."""
    pid_file = tmp_path / "pid"
    guarded = [sys.executable, "-IS", guard.__file__, str(pid_file), "/bin/sh", "-c", DRIVER]
    env = os.environ | {"TMPDIR": str(tmp_path)}
    crawler = subprocess.Popen([sys.executable, "-c", CRAWLER, *guarded], env=env)
    wait_for(lambda: pid_file.exists() and " " in pid_file.read_text())
    pids = [crawler.pid, *map(int, pid_file.read_text().split())]
    found = dict(zip(("crawler", "guard", "driver"), map(psutil.Process, pids), strict=True))
    wait_for(lambda: len(found["guard"].children(recursive=True)) >= 4)
    yield found
    crawler.kill()
    crawler.wait()


@pytest.mark.parametrize(
    ("victim", "number"),
    [
        ("crawler", signal.SIGKILL),
        ("driver", signal.SIGKILL),
        ("guard", signal.SIGTERM),
    ],
)
def test_nothing_is_left(
    family: dict[str, psutil.Process], tmp_path: Path, victim: str, number: int
) -> None:
    """Crawler or driver killed, or the guard told to end: processes end, and files go."""
    below = family["guard"].children(recursive=True)
    assert len(list(tmp_path.glob("*/kept"))) == 1
    family[victim].send_signal(number)
    assert not psutil.wait_procs([family["guard"], *below], timeout=10)[1]
    assert [path.name for path in tmp_path.iterdir()] == ["pid"]


def test_a_guard_that_nobody_waits_for(tmp_path: Path) -> None:
    """Where the folder of the file is gone, the driver is ended at once, without a word."""
    command = [sys.executable, "-IS", guard.__file__, str(tmp_path / "gone" / "pid")]
    done = subprocess.run(
        [*command, "/bin/sh", "-c", DRIVER], capture_output=True, timeout=60, check=False,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert (done.stderr, list(tmp_path.iterdir())) == (b"", [])


def test_driver_ends_with_the_guard(family: dict[str, psutil.Process]) -> None:
    """A guard that is killed itself takes the driver with it; a browser ends with its pipe."""
    below = family["guard"].children(recursive=True)
    family["guard"].kill()
    ended, left = psutil.wait_procs([family["driver"]], timeout=10)
    for process in below:
        if process.is_running():
            process.kill()  # these have no pipe
    assert (len(ended), left) == (1, [])


def test_ctrl_c_is_not_the_guards(family: dict[str, psutil.Process]) -> None:
    """Guard and driver stand in a session of their own: the terminal's Ctrl-C misses them."""
    sessions = {os.getsid(family[name].pid) for name in ("guard", "driver")}
    assert sessions == {family["guard"].pid}


def test_descendants_of_nobody() -> None:
    """A process without children has no descendants."""
    with subprocess.Popen(["sleep", "600"]) as process:
        assert guard.descendants(process.pid) == set()
        process.kill()
