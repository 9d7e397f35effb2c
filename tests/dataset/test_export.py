"""Exports hold every article with all its types, as the libraries read them that people use."""

import csv
import errno
import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import openpyxl  # type: ignore[import-untyped] # its stubs are another package
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from backports import zstd

from kompascrawler.dataset import tables
from kompascrawler.dataset.dataset import Dataset, row, schema
from kompascrawler.dataset.export import FORMATS
from kompascrawler.dataset.forget import forget
from kompascrawler.dataset.lines import DatasetError, Refused
from kompascrawler.dataset.tables import Day, Write
from kompascrawler.items import Article
from tests.dataset.exported import LONG, export, fill, store
from tests.dataset.test_dataset import article_of, whole
from tests.store.synthetic import make_article


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return a data folder with records of many shapes."""
    folder = tmp_path / "data"
    fill(folder)
    return folder


def rows(articles: list[Article]) -> list[dict[str, Any]]:
    """Return records as Arrow gives them back."""
    return [row(article) for article in articles]


def test_parquet(data_dir: Path, tmp_path: Path) -> None:
    """Each value comes back with its type, also what is null in the first files."""
    out = tmp_path / "articles.parquet"
    assert export(data_dir, out) == (6, Dataset(data_dir).number)
    table = pq.read_table(out)
    assert table.schema.remove_metadata() == schema()
    assert table.to_pylist() == rows(list(Dataset(data_dir)))
    assert table["published_date"].to_pylist()[0] == date(2026, 11, 11)
    assert [path.name for path in tmp_path.iterdir() if path.name != "data"] == [out.name]


def test_days_are_the_same_in_every_zone(data_dir: Path, tmp_path: Path) -> None:
    """An article of ten past midnight in Jakarta belongs to that day, also for a machine in UTC."""
    export(data_dir, out := tmp_path / "articles.parquet")
    for zone in ("UTC", "America/Los_Angeles"):
        with duckdb.connect() as db:
            db.execute(f"set timezone = '{zone}'")
            query = f"select count(*) from '{out}' where published_date = date '2026-11-12'"
            assert db.sql(query).fetchall() == [(2,)]
    frame = pd.read_parquet(out)
    days = frame["published_at"].dt.date
    assert (days == frame["published_date"]).all()


def test_python_frames(data_dir: Path) -> None:
    """Arrow, pandas, Polars and DuckDB give the same rows."""
    dataset = Dataset(data_dir)
    titles = [article.title for article in dataset]
    duplicates = [article.duplicate_of for article in dataset if article.duplicate_of]
    assert dataset.to_arrow().to_pylist() == rows(list(dataset))
    frame = dataset.to_pandas()
    assert (list(frame["title"]), list(frame["duplicate_of"].dropna())) == (titles, duplicates)
    polars = dataset.to_polars()
    assert polars["title"].to_list() == titles
    assert polars.schema["published_at"] == pl.Datetime("ms", "Asia/Jakarta")
    relation = dataset.duckdb(since=date(2026, 11, 12))
    assert len(relation.fetchall()) == len(titles) - 1


def test_hugging_face(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`load_dataset` reads the folder offline; its card says the types, as the library does."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets  # type: ignore[import-untyped] # it has none

    out = tmp_path / "kompas"
    export(data_dir, out, "hf")
    loaded = datasets.load_dataset(str(out), split="train", cache_dir=str(tmp_path / "cache"))
    assert [row["id"] for row in loaded] == [article.id for article in Dataset(data_dir)]
    assert [row["removed"] for row in loaded if row["removed"]] == [
        [{"rule": "baca_juga", "times": 2}]
    ]
    _, text, body = (out / "README.md").read_text().split("---\n", 2)
    header = yaml.safe_load(text)
    assert (header["size_categories"], header["language"]) == (["n<1K"], ["id"])
    assert f"| Articles | {len(loaded)} |" in body
    assert "listings" not in body  # what they had is not known as of a number
    features = datasets.Features.from_arrow_schema(schema())
    assert header["dataset_info"]["features"] == features._to_yaml_list()
    assert loaded.features == features


def test_sqlite(data_dir: Path, tmp_path: Path) -> None:
    """Types, full-text search in Indonesian, lists as JSON."""
    export(data_dir, out := tmp_path / "kompas.sqlite")
    with closing(sqlite3.connect(out)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        query = "SELECT title, similarity, json_extract(images, '$[0].credit') FROM articles"
        assert db.execute(f"{query} WHERE tags LIKE '%kota%'").fetchall() == [
            ("=1+1", 0.9, "Kredit")
        ]
        found = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'panjang'"
        (number,) = db.execute(found).fetchone()
        title = db.execute("SELECT title FROM articles WHERE rowid = ?", (number,)).fetchone()
        assert title == ("1984",)
    metadata = json.loads((tmp_path / "kompas.metadata.json").read_text())
    assert metadata["databases"]["kompas"]["tables"]["articles"]["sort_desc"] == "published_at"


def test_csv(data_dir: Path, tmp_path: Path) -> None:
    """A row an article, lists joined."""
    export(data_dir, out := tmp_path / "articles.csv")
    with out.open(newline="") as file:
        found = list(csv.DictReader(file))
    articles = list(Dataset(data_dir))
    assert [row["text"] for row in found] == [article.text for article in articles]
    full = next(row for row in found if row["title"] == "=1+1")
    assert full["removed"], full["images"] == ("baca_juga 2", "https://asset.kompas.com/a.jpg")
    assert full["published_date"] == "2026-11-12"


def test_excel(data_dir: Path, tmp_path: Path) -> None:
    """Times are times, texts are no formulas, and one that is too long is cut visibly."""
    export(data_dir, out := tmp_path / "articles.xlsx")
    book = openpyxl.load_workbook(out)
    head, *found = book["articles"].iter_rows(values_only=True)
    cells = [dict(zip(head, row, strict=True)) for row in found]
    full = next(row for row in cells if row["title"] == "=1+1")
    assert full["updated_at"] == _local("2026-11-30T23:30")
    assert full["crawled_at"] == _local("2026-11-23T01:45")
    assert full["published_date"] == _local("2026-11-12")
    (long,) = (row for row in cells if row["title"] == "1984")
    assert (len(long["text"]), long["text"][-4:]) == (32_767, " […]"[-4:])
    assert long["halaman_complete"] is True
    assert len(LONG) > 32_767


def _local(text: str) -> datetime:
    """Return a time without its zone, as Excel has them."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("form", ["jsonl", "jsonl.zst"])
