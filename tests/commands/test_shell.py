"""``scrapy shell`` at a terminal: it opens, explains, and leaves the data folder alone."""

import importlib.util
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kompascrawler.store.kept import Rejection, save_rejected
from kompascrawler.store.model import Discovery, Link
from kompascrawler.store.store import Store
from tests.crawls import AT_ONCE, scrapy, scrapy_command
from tests.pages.cases import load
from tests.replica import Site
from tests.replica.serve import serve
from tests.terminal import Terminal, at_terminal

SAVED = "tests/pages/by_hand/read_2020_single.html"
CASE = load("read_2020_single")
ID = CASE.article["id"]
PYTHON = {"SCRAPY_PYTHON_SHELL": "python"}


@pytest.fixture
def nowhere() -> Iterator[dict[str, str]]:
    """Return an environment in which whoever asks the network is refused."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{closed.getsockname()[1]}"
        yield dict.fromkeys(("http_proxy", "https_proxy"), proxy) | {"no_proxy": ""}


def command(*args: str, data_dir: Path) -> list[str]:
    """Return the command line of a shell on a data folder."""
    return scrapy_command("shell", *args, settings=AT_ONCE | {"DATA_DIR": data_dir})


def contents(folder: Path) -> dict[Path, bytes]:
    """Return every file of a data folder, but for the index that readers of SQLite share."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".sqlite3-shm")
    return {path: path.read_bytes() for path in files}


def first_prompt(terminal: Terminal) -> str:
    """Return what the shell shows as it opens."""
    return terminal.wait_for(">>> ")


def test_on_a_saved_page(nowhere: dict[str, str], tmp_path: Path) -> None:
    """No network, no data folder: the helpers are listed, and each answers about the page."""
    data_dir = tmp_path / "data"
    with at_terminal(command(SAVED, data_dir=data_dir), nowhere | PYTHON) as terminal:
        opening = first_prompt(terminal)
        for name in ("article", "page", "links", "explain", "why", "browser", "help"):
            assert f"[s]   {name} " in opening
        assert "how its record is made" in terminal.ask("help()")
        assert "Return the number of items" in terminal.ask("help(len)")
        assert "Return the record of a page" in terminal.ask("help(article)")
        assert '"dateline": "KOTA CONTOH"' in terminal.ask("article(response)")
        assert "<ReadPage 2020-10-17-160000470 'Gempa" in terminal.ask("page(response)")
        assert "['gempa', 'Laut Selatan, Contoh']" in terminal.ask("page().tags")
        assert "follow         https://www.kompas.com/global/read/2020/10/19" in terminal.ask(
            "links()"
        )
        explained = terminal.ask("explain(response)")
        assert "taken         .read__title" in explained
        assert "- dateline: KOTA CONTOH, KOMPAS.com -" in explained
        assert "complete: 1 of 1 pages" in explained
        assert "NoStore: No store in" in terminal.ask(f"why('{ID}')")
        assert "NoStore: No store in" in terminal.ask("why(response)")
        assert f"'{ID}' is not a response" in terminal.ask(f"explain('{ID}')")
        assert terminal.leave() == 0
    assert not data_dir.exists()


def test_on_a_refused_page_beside_a_crawl(nowhere: dict[str, str], tmp_path: Path) -> None:
    """An id opens the page that was refused, while a crawl holds the store; nothing changes."""
    body = CASE.body.replace(b"read__content", b"article-text")
    store = Store(tmp_path, "run-1")
    link = Link(ID, CASE.asked, "https://www.kompas.com/global")
    store.learn(Discovery(links=[link]))
    store.add_failure(link, "no_body")
    rejection = Rejection(
        article_id=ID, url=CASE.asked, reason="no_body", message="x has a title but no body",
        encoding="utf-8", run_id="run-1",
    )  # fmt: skip
    save_rejected(tmp_path, rejection, body)
    before = contents(tmp_path)
    with at_terminal(command(ID, data_dir=tmp_path), nowhere | PYTHON) as terminal:
        assert "was kept because: x has a title but no body" in first_prompt(terminal)
        explained = terminal.ask("explain()")
        assert "Refused" in explained
        assert "not there     .read__content" in explained
        assert 'may be <div class="article-text' in explained
        assert "refused: no_body" in terminal.ask("article()")
        told = terminal.ask(f"why('{ID}')")
        assert "on https://www.kompas.com/global" in told
        assert "failed: no_body (run run-1)" in told
        assert terminal.leave() == 0
    assert contents(tmp_path) == before
    store.close()


