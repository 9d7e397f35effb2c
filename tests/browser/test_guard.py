"""The guard, with a driver that starts processes which leave its group."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kompascrawler.browser import guard
from kompascrawler.browser.chromium import pids_in
from tests.browser.crawls import wait_for

DRIVER = "touch $TMPDIR/kept; setsid sh -c 'sleep 600 & sleep 600' & sleep 600"
GUARD = [sys.executable, "-IS", guard.__file__]
CRAWLER = f"import os, subprocess, sys; subprocess.run([*{GUARD}, str(os.getpid()), *sys.argv[1:]])"


@pytest.fixture
def family(tmp_path: Path) -> Iterator[dict[str, psutil.Process]]:
    """Start a crawler with a guard with a driver with children; name the first three."""
    folder = tmp_path / "folder"
    folder.mkdir()
    guarded = [str(folder), guard.NO_NETWORK, "/bin/sh", "-c", DRIVER]
    crawler = subprocess.Popen([sys.executable, "-c", CRAWLER, *guarded])
    pids = [crawler.pid, *wait_for(lambda: pids_in(folder))]
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
    assert (tmp_path / "folder" / "kept").exists()
    family[victim].send_signal(number)
    assert not psutil.wait_procs([family["guard"], *below], timeout=10)[1]
    assert not list(tmp_path.iterdir())


def test_nobody_waits_any_more(family: dict[str, psutil.Process], tmp_path: Path) -> None:
    """A crawler that takes the folder away gives the driver up."""
    below = family["guard"].children(recursive=True)
    shutil.rmtree(tmp_path / "folder")
    assert not psutil.wait_procs([family["guard"], *below], timeout=10)[1]


@pytest.mark.parametrize("gone", ["folder", "crawler"])
def test_nobody_waited(tmp_path: Path, gone: str) -> None:
    """Where folder or crawler are gone when the guard begins, it ends without a word."""
    folder, crawler = tmp_path / "folder", os.getpid()
    if gone == "crawler":
        folder.mkdir()
        with subprocess.Popen("true") as ended:
            crawler = ended.pid
    command = [*GUARD, str(crawler), str(folder), guard.NO_NETWORK, "/bin/sleep", "600"]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
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
