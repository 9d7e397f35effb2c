"""How the end of a run is told."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from scrapy.utils.test import get_crawler

from kompascrawler import settings as settings_module
from kompascrawler.outcome import cards
from kompascrawler.outcome.cards import read_cards
from kompascrawler.outcome.counts import Engine, RunCounts, StoreTally
from kompascrawler.outcome.outcome import Outcome
from kompascrawler.store.lock import Holder, Locked
from kompascrawler.store.model import StoreError


def came() -> RunCounts:
    """Return the counts of a run that stored two articles."""
    return RunCounts(
        store=StoreTally(articles=2, published=2),
        engine=Engine(has_started=True, finish_reason="finished"),
    )


def outcome(data_dir: Path, **given: Any) -> Outcome:
    """Return the outcome of a run into a folder, which begins now."""
    settings = get_crawler().settings.copy()
    settings.frozen = False
    settings.setmodule(settings_module)
    settings.setdict({"DATA_DIR": str(data_dir), "RUN_ID": "run-1"} | given, priority="cmdline")
    return Outcome(settings, "kompas_global", {"max_articles": "2"})


def last(text: str) -> dict[str, Any]:
    """Return the JSON object of the last line."""
    told: dict[str, Any] = json.loads(text.splitlines()[-1])
    return told


def test_summary_card_and_last_line_agree(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The card has it all, the last line what a program wants, the summary what a person does."""
    assert outcome(tmp_path, DOWNLOAD_DELAY=2.5).summarise(came()) == 0
    output = capsys.readouterr().out
    (card,) = read_cards(tmp_path)
    assert output.startswith("OK: new articles are stored\n  articles: 2 new")
    told = last(output)
    assert (told["status"], told["name"], told["advice"], told["also"]) == (0, "fine", None, [])
    assert told["counts"]["new"] == card.counts.new == 2
    assert Path(told["card"]) == tmp_path / "runs" / "run-1.json"
    assert card.arguments == {"max_articles": "2"}
    assert card.settings == {"DATA_DIR": str(tmp_path), "DOWNLOAD_DELAY": 2.5}
    assert set(card.versions) == {"kompascrawler", "python", "scrapy", "twisted", "lxml"}
    assert card.peak_memory_mb


def test_secrets_are_masked(tmp_path: Path) -> None:
    """In the settings of the card."""
    proxy = "http://me:hush@proxy:3128"
    outcome(tmp_path, FTP_PASSWORD="hush", MY_PROXY=proxy).summarise(came())
    assert "hush" not in (tmp_path / "runs" / "run-1.json").read_text()
    (card,) = read_cards(tmp_path)
    assert card.settings["MY_PROXY"] == "http://***@proxy:3128"


def test_articles_have_standard_output_for_themselves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With ``-o -`` the end is told on standard error."""
    outcome(tmp_path, FEEDS={"stdout:": {"format": "jsonlines"}}).summarise(came())
    output, errors = capsys.readouterr()
    assert output == ""
    assert last(errors)["status"] == 0


def test_a_card_that_cannot_be_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Is a failure of the store; the rest is told."""
    (tmp_path / "runs").write_text("")
    assert outcome(tmp_path).summarise(came()) == 3
    told = last(capsys.readouterr().out)
    assert (told["name"], told["card"], told["counts"]["new"]) == ("store", None, 2)
    assert "a file stands where a folder is needed" in told["advice"]


def test_an_error_in_the_end_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Still gives a status and a last line."""

    def raising(*_: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr("kompascrawler.outcome.outcome.write_card", raising)
    assert outcome(tmp_path).summarise(came()) == 1
    told = last(capsys.readouterr().out)
    assert (told["name"], "RuntimeError: planted" in told["cause"]) == ("error", True)


def test_old_cards_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each run removes those that are too old."""
    monkeypatch.setattr(cards, "KEPT_AT_LEAST", 1)
    outcome(tmp_path, RUN_ID="old").summarise(came())
    os.utime(tmp_path / "runs" / "old.json", (1, 1))
    outcome(tmp_path).summarise(came())
    assert [card.run_id for card in read_cards(tmp_path)] == ["run-1"]


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (StoreError("Cannot x: y. What to do: z."), 3, "Cannot x: y"),
        (Locked(Path("data"), Holder(run_id="other", pid=1)), 75, "run other (process 1"),
    ],
)
def test_a_run_that_could_not_begin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], error: StoreError, status: int, says: str
) -> None:
    """Has no card, and nothing is written into the folder."""
    assert outcome(tmp_path).refused(error) == status
    told = last(capsys.readouterr().out)
    assert (told["status"], told["card"], says in told["cause"]) == (status, None, True)
    assert list(tmp_path.iterdir()) == []


def test_nobody_listens(tmp_path: Path) -> None:
    """A closed pipe changes no exit status."""
    code = (
        "import sys; from pathlib import Path;"
        "from tests.outcome.test_outcome import came, outcome;"
        "sys.exit(outcome(Path(sys.argv[1])).summarise(came()))"
    )
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        stdout=writing, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")