def test_json_lines(data_dir: Path, tmp_path: Path, form: str) -> None:
    """The published lines, with the day."""
    export(data_dir, out := tmp_path / f"articles.{form}")
    content = zstd.decompress(out.read_bytes()) if form.endswith("zst") else out.read_bytes()
    lines = content.splitlines()
    assert [Article.from_json(line) for line in lines] == list(Dataset(data_dir))
    assert {json.loads(line)["published_date"] for line in lines} >= {"2026-11-12"}


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_is_the_same_bytes_each_time(data_dir: Path, tmp_path: Path, form: str) -> None:
    """As of a number, whatever was published since; and it takes the place of the earlier one."""
    out = tmp_path / f"out.{form}"
    if form == "hf":
        out.mkdir()
    export(data_dir, out, form)
    before, number = _content(out), Dataset(data_dir).number
    store(data_dir, "later", make_article(8), make_article(9))
    export(data_dir, out, form, as_of=number)
    assert _content(out) == before
    export(data_dir, out, form)
    assert _content(out) != before


def _content(out: Path) -> list[bytes]:
    files = sorted(out.rglob("*")) if out.is_dir() else [out]
    return [path.read_bytes() for path in files if path.is_file()]


@pytest.mark.parametrize("form", ["hf", "sqlite", "csv", "jsonl", "jsonl.zst"])
def test_append(tmp_path: Path, form: str) -> None:
    """What is appended to is the same as what is exported at once; also after a torn append."""
    data_dir, out, other = tmp_path / "data", tmp_path / f"out.{form}", tmp_path / f"other.{form}"
    store(data_dir, "first", article_of(1), article_of(2))
    revisions = form not in ("hf", "sqlite")
    assert export(data_dir, out, form, append=True, revisions=revisions) == (2, 2)
    store(data_dir, "second", whole(1), make_article(7))
    if revisions:
        with out.open("ab") as file:
            file.write(b"torn")
    assert export(data_dir, out, form, append=True, revisions=revisions).number == 4
    assert export(data_dir, out, form, append=True, revisions=revisions).rows == 0
    export(data_dir, other, form, revisions=revisions)
    assert _rows(out, form) == _rows(other, form)


def _rows(out: Path, form: str) -> list[Any]:
    if form == "sqlite":
        with closing(sqlite3.connect(out)) as db:
            found = db.execute("SELECT * FROM articles ORDER BY id, revision").fetchall()
            words = db.execute("SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'halaman'")
            return [*found, len(words.fetchall())]
    if form == "hf":
        return pq.read_table(out / "data").to_pylist()
    content = out.read_bytes()
    return sorted((zstd.decompress(content) if form.endswith("zst") else content).splitlines())


def test_shards_of_different_times_concatenate(data_dir: Path, tmp_path: Path) -> None:
    """A day of nulls, one of everything, one without rows: no cast is needed."""
    shards = [
        Dataset(data_dir).to_arrow(since=day, until=day)
        for day in (date(2026, 11, number) for number in range(10, 16))
    ]
    assert len(pa.concat_tables(shards)) == 6


