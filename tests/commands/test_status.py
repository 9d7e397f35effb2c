"""`scrapy status`, as a person or a monitor calls it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from shutil import disk_usage

import pytest

from kompascrawler.outcome.cards import ExitStatus, Verdict, write_card
from kompascrawler.store.store import Store
from tests.crawls import crawl, scrapy
from tests.outcome.cards import a_card
from tests.replica.serve import serve
from tests.replica.site import Site


def test_status(tmp_path: Path) -> None:
    """The latest run as a row and as the exit status; nothing on standard error."""
    Store(tmp_path, "run").close()
    blocked = Verdict.of(ExitStatus.BLOCKED, "the site refuses us")
    write_card(tmp_path, a_card("2026-11-22T12:00:00+00:00", verdict=blocked))
    done = scrapy("status", settings={"DATA_DIR": tmp_path})
    assert (done.status, done.errors) == (5, "")
    assert done.output.startswith(f"Data folder   {tmp_path}\n")
    assert "2026-11-22 12:00 10 s 5 blocked" in done.output
    assert "\x1b" not in done.output  # no colours in a pipe


@pytest.mark.parametrize("command", ["status", "status --json", "failures", "failures --json"])
def test_a_closed_pipe(tmp_path: Path, command: str) -> None:
    """`scrapy status | head` ends without a traceback, and with the status it has otherwise."""
    Store(tmp_path, "run").close()
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *command.split(), "-s", f"DATA_DIR={tmp_path}"],
        stdout=writing, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_json(tmp_path: Path) -> None:
    """Standard output is one JSON object, also where there is nothing to tell."""
    done = scrapy("status", "--json", settings={"DATA_DIR": tmp_path / "none"})
    assert (done.status, json.loads(done.output)["exit_status"]) == (3, 3)


@pytest.mark.parametrize(
    ("given", "said"),
    [("--runs=0", "give no arguments, and --runs from 1"), ("-sDATA_DIR=", "accepted is the fold")],
)
def test_arguments_that_cannot_be_taken(given: str, said: str) -> None:
    """Status 2, and what is accepted."""
    done = scrapy("status", given)
    assert (done.status, said in done.errors) == (2, True)


def test_after_a_full_disk(small_disk: Path) -> None:
    """The folder could not take the run's card; the cause is known all the same."""
    data_dir = small_disk / "data"
    data_dir.mkdir()
    filler = small_disk / "filler"
    with serve(Site(seed=5, articles=4)) as replica:
        filler.write_bytes(bytes(disk_usage(small_disk).free - 16_000))
        assert crawl(replica.env, data_dir).status == ExitStatus.STORE
        full = scrapy("status", settings={"DATA_DIR": data_dir})
        assert full.status == ExitStatus.STORE
        assert "Why the store failed: Cannot open the store" in " ".join(full.output.split())
        filler.unlink()
        assert crawl(replica.env, data_dir).status == ExitStatus.FINE
    assert scrapy("status", settings={"DATA_DIR": data_dir}).status == ExitStatus.FINE
