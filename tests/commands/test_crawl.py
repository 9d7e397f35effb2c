"""`scrapy crawl` and the other commands of Scrapy, as a person calls them."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kompascrawler.store.lock import RunLock
from tests.crawls import AT_ONCE, ROOT, TIME_LIMIT, crawl, records, scrapy, scrapy_command
from tests.replica.pinned import PINNED
from tests.replica.serve import Replica, serve
from tests.replica.site import Site


@pytest.fixture
def replica() -> Iterator[Replica[Site]]:
    """Play a small site."""
    with serve(Site(seed=5, articles=25)) as played:
        yield played


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["-aspeed=9"], "unknown argument speed: accepted are"),
        (["-arefresh=7d,yesterday"], "refresh=7d,yesterday is neither an article"),
        (["-sSECTION=global,monye"], "did you mean money?"),
        (["-sSECTION=sport"], "accepted is one or more of global, "),
        (["-sDATA_DIR="], "DATA_DIR=: accepted is"),
        (["-s", "DATA_DIR"], "Invalid -s value"),
        (["-a"], "expected one argument"),
        (["--logfile=/no/such/folder/log"], "LOG_FILE=/no/such/folder/log: cannot be written"),
    ],
)
def test_bad_arguments(
    replica: Replica[Site], tmp_path: Path, options: list[str], says: str
) -> None:
    """One line for people and one for programs, exit status 2, no request and no folder.

    What is taken: tests/discovery/test_tasks.py and tests/test_configuration.py.
    """
    data_dir = tmp_path / "data"
    done = scrapy("crawl", "kompas_global", f"-sDATA_DIR={data_dir}", *options, env=replica.env)
    assert (done.status, replica.log) == (2, [])
    assert says in done.errors
    assert len(done.errors.splitlines()) == len(done.output.splitlines()) == 1
    assert says in done.verdict["cause"]
    assert not data_dir.exists()


@pytest.mark.parametrize("names", [[], ["kompas_lokal"], ["kompas_global", "kompas_global"]])
def test_bad_spider(names: list[str]) -> None:
    """A spider that is not there is answered with those that are."""
    done = scrapy("crawl", *names)
    assert done.status == 2
    assert "give one spider of kompas_global" in done.errors


def test_unreachable_site(replica: Replica[Site], tmp_path: Path) -> None:
    """Where nothing answers, that is what is said, with the demo as the way on; status 4."""
    replica.refuse()
    done = crawl(replica.env, tmp_path)
    assert done.status == 4
    assert "the site cannot be reached" in done.output
    assert "make demo" in done.output
    assert "Traceback" not in done.errors


@pytest.mark.parametrize(
    ("faults", "status", "says"),
    [
        ([{"name": "429", "path": "^/(?!robots)"}], 5, "answers were 403 or 429"),
        ([{"name": "404", "path": "^/(?!robots)"}], 1, "not one listing could be read"),
        (
            [{"name": "403", "path": "/read/"}],
            5,
            "the site refuses us, and gets no request but a probe",
        ),
        ([{"name": "404", "path": "/read/"}], 7, "25 of 25 articles failed"),
        ([{"name": "500", "host": "indeks.kompas.com"}], 0, "read in its place"),
        ([{"name": "500", "path": r"^/\?site=|^/global\?|search"}], 7, "1 page of the index"),
        ([{"name": "403", "path": "^/global$"}], 0, "OK: new articles"),
    ],
)
def test_a_site_that_gives_nothing(
    replica: Replica[Site], tmp_path: Path, faults: list[dict[str, str]], status: int, says: str
) -> None:
    """A run that read no listing or no article is no good run, and says why.

    More of these: tests/faults.
    """
    replica.faults.load(faults)
    done = crawl(replica.env, tmp_path)
    assert (done.status, says in done.output) == (status, True), done.output


def test_data_folder_that_cannot_be_made(replica: Replica[Site], tmp_path: Path) -> None:
    """A data folder that cannot be is said before any request; status 3."""
    (tmp_path / "file").write_text("")
    done = crawl(replica.env, tmp_path / "file" / "data")
    assert (done.status, replica.log) == (3, [])
    assert "What to do:" in done.output


def test_nobody_reads_what_is_said(tmp_path: Path) -> None:
    """Closed streams and full disks change no exit status."""
    (tmp_path / "file").write_text("")
    bad, unusable = ["-aspeed=9"], [f"-sDATA_DIR={tmp_path}/file/data"]
    for options, end, status in ((bad, ">/dev/full", 2), (unusable, ">&- 2>&-", 3)):
        command = scrapy_command("crawl", "kompas_global", *options)
        shell = ["sh", "-c", f'exec "$@" {end}', "sh", *command]
        done = subprocess.run(shell, cwd=ROOT, capture_output=True, text=True, check=False)
        assert (done.returncode, "Traceback" in done.stderr) == (status, False), done.stderr


def test_articles_that_cannot_be_handed_on(replica: Replica[Site], tmp_path: Path) -> None:
    """What `-o` names cannot be made: status 3 before any request, so that they come next time."""
    (tmp_path / "file").write_text("")
    done = crawl(replica.env, tmp_path / "data", f"-o{tmp_path}/file/x/out.jsonl")
    assert (done.status, replica.log) == (3, [])
    assert f"{tmp_path}/file/x: Not a directory" in done.verdict["cause"]
    assert "Traceback" not in done.errors


def test_summary_ends_the_run(replica: Replica[Site], tmp_path: Path) -> None:
    """Standard output holds the summary and nothing else; the log goes to standard error."""
    done = crawl(replica.env, tmp_path)
    assert done.output.startswith("OK: new articles are stored\n  articles: 25 new")
    assert f"25 records published below {tmp_path}/articles" in done.output


def test_list() -> None:
    """`scrapy list` names the spider."""
    assert scrapy("list").output.split() == ["kompas_global"]


def test_check(replica: Replica[Site]) -> None:
    """The contracts of the callbacks hold, for an article, the front page and the archive."""
    done = scrapy("check", env=replica.env)
    assert done.status == 0
    assert "FAILED" not in done.errors + done.output
    assert {line.path for line in replica.log} >= {"/global", "/"}
    assert any("/2023/09/16/170000170/" in line.path for line in replica.log)


def test_parse_shows_the_item_and_leaves_the_store_alone(
    replica: Replica[Site], tmp_path: Path
) -> None:
    """`scrapy parse` prints the record and the links of a page, and makes no data folder."""
    done = scrapy(
        "parse", "--nocolour", PINNED.url, f"-sDATA_DIR={tmp_path / 'd'}", env=replica.env,
    )  # fmt: skip
    assert done.status == 0
    assert "2023-09-16-170000170" in done.output
    assert done.output.count("<GET https://www.kompas.com/global/read/") == 15
    assert not (tmp_path / "d").exists()


def test_parse_with_pipelines_shows_the_clean_record(
    replica: Replica[Site], tmp_path: Path
) -> None:
    """`scrapy parse --pipelines` prints the record, cleaned and checked, and stores nothing."""
    done = scrapy(
        "parse", "--spider=kompas_global", "--nocolour", "--pipelines", "--nolinks", PINNED.url,
        f"-sDATA_DIR={tmp_path / 'd'}", env=replica.env,
    )  # fmt: skip
    assert done.status == 0
    assert "'content_hash': ''" not in done.output
    assert "'dateline': 'VLADIVOSTOK'" in done.output
    assert not (tmp_path / "d").exists()


def test_parse_of_a_page_that_is_refused(replica: Replica[Site], tmp_path: Path) -> None:
    """`scrapy parse` says why, and makes no data folder."""
    replica.faults.add("empty", path="/read/")
    done = scrapy(
        "parse", "--spider=kompas_global", PINNED.url, f"-sDATA_DIR={tmp_path / 'd'}",
        env=replica.env,
    )  # fmt: skip
    assert f"Refused: {PINNED.url}" in done.errors
    assert not (tmp_path / "d").exists()


def test_a_second_run_is_turned_away(replica: Replica[Site], tmp_path: Path) -> None:
    """At once, with status 75 and the name of who is at work; nothing is asked for or kept."""
    lock = RunLock.take(tmp_path, "first")
    done = crawl(replica.env, tmp_path)
    lock.release()
    assert (done.status, replica.log) == (75, [])
    assert f"run first (process {os.getpid()} on " in done.verdict["cause"]
    assert done.verdict["card"] is None
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def test_a_run_without_news_is_short_of_words(replica: Replica[Site], tmp_path: Path) -> None:
    """Each line of its log has the run's id and a time with an offset; there are few."""
    crawl(replica.env, tmp_path, "-amax_articles=1")
    done = crawl(replica.env, tmp_path, "-amax_articles=1", RUN_ID="run-2", LOG_LEVEL="INFO")
    lines = done.errors.splitlines()
    assert 0 < len(lines) < 15
    for line in lines:
        assert re.match(r"run-2 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} \[", line), line


