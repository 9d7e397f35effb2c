"""What comes back out of a backup is found, and goes again."""

import shutil
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from kompascrawler.dataset import tables
from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.forget import forget
from kompascrawler.dataset.repair import repair
from kompascrawler.dataset.verify import verify
from kompascrawler.store.kept import Rejection, save_rejected
from kompascrawler.store.store import Store
from tests.dataset.folders import files
from tests.dataset.test_forget import GONE, traces
from tests.dataset.test_lines import LATER, NONE_YET


def test_a_replaced_file_that_is_there_again(data_dir: Path) -> None:
    """Out of a backup, after it was removed: readers of all files would count its lines twice."""
    old = files(data_dir)[0]
    content = old.read_bytes()
    with closing(Store(data_dir, "later")) as store:
        store.compact(LATER)
        assert verify(data_dir).findings == []
        store.remove_replaced(NONE_YET)
    old.write_bytes(content)
    (found,) = verify(data_dir).findings
    assert (found.place, "its lines, which now count twice" in found.cause) == (
        str(old.relative_to(data_dir)),
        True,
    )
    done = repair(data_dir, "repair")
    assert [line.partition(": ")[2] for line in done] == ["removed again; number 7 has its lines"]
    assert (verify(data_dir).findings, old.exists()) == ([], False)


def test_a_text_that_came_back_is_found(data_dir: Path) -> None:
    """A data folder out of a backup: `verify` finds the text, taking it down again removes it."""
    with closing(Store(data_dir, "run")) as store, store._database.writing("") as db:
        db.execute("INSERT INTO taken_down VALUES (?, '2026-11-26T00:00:00+00:00', '')", (GONE.id,))
    assert "which was taken down" in verify(data_dir).findings[0].cause
    assert forget(data_dir, "forget", GONE.id, "asked")
    assert (verify(data_dir).findings, traces(data_dir)) == ([], [])


@pytest.mark.parametrize("place", ["set_aside", "rejected", "parquet"])
def test_a_copy_that_came_back_is_found(data_dir: Path, place: str) -> None:
    """Out of a backup, beside the files: `verify` names it, taking it down again removes it."""
    tables.write_parquet(data_dir)
    (data_dir / "set_aside").mkdir()
    (data_dir / "set_aside/x.jsonl").write_bytes(files(data_dir)[0].read_bytes())
    about = {"message": GONE.title, "encoding": "utf-8", "run_id": "run"}
    refused = Rejection(article_id=GONE.id, url=GONE.url, reason="x", **about)
    save_rejected(data_dir, refused, GONE.text.encode())
    backup = data_dir.with_name("backup")
    shutil.copytree(data_dir / place, backup)
    assert forget(data_dir, "forget", GONE.id, "asked")
    assert verify(data_dir).findings == []
    shutil.copytree(backup, data_dir / place, dirs_exist_ok=True)
    found = verify(data_dir).findings
    assert {one.place.split("/")[0] for one in found} == {place}
    assert {one.cause for one in found} == {
        f"it is of {GONE.id}, which was taken down: take it down again"
    }
    assert forget(data_dir, "forget", GONE.id, "asked")
    assert (verify(data_dir).findings, traces(data_dir)) == ([], [])
    month = pd.read_parquet(data_dir / "parquet/month=2026-11.parquet")
    assert set(month["id"]) == {article.id for article in Dataset(data_dir)}


def test_a_file_that_came_back_holds_nothing_for_long(data_dir: Path) -> None:
    """The file that was replaced, with the text in it: a repair removes it."""
    old = files(data_dir)[0]
    content = old.read_bytes()
    assert forget(data_dir, "forget", GONE.id, "asked")
    old.write_bytes(content)
    assert [one.place for one in verify(data_dir).findings] == [str(old.relative_to(data_dir))]
    repair(data_dir, "repair")
    assert (verify(data_dir).findings, traces(data_dir)) == ([], [])
