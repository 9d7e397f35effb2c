"""What a run leaves behind: causes with a page to look at, measures for the next one."""

import os
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse

from kompascrawler.drift.extension import HitRates, conclude
from kompascrawler.drift.judge import Judgement
from kompascrawler.drift.measures import MEASURES
from kompascrawler.pages.checks import Checks
from kompascrawler.store.kept import LARGEST
from kompascrawler.store.store import Store

GOOD: Checks = dict.fromkeys(MEASURES, True)
BAD: Checks = GOOD | {"title": False, "tags": False}


class Runs:
    """Runs of one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.number = 0

    def run(
        self, checks: Checks, pages: int, *, body: bytes = b"<html>", accept: bool = False
    ) -> Judgement:
        """Look at so many pages that show the same, and end the run."""
        self.number += 1
        rates = HitRates()
        for number in range(pages):
            rates.add(
                checks,
                HtmlResponse(f"https://www.kompas.com/{number}", body=body, encoding="utf-8"),
            )
        store = Store(self.data_dir, f"run-{self.number}")
        ending = conclude(rates, store, accept=accept)
        store.close()
        return ending


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    """Return the runs of a new data folder."""
    return Runs(tmp_path)


def test_one_page_is_kept_for_all_that_it_shows(runs: Runs) -> None:
    """Both causes name the command that opens it."""
    causes = [cause.line for cause in runs.run(BAD, 12).causes]
    page = runs.data_dir / "drift" / "run-1" / "1.html.gz"
    shown = [cause.partition(" See ")[2] for cause in causes]
    assert shown == [f"`kompascrawler shell {page}`"] * 2
    assert sorted(path.name for path in page.parent.iterdir()) == ["1.html.gz", "1.json"]


def test_the_page_of_an_earlier_run_is_named(runs: Runs) -> None:
    """Where the run that judges has no such page of its own."""
    assert runs.run(BAD, 9).causes == []
    causes = [cause.line for cause in runs.run(GOOD, 3).causes]
    assert [cause.partition(":")[0] for cause in causes] == ["title gone", "field missing"]
    assert all("/drift/run-1/1.html.gz" in cause for cause in causes)


def test_the_page_of_this_run_is_named(runs: Runs) -> None:
    """Where it has one, though an earlier run's folder is newer by a clock that was set back."""
    runs.run(BAD, 12)
    os.utime(runs.data_dir / "drift" / "run-1", (4e9, 4e9))
    assert all("/drift/run-2/1.html.gz" in cause.line for cause in runs.run(BAD, 12).causes)


def test_healthy_runs_keep_no_page(runs: Runs) -> None:
    """And say how many pages they judged, or that those are too few."""
    assert runs.run(GOOD, 4).summary == "too few pages to judge: 4 of 10 so far"
    assert runs.run(GOOD, 8).summary == "12 pages judged, changes found: 0"
    assert not (runs.data_dir / "drift").exists()


def test_a_page_that_is_too_large_is_not_kept(runs: Runs) -> None:
    """The cause is named without it."""
    cause, _ = runs.run(BAD, 12, body=bytes(LARGEST + 1)).causes
    assert cause.line.endswith("No page of it was kept")


def test_a_name_with_blanks_can_be_pasted(tmp_path: Path) -> None:
    """The command quotes the path for the shell."""
    cause, _ = Runs(tmp_path / "my data").run(BAD, 12).causes
    assert f"kompascrawler shell '{tmp_path}/my data/drift/run-1/1.html.gz'" in cause.line


def test_measures_are_remembered_and_acceptance_too(runs: Runs) -> None:
    """What was accepted raises no alarm in the next process."""
    assert len(runs.run(BAD, 12).causes) == 2
    assert runs.run(BAD, 0, accept=True).accepted == ["tags", "title"]
    assert runs.run(BAD, 12).causes == []
