"""Whatever befalls files, manifest or store is found; what a crawl does meanwhile is no fault."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kompascrawler.dataset.lines import sums
from kompascrawler.dataset.verify import Verification, verify
from kompascrawler.store import manifest, publishing
from kompascrawler.store.database import FILE_NAME
from kompascrawler.store.model import OlderStore
from kompascrawler.store.store import Store
from tests.dataset.folders import ALL, files, publish
from tests.store.published import published_files
from tests.store.synthetic import make_article


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder but those that SQLite shares between processes."""
    return {
        str(path): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in (".sqlite3-wal", ".sqlite3-shm")
    }


def test_a_sound_folder(data_dir: Path) -> None:
    """Nothing is found, all of it was looked at, and nothing is written."""
    before = tree(data_dir)
    assert verify(data_dir) == Verification(findings=[], files=6, records=7, number=6)
    assert tree(data_dir) == before


def test_a_folder_without_anything(tmp_path: Path) -> None:
    """What no crawl has used yet is sound."""
    assert verify(tmp_path) == Verification()


def test_a_store_without_files(tmp_path: Path) -> None:
    """Records that wait to be published are no fault."""
    store = Store(tmp_path, "run")
    store.put(make_article(1))
    assert verify(tmp_path).findings == []
    store.close()


@pytest.mark.parametrize("damage", ALL)
def test_damage_is_found(data_dir: Path, damage: str) -> None:
    """At least one line says where."""
    ALL[damage](data_dir)
    assert verify(data_dir).findings


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        (b"{}", "line 1: Object missing required field `id`"),
        (b'{"title": ', "line 1: "),
    ],
)
def test_what_is_no_record_is_found_under_a_right_sum(
    data_dir: Path, line: bytes, cause: str
) -> None:
    """A file of an earlier version is entered as it is."""
    adopt(data_dir, line + b"\n")
    assert [finding.cause.startswith(cause) for finding in verify(data_dir).findings][:1] == [True]


def test_a_record_in_a_wrong_folder_or_twice(data_dir: Path) -> None:
    """Identity, revision and the day of the folder."""
    content = files(data_dir)[0].read_bytes()
    adopt(data_dir, content.split(b"\n")[0] + b"\n" + content.replace(b"12-0000", b"13-0000"))
    causes = [finding.cause for finding in verify(data_dir).findings]
    assert (
        "line 1: the store has revision 1 of 2026-11-12-000001170 in "
        + str(files(data_dir)[0].relative_to(data_dir))
        in causes
    )
    assert any("does not belong into" in cause or "impossible" in cause for cause in causes)


def adopt(data_dir: Path, content: bytes) -> None:
    """Enter a file in manifest and store, whatever it holds."""
    file = "articles/published_date=2026-11-12/00000007-x.jsonl"
    (data_dir / file).write_bytes(content)
    entry = manifest.entry_of(content, number=7, file=file, kind="adopted", run_id="x", at="")
    manifest.append(data_dir, [entry])
    with closing(sqlite3.connect(data_dir / FILE_NAME)) as db, db:
        publishing.enter(db, entry)


def test_rows_that_refer_to_nothing(data_dir: Path) -> None:
    """A record that somebody has taken out by hand is missed where it is referred to."""
    store = Store(data_dir, "later")
    store.put(make_article(9))
    store.close()
    with closing(sqlite3.connect(data_dir / FILE_NAME)) as db, db:
        db.execute("DELETE FROM article")
    causes = [finding.cause for finding in verify(data_dir).findings]
    assert any("refers to nothing" in cause for cause in causes)
    assert any(cause.startswith("has 0 of the 2 records in ") for cause in causes)


@pytest.mark.parametrize("step", ["planned", "written", "entered"])
def test_a_crawl_that_publishes_meanwhile(data_dir: Path, step: str) -> None:
    """At no moment of publishing is the folder unsound, nor after a kill at that moment."""
    store = Store(data_dir, "later")
    store.put(make_article(8))
    with store._database.writing("plan a batch") as db:
        publishing.plan_batch(db, "later", "2026-11-22T18:45:00+00:00")
        (known,) = publishing.settled(db)
        content = publishing.content_of(db, data_dir, known)
    if step != "planned":
        entry = publishing.written(data_dir, known, content)
        if step == "entered":
            manifest.append(data_dir, [entry])
    assert verify(data_dir).findings == []
    store.close()


def test_what_is_published_after_the_manifest_was_read(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files and store may know more than the manifest that was read: a crawl goes on meanwhile."""
    lines_of = manifest.lines_of

    def and_then_publish(folder: Path) -> list[bytes]:
        lines = list(lines_of(folder))
        monkeypatch.setattr(manifest, "lines_of", lines_of)
        publish(folder, "later", 8, 9)
        return lines

    monkeypatch.setattr(manifest, "lines_of", and_then_publish)
    found = verify(data_dir)
    assert (found.findings, found.number) == ([], 6)
    assert verify(data_dir).number == 8


def test_a_crawl_is_not_kept_waiting(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stores and publishes while everything is compared."""
    content_of = "kompascrawler.dataset.verify.content_of"
    done: list[int] = []

    def busy(folder: Path, file: str) -> bytes:
        if not done:
            done.append(1)
            publish(folder, "later", 8, 9)
        return (folder / file).read_bytes()

    monkeypatch.setattr(content_of, busy)
    assert verify(data_dir).findings == []
    assert done


def test_a_replaced_file_may_be_gone(data_dir: Path) -> None:
    """What another file holds instead is removed some time later."""
    old = next(manifest.read(data_dir))
    content = (data_dir / old.file).read_bytes()
    file = "articles/published_date=2026-11-12/00000007-x.jsonl"
    (data_dir / file).write_bytes(content)
    entry = replace(old, number=7, file=file, kind="compacted", replaces=((old.number, old.lines),))
    manifest.append(data_dir, [entry])
    with closing(sqlite3.connect(data_dir / FILE_NAME)) as db, db:
        publishing.enter(db, entry)
        db.execute("UPDATE article SET file = 7 WHERE file = 1")
    assert verify(data_dir).findings == []
    (data_dir / old.file).unlink()
    assert verify(data_dir).findings == []
    assert Store(data_dir, "later").counts().articles == 7


def test_a_store_of_an_older_version_is_not_compared(data_dir: Path) -> None:
    """The next crawl enters its files."""
    (data_dir / manifest.FILE_NAME).unlink()
    with closing(sqlite3.connect(data_dir / FILE_NAME)) as db:
        db.execute("PRAGMA user_version = 3")
    with pytest.raises(OlderStore, match="the next crawl"):
        verify(data_dir)


def test_the_sums_are_those_of_sha256sum(data_dir: Path) -> None:
    """`sha256sum -c` says so, and finds an edited file."""
    program = shutil.which("sha256sum")
    assert program
    (data_dir / "sums").write_text(sums(data_dir))
    command = [program, "--check", "--strict", "--quiet", "sums"]
    checked = subprocess.run(command, cwd=data_dir, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, "")
    assert len((data_dir / "sums").read_text().splitlines()) == len(published_files(data_dir))
    files(data_dir)[3].write_text("")
    checked = subprocess.run(command, cwd=data_dir, capture_output=True, text=True, check=False)
    assert (checked.returncode, files(data_dir)[3].name in checked.stdout) == (1, True)
