"""What follows a run card, whatever goes wrong with it."""

from pathlib import Path

import pytest

from kompascrawler.runs import telling
from kompascrawler.runs.card import RunCard
from kompascrawler.runs.cards import write_card
from kompascrawler.runs.metrics import LAST_SUCCESS
from kompascrawler.runs.telling import tell
from kompascrawler.verdict import ExitStatus, Verdict
from tests.runs.cards import a_card

BLOCKED = Verdict.of(ExitStatus.BLOCKED, "the site refuses us")
FINE, BAD = (
    a_card("2026-11-22T11:00:00+00:00"),
    a_card("2026-11-22T12:00:00+00:00", verdict=BLOCKED),
)


def test_nothing_is_done_unless_asked_for(tmp_path: Path) -> None:
    """Without settings there is no file and no complaint."""
    assert tell(BAD, tmp_path / "none", metrics_file=None, notify_urls="") == []
    assert list(tmp_path.iterdir()) == []


def test_metrics_know_the_last_success_of_the_cards(tmp_path: Path) -> None:
    """A failed run's metrics carry the time of the fine run before it."""
    for card in (FINE, BAD):
        write_card(tmp_path, card)
    assert tell(BAD, tmp_path, metrics_file=str(tmp_path / "x.prom"), notify_urls="") == []
    assert f"{LAST_SUCCESS} 1.79534521e+09" in (tmp_path / "x.prom").read_text()


def test_the_previous_run_is_that_of_the_cards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The card of the run itself is not taken for it."""
    asked: list[tuple[RunCard, RunCard | None, str]] = []

    def note(card: RunCard, previous: RunCard | None, urls: str) -> list[str]:
        asked.append((card, previous, urls))
        return []

    monkeypatch.setattr(telling, "notify", note)
    for card in (FINE, BAD):
        write_card(tmp_path, card)
    tell(BAD, tmp_path, metrics_file=None, notify_urls="json://127.0.0.1/")
    assert asked == [(BAD, FINE, "json://127.0.0.1/")]


def test_what_goes_wrong_is_said(tmp_path: Path) -> None:
    """A folder that is a file, for cards and metrics: a line each, nothing raised."""
    (tmp_path / "runs").write_text("")
    said = tell(BAD, tmp_path, metrics_file=str(tmp_path / "runs" / "x.prom"), notify_urls="")
    assert [line.partition(" ")[0] for line in said] == ["Cannot", "metrics"]
