"""``python -m tests.replica`` as a person runs it."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SCRAPY = [sys.executable, "-m", "scrapy"]
REPLICA = [sys.executable, "-m", "tests.replica"]


def replica(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the replica to its end."""
    return subprocess.run(
        [*REPLICA, *arguments],
        cwd=PROJECT,
        env=os.environ | more,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_command_s_status_is_ours() -> None:
    """What stands after -- is run as it is, options included, and its status passed on."""
    done = replica(
        "--articles", "5", "--", "sh", "-c", 'echo "$1 $2"; exit 7', "x", "-s", "--seed=3"
    )
    assert (done.returncode, done.stdout) == (7, "-s --seed=3\n")


def test_the_command_sees_the_replica() -> None:
    """A client that honours the environment gets the generated front page, verified."""
    code = (
        "import urllib.request as u; "
        "print(u.urlopen('https://www.kompas.com/global').read().count(b'article__list clearfix'))"
    )
    done = replica("--articles", "30", "--", sys.executable, "-c", code)
    assert done.stdout == "20\n", done.stderr


def test_articles_behave_as_asked() -> None:
    """--halaman chooses how the pages of articles can be had."""
    code = (
        "import re, urllib.request as u; "
        "get = lambda url: u.urlopen(url).read().decode(); "
        "front = get('https://www.kompas.com/global'); "
        'url = re.search(\'article__link" href="([^"]+)\', front)[1]; '
        "print('paging--article' in get(url + '?page=all'))"
    )
    done = replica("--articles", "30", "--halaman", "ten_pages", "--", sys.executable, "-c", code)
    other = replica(
        "--articles", "30", "--halaman", "all_is_first", "--", sys.executable, "-c", code
    )
    assert (done.stdout, other.stdout) == ("False\n", "True\n"), done.stderr + other.stderr


def test_saved_pages_are_served(tmp_path: Path) -> None:
    """--pages serves a folder instead of the generated site."""
    url = "https://www.kompas.com/global/read/2026/11/01/101010070/x"
    (tmp_path / "a.html").write_text(f'<link rel="canonical" href="{url}" />saved')
    code = f"import urllib.request as u; print(u.urlopen('{url}').read()[-5:])"
    done = replica("--pages", str(tmp_path), "--", sys.executable, "-c", code)
    assert done.stdout == "b'saved'\n", done.stderr


def test_without_a_command_it_serves_until_interrupted() -> None:
    """The environment is printed at once; SIGINT ends it with status 0."""
    with subprocess.Popen(
        [*REPLICA, "--articles", "5"], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(4)]
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert [line.split("=")[0] for line in lines] == [
        "export http_proxy",
        "export https_proxy",
        "export SSL_CERT_FILE",
        "export REPLICA_CONTROL",
    ]


def test_sigterm_reaches_the_command() -> None:
    """SIGTERM ends the command, and its end is told as a shell tells it."""
    with subprocess.Popen(
        [*REPLICA, "--articles", "5", "--", "sh", "-c", "echo up; exec sleep 60"],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        process.terminate()
        assert process.wait(30) == 128 + signal.SIGTERM


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bogus"], "unrecognized arguments: bogus"),
        (["--bogus"], "unrecognized arguments: --bogus"),
        (["--articles", "0"], "--articles: at least 1"),
        (["--port", "70000"], "--port: 0 to 65535"),
        (["--pages", "/nowhere/at/all"], "--pages:"),
        (["--markup", "1999"], "invalid choice"),
        (["--halaman", "somehow"], "invalid choice"),
        (["--layout", "2015", "--halaman", "mix"], "--halaman: articles of 2015 have one page"),
    ],
)
def test_bad_arguments_are_refused(arguments: list[str], said: str) -> None:
    """A wrong argument gives a line that says so and status 2."""
    done = replica(*arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_command_that_is_not_there() -> None:
    """As in a shell: 127 and a line that names it."""
    done = replica("--articles", "5", "--", "/no/such/command")
    assert (done.returncode, "/no/such/command" in done.stderr) == (127, True)


def test_a_port_in_use_is_said() -> None:
    """A port that somebody else has gives a line and status 1."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        done = replica("--articles", "5", "--port", port, "--", "true")
    assert done.returncode == 1
    assert done.stderr.startswith(f"python -m tests.replica: port {port}: ")


def test_without_trustme_it_says_what_to_do(tmp_path: Path) -> None:
    """Where trustme is missing the message says what to do, and the status is 2."""
    (tmp_path / "trustme.py").write_text("raise ModuleNotFoundError(name='trustme')")
    done = replica("--", "true", PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr == "python -m tests.replica needs trustme: make setup\n"


SPIDER = """
import scrapy

class Front(scrapy.Spider):
    name = "front"
    start_urls = ["https://www.kompas.com/global"]
    custom_settings = {"DOWNLOAD_VERIFY_CERTIFICATES": True, "RETRY_ENABLED": False}

    def parse(self, response):
        print("links:", len(response.css("a.article__link")), flush=True)
"""


@pytest.mark.parametrize(
    ("unset", "expected"), [([], "links: 20\n"), (["-u", "SSL_CERT_FILE"], "")]
)
def test_scrapy_verifies_the_certificates(tmp_path: Path, unset: list[str], expected: str) -> None:
    """Scrapy with verification on reads the page, and refuses it without the authority."""
    spider = tmp_path / "front.py"
    spider.write_text(SPIDER)
    scrapy = [*SCRAPY, "runspider", str(spider), "-s", "LOG_LEVEL=ERROR"]
    done = replica("--articles", "30", "--", "env", *unset, *scrapy)
    assert done.stdout == expected
    assert ("certificate verify failed" in done.stderr) is bool(unset)
