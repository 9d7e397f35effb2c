"""`kompascrawler follow` and `compact`, as a person or a cron line calls them."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kompascrawler.store.lock import RunLock
from tests.crawls import ROOT, Finished, scrapy, scrapy_command
from tests.dataset.folders import NUMBERS, publish
from tests.dataset.test_lines import read


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return a data folder with published articles."""
    publish(tmp_path / "data", "run", *NUMBERS)
    return tmp_path / "data"


def run(command: str, data_dir: Path, *args: str) -> Finished:
    """Run a command."""
    return scrapy(command, *args, settings={"DATA_DIR": data_dir})


def test_lines_after_a_number(data_dir: Path) -> None:
    """Standard output has the lines as they were published; where to go on is said beside it."""
    lines = b"".join(line for number, line in read(data_dir) if number > 2).decode()
    done = run("follow", data_dir, "--after", "2")
    assert (done.status, done.output) == (0, lines)
    assert done.errors == "scrapy follow: the next time go on with --after 6\n"


def test_a_cursor_in_a_file(data_dir: Path, tmp_path: Path) -> None:
    """Every hour what is new, compacted or not; nothing is said where nothing is wrong."""
    cursor = tmp_path / "cursor"
    first = run("follow", data_dir, "--cursor", str(cursor))
    assert (cursor.read_text(), first.errors) == ("6\n", "")
    publish(data_dir, "later", 8, 9)
    assert run("compact", data_dir, "--older-than", "1").output.startswith("Replaced 8 files;")
    second = run("follow", data_dir, "--cursor", str(cursor))
    lines = b"".join(line for _, line in read(data_dir)).decode()
    assert first.output + second.output == lines
    assert run("follow", data_dir, "--cursor", str(cursor)).output == ""


def test_waiting_for_more(data_dir: Path) -> None:
    """What is published meanwhile comes too; Ctrl-C ends it."""
    command = scrapy_command("follow", "--after=5", "--wait", settings={"DATA_DIR": data_dir})
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as process:
        assert process.stdout
        assert process.stderr
        had = [process.stdout.readline()]
        publish(data_dir, "later", 8)
        had.append(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        assert process.wait() == 0
        assert b"--after 7\n" in process.stderr.read()
    assert had == [line for number, line in read(data_dir) if number > 5]


_CTRL_C_AT_ONCE = """
import os, signal, sys
class Buffer:
    def write(self, data):
        return os.write(1, data)
    def flush(self):
        os.kill(os.getpid(), signal.SIGINT)
sys.stdout = type("Out", (), {"buffer": Buffer(), "flush": lambda self: None})()
from scrapy.cmdline import execute
execute()
"""


def test_what_is_written_is_counted(data_dir: Path) -> None:
    """However soon Ctrl-C comes, no line is handed over a second time."""
    command = scrapy_command("follow", "--after=4", settings={"DATA_DIR": data_dir})[3:]
    done = subprocess.run(
        [sys.executable, "-c", _CTRL_C_AT_ONCE, *command], capture_output=True, cwd=ROOT, check=True
    )
    assert done.stdout == next(line for number, line in read(data_dir) if number > 4)
    assert b"--after 5\n" in done.stderr


def test_a_reader_that_has_gone(data_dir: Path) -> None:
    """The cursor stays where the reader was."""
    read_end, write_end = os.pipe()
    os.close(read_end)
    command = scrapy_command("follow", settings={"DATA_DIR": data_dir})
    done = subprocess.run(command, stdout=write_end, stderr=subprocess.PIPE, check=False)
    os.close(write_end)
    assert (done.returncode, b"Broken pipe; go on with --after 0" in done.stderr) == (3, True)


def test_a_closed_output(data_dir: Path) -> None:
    """Is said, with where to go on; nothing is counted."""
    command = scrapy_command("follow", settings={"DATA_DIR": data_dir})
    shell = ["sh", "-c", '"$@" >&-', "sh", *command]
    done = subprocess.run(shell, stderr=subprocess.PIPE, cwd=ROOT, check=False)
    assert done.returncode == 3
    assert done.stderr == b"scrapy follow: standard output is closed; go on with --after 0\n"


@pytest.mark.parametrize(
    ("command", "args", "status", "message"),
    [
        ("follow", ("--after", "7"), 2, "7 is no number of manifest.jsonl: give one from 0 to 6"),
        ("follow", ("--after", "1", "--cursor", "c"), 2, "--after or --cursor, not both"),
        ("follow", ("--cursor", "/none/c"), 2, "--cursor /none/c: No such file or directory"),
        ("follow", ("--cursor", "/etc/passwd"), 2, "--cursor /etc/passwd: it holds no number"),
        ("follow", ("-sDATA_DIR=/none",), 3, "/none is no folder"),
        ("compact", ("--older-than", "0"), 2, "--older-than 0: give days from 1"),
        ("compact", ("extra",), 2, "give no arguments"),
    ],
)
def test_what_cannot_be_taken(
    data_dir: Path, command: str, args: tuple[str, ...], status: int, message: str
) -> None:
    """One line on standard error."""
    done = scrapy(command, f"-sDATA_DIR={data_dir}", *args)
    assert (done.status, message in done.errors) == (status, True), done.errors
    assert "Traceback" not in done.errors


def test_files_that_cannot_be_used(data_dir: Path) -> None:
    """A folder that a crawl holds, and a file that is gone."""
    lock = RunLock.take(data_dir, "20261126T060000Z-9f3a")
    assert run("compact", data_dir).status == 75
    assert run("follow", data_dir).status == 0
    lock.release()
    assert json.loads(run("compact", data_dir, "--json").output) == {"replaced": 4, "removed": 0}
    (data_dir / "manifest.jsonl").unlink()
    assert run("compact", data_dir).status == 3