def test_a_crawl_that_cannot_start(replica: Replica[Site], tmp_path: Path) -> None:
    """Status 1, with the error as cause and a card."""
    done = crawl(replica.env, tmp_path, SCHEDULER="no.such.Scheduler")
    assert (done.status, done.verdict["name"]) == (1, "error")
    assert "The crawl broke off" in done.errors
    assert "No module named 'no'" in done.verdict["cause"]
    assert Path(done.verdict["card"]).exists()


def test_articles_that_need_a_browser_where_there_is_none(
    replica: Replica[Site], tmp_path: Path
) -> None:
    """Status 8, with what is missing; the rest is done."""
    settings = {"HALAMAN_ROUTE": "browser", "BROWSER_EXECUTABLE": tmp_path / "none"}
    done = crawl(replica.env, tmp_path / "data", "-amax_articles=2", **settings)
    assert (done.status, done.verdict["name"]) == (8, "browser")
    assert str(tmp_path / "none") in done.verdict["cause"]
    assert len(records(tmp_path / "data")) >= 2


@pytest.mark.parametrize(
    ("signals", "status"),
    [
        ([signal.SIGINT], 130),
        ([signal.SIGTERM, signal.SIGTERM], 143),
        ([signal.SIGHUP, signal.SIGHUP, signal.SIGHUP], 129),
        ([signal.SIGQUIT], 131),
        ([signal.SIGXCPU, signal.SIGXCPU, signal.SIGXCPU], 152),
    ],
)
def test_interrupted_run_keeps_what_it_fetched(
    replica: Replica[Site], tmp_path: Path, signals: list[signal.Signals], status: int
) -> None:
    """What was fetched is published, also if its requests are aborted; the rest follows."""
    settings = AT_ONCE | {"DATA_DIR": tmp_path, "DOWNLOAD_DELAY": 0.5, "LOG_LEVEL": "INFO"}
    process = subprocess.Popen(
        scrapy_command("crawl", "kompas_global", settings=settings),
        cwd=ROOT,
        env=os.environ | replica.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    deadline = time.monotonic() + TIME_LIMIT
    while len(replica.log) < 6 and time.monotonic() < deadline:
        time.sleep(0.05)
    for number in signals:
        process.send_signal(number)
    output, _ = process.communicate(timeout=TIME_LIMIT)
    assert process.returncode == status
    assert "interrupted by" in output
    kept = len(records(tmp_path))
    assert 0 < kept < 25
    assert crawl(replica.env, tmp_path).status == 0
    assert len(records(tmp_path)) == 25


EARLY = """
import os, signal, sys
import scrapy.utils.project as project
real = project.get_project_settings
def interrupted():
    os.kill(os.getpid(), signal.SIGTERM)
    return real()
project.get_project_settings = interrupted
from kompascrawler.__main__ import main
main()
"""
LATE = """
import os, signal, sys
from kompascrawler.outcome import outcome
real = outcome.put
def interrupted(text, stream):
    for _ in range(2 if WHEN == "during" else 0): os.kill(os.getpid(), signal.SIGTERM)
    real(text, stream)
    import atexit
    for _ in range(9 if WHEN == "after" else 0):
        atexit.register(os.kill, os.getpid(), signal.SIGTERM)
outcome.put = interrupted
from kompascrawler.__main__ import main
main()
"""


@pytest.mark.parametrize(
    ("code", "status"),
    [(EARLY, 143), (f"WHEN = 'during'{LATE}", 0), (f"WHEN = 'after'{LATE}", 0)],
    ids=["while it starts", "while the verdict is told", "while the process ends"],
)
def test_one_verdict_and_one_status_whenever_a_signal_comes(
    replica: Replica[Site], tmp_path: Path, code: str, status: int
) -> None:
    """The last line is there once, and its status is that of the process."""
    given = [f"-s{name}={value}" for name, value in (AT_ONCE | {"DATA_DIR": tmp_path}).items()]
    done = subprocess.run(
        [sys.executable, "-c", code, "crawl", "-amax_articles=1", *given],
        cwd=tmp_path,
        env=os.environ | replica.env,
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        check=False,
    )
    verdicts = [line for line in done.stdout.splitlines() if line.startswith("{")]
    assert [json.loads(line)["status"] for line in verdicts] == [status], done.stderr
    assert done.returncode == status


@pytest.mark.soak
@pytest.mark.parametrize("milliseconds", range(0, 2000, 50))
def test_a_signal_at_any_moment(replica: Replica[Site], tmp_path: Path, milliseconds: int) -> None:
    """One verdict with the status of the process; none where Python itself had not started."""
    given = [f"-s{name}={value}" for name, value in (AT_ONCE | {"DATA_DIR": tmp_path}).items()]
    with subprocess.Popen(
        [sys.executable, "-m", "kompascrawler", "crawl", "-amax_articles=1", *given],
        cwd=tmp_path,
        env=os.environ | replica.env,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        time.sleep(milliseconds / 1000)
        process.terminate()
        output, _ = process.communicate(timeout=TIME_LIMIT)
    verdicts = [line for line in output.splitlines() if line.startswith("{")]
    if process.returncode == -signal.SIGTERM:
        assert (verdicts, list(tmp_path.iterdir())) == ([], [])
    else:
        assert [json.loads(line)["status"] for line in verdicts] == [process.returncode]
        assert process.returncode in (0, 143)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["-s", b"DATA_DIR=data\xff"], "DATA_DIR='data\\udcff': accepted is a text in UTF-8"),
        (["-a", b"since=2026-01-\xff"], "since='2026-01-\\udcff' holds characters"),
        (["-a", "start_urls=https://me:h/u@sh@www.kompas.com/x"], "start_urls=https://***@www."),
    ],
)
def test_what_cannot_be_written_down_or_shown(tmp_path: Path, given: list[str], said: str) -> None:
    """Bytes that are no text are refused, nothing is made of them; a password is not repeated."""
    done = subprocess.run(
        [sys.executable, "-m", "kompascrawler", "crawl", *given],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert said in json.loads(done.stdout.splitlines()[-1])["cause"]
    assert "sh@" not in done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_name_of_an_earlier_run(replica: Replica[Site], tmp_path: Path) -> None:
    """It is refused, before any request; an own name names a run."""
    settings = {"RUN_ID": "nightly"}
    assert crawl(replica.env, tmp_path, "-amax_articles=1", **settings).status == 0
    before = len(replica.log)
    done = crawl(replica.env, tmp_path, **settings)
    assert (done.status, len(replica.log)) == (2, before)
    assert "RUN_ID=nightly: an earlier run had that name" in done.output


def test_a_terminal_that_is_gone_ends_the_run_in_order(
    replica: Replica[Site], tmp_path: Path
) -> None:
    """The kernel sends SIGHUP and nothing can be written (EIO); the status is that of SIGHUP."""
    settings = AT_ONCE | {"DATA_DIR": tmp_path, "DOWNLOAD_DELAY": 0.5, "LOG_LEVEL": "INFO"}
    process, terminal = pty.fork()
    if process == 0:  # pragma: no cover - becomes the crawl
        os.chdir(ROOT)
        command = scrapy_command("crawl", "kompas_global", settings=settings)
        os.execve(command[0], command, os.environ | replica.env)
    deadline = time.monotonic() + TIME_LIMIT
    while len(replica.log) < 6 and time.monotonic() < deadline:
        os.read(terminal, 100_000)
    os.close(terminal)
    _, status = os.waitpid(process, 0)
    assert os.waitstatus_to_exitcode(status) == 129
    (card,) = (tmp_path / "runs").glob("*.json")
    assert json.loads(card.read_text())["verdict"]["name"] == "hung_up"
    assert records(tmp_path)


def test_a_first_filling_goes_on_from_run_to_run(tmp_path: Path) -> None:
    """Status 9 for scripts; the verdict says how far it is."""
    with serve(Site(seed=5, articles=150)) as played:
        for _ in range(2):
            done = crawl(played.env, tmp_path, MAX_RUN_REQUESTS=40)
            assert (done.status, done.verdict["filling"]) == (9, True)
            assert done.output.startswith("OK: filling: reached 2026-11-")
