"""What follows a run card, whatever goes wrong with it."""

from pathlib import Path

import pytest

from kompascrawler.outcome import monitoring
from kompascrawler.outcome.cards import (
    ExitStatus,
    RunCard,
    Verdict,
    forget_elsewhere,
    keep_elsewhere,
    write_card,
)
from kompascrawler.outcome.monitoring import LAST_SUCCESS, publish
from tests.outcome.cards import a_card

BLOCKED = Verdict.of(ExitStatus.BLOCKED, "the site refuses us")
FINE, BAD = (
    a_card("2026-11-22T11:00:00+00:00"),
    a_card("2026-11-22T12:00:00+00:00", verdict=BLOCKED),
)


def test_nothing_is_done_unless_asked_for(tmp_path: Path) -> None:
    """Without settings there is no file and no complaint."""
    assert publish(BAD, tmp_path / "none", metrics_file=None, notify_urls="") == []
    assert list(tmp_path.iterdir()) == []


def test_metrics_know_the_last_success_of_the_cards(tmp_path: Path) -> None:
    """A failed run's metrics carry the time of the fine run before it."""
    for card in (FINE, BAD):
        write_card(tmp_path, card)
    assert publish(BAD, tmp_path, metrics_file=str(tmp_path / "x.prom"), notify_urls="") == []
    assert f"{LAST_SUCCESS} 1.79534521e+09" in (tmp_path / "x.prom").read_text()


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str | None]]:
    """Return the verdicts that people would be told of, each with the one before it."""
    told: list[tuple[str, str | None]] = []

    def note(card: RunCard, previous: RunCard | None, _: str) -> list[str]:
        if monitoring.message_of(card, previous):
            told.append((card.verdict.name, previous.verdict.name if previous else None))
        return []

    monkeypatch.setattr(monitoring, "notify", note)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    return told


def end(folder: Path, hour: int, status: ExitStatus, *, is_kept: bool = True) -> None:
    """Let a run end, its card kept or not, and tell of it."""
    card = a_card(f"2026-11-22T{hour:02}:00:00+00:00", verdict=Verdict.of(status, "a cause"))
    if is_kept:
        write_card(folder, card)
    publish(card, folder, metrics_file=None, notify_urls="json://127.0.0.1/")
    if is_kept:
        forget_elsewhere(folder)
    else:
        keep_elsewhere(folder, card)


def test_people_are_told_of_changes(tmp_path: Path, told: list[tuple[str, str | None]]) -> None:
    """By the cards of the runs before; one that was interrupted changes nothing."""
    statuses = (
        ExitStatus.FINE, ExitStatus.BLOCKED, ExitStatus.BLOCKED, ExitStatus.INTERRUPTED,
        ExitStatus.BLOCKED, ExitStatus.DRIFT, ExitStatus.FINE, ExitStatus.FINE,
    )  # fmt: skip
    for hour, status in enumerate(statuses):
        end(tmp_path, hour, status)
    assert told == [("blocked", "fine"), ("drift", "blocked"), ("fine", "drift")]


def test_people_are_told_once_of_a_disk_that_takes_no_card(
    tmp_path: Path, told: list[tuple[str, str | None]]
) -> None:
    """Runs that leave no card in the data folder are remembered elsewhere, until one does."""
    data_dir = tmp_path / "data"
    end(data_dir, 0, ExitStatus.FINE)
    for hour in (1, 2, 3):
        end(data_dir, hour, ExitStatus.STORE, is_kept=False)
    assert len(list((tmp_path / "temporary").iterdir())) == 1
    for hour in (4, 5):
        end(data_dir, hour, ExitStatus.FINE)
    assert told == [("store", "fine"), ("fine", "store")]
    assert list((tmp_path / "temporary").iterdir()) == []


def test_without_any_place_people_are_told_each_time(
    tmp_path: Path, told: list[tuple[str, str | None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Better than never; and it harms no run."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    for hour in (1, 2):
        end(tmp_path / "data", hour, ExitStatus.STORE, is_kept=False)
    assert told == [("store", None), ("store", None)]


def test_what_goes_wrong_is_said(tmp_path: Path) -> None:
    """A folder that is a file, for cards and metrics: a line each, nothing raised."""
    (tmp_path / "runs").write_text("")
    said = publish(BAD, tmp_path, metrics_file=str(tmp_path / "runs" / "x.prom"), notify_urls="")
    assert [line.partition(" ")[0] for line in said] == ["Cannot", "metrics"]
