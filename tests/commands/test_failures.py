"""`scrapy failures`: the retry queue listed, tried again, dropped."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from scrapy.settings import Settings

from kompascrawler.commands.failures import Command
from kompascrawler.store.links import MOST_TRIES
from kompascrawler.store.model import Link
from kompascrawler.store.store import Store, open_reader
from kompascrawler.terminal import WIDTH
from tests.crawls import crawl, make_all_due, records, scrapy
from tests.replica.exchange import Answer, Reply, Request
from tests.replica.serve import serve
from tests.replica.site import Site

WAITING, GIVEN_UP, DROPPED = (f"2026-11-20-10000{n}070" for n in range(3))
Run = Callable[..., tuple[int, str, str]]


def url(article_id: str) -> str:
    """Return an address of an article."""
    return f"https://www.kompas.com/global/read/{article_id.replace('-', '/')}/judul"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return a data folder with one article in each state."""
    store = Store(tmp_path, "run")
    store.add_failure(Link(WAITING, url(WAITING)), "http 503")
    for _ in range(MOST_TRIES):
        store.add_failure(Link(GIVEN_UP, url(GIVEN_UP)), "no_layout")
    store.add_failure(Link(DROPPED, url(DROPPED)), "http 404")
    store.drop([DROPPED])
    store.close()
    return tmp_path


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs the command: its exit status, standard output, standard error."""

    def run(*given: str, folder: Path = tmp_path) -> tuple[int, str, str]:
        command = Command()
        command.settings = Settings({"DATA_DIR": str(folder)})
        parser = argparse.ArgumentParser()
        command.add_options(parser)
        options, arguments = parser.parse_known_args(given)
        try:
            command.run(arguments, options)
        except SystemExit as end:
            command.exitcode = int(str(end.code))
        return (command.exitcode, *capsys.readouterr())

    return run


def states(data_dir: Path) -> dict[str, tuple[str, int]]:
    """Return state and tries of every failed article."""
    with open_reader(data_dir) as reader:
        return {failure.link.id: (failure.state, failure.tries) for failure in reader.failures()}


def test_list(run: Run, data_dir: Path) -> None:
    """A title with the counts; then the articles by cause; dropped ones are left out."""
    status, output, _ = run()
    folder, title, _, first, given_up, _, second, waiting = output.splitlines()
    assert (status, folder) == (0, f"Data folder   {data_dir}")
    assert title == "2 failed articles: 1 to be tried again, 1 given up"
    assert {first, second} == {"1 × no_layout", "1 × http 503"}
    rows = {" ".join(row.split()[:3]): row for row in (given_up, waiting)}
    assert rows.keys() == {f"{GIVEN_UP} 10 tries", f"{WAITING} 1 try"}
    assert rows[f"{GIVEN_UP} 10 tries"].endswith("given up")


def test_many_articles_and_causes(run: Run, tmp_path: Path) -> None:
    """Some of each cause, the most frequent first, and how many more; no line is too long."""
    store = Store(tmp_path, "run")
    for number in range(60):
        article = f"2026-11-20-{100000 + number}070"
        cause = f"cause {number}, which says more than the eighty columns of a terminal would hold"
        store.add_failure(Link(article, url(article)), cause if number % 2 else "http 503")
    store.close()
    lines = run("--limit", "3")[1].splitlines()
    assert lines[3] == "30 × http 503"
    assert lines[-1] == "… and 38 more (--limit 0 lists all, --json for programs)"
    assert sum("2026-11-20-" in line for line in lines) == 22
    assert max(map(len, lines[1:])) <= WIDTH
    assert sum("2026-11-20-" in line for line in run("--limit", "0")[1].splitlines()) == 60
    assert len(json.loads(run("--json")[1])) == 60


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (["--waiting"], [WAITING]),
        (["--given-up"], [GIVEN_UP]),
        (["--dropped"], [DROPPED]),
        (["--dropped", "--waiting"], [DROPPED, WAITING]),
    ],
)
@pytest.mark.usefixtures("data_dir")
def test_filters_and_json(run: Run, options: list[str], shown: list[str]) -> None:
    """Only the states asked for; every field, with a time or null."""
    listed = json.loads(run("--json", *options)[1])
    assert [failure["id"] for failure in listed] == shown
    for failure in listed:
        assert list(failure) == ["id", "url", "state", "tries", "cause", "next_try"]
        assert (failure["next_try"] is None) is (failure["state"] != "waiting")


def test_nothing_failed(run: Run, tmp_path: Path) -> None:
    """No data folder yet is no error, and none is made."""
    folder = tmp_path / "none"
    assert run(folder=folder) == (0, f"Data folder   {folder}\nno failed articles\n", "")
    assert run("--json", folder=folder) == (0, "[]\n", "")
    assert run("retry", "--all", folder=folder)[0] == 0
    assert not folder.exists()


def test_retry(run: Run, data_dir: Path) -> None:
    """By identity or address, one given up or dropped too: due now, tries counted anew."""
    status, output, _ = run("retry", GIVEN_UP, url(DROPPED))
    assert status == 0
    assert output.splitlines() == [
        f"Data folder   {data_dir}",
        "due now: 2 articles; the next run requests them",
    ]
    assert states(data_dir) == {
        WAITING: ("waiting", 1),
        GIVEN_UP: ("waiting", 0),
        DROPPED: ("waiting", 0),
    }
    assert run()[1].count("due now") == 2


def test_retry_all(run: Run, data_dir: Path) -> None:
    """All but what a person dropped."""
    assert run("retry", "--all")[1].splitlines()[1].startswith("due now: 2 articles;")
    assert states(data_dir)[DROPPED] == ("dropped", 1)


def test_drop(run: Run, data_dir: Path) -> None:
    """Dropped articles stay listed, as such."""
    assert run("drop", WAITING)[1].splitlines()[1].startswith("dropped: 1 article;")
    assert states(data_dir)[WAITING] == ("dropped", 1)
    assert WAITING in run("--dropped")[1]


def test_as_a_command(data_dir: Path) -> None:
    """`scrapy failures` in a process of its own: the list, and bad input in one line."""
    listed = scrapy("failures", "--waiting", settings={"DATA_DIR": data_dir})
    assert (listed.status, listed.errors, WAITING in listed.output) == (0, "", True)
    bad = scrapy("failures", "drop", "x", settings={"DATA_DIR": data_dir})
    assert (bad.status, bad.output) == (2, "")
    assert bad.errors == "scrapy failures: x is no article: give YYYY-MM-DD-<number>\n"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["mend"], "mend: accepted are retry, drop"),
        (["retry"], "retry: give the articles, as YYYY-MM-DD-<number> or address or --all"),
        (["drop"], "drop: give the articles"),
        (["drop", "--all"], "--all goes with retry"),
        (["retry", "--all", WAITING], "--all goes with retry, and without articles"),
        (["--all"], "--all goes with retry"),
        (["--limit", "-1"], "--limit -1: give a number from 0"),
        (["retry", "--json", WAITING], "go with the list only"),
        (["retry", WAITING, "2026-11-20"], "2026-11-20 is no article"),
        (["drop", "https://www.kompas.com/\nglobal"], "is no article: give YYYY-MM-DD"),
        (["drop", WAITING, "2026-11-19-100000070"], "2026-11-19-100000070 is no failed article"),
    ],
)
def test_bad_input(run: Run, data_dir: Path, given: list[str], says: str) -> None:
    """One line that says what is accepted, status 2, and nothing is changed."""
    before = states(data_dir)
    status, output, errors = run(*given)
    assert (status, output, errors.count("\n")) == (2, "", 1)
    assert says in errors
    assert states(data_dir) == before


def test_damaged_store(run: Run, tmp_path: Path) -> None:
    """One line, and status 3."""
    folder = tmp_path / "damaged"
    folder.mkdir()
    (folder / "state.sqlite3").write_bytes(b"no database, though long enough to be one" * 100)
    status, output, errors = run(folder=folder)
    assert (status, output) == (3, "")
    assert errors.startswith("scrapy failures: ")


def test_beside_a_running_crawl(run: Run, tmp_path: Path) -> None:
    """While a crawl waits for an answer: listed, retried, dropped; the crawl goes on.

    The next run asks for the one that was retried, and never for the one that was dropped.
    """
    with serve(Site(seed=5, articles=4)) as replica:
        retried, dropped, *_ = (story.id for story in replica.site.stories)
        replica.faults.load([{"name": "404", "article": a} for a in (retried, dropped)])
        crawl(replica.env, tmp_path)
        make_all_due(tmp_path)
        told: list[str] = []

        def answer(request: Request, site: Answer) -> Reply:
            # The crawl stands still meanwhile: it waits for this answer.
            if not told:
                told.extend(run(*given)[1] for given in ([], ["retry", retried], ["drop", dropped]))
            return original(request, site)

        original = replica.faults.answer
        replica.faults.answer = answer  # type: ignore[method-assign]  # to stand in
        assert crawl(replica.env, tmp_path).status in (0, 7)
        assert dropped in told[0]
        assert [said.splitlines()[1][:7] for said in told[1:]] == ["due now", "dropped"]
        replica.faults.clear()
        make_all_due(tmp_path)
        before = len(replica.log)
        assert crawl(replica.env, tmp_path).status == 0
        asked = {line.path for line in replica.log[before:] if "/read/" in line.path}
    assert [path for path in asked if dropped.replace("-", "/") in path] == []
    assert {record["id"] for record in records(tmp_path)} >= {retried}
    assert states(tmp_path)[dropped][0] == "dropped"
