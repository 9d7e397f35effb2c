"""Pages that show drift are kept as they came, found again, and do not pile up."""

import gzip
import json
import os
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from kompascrawler.store.kept import (
    MOST_RUNS,
    DriftedPage,
    find_drifted,
    prune_drifted,
    save_drifted,
)
from kompascrawler.store.model import StoreError

NOTE = DriftedPage(
    url="https://www.kompas.com/global/read/2026/11/12/100000170/judul?page=all",
    cause="title gone: the title on 0 of 12 pages",
    measures=["title"],
    encoding="utf-8",
    run_id="run-1",
)


def test_a_page_is_kept_byte_for_byte_with_a_note(tmp_path: Path) -> None:
    """What comes out of the file is what the site sent; the note says why and when."""
    body = b"<html>\xff\x00\r\n" * 100
    page = save_drifted(tmp_path, 1, NOTE, body)
    assert page == tmp_path / "drift" / "run-1" / "1.html.gz"
    assert gzip.decompress(page.read_bytes()) == body
    note = json.loads((page.parent / "1.json").read_bytes())
    assert note.pop("kept_at").endswith("+00:00")
    assert note == asdict(NOTE)


def test_the_newest_page_of_a_measure_is_found(tmp_path: Path) -> None:
    """Of those that are kept for it."""
    for number, measures in ((1, ["title"]), (2, ["body", "title"]), (3, ["tags"])):
        note = replace(NOTE, run_id=f"run-{number}", measures=measures)
        page = save_drifted(tmp_path, 1, note, b"x")
        assert page is not None
        os.utime(page.parent, (number, number))
    assert find_drifted(tmp_path, "title") == tmp_path / "drift" / "run-2" / "1.html.gz"
    assert find_drifted(tmp_path, "pager") is None
    assert find_drifted(tmp_path, "title", "sains") is None


def test_old_pages_are_deleted(tmp_path: Path) -> None:
    """Those of runs before so many days, and of more than a hundred runs."""
    for number in range(MOST_RUNS + 5):
        save_drifted(tmp_path, 1, replace(NOTE, run_id=f"run-{number}"), b"x")
    os.utime(tmp_path / "drift" / "run-50", (0, 0))
    prune_drifted(tmp_path, days=30)
    left = {path.name for path in (tmp_path / "drift").iterdir()}
    assert len(left) == MOST_RUNS
    assert "run-50" not in left
    assert f"run-{MOST_RUNS + 4}" in left


def test_nothing_to_delete(tmp_path: Path) -> None:
    """A data folder without such pages is left alone."""
    prune_drifted(tmp_path, days=30)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """What is wrong and what to do is said."""
    (tmp_path / "drift").write_text("")
    with pytest.raises(StoreError, match="What to do:"):
        save_drifted(tmp_path, 1, NOTE, b"x")
