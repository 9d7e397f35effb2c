"""What is known of the driver's processes."""

import os
import subprocess
from pathlib import Path

import pytest

from kompascrawler.browser.chromium import guarded, is_running, memory, pids_in
from tests.browser.crawls import wait_for
from tests.conftest import remount


def test_memory_counts_children() -> None:
    """What a child holds counts for its parent."""
    before = memory(os.getpid())
    with subprocess.Popen(["sleep", "600"]) as process:
        assert memory(os.getpid()) > before > memory(process.pid) > 0
        process.kill()


def test_ended_process_is_not_running() -> None:
    """A process that has ended is not running, waited for or not."""
    process = subprocess.Popen(["true"])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not is_running(process.pid)
    process.wait()
    assert not is_running(process.pid)


@pytest.mark.parametrize("before", [None, "/opt/node"])
def test_guarded_leaves_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, before: str | None
) -> None:
    """Only while the driver is started does the environment name the guard."""
    monkeypatch.delenv("PLAYWRIGHT_NODEJS_PATH", raising=False)
    if before:
        monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", before)
    with guarded("/usr/bin/node", tmp_path, network="shared"):
        script = os.environ["PLAYWRIGHT_NODEJS_PATH"]
        assert (before or "/usr/bin/node") in Path(script).read_text()
        assert pids_in(tmp_path) is None
    assert os.environ.get("PLAYWRIGHT_NODEJS_PATH") == before


@pytest.mark.parametrize("disk", ["tmp_path", "small_disk"])
def test_guarded_starts_a_driver(request: pytest.FixtureRequest, disk: str) -> None:
    """What runs the named program is guarded, and told of; also where disks take no programs."""
    place: Path = request.getfixturevalue(disk)
    if disk == "small_disk":
        remount(place, "noexec")
    folder = place / "folder"
    folder.mkdir()
    with guarded("/bin/sleep", folder, network="shared"):
        process = subprocess.Popen([os.environ["PLAYWRIGHT_NODEJS_PATH"], "600"])
        pids = wait_for(lambda: pids_in(folder))
    assert pids.guard == process.pid
    assert is_running(pids.driver)
    process.terminate()
    process.wait(10)
    assert not is_running(pids.driver)
    assert not folder.exists()