def test_on_a_page_of_the_site(tmp_path: Path) -> None:
    """An id that the store knows is asked for with all its pages; fetch() gets another one."""
    site = Site(articles=3, layout="2023-04")
    story, other = site.stories[:2]
    with closing(Store(tmp_path, "run-1")) as store:
        store.learn(Discovery(links=[Link(story.id, story.url)]))
    with (
        serve(site) as replica,
        at_terminal(command(story.id, data_dir=tmp_path), replica.env | PYTHON) as terminal,
    ):
        first_prompt(terminal)
        assert f"{story.url}?page=all" in terminal.ask("response.url")
        linked = terminal.ask("links()")
        assert f"known          {story.url}" in linked
        assert f"follow         {other.url}" in linked
        assert other.id in terminal.ask(f"fetch('{other.url}'); print(article().id)")
        assert "robots.txt forbids it" in terminal.ask(
            "browser('https://www.kompas.com/search/?q=x')"
        )
        assert terminal.leave() == 0


@pytest.mark.skipif(not importlib.util.find_spec("IPython"), reason="IPython is not installed")
def test_in_ipython(nowhere: dict[str, str], tmp_path: Path) -> None:
    """IPython opens on a saved page, shows answers, and keeps its own help."""
    env = nowhere | {"SCRAPY_PYTHON_SHELL": "ipython", "IPYTHONDIR": str(tmp_path / "ipython")}
    with at_terminal(command(SAVED, data_dir=tmp_path / "data"), env) as terminal:
        assert "[s]   explain " in terminal.wait_for("In [1]:")
        assert "taken         .read__title" in terminal.ask("explain()")
        assert "how its record is made" in terminal.ask("help()")
        assert terminal.leave() == 0


def test_code_instead_of_a_terminal(nowhere: dict[str, str], tmp_path: Path) -> None:
    """-c evaluates on the page and prints, as in Scrapy."""
    done = scrapy(
        "shell", SAVED, "-c", "(len(article().blocks), response.css('h1::text').get())",
        env=nowhere, settings={"DATA_DIR": tmp_path / "data"},
    )  # fmt: skip
    assert done.output == "(7, 'Gempa Guncang Pulau Contoh')\n", done.errors


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("nothing-such.html", 2, "no such file"),
        ("2020-10-17-160000426", 2, "give its address"),
        ("https://www.kompas.com/global", 4, "was not received"),
    ],
)
def test_what_cannot_be_had_is_said_in_a_line(
    nowhere: dict[str, str], tmp_path: Path, name: str, status: int, said: str
) -> None:
    """Nothing such, or no answer: one line, and a status; never a traceback."""
    settings = {"DATA_DIR": tmp_path / "data", "RETRY_TIMES": 0}
    done = scrapy("shell", name, "-c", "1", "--nolog", env=nowhere, settings=settings)
    assert done.status == status
    folder, line = done.errors.splitlines()
    assert folder == f"scrapy: data folder {settings['DATA_DIR']}"
    assert said in line


def test_without_an_answer_the_shell_opens_all_the_same(
    nowhere: dict[str, str], tmp_path: Path
) -> None:
    """At a terminal there is work to do without the page."""
    args = command("https://www.kompas.com/global", "--nolog", data_dir=tmp_path)
    with at_terminal(args, nowhere | PYTHON) as terminal:
        assert "was not received" in first_prompt(terminal)
        assert "there is no response" in terminal.ask("explain()")
        assert "failed: " in terminal.ask("browser('https://www.kompas.com/global')")
        assert terminal.leave() == 0


def test_a_site_that_keeps_silent_is_left_by_ctrl_c(tmp_path: Path) -> None:
    """Whoever has waited enough gets the console, and what runs there is interrupted likewise."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        proxy = f"http://127.0.0.1:{silent.getsockname()[1]}"
        env = {"http_proxy": proxy, "https_proxy": proxy, "no_proxy": ""} | PYTHON
        args = command("https://www.kompas.com/global", data_dir=tmp_path)
        with at_terminal(args, env) as terminal:
            terminal.wait_for("requesting https://www.kompas.com/global (Ctrl-C")
            connection, _ = silent.accept()
            terminal.interrupt()
            assert "was not received: interrupted" in first_prompt(terminal)
            terminal.type("print('waiting'); import time; time.sleep(600)")
            terminal.wait_for("waiting\n")
            terminal.interrupt()
            assert "KeyboardInterrupt" in first_prompt(terminal)
            assert terminal.leave() == 0
            connection.close()
