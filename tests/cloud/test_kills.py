"""Processes that publish are killed between their steps, or race: nothing is lost or doubled."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from random import Random
from signal import SIGKILL

import pytest

from kompascrawler.cloud import publishing
from kompascrawler.cloud.publishing import CURRENT, Published
from kompascrawler.cloud.publishing import publish as copy
from kompascrawler.dataset.verify import verify_bucket
from kompascrawler.store import manifest
from kompascrawler.store.store import Store
from tests.cloud.bucket import environment, forwarding
from tests.cloud.test_publishing import check, pass_by, there, write_table
from tests.crawls import ROOT, scrapy_command
from tests.dataset.folders import publish
from tests.dataset.test_lines import LATER
from tests.store.synthetic import make_article

pytestmark = pytest.mark.xdist_group("bucket")
_PUBLISHES = """
import sys
from pathlib import Path
from kompascrawler.cloud.publishing import publish
publish(Path(sys.argv[1]), sys.argv[2])
"""


@pytest.fixture
def phases(tmp_path: Path) -> list[Path]:
    """Give a folder as published, compacted, an hour later, and after a take-down."""
    names = ("published", "compacted", "later", "taken_down")
    folders = [tmp_path / name for name in names]
    publish(folders[0], "run", 1, 6, 2, 3, 7)
    write_table(folders[0], "2026-11", b"one")
    for before, folder in pairwise(folders):
        shutil.copytree(before, folder)
        with closing(Store(folder, folder.name)) as store:
            if folder.name == "compacted":
                store.compact(LATER)
            elif folder.name == "taken_down":
                store.forget(make_article(6).id, "asked to")
    write_table(folders[-1], "2026-11", b"two")
    return folders


def killed(folder: Path, url: str, at: int) -> int:
    """Publish in a process of its own, which is killed at a step; return how many there were."""
    reached = 0

    def strike(step: int) -> None:
        nonlocal reached
        reached = step
        if step == at:
            os.kill(process.pid, SIGKILL)
            process.wait(30)

    with forwarding(os.environ["AWS_ENDPOINT_URL"], strike) as address:
        env = os.environ | environment(address)
        # It waits for a line: only then it is known whom to kill.
        process = subprocess.Popen(
            [sys.executable, "-c", f"input(){_PUBLISHES}", str(folder), url],
            env=env, cwd=ROOT, stdin=subprocess.PIPE,
        )  # fmt: skip
        process.communicate(b"\n", 60)
    assert process.returncode == (-SIGKILL if at else 0)
    return reached


def is_whole(url: str) -> bool:
    """Tell whether each file that is listed is there, as it was published."""
    found = there(url)
    entries = map(manifest.parse, found.get(CURRENT, b"").splitlines())
    return all(sha256(found[one.file]).hexdigest() == one.sha256 for one in entries)


def go_through(phases: list[Path], url: str, phase: int, at: int, *, is_lost: bool = False) -> int:
    """Publish all phases with a kill at a step of one; return how many steps that one has."""
    steps, cursor = 0, b""
    for number, folder in enumerate(phases):
        kept = folder / publishing.CURSOR_FILE
        kept.write_bytes(cursor)
        if folder.name == "later":
            pass_by(folder, timedelta(minutes=61))
        if number == phase:
            steps = killed(folder, url, at)
            assert is_whole(url)
            if is_lost:
                kept.unlink(missing_ok=True)
        copy(folder, url)
        assert is_whole(url)
        cursor = kept.read_bytes()
    check(phases[-1], url)
    assert verify_bucket(url, phases[-1]).findings == []
    return steps


def test_a_process_that_is_killed(phases: list[Path], bucket: str) -> None:
    """In the middle of a first copy."""
    assert go_through(phases, bucket, 0, at=8) >= 8


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2))
def test_many_processes_that_are_killed(phases: list[Path], bucket: str, seed: int) -> None:
    """Ten in each phase, at any step of it; every third has lost its cursor, too."""
    chance, kills = Random(seed), 0
    for phase in range(len(phases)):
        steps = go_through(phases, f"{bucket}/{phase}", phase, at=0)
        for at in chance.sample(range(1, steps + 1), min(10, steps)):
            go_through(phases, f"{bucket}/{phase}-{at}", phase, at, is_lost=kills % 3 == 0)
            kills += 1
    assert kills >= 35


def _processes(folders: list[Path], url: str) -> Iterator[tuple[int, str]]:
    """Publish several folders at once; yield exit status and errors of each."""
    settings = [{"DATA_DIR": folder, "PUBLISH_URL": url} for folder in folders]
    processes = [
        subprocess.Popen(
            scrapy_command("publish", settings=given), cwd=ROOT, stderr=subprocess.PIPE, text=True
        )
        for given in settings
    ]
    for process in processes:
        _, errors = process.communicate(timeout=60)
        yield process.returncode, errors


@pytest.mark.soak
def test_of_two_processes_one_wins(tmp_path: Path, bucket: str) -> None:
    """The other ends with 7 and says why; its own folder and the winner's objects stay."""
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        publish(folder, f"run-{folder.name}", 1, 6, 2)
    ends = list(_processes(folders, bucket))
    assert sorted(status for status, _ in ends) == [0, 7]
    won = ends[1][0] == 0
    assert "another data folder has published that number" in ends[not won][1]
    check(folders[won], bucket)
    assert verify_bucket(bucket, folders[won]).findings == []
    assert copy(folders[not won], f"{bucket}/other") == Published(copied=2)
    check(folders[not won], f"{bucket}/other")
