"""The units of systemd."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kompascrawler.configuration.table import SETTINGS
from kompascrawler.outcome.cards import ExitStatus
from tests.crawls import ROOT

FOLDER = ROOT / "docs" / "deploy"
SERVICE = (FOLDER / "kompascrawler.service").read_text()


def value(name: str) -> str:
    """Return what the service says of one name."""
    (found,) = re.findall(rf"^{name}=(.*)$", SERVICE, re.MULTILINE)
    return str(found)


@pytest.fixture
def analyze() -> str:
    """Return the path of `systemd-analyze`, which works where systemd does not run."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd is not installed")
    return program


def test_units_are_valid(analyze: str, tmp_path: Path) -> None:
    """`systemd-analyze verify` has nothing to say, once the program is where they expect it."""
    for name in ("kompascrawler.service", "kompascrawler.timer"):
        text = (
            (FOLDER / name)
            .read_text()
            .replace("/opt/kompascrawler/.venv/bin/kompascrawler", "/bin/true")
        )
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        [analyze, "verify", *tmp_path.iterdir()], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_is_tight(analyze: str) -> None:
    """The exposure that `systemd-analyze security` finds is at most 3 of 10."""
    done = subprocess.run(
        [analyze, "security", "--offline=true", "--threshold=30", FOLDER / "kompascrawler.service"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_a_crawl_ends_itself_before_systemd_ends_it() -> None:
    """The time that a crawl gives itself is shorter than the one it is given."""
    assert value("ExecStart").endswith("/kompascrawler crawl")
    assert int(value("TimeoutStartSec")) >= SETTINGS["MAX_RUN_SECONDS"].default + 1800


def test_statuses_that_are_no_failure() -> None:
    """A crawl that was stopped, that a budget ended, or that found another at work, is no alarm."""
    listed = {int(status) for status in value("SuccessExitStatus").split()}
    assert listed == {9, 75, 129, 130, 131, 143, 152}
    assert listed <= set(ExitStatus)
