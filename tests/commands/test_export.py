"""`kompascrawler export`, as a person or a cron line calls it."""

from pathlib import Path
from typing import Any

import pytest

from kompascrawler.store.lock import RunLock
from tests.crawls import Finished, scrapy, scrapy_command
from tests.dataset.folders import NUMBERS, publish, rewritten
from tests.store.published import published_files
from tests.terminal import at_terminal


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return a data folder with published articles."""
    publish(tmp_path / "data", "run", *NUMBERS)
    return tmp_path / "data"


def export(data_dir: Path, *args: Any) -> Finished:
    """Run the command."""
    return scrapy("export", *map(str, args), settings={"DATA_DIR": data_dir})


def test_beside_a_crawl(data_dir: Path, tmp_path: Path) -> None:
    """Somebody holds the folder: reading is not blocked. Status 0, one line of what was done."""
    lock = RunLock.take(data_dir, "crawl")
    out = tmp_path / "articles.csv"
    done = export(data_dir, out, "--since", "2026-11-12", "--until", "2026-11-12")
    lock.release()
    assert (done.status, done.output) == (0, "")
    assert done.errors.splitlines()[-1] == f"scrapy export: 3 rows to {out}; as of number 6"
    assert len(out.read_text().splitlines()) == 4


def test_bad_input(data_dir: Path) -> None:
    """One line, status 2."""
    done = export(data_dir, "x.csv", "--since", "soon")
    assert done.status == 2
    assert done.errors.splitlines()[-1] == ("scrapy export: --since soon: give a day as YYYY-MM-DD")


def test_what_cannot_be_read(data_dir: Path, tmp_path: Path) -> None:
    """No data folder, an edited file: status 3, and what to do."""
    done = export(tmp_path / "none", tmp_path / "x.csv")
    assert (done.status, "is no folder" in done.errors) == (3, True)
    rewritten(data_dir / min(published_files(data_dir)), b"Judul", b"JUDUL")
    done = export(data_dir, tmp_path / "x.csv")
    assert (done.status, "verify --repair" in done.errors) == (3, True)
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.parametrize("form", ["xlsx", "parquet", "sqlite"])
def test_a_full_disk(data_dir: Path, tmp_path: Path, form: str) -> None:
    """Status 3 and one line; the earlier export stays, and no draft is left."""
    out = tmp_path / f"x.{form}"
    out.write_bytes(b"earlier")
    settings = {"DATA_DIR": data_dir}
    done = scrapy("export", str(out), settings=settings, largest_file=500)
    assert (done.status, done.output) == (3, "")
    assert done.errors.splitlines()[-1].startswith(f"scrapy export: cannot write {out}: ")
    assert "Traceback" not in done.errors
    assert (out.read_bytes(), list(tmp_path.glob(".*"))) == (b"earlier", [])


def test_a_missing_extra(data_dir: Path, tmp_path: Path) -> None:
    """Status 2, and how to install it."""
    out, settings = str(tmp_path / "x.parquet"), {"DATA_DIR": data_dir}
    done = scrapy("export", out, settings=settings, lacking="pyarrow")
    advice = "this needs pyarrow: in the checkout, pip install '.[parquet]'"
    assert (done.status, done.errors.splitlines()[-1]) == (2, f"scrapy export: {advice}")


def test_at_a_terminal(data_dir: Path, tmp_path: Path) -> None:
    """A bar shows how many days have gone by."""
    command = scrapy_command("export", str(tmp_path / "x.csv"), settings={"DATA_DIR": data_dir})
    with at_terminal(command, {"TERM": "xterm", "COLUMNS": "80"}) as terminal:
        assert "Days" in terminal.wait_for("7 rows to ")
