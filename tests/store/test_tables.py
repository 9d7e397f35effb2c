"""The tables of an older version become ours, whole or not at all, with a copy kept."""

import os
import shutil
import sqlite3
import struct
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from zlib import crc32

import pytest

from kompascrawler.store import database, manifest
from kompascrawler.store.database import FILE_NAME
from kompascrawler.store.ledger import Day, Ledger
from kompascrawler.store.model import (
    AlreadyStored,
    ArticleHistory,
    Discovery,
    Link,
    Revision,
    StoreError,
)
from kompascrawler.store.records import to_line
from kompascrawler.store.store import Store
from tests.store.published import published_files, published_ids
from tests.store.synthetic import make_article
from tests.store.tripwire import Crash, Tripwire

COPY = f"{FILE_NAME}.version-1"
NEW = Link("2026-11-15-080000070", "https://www.kompas.com/global/read/2026/11/15/080000070/c")
TIMES = ("2026-11-12T00:00:00+00:00", "2026-11-12T00:07:09+00:00")
FRONT = "https://www.kompas.com/global"
WRITTEN = 1_795_000_000
_LINE = b'{"id":"2026-11-12-000002170"}\n'


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a data folder as version 1 left it: an article out, one in the outbox, one due."""
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript(database.STEPS[0])
        db.execute(f"PRAGMA application_id = {database.APPLICATION_ID}")
        db.execute("PRAGMA user_version = 1")
        for number in (1, 2):
            article = make_article(number, id=f"2026-11-12-{number:06d}170")
            db.execute(
                "INSERT INTO article (number, id, revision, first_seen_at, content_hash, sketch)"
                " VALUES (?, ?, 1, '2026-11-12T00:00:00+00:00', ?, x'')",
                (number, article.id, article.content_hash),
            )
            db.execute("INSERT INTO sketch_key (key, article) VALUES (7, ?)", (number,))
            db.execute(
                "INSERT INTO found (id, url, first_seen_at, state) VALUES (?, ?, '', 'stored')",
                (article.id, article.url),
            )
        db.execute("UPDATE article SET original = 1 WHERE number = 2")
        db.execute("INSERT INTO outbox (article, line) VALUES (2, ?)", (_LINE,))
        db.execute(
            "INSERT INTO found (id, url, first_seen_at, state) VALUES (?, ?, '', 'waiting')",
            NEW[:2],
        )
    return tmp_path


@pytest.fixture
def third(tmp_path: Path) -> Path:
    """Return a data folder as version 3 left it: two articles out, one of them by a later run."""
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript("".join(database.STEPS[:3]))
        db.execute(f"PRAGMA application_id = {database.APPLICATION_ID}")
        db.execute("PRAGMA user_version = 3")
        for number, batch in ((1, "run-a-12"), (2, "run-b-1")):
            article = make_article(number)
            day, words = article.id[:10], article.text.split()
            runs = {" ".join(run) for run in zip(words, words[1:], words[2:], strict=False)}
            sketch = sorted(crc32(run.encode()) for run in runs)[:128]
            db.execute(
                "INSERT INTO article (number, id, revision, first_seen_at, content_hash, sketch,"
                " file, is_whole, pages, stored_at, run_id)"
                " VALUES (?, ?, 1, ?, ?, ?, ?, 1, 1, ?, 'run-a')",
                (
                    number, article.id, TIMES[0], article.content_hash,
                    struct.pack(f">{len(sketch)}I", *sketch),
                    f"articles/published_date={day}/{batch}.jsonl", TIMES[1],
                ),
            )  # fmt: skip
            db.executemany(
                "INSERT INTO sketch_key VALUES (?, ?)", [(key, number) for key in sketch[:6]]
            )
            db.execute(
                "INSERT INTO found (id, url, found_on, first_seen_at, state)"
                " VALUES (?, ?, ?, ?, 'stored')",
                (article.id, article.url, FRONT, TIMES[0]),
            )
            path = tmp_path / f"articles/published_date={day}/{batch}.jsonl"
            path.parent.mkdir(parents=True)
            path.write_bytes(to_line(article))
            os.utime(path, (WRITTEN, WRITTEN))
    return tmp_path


def schema(path: Path) -> list[tuple[str, ...]]:
    """Return what defines a database's tables, and their version."""
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()
        return [*rows, *db.execute("PRAGMA user_version")]


def test_an_old_store_keeps_what_it_knows(old: Path) -> None:
    """What is stored, due and waiting to be published is so afterwards too."""
    store = Store(old, "run")
    assert store.is_settled("2026-11-12-000001170")
    assert store.due() == [NEW]
    assert store.publish() == 1
    assert published_ids(old) == {"2026-11-12-000002170": 1}
    original = make_article(1)
    assert store.find_duplicate(make_article(3, text=original.text)) == (
        "2026-11-12-000001170", 1.0,
    )  # fmt: skip
    with pytest.raises(AlreadyStored):
        store.put(make_article(1, id="2026-11-12-000001170"))
    store.put(make_article(5))
    store.learn(Discovery(links=[NEW]))
    store.close()


