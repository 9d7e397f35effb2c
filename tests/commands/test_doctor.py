"""`scrapy doctor`, as a person calls it; the replica is the site."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kompascrawler.doctor.visit import MOST_REQUESTS
from tests.browser.crawls import require_chromium
from tests.crawls import AT_ONCE, ROOT, Finished, scrapy, scrapy_command
from tests.replica.serve import Replica, serve
from tests.replica.site import Site
from tests.terminal import at_terminal

WITHOUT_BROWSER = {"BROWSER_EXECUTABLE": "/none", "CONTACT": "me@example.org"}


@pytest.fixture
def replica() -> Iterator[Replica[Site]]:
    """Play a small site whose articles have ten pages."""
    with serve(Site(seed=5, articles=50, halaman="ten_pages", layout="2023-11")) as played:
        yield played


def doctor(replica: Replica[Site], folder: Path, *args: str, **settings: Any) -> Finished:
    """Run the doctor without waiting between requests."""
    chosen = AT_ONCE | WITHOUT_BROWSER | {"DATA_DIR": folder} | settings
    return scrapy("doctor", *args, env=replica.env, settings=chosen)


def test_live(replica: Replica[Site], tmp_path: Path) -> None:
    """Every assumption holds on the replica, in few polite requests; nothing is stored."""
    done = doctor(replica, tmp_path / "data", "--live", "--json")
    told = json.loads(done.output)
    assert (done.status, done.errors) == (0, "")
    assert {one["verdict"] for one in told["assumptions"]} == {"holds"}
    assert len(replica.log) <= MOST_REQUESTS
    assert not any(line.is_forbidden for line in replica.log)
    assert {line.user_agent.partition("/")[0] for line in replica.log} == {"kompascrawler"}
    assert "(+me@example.org)" in replica.log[0].user_agent
    robots_first = {line.host: line.path for line in reversed(replica.log)}
    assert set(robots_first.values()) == {"/robots.txt"}
    assert not (tmp_path / "data").exists()


def test_live_stays_within_its_requests_whatever_comes(
    replica: Replica[Site], tmp_path: Path
) -> None:
    """Redirects count; what is beyond the limit is said not to have been checked."""
    replica.faults.add("redirect_loop", path="/read/")
    done = doctor(replica, tmp_path, "--live", "--json")
    assert len(replica.log) == MOST_REQUESTS
    verdicts = [one["verdict"] for one in json.loads(done.output)["assumptions"]]
    assert verdicts.count("unchecked") >= 5


def test_live_without_a_site(replica: Replica[Site], tmp_path: Path) -> None:
    """A network that leads nowhere is said to, with status 4."""
    replica.refuse()
    done = doctor(replica, tmp_path, "--live")
    assert done.status == 4
    assert "The site cannot be reached from here" in done.output
    assert "Traceback" not in done.output + done.errors


def test_live_obeys_robots(replica: Replica[Site], tmp_path: Path) -> None:
    """Where robots.txt forbids everything, nothing else is asked for; that is a failure."""
    replica.faults.add("robots_deny")
    done = doctor(replica, tmp_path, "--live")
    assert done.status == 1
    assert {line.path for line in replica.log} == {"/robots.txt"}
    assert "fails" in done.output


def test_without_live_only_robots_is_asked_for(replica: Replica[Site], tmp_path: Path) -> None:
    """Three requests; lines that fit a terminal, each with what to do where something is."""
    done = doctor(replica, tmp_path)
    assert (done.status, done.errors) == (0, "")
    assert [line.path for line in replica.log] == ["/robots.txt"] * 3
    lines = done.output.splitlines()
    assert [line for line in lines if len(line) > 80 and "/" not in line] == []
    assert "warn browser" in done.output
    assert lines[-1].endswith("0 fail")


def test_settings_that_cannot_be_taken(replica: Replica[Site], tmp_path: Path) -> None:
    """The site is not asked with them; status 1."""
    done = doctor(replica, tmp_path, "--live", DOWNLOAD_TIMEOUT="soon")
    assert (done.status, replica.log) == (1, [])
    assert "DOWNLOAD_TIMEOUT=soon" in done.output


def test_the_browser_is_started(replica: Replica[Site], tmp_path: Path) -> None:
    """Where there is one, its version and how long it took are told."""
    require_chromium()
    done = doctor(replica, tmp_path, BROWSER_EXECUTABLE="")
    (line,) = [line for line in done.output.splitlines() if line[5:13] == "browser "]
    assert line.startswith("ok")


def test_a_browser_that_does_not_start(replica: Replica[Site], tmp_path: Path) -> None:
    """A program that is none fails, and says what to do."""
    pytest.importorskip("scrapy_playwright")
    done = doctor(replica, tmp_path, BROWSER_EXECUTABLE="/bin/false")
    assert done.status == 1
    assert "fail browser" in done.output


@pytest.mark.parametrize("env", [{}, {"NO_COLOR": "1"}], ids=str)
def test_at_a_terminal(replica: Replica[Site], tmp_path: Path, env: dict[str, str]) -> None:
    """Lines fit its width, with colours and without."""
    settings = AT_ONCE | WITHOUT_BROWSER | {"DATA_DIR": tmp_path, "DOWNLOAD_TIMEOUT": "soon"}
    width = {"COLUMNS": "50", "TERM": "xterm"}
    with at_terminal(scrapy_command("doctor", settings=settings), width | env) as terminal:
        shown = terminal.wait_for("1 fail")
    assert [line for line in shown.splitlines() if len(line) > 50 and "/" not in line] == []
    assert "-> correct it" in shown


def test_a_reader_that_goes_away(replica: Replica[Site], tmp_path: Path) -> None:
    """`doctor | head` ends without a traceback, with the status of the checks."""
    settings = AT_ONCE | WITHOUT_BROWSER | {"DATA_DIR": tmp_path}
    reads, writes = os.pipe()
    os.close(reads)
    done = subprocess.run(
        scrapy_command("doctor", settings=settings), env=os.environ | replica.env, cwd=ROOT,
        stdout=writes, stderr=subprocess.PIPE, text=True, timeout=120, check=False,
    )  # fmt: skip
    os.close(writes)
    assert (done.returncode, done.stderr) == (0, "")
