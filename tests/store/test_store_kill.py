"""SIGKILL at random moments of storing and publishing, by processes that really die.

20 kills in the test command; ``KILLS=500`` or the soak gives more. What is asserted holds
wherever a kill hits; the moments come from a seed and only spread the kills.
"""

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from kompascrawler.store.records import to_line
from tests.store.published import check_manifest, drafts, published_files, published_ids
from tests.store.synthetic import make_article

WORKER = Path(__file__).with_name("worker.py")
KILLS = int(os.environ.get("KILLS", "20"))


class Job(NamedTuple):
    """What the processes have to do, and where."""

    data_dir: Path
    plan: Path

    @classmethod
    def make(cls, folder: Path, articles: int) -> "Job":
        plan = folder / "plan.jsonl"
        plan.write_bytes(b"".join(to_line(make_article(number)) for number in range(articles)))
        return cls(folder / "data", plan)

    def start(self) -> subprocess.Popen[str]:
        """Start a process that publishes after every fourth article."""
        command = [sys.executable, str(WORKER), str(self.data_dir), str(self.plan), "4"]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def killed(job: Job, chance: random.Random, most: int) -> set[str]:
    """Start a process and kill it at a random moment; return what it had accepted by then."""
    with job.start() as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(chance.randint(0, most))]
        # A publish takes some milliseconds, opening and recovery some tens of them.
        time.sleep(chance.uniform(0, 0.02 if lines else 0.2))
        process.kill()
        return {line.strip() for line in (*lines, *process.stdout) if line.endswith("\n")}


def run_with_kills(folder: Path, kills: int) -> None:
    """Kill so many processes, let a last one finish, and hold the files to the promise."""
    most = 16
    job = Job.make(folder, articles=kills * most // 2)
    chance = random.Random(kills)
    accepted: set[str] = set()
    seen: dict[str, str] = {}
    for _ in range(kills):
        accepted |= killed(job, chance, most)
        files = published_files(job.data_dir)
        assert seen.items() <= files.items(), "a published file has changed"
        seen = files
        assert set(published_ids(job.data_dir).values()) <= {1}, "doubled"
    with job.start() as process:
        process.communicate()
    assert process.returncode == 0
    ids = published_ids(job.data_dir)
    assert seen.items() <= published_files(job.data_dir).items()
    assert accepted <= set(ids), "lost"
    assert ids == {make_article(number).id: 1 for number in range(kills * most // 2)}
    assert drafts(job.data_dir) == []
    check_manifest(job.data_dir)


def test_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    """After 20 kills every accepted record stands in the files once, and no line is torn."""
    run_with_kills(tmp_path, KILLS)


@pytest.mark.soak
def test_many_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    """The same with 300 kills."""
    run_with_kills(tmp_path, 300)


def test_two_processes_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    """Four writers of one folder, started together on nothing, store each article once."""
    job = Job.make(tmp_path, articles=40)
    processes = [job.start() for _ in range(4)]
    outputs = [process.communicate()[0].split() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    accepted = [article_id for output in outputs for article_id in output]
    assert sorted(accepted) == sorted(published_ids(job.data_dir).elements())
    assert len(accepted) == 40
    check_manifest(tmp_path / "data")