@pytest.mark.parametrize(("number", "batch"), [(1, "run-a-12"), (2, "run-b-1")])
def test_a_store_of_version_3_keeps_what_it_says(third: Path, number: int, batch: str) -> None:
    """The history of an article is what it was, and a near duplicate of it is found."""
    article = make_article(number)
    file = f"articles/published_date={article.id[:10]}/{batch}.jsonl"
    store = Store(third, "run")
    assert store.history(article.id) == ArticleHistory(
        article.id,
        article.url,
        FRONT,
        TIMES[0],
        "stored",
        0,
        None,
        None,
        [],
        [
            Revision(
                1,
                TIMES[1],
                "run-a",
                file,
                is_whole=True,
                pages=1,
                content_hash=article.content_hash,
                duplicate_of=None,
                deleted_at=None,
            )
        ],
        [],
        None,
    )
    again, near = make_article(8, text=article.text), make_article(9, text=f"{article.text} akhir")
    for repeated, least in ((again, 1.0), (near, 0.9)):
        match = store.find_duplicate(repeated)
        assert match is not None
        assert match.id == article.id
        assert match.similarity >= least
    assert store.counts().articles == 2
    store.close()


def test_files_of_an_older_version_are_adopted(third: Path) -> None:
    """They keep their names and get numbers in the order of publication; the next file goes on."""
    before = published_files(third)
    store = Store(third, "run")
    store.put(make_article(3))
    store.publish()
    store.close()
    entries = list(manifest.read(third))
    assert [
        (entry.number, entry.kind, entry.file.removeprefix("articles/")) for entry in entries
    ] == [
        (1, "adopted", "published_date=2026-11-12/run-a-12.jsonl"),
        (2, "adopted", "published_date=2026-11-13/run-b-1.jsonl"),
        (3, "published", "published_date=2026-11-14/00000003-run.jsonl"),
    ]
    assert [entry.run_id for entry in entries] == ["run-a", "run-b", "run"]
    assert entries[0].at == "2026-11-18T11:06:40+00:00"
    assert (entries[1].first_id, entries[1].lines) == (make_article(2).id, 1)
    assert {entry.file: entry.sha256 for entry in entries} == published_files(third)
    assert before.items() <= published_files(third).items()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_at_any_step_of_adoption_can_be_repeated(
    third: Path, tmp_path_factory: pytest.TempPathFactory, *, after: bool
) -> None:
    """Whatever was entered by then, each file has one line in the end."""
    at, steps = 0, 1
    while at <= steps:
        folder = tmp_path_factory.mktemp("crash") / "data"
        shutil.copytree(third, folder)
        wire = Tripwire(Crash(), at=at, after=after)
        with suppress(Crash), wire.armed():
            Store(folder, "run")
        steps = max(steps, wire.steps)
        Store(folder, "later").close()
        assert [(entry.number, entry.lines) for entry in manifest.read(folder)] == [(1, 1), (2, 1)]
        at += 1


def test_a_file_that_is_not_as_it_was_is_not_adopted(third: Path) -> None:
    """What is gone, or has lost lines, is no published file; nothing is entered."""
    path = third / "articles/published_date=2026-11-13/run-b-1.jsonl"
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    with pytest.raises(StoreError, match=r"run-b-1\.jsonl.*0 lines.*1 were published"):
        Store(third, "run")
    path.unlink()
    with pytest.raises(StoreError, match=r"run-b-1\.jsonl.*is gone.*--repair"):
        Store(third, "run")
    assert list(manifest.read(third)) == []
    path.write_bytes(content)
    Store(third, "run").close()
    assert len(list(manifest.read(third))) == 2


def test_an_old_store_and_a_new_one_have_the_same_tables(old: Path, tmp_path: Path) -> None:
    """Both go through the same steps."""
    Store(old, "run").close()
    assert schema(old / FILE_NAME) == schema_of_new(tmp_path)
    with closing(sqlite3.connect(old / FILE_NAME)) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_copy_of_the_old_store_is_kept(old: Path) -> None:
    """Beside it, whole, as the older program left it; a new store needs none."""
    before = schema(old / FILE_NAME)
    Store(old, "run").close()
    assert schema(old / COPY) == before
    with closing(sqlite3.connect(old / COPY)) as db:
        assert db.execute("SELECT line FROM outbox").fetchall() == [(_LINE,)]
        assert db.execute("SELECT count(*) FROM article").fetchall() == [(2,)]
    Store(old / "new", "run").close()
    assert list((old / "new").glob("*version*")) == []


