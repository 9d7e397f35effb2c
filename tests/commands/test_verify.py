"""`kompascrawler verify`, as a person or a cron line calls it."""

import json
from pathlib import Path
from typing import Any

import pytest

from kompascrawler.store.lock import RunLock
from tests.crawls import Finished, crawl, scrapy
from tests.dataset.folders import NUMBERS, OF_STORE, files, publish, rewritten
from tests.replica.serve import serve
from tests.replica.site import Site


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return a data folder with published articles."""
    publish(tmp_path / "data", "run", *NUMBERS)
    return tmp_path / "data"


def verify(data_dir: Path, *args: str) -> Finished:
    """Run the command."""
    return scrapy("verify", *args, settings={"DATA_DIR": data_dir})


def test_a_sound_folder_and_an_edited_file(data_dir: Path) -> None:
    """Status 0 and one line; status 3, a line each, and what to do; mended, status 0 again."""
    done = verify(data_dir)
    sound = "Sound: 7 records in 6 files, as published; the last has number 6\n"
    assert (done.status, done.output) == (0, sound)
    assert done.errors == f"scrapy: data folder {data_dir}\n"
    rewritten(files(data_dir)[0], b"Judul", b"JUDUL")
    done = verify(data_dir)
    first, last = done.output.splitlines()
    assert done.status == 3
    assert first.startswith(f"{files(data_dir)[0].relative_to(data_dir)}: its content is not what")
    assert (
        last == "Not sound: 1 finding for 7 records in 6 files; `scrapy verify --repair` mends it"
    )
    done = verify(data_dir, "--repair")
    assert (done.status, done.output.splitlines()[-1]) == (
        0,
        "Sound: 5 records in 5 files, as published; the last has number 7",
    )
    assert "2 articles lost with their files, and due to be fetched again\n" in done.output


def test_json(data_dir: Path) -> None:
    """One object, with all that was found and done."""
    OF_STORE["store deleted"](data_dir)
    done = verify(data_dir, "--json")
    found: dict[str, Any] = json.loads(done.output)
    assert (done.status, done.errors) == (3, "")
    assert found["findings"] == [{"place": "state.sqlite3", "cause": "it is gone"}]
    done = verify(data_dir, "--json", "--repair")
    assert (done.status, json.loads(done.output)) == (
        0,
        {"sound": True, "files": 6, "records": 7, "number": 6, "findings": [], "repaired": []},
    )


def test_beside_a_crawl(data_dir: Path) -> None:
    """Comparing goes on; mending ends with status 75, and says who holds the folder."""
    lock = RunLock.take(data_dir, "20261126T060000Z-9f3a")
    assert verify(data_dir).status == 0
    done = verify(data_dir, "--repair")
    assert (done.status, "run 20261126T060000Z-9f3a" in done.errors) == (75, True)
    lock.release()


def test_sums(data_dir: Path, tmp_path: Path) -> None:
    """To a file, or to standard output without anything else."""
    printed = verify(data_dir, "--sums", "-")
    assert printed.status == 0
    assert verify(data_dir, "--sums", str(tmp_path / "sums")).status == 0
    assert (tmp_path / "sums").read_text() == printed.output
    assert len(printed.output.splitlines()) == 6


@pytest.mark.parametrize(
    ("args", "status", "message"),
    [
        (("extra",), 2, "give no arguments"),
        (("-sDATA_DIR=",), 2, "DATA_DIR=: accepted is"),
        (("-sDATA_DIR=/none",), 3, "/none is no folder"),
        (("--sums", "/none/sums"), 2, "--sums /none/sums: No such file or directory"),
    ],
)
def test_what_cannot_be_taken(
    data_dir: Path, args: tuple[str, ...], status: int, message: str
) -> None:
    """One line on standard error."""
    done = scrapy("verify", f"-sDATA_DIR={data_dir}", *args)
    assert (done.status, message in done.errors) == (status, True), done.errors
    assert "Traceback" not in done.errors


def test_a_crawl_into_a_damaged_folder_asks_for_nothing(tmp_path: Path) -> None:
    """Status 3, the command that mends it in the verdict, and not one request."""
    with serve(Site(seed=5, articles=3)) as replica:
        assert crawl(replica.env, tmp_path).status == 0
        files(tmp_path)[0].unlink()
        before = len(replica.log)
        done = crawl(replica.env, tmp_path)
        assert (done.status, len(replica.log)) == (3, before)
    assert "is gone" in done.verdict["cause"]
    assert "verify --repair" in done.verdict["advice"]
