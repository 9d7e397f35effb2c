"""What somebody finds first in a data folder is current, typed, and whole for whoever globs it."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset as pads
import pyarrow.parquet as pq
import pytest

from kompascrawler.dataset import tables
from kompascrawler.dataset.dataset import Dataset, row, schema
from tests.crawls import AT_ONCE, ROOT, crawl, records, scrapy_command
from tests.dataset.exported import fill, store
from tests.dataset.test_dataset import article_of, compact, whole
from tests.replica.serve import serve
from tests.replica.site import Site
from tests.store.synthetic import make_article

ALWAYS = 1e-9


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return a data folder with records of two months and many shapes."""
    folder = tmp_path / "data"
    fill(folder)
    old = make_article(
        40,
        id="2026-10-11-000040170",
        url="https://www.kompas.com/global/read/2026/10/11/000040170/judul",
        published_at="2026-10-11T00:00:40+07:00",
    )
    store(folder, "old", old)
    tables.refresh(folder, ALWAYS)
    return folder


def months(data_dir: Path) -> dict[str, int]:
    """Return the files, and when each was written."""
    return {path.name: path.stat().st_mtime_ns for path in (data_dir / "parquet").iterdir()}


def test_naive_globs(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All rows, all types, all duplicates, whoever reads."""
    monkeypatch.chdir(data_dir)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets  # type: ignore[import-untyped] # it has none

    files = "parquet/*.parquet"
    loaded = datasets.load_dataset("parquet", data_files=files, split="train", cache_dir="cache")
    duplicates: dict[str, list[Any]] = {
        "pandas": list(pd.read_parquet("parquet")["duplicate_of"].dropna()),
        "polars": pl.read_parquet(files)["duplicate_of"].drop_nulls().to_list(),
        "polars folder": pl.read_parquet("parquet")["duplicate_of"].drop_nulls().to_list(),
        "duckdb": pl.DataFrame(duckdb.sql(f"from '{files}'"))["duplicate_of"]
        .drop_nulls()
        .to_list(),
        "pyarrow": pads.dataset("parquet").to_table()["duplicate_of"].drop_null().to_pylist(),
        "datasets": [one for one in loaded["duplicate_of"] if one],
    }
    expected = [one.duplicate_of for one in Dataset(".") if one.duplicate_of]
    assert expected
    assert duplicates == dict.fromkeys(duplicates, expected)
    assert pq.read_schema("parquet/month=2026-10.parquet") == schema()
    assert len(loaded) == len(pd.read_parquet("parquet")) == len(list(Dataset(".")))


def test_only_months_with_news_are_written(data_dir: Path) -> None:
    """A later revision takes the place of the earlier one; nothing changes without news."""
    before = months(data_dir)
    assert list(before) == ["month=2026-10.parquet", "month=2026-11.parquet"] or len(before) == 2
    tables.refresh(data_dir, ALWAYS)
    assert months(data_dir) == before
    store(data_dir, "first", article_of(7))
    store(data_dir, "second", whole(7))
    tables.refresh(data_dir, ALWAYS)
    after = months(data_dir)
    assert after["month=2026-10.parquet"] == before["month=2026-10.parquet"]
    november = pq.read_table(data_dir / "parquet" / "month=2026-11.parquet").to_pylist()
    latest = Dataset(data_dir).articles(since=date(2026, 11, 1))
    assert november == [row(article) for article in latest]
    compact(data_dir, "2026-11-12", Dataset(data_dir).number + 1)
    tables.refresh(data_dir, ALWAYS)
    assert pq.read_table(data_dir / "parquet" / "month=2026-11.parquet").to_pylist() == november


def test_at_most_so_often_and_not_without_the_extra(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An hour has not gone by, or 0, or no pyarrow: nothing is written."""
    store(data_dir, "later", make_article(9))
    before = months(data_dir)
    tables.refresh(data_dir, 3600)
    tables.refresh(data_dir, 0)
    with monkeypatch.context() as patch:
        patch.setattr(tables, "find_spec", lambda _: None)
        tables.refresh(data_dir, ALWAYS)
    assert months(data_dir) == before
    os.utime(data_dir / "parquet.cursor.json", (0, 0))
    tables.refresh(data_dir, 3600)
    assert months(data_dir) != before


def test_columns_of_another_version(data_dir: Path) -> None:
    """Files of an earlier schema are rewritten, so that all have the same types."""
    before = months(data_dir)
    cursor = data_dir / "parquet.cursor.json"
    known = json.loads(cursor.read_text())
    cursor.write_text(json.dumps(known | {"columns": known["columns"][1:]}))
    tables.refresh(data_dir, ALWAYS)
    assert before.keys() == months(data_dir).keys()
    assert not set(before.items()) & set(months(data_dir).items())


def test_the_readme_is_ours_or_left_alone(data_dir: Path) -> None:
    """One of an earlier version is replaced, one that somebody wrote is not."""
    readme = data_dir / "README.md"
    wanted = readme.read_text()
    readme.write_text(wanted + "An earlier version.\n")
    tables.refresh(data_dir, 0)
    assert readme.read_text() == wanted
    readme.write_text("Mine.\n")
    tables.refresh(data_dir, 0)
    assert readme.read_text() == "Mine.\n"


def test_a_crawl_with_news_writes_it_and_an_idle_one_does_not(tmp_path: Path) -> None:
    """The idle run imports no Arrow; a folder that cannot be written is no failure of a run."""
    script = (
        "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr));"
        " from scrapy.cmdline import execute; execute()"
    )
    settings = AT_ONCE | {"DATA_DIR": tmp_path, "PARQUET_EVERY_SECONDS": ALWAYS}
    command = scrapy_command("crawl", "kompas_global", settings=settings)
    with serve(Site(seed=5, articles=4)) as replica:
        assert crawl(replica.env, tmp_path, PARQUET_EVERY_SECONDS=ALWAYS).status == 0
        assert len(pd.read_parquet(tmp_path / "parquet")) == len(records(tmp_path)) == 4
        done = subprocess.run(
            [sys.executable, "-c", script, *command[3:]],
            cwd=ROOT, env=os.environ | replica.env, capture_output=True, text=True, check=True,
        )  # fmt: skip
        imported = set(done.stderr.splitlines()[-1].split())
        assert not {"pyarrow", tables.__name__} & imported
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "parquet").write_text("in the way")
    with serve(Site(seed=5, articles=4)) as replica:
        done_2 = crawl(replica.env, tmp_path / "other", PARQUET_EVERY_SECONDS=ALWAYS)
    assert (done_2.status, "parquet/ was not written: " in done_2.errors) == (0, True)
    assert "Traceback" not in done_2.errors
