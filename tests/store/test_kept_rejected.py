"""Refused pages are kept as they came."""

import gzip
import json
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from kompascrawler.store.kept import Rejection, forget_rejected, save_rejected
from kompascrawler.store.model import StoreError

REJECTION = Rejection(
    article_id="2026-11-12-100000170",
    url="https://www.kompas.com/global/read/2026/11/12/100000170/judul?page=all",
    reason="no_layout",
    message="no known layout – 404?",
    encoding="utf-8",
    run_id="run",
)


def test_a_page_is_kept_byte_for_byte(tmp_path: Path) -> None:
    """What comes out of the file is what the site sent, in whatever encoding."""
    body = b"<html>\xff\x00\r\n" * 100
    path = save_rejected(tmp_path, REJECTION, body)
    assert path == tmp_path / "rejected" / "2026-11-12-100000170.html.gz"
    assert gzip.decompress(path.read_bytes()) == body


def test_the_reason_stands_beside_it(tmp_path: Path) -> None:
    """A person finds why, when and in which run."""
    save_rejected(tmp_path, REJECTION, b"x")
    note = json.loads((tmp_path / "rejected" / "2026-11-12-100000170.json").read_text())
    assert datetime.fromisoformat(note.pop("rejected_at")).utcoffset() is not None
    assert Rejection(**note) == REJECTION


def test_no_page_is_kept_without_its_reason(tmp_path: Path) -> None:
    """Half of a surrogate pair stands in no file."""
    with pytest.raises(ValueError, match="surrogates"):
        save_rejected(tmp_path, replace(REJECTION, message="\ud83d"), b"x")
    assert list(tmp_path.iterdir()) == []


def test_a_page_without_identity_is_named_by_its_address(tmp_path: Path) -> None:
    """Two addresses that name no article do not overwrite each other."""
    pages = {
        save_rejected(tmp_path, replace(REJECTION, article_id=None, url=url), b"x")
        for url in ("https://www.kompas.com/a", "https://www.kompas.com/b")
    }
    assert len(pages) == 2


def test_a_page_is_forgotten_with_its_reason(tmp_path: Path) -> None:
    """When its article was read; where nothing was refused there is nothing to do."""
    for _ in range(2):
        forget_rejected(tmp_path, "2026-11-12-100000170")
        page = save_rejected(tmp_path, REJECTION, b"x")
        forget_rejected(tmp_path, "2026-11-12-100000170")
        assert list(page.parent.iterdir()) == []


def test_a_page_refused_again_takes_the_place_of_the_earlier_one(tmp_path: Path) -> None:
    """One page and one reason are kept, the last."""
    save_rejected(tmp_path, REJECTION, b"first")
    path = save_rejected(tmp_path, replace(REJECTION, reason="no_text"), b"second")
    assert gzip.decompress(path.read_bytes()) == b"second"
    assert len(list(path.parent.iterdir())) == 2
    assert json.loads(path.with_name("2026-11-12-100000170.json").read_text())["reason"] == (
        "no_text"
    )


@pytest.mark.parametrize("failing", ["fsync", "rename"])
def test_a_failing_disk_leaves_the_earlier_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    """The error becomes a StoreError, and no half file is left."""
    path = save_rejected(tmp_path, REJECTION, b"first")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os if failing == "fsync" else Path, failing, fail)
        with pytest.raises(StoreError, match="free some space"):
            save_rejected(tmp_path, REJECTION, b"second")
    assert gzip.decompress(path.read_bytes()) == b"first"
    assert len(list(path.parent.iterdir())) == 2


def test_a_data_folder_that_is_a_file_is_said_so(tmp_path: Path) -> None:
    """The same message as for the store."""
    (tmp_path / "data").write_text("")
    with pytest.raises(StoreError, match="a file stands where a folder is needed"):
        save_rejected(tmp_path / "data", REJECTION, b"x")