def test_it_is_upgraded_once(old: Path) -> None:
    """The copy stays as it was made."""
    Store(old, "run").close()
    copied = (old / COPY).read_bytes()
    Store(old, "run").close()
    assert (old / COPY).read_bytes() == copied


def test_a_step_that_fails_changes_nothing(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old tables stay, with what is in them, and a later try goes through."""
    before = schema(old / FILE_NAME)
    broken = (database.STEPS[0], f"{database.STEPS[1].rstrip()}\nNONSENSE")
    with monkeypatch.context() as patch:
        patch.setattr(database, "STEPS", broken)
        with pytest.raises(StoreError, match="bring the store up to date"):
            Store(old, "run")
    assert schema(old / FILE_NAME) == before
    store = Store(old, "run")
    assert store.is_settled("2026-11-12-000001170")
    store.close()


def test_a_copy_that_cannot_be_made_stops_the_upgrade(old: Path) -> None:
    """Nothing is changed without it, and the message names the database."""
    before = schema(old / FILE_NAME)
    (old / f".{COPY}.draft").mkdir()
    with pytest.raises(StoreError, match=r"bring the store up to date.*What to do"):
        Store(old, "run")
    assert schema(old / FILE_NAME) == before


def test_published_files_stay_as_they_are(third: Path) -> None:
    """An upgrade is a matter of the database and of the manifest."""
    before = published_files(third)
    Store(third, "run").close()
    assert published_files(third) == before


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_at_any_step_of_an_upgrade_can_be_repeated(
    old: Path, tmp_path: Path, *, after: bool
) -> None:
    """The next opening finds the old tables or ours, and everything in them."""
    expected, at, steps = schema_of_new(tmp_path), 0, 1
    while at <= steps:
        folder = tmp_path / f"crash-{at}"
        folder.mkdir()
        shutil.copy(old / FILE_NAME, folder)
        wire = Tripwire(Crash(), at=at, after=after)
        with suppress(Crash), wire.armed():
            Store(folder, "run")
        steps = max(steps, wire.steps)
        store = Store(folder, "later")
        assert (store.is_settled("2026-11-12-000001170"), store.due()) == (True, [NEW])
        assert store.publish() == 1
        store.close()
        assert schema(folder / FILE_NAME) == expected, f"crash at step {at}"
        at += 1
    assert steps > 20


def schema_of_new(folder: Path) -> list[tuple[str, ...]]:
    """Return what defines the tables of a store that was never an older one."""
    Store(folder / "new", "run").close()
    return schema(folder / "new" / FILE_NAME)


@pytest.mark.parametrize(
    ("place", "has_days", "sections"),
    [
        ("www.kompas.com/global", False, {"global"}),
        ("money.kompas.com", False, {"any", "global"}),
        ("money.kompas.com", True, {"global"}),
    ],
    ids=["of Global", "of any", "of any and Global"],
)
def test_bounds_of_version_6_become_those_of_sections(
    tmp_path: Path, place: str, sections: set[str], *, has_days: bool
) -> None:
    """Of Global, which every listing had; of all channels only where no other run came between."""
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as db:
        for function in database.FUNCTIONS.items():
            db.create_function(function[0], 1, function[1])
        db.executescript("".join(database.STEPS[:6]))
        db.execute(f"PRAGMA application_id = {database.APPLICATION_ID}")
        db.execute("PRAGMA user_version = 6")
        db.execute("INSERT INTO bound VALUES ('newest_listed', ?), ('oldest_asked', '2026-01-01')",
                   (NEW.id,))  # fmt: skip
        db.execute("INSERT INTO gap (low, high) VALUES (NULL, ?)", (NEW.id,))
        db.execute("INSERT INTO measured (run_id, measures) VALUES ('run', '{\"title\": [1, 2]}')")
        url = f"https://{place}/read/2026/11/15/080000026/c"
        db.execute(
            "INSERT INTO link (id, url, first_seen_at, state) VALUES (?, ?, 0, 'waiting')",
            ("2026-11-15-080000026", url),
        )
    if has_days:
        Ledger(tmp_path, "global").append([Day(day=date(2026, 11, 15), section="global")])
    store = Store(tmp_path, "later")
    for section in ("global", "any", "money"):
        known = section in sections
        assert store.newest_listed(section) == (NEW.id if known else None)
        assert store.oldest_asked(section) == ("2026-01-01" if known else None)
        assert [gap.high for gap in store.gaps(section)] == [NEW.id] * known
    assert store.measures(section=min(sections)) == [{"title": (1, 2)}]
    store.close()
