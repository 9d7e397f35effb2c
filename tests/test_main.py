"""The console script, as ``python -m kompascrawler``, from a folder that is no checkout."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import kompascrawler
from kompascrawler import __version__
from kompascrawler.commands.crawl import ARGUMENTS
from kompascrawler.configuration.table import SETTINGS
from kompascrawler.discovery.tasks import ArgumentError, parse_arguments
from kompascrawler.sections import SECTIONS
from tests.crawls import AT_ONCE, TIME_LIMIT, Finished, records
from tests.replica.serve import Replica, serve
from tests.replica.site import Site

COMMANDS = Path(kompascrawler.__file__).parent / "commands"
WHERE_IT_RUNS = "kompascrawler crawls on Linux and macOS; on Windows use WSL or Docker"
OURS = tuple(sorted(path.stem for path in COMMANDS.glob("[a-z]*.py")))


@pytest.fixture
def replica() -> Iterator[Replica[Site]]:
    """Play a small site."""
    with serve(Site(seed=5, articles=4)) as played:
        yield played


def run(folder: Path, *args: str, env: dict[str, str] | None = None) -> Finished:
    """Run the console script in a folder."""
    done = subprocess.run(
        [sys.executable, "-m", "kompascrawler", *args],
        cwd=folder,
        env={**os.environ, "XDG_CONFIG_HOME": str(folder / "config"), **(env or {})},
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def test_a_crawl_from_any_folder(replica: Replica[Site], tmp_path: Path) -> None:
    """The spider names itself, a foreign project is not read, Scrapy's options pass through."""
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = nothing.such\n")
    options = [f"-s{name}={value}" for name, value in AT_ONCE.items()]
    done = run(
        tmp_path, "crawl", "-a", "max_articles=2", "-o", "out.jsonl", "--logfile", "log", *options,
        env=replica.env,
    )  # fmt: skip
    assert done.status == 0, done.errors
    assert 2 <= len(records(tmp_path / "data")) <= 4
    assert (tmp_path / "out.jsonl").read_text().count("\n") == len(records(tmp_path / "data"))
    assert f"Data folder: {tmp_path / 'data'}" in (tmp_path / "log").read_text()
    assert run(tmp_path, "status").output.split()[:3] == ["Data", "folder", f"{tmp_path}/data"]


def test_help_lists_our_commands_first(tmp_path: Path) -> None:
    """With and without --help; Scrapy's follow."""
    for options in ([], ["--help"], ["-h"]):
        done = run(tmp_path, *options)
        assert done.status == 0
        named = [line.split()[0] for line in done.output.splitlines() if line.startswith("  ")]
        assert tuple(named[: len(OURS)]) == OURS
        assert "fetch" in named[len(OURS) :]
        assert max(map(len, done.output.splitlines())) <= 80
    assert run(tmp_path, "--version").output == f"kompascrawler {__version__}\n"


