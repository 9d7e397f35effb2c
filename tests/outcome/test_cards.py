"""The run cards of a data folder."""

import logging
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest

from kompascrawler.outcome import cards
from kompascrawler.outcome.cards import card_path, prune_cards, read_cards, write_card
from kompascrawler.store.model import StoreError
from tests.outcome.test_cards_form import CARD

DAY = 24 * 60 * 60


def write(data_dir: Path, *run_ids: str) -> None:
    """Write cards of some runs, one after the other."""
    for run_id in run_ids:
        write_card(data_dir, replace(CARD, run_id=run_id))


def date(data_dir: Path, run_id: str, *, days: float) -> None:
    """Date a card so many days from now."""
    then = time.time() + days * DAY
    os.utime(card_path(data_dir, run_id), (then, then))


def listed(data_dir: Path, limit: int | None = None) -> list[str]:
    """Return the run ids of the cards, newest first."""
    return [card.run_id for card in read_cards(data_dir, limit)]


def test_cards_come_back_newest_first(tmp_path: Path) -> None:
    """As they were written, whatever their runs are called."""
    assert listed(tmp_path) == []
    write(tmp_path, "b", "c", "a")
    assert listed(tmp_path) == ["a", "c", "b"]
    assert listed(tmp_path, 2) == ["a", "c"]
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == [
        "a.json", "b.json", "c.json",
    ]  # fmt: skip


def test_drafts_and_fifos(tmp_path: Path) -> None:
    """What a killed run has begun to write goes; what is no file is no card."""
    write(tmp_path, "a")
    drafts = [tmp_path / name for name in ("runs/.b.json.draft", "rejected/.c.html.gz.draft")]
    (tmp_path / "rejected").mkdir()
    for draft in drafts:
        draft.write_text("{")
    os.mkfifo(tmp_path / "runs" / "z.json")
    prune_cards(tmp_path, keep_days=1)
    assert not any(draft.exists() for draft in drafts)
    assert listed(tmp_path) == ["a"]


def test_kept_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A card of a disk that was mounted there for a while goes with the next one, and drafts."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    data = tmp_path / "data"
    data.mkdir()
    cards.keep_elsewhere(data, replace(CARD, run_id="full"))
    assert listed(data) == ["full"]
    data.rename(tmp_path / "aside")
    (tmp_path / "another").mkdir()  # or the system gives the same inode again
    data.mkdir()
    assert listed(data) == []
    (kept,) = (tmp_path / "tmp").iterdir()
    kept.with_name(f"{kept.name.rpartition('-')[0]}-x.draft").touch()
    cards.forget_elsewhere(data)
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_damaged_card_is_passed_over_and_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The others are read; the limit counts whole cards."""
    write(tmp_path, "a", "b", "c")
    card_path(tmp_path, "b").write_text('{"run_id": "b"')
    with caplog.at_level(logging.WARNING):
        assert listed(tmp_path, 2) == ["c", "a"]
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "runs/b.json: no run card" in caplog.text


@pytest.mark.parametrize("days", [0.01, 365])
def test_the_order_of_runs_outlives_a_clock_that_was_set_back(tmp_path: Path, days: float) -> None:
    """Cards from the future come before the next one that is written, in their order."""
    write(tmp_path, "old", "ahead", "further ahead")
    date(tmp_path, "ahead", days=days)
    date(tmp_path, "further ahead", days=days * 2)
    write(tmp_path, "set right")
    assert listed(tmp_path) == ["set right", "further ahead", "ahead", "old"]
    write(tmp_path, "next")
    assert listed(tmp_path, 2) == ["next", "set right"]


def test_old_cards_go_and_the_latest_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a pause, or a clock that jumped ahead, the last runs are told still."""
    monkeypatch.setattr(cards, "KEPT_AT_LEAST", 2)
    prune_cards(tmp_path, keep_days=90)
    write(tmp_path, "a", "b", "c", "d")
    for run_id in ("a", "b", "c"):
        date(tmp_path, run_id, days=-91)
    date(tmp_path, "d", days=-89)
    for _ in range(2):
        prune_cards(tmp_path, keep_days=90)
        assert len(listed(tmp_path)) == 2
        assert listed(tmp_path)[0] == "d"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """With what to do, and nothing is left behind."""
    (tmp_path / "runs").write_text("")
    for action in (lambda: write(tmp_path, "a"), lambda: read_cards(tmp_path)):
        with pytest.raises(StoreError, match="What to do"):
            action()
