"""The data set as Python reads it: each article once, by day, whatever happens to the files."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

import kompascrawler
from kompascrawler import Article, Dataset, DatasetError
from kompascrawler.dataset.lines import Selection
from kompascrawler.store import manifest
from kompascrawler.store.disk import replace as replace_file
from kompascrawler.store.store import Store
from tests.dataset.folders import NUMBERS, files, rewritten
from tests.store.synthetic import make_article


def article_of(number: int, **fields: Any) -> Article:
    """Return an incomplete record, which a later one betters."""
    article = make_article(number, **fields)
    article.halaman.pages_expected = 2
    article.halaman.complete = article.halaman.pages_fetched == 2
    return article


def store(data_dir: Path, *articles: Article) -> None:
    """Store records and publish them in one batch."""
    memory = Store(data_dir, "run")
    for article in articles:
        memory.put(article)
    memory.publish()
    memory.close()


def whole(number: int) -> Article:
    """Return the same article with both pages."""
    article = make_article(number, text="Dua halaman", revision=2)
    article.halaman = replace(article.halaman, pages_expected=2, pages_fetched=2, complete=True)
    return article


def compact(data_dir: Path, day: str, number: int) -> None:
    """Put one file in the place of a day's files."""
    entries = [one for one in manifest.current(manifest.read(data_dir)) if day in one.file]
    content = b"".join((data_dir / one.file).read_bytes() for one in entries)
    file = f"articles/published_date={day}/{number:08d}-compacted.jsonl"
    replace_file(data_dir / file, content)
    made = manifest.entry_of(
        content, number=number, file=file, kind="compacted", run_id="compact", at="",
        replaces=tuple((one.number, one.lines) for one in entries),
    )  # fmt: skip
    manifest.append(data_dir, [made])
    for one in entries:
        (data_dir / one.file).unlink()


def test_each_article_once_by_day(data_dir: Path) -> None:
    """Typed records, in the order of days, and of publication in a day."""
    expected = [make_article(number).id for number in sorted(NUMBERS, key=lambda one: one % 5)]
    dataset = Dataset(data_dir)
    assert [article.id for article in dataset] == [
        *sorted(expected[:3], key=expected.index),
        *expected[3:],
    ]
    assert dataset.number == 6


def test_revisions(tmp_path: Path) -> None:
    """The latest one, all of them, only those that are complete, or as it was at a number."""
    store(tmp_path, article_of(1), article_of(2))
    store(tmp_path, whole(1))
    dataset = Dataset(tmp_path)

    def read(**selection: Any) -> list[tuple[str, int]]:
        return [(one.id[-9:-3], one.revision) for one in dataset.articles(**selection)]

    assert read() == [("000001", 2), ("000002", 1)]
    assert read(revisions=True) == [("000001", 1), ("000001", 2), ("000002", 1)]
    assert read(complete=True) == [("000001", 2)]
    assert read(as_of=2) == [("000001", 1), ("000002", 1)]
    assert read(as_of=0) == []
    assert read(since=date(2026, 11, 13)) == [("000002", 1)]
    assert read(until=date(2026, 11, 12)) == [("000001", 2)]
    ((_, after),) = dataset.by_day(Selection(after=2))
    assert [line.head.revision for line in after] == [2]


def test_tombstones_are_left_out(tmp_path: Path) -> None:
    """What the site has deleted is there only for whoever asks for it."""
    store(tmp_path, make_article(1))
    content = files(tmp_path)[0].read_bytes().replace(b'"revision":1', b'"revision":2')
    content = content.replace(b"}\n", b',"deleted_at":"2026-11-25T00:00:00+00:00"}\n')
    file = files(tmp_path)[0].with_name("00000002-x.jsonl")
    file.write_bytes(content)
    name = str(file.relative_to(tmp_path))
    entry = manifest.entry_of(content, number=2, file=name, kind="published", run_id="x", at="")
    manifest.append(tmp_path, [entry])
    dataset = Dataset(tmp_path)
    assert list(dataset) == []
    assert [one.revision for one in dataset.articles(deleted=True)] == [2]
    assert [one.revision for one in dataset.articles(revisions=True)] == [1]
    assert len(list(dataset.articles(as_of=1))) == 1


def test_compacted_files_hold_the_same(data_dir: Path) -> None:
    """The same lines, and each still belongs to the number under which it was published."""
    dataset = Dataset(data_dir)
    before = {number: list(dataset.articles(as_of=number)) for number in range(1, 7)}
    compact(data_dir, "2026-11-12", 7)
    compact(data_dir, "2026-11-12", 8)
    assert list(dataset) == before[6]
    assert {number: list(dataset.articles(as_of=number)) for number in range(1, 7)} == before
    lines = chain.from_iterable(lines for _, lines in dataset.by_day(Selection(after=4)))
    assert [line.number for line in lines] == [5, 6]


def test_compaction_while_somebody_reads(data_dir: Path) -> None:
    """A day whose files are gone meanwhile is read from the new one, without what is newer."""
    expected = list(Dataset(data_dir))
    articles = Dataset(data_dir).articles()
    read = [next(articles)]
    store(data_dir, make_article(9))
    for number, day in enumerate(("2026-11-12", "2026-11-13", "2026-11-14", "2026-11-15"), 8):
        compact(data_dir, day, number)
    assert [*read, *articles] == expected


def refused(data_dir: Path, read: Sequence[object] | None = None) -> str:
    """Return why a data set cannot be read."""
    with pytest.raises(DatasetError) as refusal:
        list(Dataset(data_dir))
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


def test_what_is_no_data_folder(tmp_path: Path, data_dir: Path) -> None:
    """Nothing there, another folder, files that no run has entered yet."""
    assert "is no folder" in refused(tmp_path / "nothing")
    (tmp_path / "other").mkdir()
    assert "is no data folder" in refused(tmp_path / "other")
    (data_dir / manifest.FILE_NAME).unlink()
    assert "verify --repair" in refused(data_dir)


def test_a_folder_without_articles(tmp_path: Path) -> None:
    """A first run that found nothing has made a data set without articles."""
    Store(tmp_path, "run").close()
    assert list(Dataset(tmp_path)) == []
    assert Dataset(tmp_path).number == 0


def test_damage_is_named(data_dir: Path) -> None:
    """A file that is gone or edited, a number that no file has."""
    with pytest.raises(DatasetError, match="no file has number 7: the last one has 6"):
        list(Dataset(data_dir).articles(as_of=7))
    rewritten(files(data_dir)[0], b'"language":"id"', b'"language":"en"')
    assert f"{files(data_dir)[0]}): it is not as it was published" in refused(data_dir)
    files(data_dir)[0].unlink()
    assert "it is gone" in refused(data_dir)


def test_a_manifest_that_states_other_lines(data_dir: Path) -> None:
    """Edited by hand: nothing is read as if it were whole."""
    path = data_dir / manifest.FILE_NAME
    path.write_bytes(path.read_bytes().replace(b'"lines": 2,', b'"lines": 1,', 1))
    assert f"{files(data_dir)[0]}): it is not as it was published" in refused(data_dir)


def test_no_scrapy() -> None:
    """Whoever reads the data set imports neither the crawler nor what it is made with."""
    code = (
        "import sys; from kompascrawler import Dataset;"
        "print(sorted({'scrapy', 'twisted', 'pyarrow', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
    assert kompascrawler.Dataset is Dataset
