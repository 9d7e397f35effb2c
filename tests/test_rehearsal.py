"""Two runs and what happens between them, rehearsed from the command line."""

import sys
from collections.abc import Sequence
from pathlib import Path

from tests.crawls import AT_ONCE, ROOT, records, scrapy_command
from tests.replica.test_main import replica


def runs(folder: Path, between: Sequence[str]) -> str:
    """Crawl twice from the command line, with requests to the control address in between."""
    crawl = scrapy_command("crawl", "kompas_global", settings=AT_ONCE | {"DATA_DIR": folder})
    code = (
        "import json, os, subprocess, sys, urllib.request as u\n"
        f"crawl = {[str(part) for part in crawl]!r}\n"
        "def ask(query): return json.load(u.urlopen(os.environ['REPLICA_CONTROL'] + query))\n"
        "def run(): subprocess.run(crawl, check=False, stderr=subprocess.DEVNULL)\n"
        "newest = ask('')['articles'][0]\n"
        "run()\n"
        f"for query in {list(between)!r}: ask(query.format(newest=newest))\n"
        "run()\n"
        "print(newest)"
    )
    done = replica(
        "--articles", "6", "--start-visible", "3", "--", sys.executable, "-c", code,
        PYTHONPATH=str(ROOT),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_a_second_run_is_rehearsed_from_the_command_line(tmp_path: Path) -> None:
    """What is published between two runs is found by the second one."""
    runs(tmp_path, ["?publish=2"])
    found = records(tmp_path)
    assert len({record["id"] for record in found}) == len(found) == 5
    assert len({record["run_id"] for record in found}) == 2


def test_an_edit_and_a_deletion_are_rehearsed_from_the_command_line(tmp_path: Path) -> None:
    """The run after them ends, and the records of both articles are still there."""
    newest = runs(tmp_path, ["?revise={newest}", "?delete={newest}&status=410", "?publish=1"])
    found = [record["id"] for record in records(tmp_path)]
    assert newest in found
    assert len(found) == 4