def test_nobody_reads_the_help_to_its_end(tmp_path: Path) -> None:
    """A pipe that is closed is no error."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "kompascrawler", "--help"]
    done = subprocess.run(command, cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_closed_streams(tmp_path: Path) -> None:
    """They change no exit status."""
    for name, status in (("--version", 0), ("--help", 0), ("status", 3), ("crowl", 2)):
        command = [sys.executable, "-m", "kompascrawler", name]
        for closed in (">&-", "2>&-"):
            shell = ["sh", "-c", f'exec "$@" {closed}', "sh", *command]
            done = subprocess.run(shell, cwd=tmp_path, capture_output=True, check=False)
            assert (done.returncode, b"Traceback" in done.stderr) == (status, False), done.stderr


def test_help_of_crawl(tmp_path: Path) -> None:
    """It names every argument, and the settings that an operator needs."""
    done = run(tmp_path, "crawl", "--help")
    assert "kompascrawler crawl [options]\n" in done.output
    with pytest.raises(ArgumentError) as caught:
        parse_arguments({"x": "y"}, SECTIONS["global"])
    assert set(ARGUMENTS) == set(str(caught.value).partition("accepted are ")[2].split(", "))
    common = {name for name, setting in SETTINGS.items() if setting.is_common}
    assert {"DATA_DIR", "CONTACT", "MAX_RUN_SECONDS", "DOWNLOAD_DELAY"} <= common
    assert {*ARGUMENTS, *common} <= {
        line.split()[0] for line in done.output.splitlines() if line.startswith("  ")
    }
    assert "kompascrawler fetch [options] <url>" in run(tmp_path, "fetch", "--help").output


@pytest.mark.parametrize(
    ("args", "env", "said"),
    [
        (["crawl", "-s", "MAX_RUN_SECOND=4"], {}, "did you mean MAX_RUN_SECONDS?"),
        (["crawl", "-s", "DOWNLOAD_DELEY=5"], {}, "did you mean DOWNLOAD_DELAY?"),
        (["crawl"], {"KOMPAS_DATADIR": "x"}, "did you mean KOMPAS_DATA_DIR?"),
        (["crawl"], {"KOMPAS_CONFIG": "none.toml"}, "accepted is the path of a settings file"),
        (["--config", "none.toml", "crawl"], {}, "accepted is the path of a settings file"),
        (["crawl", "--config=bad.toml"], {}, "did you mean MAX_RUN_SECONDS?"),
        (["crawl", "--config", "range.toml"], {}, "accepted is a number from 0"),
        (["status", "-s", "DATADIR=x"], {}, "did you mean DATA_DIR?"),
        (["settings", "-s", "DATADIR=x"], {}, "did you mean DATA_DIR?"),
        (["shell", "-c", "1", "-s", "DATADIR=x"], {}, "did you mean DATA_DIR?"),
        (["replay", "--workrs=2"], {}, "no such option; did you mean --workers?"),
        (["why", "x"], {"KOMPAS_DATADIR": "x"}, "did you mean KOMPAS_DATA_DIR?"),
        (["crowl"], {}, "no such command"),
        (["--nothing"], {}, "no command"),
    ],
)
def test_bad_input(tmp_path: Path, args: list[str], env: dict[str, str], said: str) -> None:
    """One line says what to do, with status 2; a crawl tells its verdict, and makes nothing."""
    (tmp_path / "bad.toml").write_text("MAX_RUN_SECOND = 4")
    (tmp_path / "range.toml").write_text('MAX_RUN_SECONDS = "long"')
    done = run(tmp_path, *args, env=env)
    assert done.status == 2
    (line,) = done.errors.splitlines()
    assert line.startswith("kompascrawler")
    assert said in line
    if "crawl" in args:
        assert done.verdict["status"] == 2
        assert said in done.verdict["cause"]
    else:
        assert done.output == ""
    assert not (tmp_path / "data").exists()


def test_settings_and_their_sources(tmp_path: Path) -> None:
    """Each value with its source; secrets are hidden; Scrapy's options of the command are left."""
    file = tmp_path / "kompascrawler.toml"
    file.write_text('MAX_RUN_SECONDS = 60\nNOTIFY_URLS = "json://hush/"\nMY_OWN = 1\n')
    env = {"KOMPAS_CONTACT": "me@example.org", "BROWSER_CDP_URL": "ws://hush"}
    done = run(tmp_path, "settings", "-s", "DOWNLOAD_DELAY=5", env=env)
    lines = done.output.splitlines()
    assert lines[0] == f"settings file: {file}"
    assert {
        "CONTACT = me@example.org  (KOMPAS_CONTACT)",
        "MAX_RUN_SECONDS = 60  (settings file)",
        "NOTIFY_URLS = ***  (settings file)",
        "BROWSER_CDP_URL = ***  (BROWSER_CDP_URL)",
        "DOWNLOAD_DELAY = 5  (command line)",
        "SECTION = global  (default)",
        "MY_OWN = 1  (settings file)",
    } <= set(lines)
    assert {line.split()[0] for line in lines} >= SETTINGS.keys()
    assert "hush" not in done.output
    assert run(tmp_path, "settings", "--get", "MAX_RUN_SECONDS").output == "60\n"
    assert run(tmp_path, "settings", "--getbool", "ROBOTSTXT_OBEY").output == "True\n"


def test_an_import_where_fcntl_is_missing() -> None:
    """What locks the data folder says which systems it needs."""
    script = "import sys; sys.modules['fcntl'] = None; import kompascrawler.store.lock"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.stderr.splitlines()[-1] == f"ImportError: {WHERE_IT_RUNS}"


def test_where_fcntl_is_missing(tmp_path: Path) -> None:
    """As on Windows: one line instead of a traceback."""
    script = (
        "import sys; sys.modules['fcntl'] = None\n"
        "import runpy; runpy.run_module('kompascrawler', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "crawl"], cwd=tmp_path, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.splitlines() == [WHERE_IT_RUNS]
