"""The published files as DuckDB reads them with the committed macros, as docs/data.md has it."""

import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

from kompascrawler.items import Article
from kompascrawler.store.records import to_line
from tests.schema.duckdb import SQL_FILE, _type, macros
from tests.schema.test_schema import full_article
from tests.store.synthetic import make_article

FILES = 40
"""More than the 32 from which DuckDB guesses types when nobody says them."""


def ask(query: str) -> list[dict[str, Any]]:
    """Return the rows that DuckDB's command answers with."""
    duckdb = Path(sys.executable).with_name("duckdb")
    done = subprocess.run(
        [duckdb, "-init", SQL_FILE, "-json", "-c", query],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def publish(data_dir: Path, day: str, name: str, *articles: Article) -> None:
    """Write records as the store does."""
    folder = data_dir / "articles" / f"published_date={day}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"".join(map(to_line, articles)))


def test_the_committed_macros_are_up_to_date() -> None:
    """``make schema`` would change nothing."""
    assert SQL_FILE.read_text() == macros()


def test_every_field_is_a_column(tmp_path: Path) -> None:
    """The columns are the record's fields in their order, and the day of the folder."""
    publish(tmp_path, "2026-11-14", "r-1.jsonl", full_article())
    (row,) = ask(f"from articles('{tmp_path}')")
    assert list(row) == [field.name for field in fields(Article)] + ["published_date"]


def test_what_is_null_in_the_first_files_is_read_in_the_last(tmp_path: Path) -> None:
    """No value is lost to a guess of its type; a rule of ``removed`` may be met late."""
    for number in range(FILES):
        publish(tmp_path, f"19{number:02}-01-01", "r-1.jsonl", make_article(number + 2))
    publish(tmp_path, "2026-11-14", "r-1.jsonl", full_article(removed={"met_late": 3}))
    (row,) = ask(
        "select duplicate_of, similarity, removed['met_late'] cut, embeds[1].type embed,"
        " halaman.route, updated_at = timestamptz '2026-11-14T01:00:00Z' updated"
        f" from articles('{tmp_path}') where published_date = date '2026-11-14'"
    )
    assert tuple(row.values()) == ("2026-11-12-080000170", 0.9, 3, "youtube", "all", True)


def test_of_an_article_its_newest_revision_is_read(tmp_path: Path) -> None:
    """``articles`` gives each article once, ``revisions`` every line."""
    publish(tmp_path, "2026-11-14", "r-1.jsonl", full_article(title="Lama"))
    publish(tmp_path, "2026-11-14", "s-1.jsonl", full_article(title="Baru", revision=2))
    newest = ask(f"select title, revision from articles('{tmp_path}')")
    every = ask(f"select title from revisions('{tmp_path}') order by 1")
    assert newest == [{"title": "Baru", "revision": 2}]
    assert every == [{"title": "Baru"}, {"title": "Lama"}]


def test_drafts_are_not_read(tmp_path: Path) -> None:
    """What a kill leaves behind in the middle of a file disturbs nobody."""
    publish(tmp_path, "2026-11-14", "r-1.jsonl", full_article())
    draft = tmp_path / "articles/published_date=2026-11-14/.r-2.jsonl.draft"
    draft.write_bytes(b'{"schema_version":"1.')
    assert len(ask(f"select id from articles('{tmp_path}')")) == 1


def test_types_of_python_have_one_of_duckdb() -> None:
    """Lists, dicts and what may be null."""
    types = [_type(hint) for hint in (list[str], dict[str, int], float | None)]
    assert types == ["VARCHAR[]", "MAP(VARCHAR, INTEGER)", "DOUBLE"]


def test_one_day_is_read_without_the_files_of_others(tmp_path: Path) -> None:
    """The day is that of Jakarta for a reader in any zone; a broken file elsewhere is not met."""
    late = full_article(published_at="2026-11-14T00:10:00+07:00")
    publish(tmp_path, "2026-11-14", "r-1.jsonl", late)
    publish(tmp_path, "2026-11-13", "r-2.jsonl")
    (tmp_path / "articles/published_date=2026-11-13/r-2.jsonl").write_text("no record")
    query = f"select id from articles('{tmp_path}') where published_date = date '2026-11-14'"
    for zone in ("UTC", "Asia/Jakarta", "America/Los_Angeles"):
        assert len(ask(f"set timezone = '{zone}'; {query}")) == 1


def test_files_that_were_compacted_lie_beside_the_new_one(tmp_path: Path) -> None:
    """Meanwhile no revision is counted twice."""
    for name in ("r-1.jsonl", "compacted.jsonl"):
        publish(tmp_path, "2026-11-14", name, full_article())
    assert ask(f"select count(*) as lines from revisions('{tmp_path}')") == [{"lines": 1}]