@pytest.mark.parametrize(
    ("place", "options", "cause"),
    [
        (("x.doc", None), {}, "the name says no format; --format: there are parquet, hf"),
        (("x.csv", "word"), {}, "--format word: there are parquet"),
        (("no/x.csv", None), {}, "is no folder: make it first"),
        (("data/manifest.jsonl", None), {}, "lies in the data folder"),
        (("data", "hf"), {}, "lies in the data folder"),
        (("folder", "csv"), {}, "is a folder: name another"),
        (("folder", "hf"), {}, "holds other things than an export"),
        (("folder/notes.csv", "hf"), {}, "is a file: name another"),
        (("folder/notes.csv", None), {"append": True, "revisions": True}, "not made with --append"),
        (("x.csv", None), {"append": True}, "needs --revisions"),
        (("x.xlsx", None), {"append": True}, "is always whole"),
        (("x.csv", None), {"as_of": 9}, "no file has number 9"),
    ],
)
def test_bad_input(
    data_dir: Path, tmp_path: Path, place: tuple[str, str | None], options: Any, cause: str
) -> None:
    """One line, and nothing that stands there is touched."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "notes.csv").write_text("mine")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(DatasetError, match=cause):
        export(data_dir, tmp_path / place[0], place[1], **options)
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert after == before


def test_an_append_with_other_options(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was exported stays as it was asked for."""
    out = tmp_path / "x.csv"
    export(data_dir, out, revisions=True, append=True)
    with pytest.raises(Refused, match="with other options: revisions True, format csv, columns"):
        export(data_dir, out, revisions=True, append=True, complete=True)
    monkeypatch.setattr(tables, "COLUMNS", (*tables.COLUMNS, "of a later version"))
    with pytest.raises(Refused, match="with other options"):
        export(data_dir, out, revisions=True, append=True)
    monkeypatch.undo()
    out.write_text("")
    with pytest.raises(Refused, match="was cut since"):
        export(data_dir, out, revisions=True, append=True)


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "hf"])
def test_damage_leaves_the_earlier_export(data_dir: Path, tmp_path: Path, form: str) -> None:
    """A file of the data folder that is gone ends an export, and no draft is left."""
    export(data_dir, out := tmp_path / f"x.{form}")
    before = out.read_bytes()
    shutil.rmtree(data_dir / "articles" / "published_date=2026-11-14")
    with pytest.raises(DatasetError, match="it is gone"):
        export(data_dir, out)
    assert out.read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def test_times_in_sqlite_are_those_of_the_record(data_dir: Path, tmp_path: Path) -> None:
    """Texts of RFC 3339, so that nothing is lost."""
    export(data_dir, out := tmp_path / "x.sqlite")
    with closing(sqlite3.connect(out)) as db:
        (text,) = db.execute("SELECT min(published_at) FROM articles").fetchone()
    assert datetime.fromisoformat(text).astimezone(UTC) == datetime(2026, 11, 11, 3, tzinfo=UTC)


@pytest.mark.parametrize("form", ["sqlite", "csv", "jsonl.zst"])
def test_an_append_that_fails_is_made_good_by_the_next(
    data_dir: Path, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written of it is taken back, and comes once."""
    out, other, revisions = tmp_path / f"x.{form}", tmp_path / f"y.{form}", form != "sqlite"
    export(data_dir, out, append=True, revisions=revisions)
    before = _rows(out, form) if form == "sqlite" else []
    store(data_dir, "later", *(make_article(number) for number in range(10, 15)))
    with monkeypatch.context() as patch:
        patch.setitem(FORMATS, form, partial(_no_space, FORMATS[form]))
        with pytest.raises(OSError, match="No space"):
            export(data_dir, out, append=True, revisions=revisions)
    if form == "sqlite":
        assert _rows(out, form) == before
    assert export(data_dir, out, append=True, revisions=revisions).rows >= 5
    export(data_dir, other, revisions=revisions)
    assert _rows(out, form) == _rows(other, form)


def _no_space(write: Write, path: Path, days: Iterable[Day]) -> None:
    def and_then() -> Iterator[Day]:
        yield from days
        raise OSError(errno.ENOSPC, "No space left on device")

    write(path, and_then())


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "hf"])
def test_what_a_kill_left_is_not_used(data_dir: Path, tmp_path: Path, form: str) -> None:
    """A draft and a journal of SQLite, begun by an export that was killed."""
    export(data_dir, whole := tmp_path / f"whole.{form}")
    out = tmp_path / f"x.{form}"
    shutil.copy(whole, tmp_path / f".x.{form}.draft")
    (tmp_path / f".x.{form}.draft-journal").write_bytes(b"a journal" * 100)
    export(data_dir, out)
    assert out.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("form", ["hf", "sqlite"])
def test_what_was_taken_down_leaves_with_the_next_append(
    data_dir: Path, tmp_path: Path, form: str
) -> None:
    """Not a word of it is left in the file, nor in its index."""
    store(data_dir, "secret", make_article(20, text="rahasiabesar " * 30, title="Rahasiabesar"))
    export(data_dir, out := tmp_path / f"x.{form}", form, append=True)
    assert forget(data_dir, "forget", make_article(20).id, "asked to")
    export(data_dir, out, form, append=True)
    assert not any(b"ahasiabesar" in content for content in _content(out))
