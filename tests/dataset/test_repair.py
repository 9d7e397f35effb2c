"""Whatever befell a data folder, one command makes it sound, and nothing is stored twice."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path

import pytest

from kompascrawler.dataset.repair import repair
from kompascrawler.dataset.verify import verify
from kompascrawler.store import manifest
from kompascrawler.store.lock import Locked, RunLock
from kompascrawler.store.manifest import Entry
from kompascrawler.store.model import AlreadyStored, Link, StoreError
from kompascrawler.store.store import Store
from tests.dataset.folders import (
    ALL,
    NUMBERS,
    OF_FILES,
    OF_MANIFEST,
    OF_STORE,
    Unfit,
    files,
    publish,
)
from tests.store.published import published_files
from tests.store.synthetic import make_article
from tests.store.tripwire import Crash, Tripwire

LATER = (8, 9)
"""Articles that come out after the damage."""


def records(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield identity and revision of each record that a consumer of the current files reads."""
    for entry in manifest.current(manifest.read(folder)):
        for line in (folder / entry.file).read_bytes().splitlines():
            record = json.loads(line)
            yield record["id"], record["revision"]


def crawl(folder: Path) -> None:
    """Fetch what is due and what the site has published, and publish it."""
    store = Store(folder, "crawl")
    due = {link.id for link in store.due()}
    for number in (*NUMBERS, *LATER):
        article = make_article(number, first_seen_at="2026-11-22T19:00:00+00:00")
        if article.id in due or not store.is_stored(article.id):
            store.put(article)
    store.publish()
    assert store.due() == []
    store.close()


def check(folder: Path) -> None:
    """After a repair and a crawl: sound, each article there, no record twice, numbers in order."""
    assert verify(folder).findings == []
    crawl(folder)
    assert verify(folder).findings == []
    found = Counter(records(folder))
    assert set(found.values()) == {1}
    assert {article_id for article_id, _ in found} == {
        make_article(number).id for number in (*NUMBERS, *LATER)
    }
    numbers = [entry.number for entry in manifest.read(folder)]
    assert numbers == sorted(set(numbers))
    on_disk = set(published_files(folder))
    assert on_disk == {entry.file for entry in manifest.current(manifest.read(folder))}


@pytest.mark.parametrize("damage", ALL)
def test_damage_is_mended(data_dir: Path, damage: str) -> None:
    """By one command; the crawl after it fetches what was lost, and nothing else."""
    before = dict(records_by_file(data_dir))
    ALL[damage](data_dir)
    repair(data_dir, "repair")
    kept = [key for file, keys in before.items() if (data_dir / file).exists() for key in keys]
    check(data_dir)
    assert Counter(kept) <= Counter(records(data_dir))


def records_by_file(folder: Path) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """Yield each file and what stands in it."""
    for path in files(folder):
        lines = map(json.loads, path.read_bytes().splitlines())
        yield str(path.relative_to(folder)), [(line["id"], line["revision"]) for line in lines]


@pytest.mark.parametrize(
    ("first", "second"),
    [*product(OF_FILES, (*OF_MANIFEST, *OF_STORE)), *product(OF_MANIFEST, OF_STORE)],
)
@pytest.mark.soak
def test_two_kinds_of_damage_are_mended(data_dir: Path, first: str, second: str) -> None:
    """One after the other, in whatever mixture; a day that is gone takes its articles with it."""
    ALL[first](data_dir)
    with suppress(Unfit, FileNotFoundError):
        ALL[second](data_dir)
    repair(data_dir, "repair")
    check(data_dir)


@pytest.mark.parametrize("damage", OF_FILES)
def test_a_week_old_store_beside_newer_files(data_dir: Path, tmp_path: Path, damage: str) -> None:
    """What was published since is known again, and whatever else befell the files is mended."""
    old = tmp_path / "old"
    shutil.copytree(data_dir, old)
    store = Store(data_dir, "since")
    store.put(make_article(8))
    store.publish()
    store.close()
    for path in data_dir.glob("state.sqlite3*"):
        path.unlink()
    shutil.copy(old / "state.sqlite3", data_dir)
    with pytest.raises(StoreError, match=r"number 7, which the store does not know.*--repair"):
        Store(data_dir, "crawl")
    OF_FILES[damage](data_dir)
    repair(data_dir, "repair")
    check(data_dir)


def test_a_sound_folder_stays_as_it_is(data_dir: Path) -> None:
    """Nothing is done, and a second repair does nothing either."""
    before = published_files(data_dir), (data_dir / manifest.FILE_NAME).read_bytes()
    assert repair(data_dir, "repair") == []
    assert repair(data_dir, "repair") == []
    assert (published_files(data_dir), (data_dir / manifest.FILE_NAME).read_bytes()) == before
    check(data_dir)


def test_what_is_only_in_the_outbox_is_published(data_dir: Path) -> None:
    """Also where the store is set aside because SQLite finds it damaged."""
    store = Store(data_dir, "later")
    store.put(make_article(8))
    store.close()
    assert repair(data_dir, "repair") == ["published 1 record that stood in no published file"]
    assert (make_article(8).id, 1) in set(records(data_dir))
    check(data_dir)


def test_the_outbox_of_a_damaged_store_is_published(data_dir: Path) -> None:
    """As far as it can be read."""
    store = Store(data_dir, "later")
    store.put(make_article(8))
    with store._database.reading("damage the store") as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("UPDATE article SET original = 77 WHERE number = 1")
    store.close()
    done = repair(data_dir, "repair")
    assert "refers to nothing" in done[0]
    assert done[-1] == "published 1 record that stood in no published file"
    assert (data_dir / "set_aside/state.sqlite3").exists()
    assert (make_article(8).id, 1) in set(records(data_dir))
    check(data_dir)


def test_what_is_lost_comes_as_a_new_revision(data_dir: Path) -> None:
    """A consumer of the manifest is told that the file is gone, and gets what replaces it."""
    lost = files(data_dir)[0]
    lost.unlink()
    assert repair(data_dir, "repair") == [
        f"{lost.relative_to(data_dir)}: it is gone",
        "2 articles lost with their files, and due to be fetched again",
    ]
    (told,) = manifest.read(data_dir, after=6)
    assert (told.kind, told.lines, told.replaces) == ("set_aside", 0, ((1, 2),))
    store = Store(data_dir, "look")
    assert [failure.cause for failure in store.failures()] == [
        "its published file was lost or damaged"
    ] * 2
    store.close()
    crawl(data_dir)
    assert (make_article(1).id, 2) in set(records(data_dir))
    history = Store(data_dir, "look").history(make_article(1).id)
    assert history is not None
    assert [(made.number, made.file is None) for made in history.revisions] == [
        (1, True),
        (2, False),
    ]


def test_an_edited_file_is_kept_aside(data_dir: Path) -> None:
    """Nothing that a person wrote is deleted."""
    path = files(data_dir)[0]
    edited = path.read_bytes().replace(b"Judul", b"JUDUL")
    path.write_bytes(edited)
    repair(data_dir, "repair")
    (told,) = manifest.read(data_dir, after=6)
    assert told.file == f"set_aside/{path.relative_to(data_dir / 'articles')}"
    assert (data_dir / told.file).read_bytes() == edited
    path.write_bytes(edited)  # and once more
    assert len(verify(data_dir).findings) == 1
    repair(data_dir, "again")
    assert {one.name for one in (data_dir / "set_aside").rglob("*.jsonl*")} == {
        path.name,
        f"{path.name}.again",
    }
    check(data_dir)


@pytest.mark.parametrize("has_crawled", [False, True])
def test_a_file_that_comes_back(data_dir: Path, *, has_crawled: bool) -> None:
    """From a backup, after a repair: its records are what they were, and not fetched again."""
    path = files(data_dir)[0]
    content = path.read_bytes()
    path.unlink()
    repair(data_dir, "repair")
    if has_crawled:
        crawl(data_dir)
    path.write_bytes(content)
    assert repair(data_dir, "again")[0].endswith("entered in manifest.jsonl")
    assert {(make_article(1).id, 1), (make_article(6).id, 1)} < set(records(data_dir))
    store = Store(data_dir, "look")
    assert (store.due(), store.counts().incomplete) == ([], 0)
    store.close()
    assert verify(data_dir).findings == []
    assert list(manifest.read(data_dir))[-1].kind == "adopted"


def test_a_later_revision_stands_for_what_is_lost(data_dir: Path) -> None:
    """An article whose latest revision is there is not fetched again."""
    store = Store(data_dir, "later")
    partial = make_article(8, text="Halaman pertama.")
    partial.halaman.complete, partial.halaman.pages_fetched = False, 0
    store.put(partial)
    store.publish()
    store.put(make_article(8))
    store.publish()
    store.close()
    files(data_dir)[-2].unlink()
    repair(data_dir, "repair")
    store = Store(data_dir, "look")
    assert store.due() == []
    with pytest.raises(AlreadyStored):
        store.put(make_article(8))
    store.close()


def test_a_new_store_knows_what_the_old_one_knew(data_dir: Path) -> None:
    """Duplicates, incomplete articles and when a link was first found."""
    store = Store(data_dir, "later")
    partial = make_article(8, text="Halaman pertama.")
    partial.halaman.complete, partial.halaman.pages_fetched = False, 0
    store.put(partial)
    twin = make_article(9, text=make_article(6).text, duplicate_of=make_article(6).id)
    store.put(twin)
    store.publish()
    store.close()
    OF_STORE["store deleted"](data_dir)
    repair(data_dir, "repair")
    store = Store(data_dir, "look")
    assert store.counts()[:-3] == (9, 0, 1, 1, 0, 0, 0)
    match = store.find_duplicate(make_article(20, text=twin.text))
    assert match is not None
    assert match.id == make_article(6).id
    history = store.history(make_article(1).id)
    assert history is not None
    assert (
        history.first_seen_at
        == json.loads(files(data_dir)[0].read_bytes().split(b"\n")[0])["first_seen_at"]
    )
    assert store.newest_listed() is None  # the listings are read again: nothing is known of gaps
    store.put(make_article(8))
    assert store.publish() == 1
    store.close()


def test_a_waiting_link_of_an_old_store_is_settled(data_dir: Path, tmp_path: Path) -> None:
    """It was found by then, and stored since."""
    article = make_article(8)
    store = Store(data_dir, "before")
    store.add_failure(Link(article.id, article.url), "timeout")
    store.close()
    shutil.copy(data_dir / "state.sqlite3", tmp_path / "old")
    publish(data_dir, "since", 8)
    for path in data_dir.glob("state.sqlite3*"):
        path.unlink()
    shutil.copy(tmp_path / "old", data_dir / "state.sqlite3")
    repair(data_dir, "repair")
    store = Store(data_dir, "look")
    assert (store.due(), store.is_settled(article.id)) == ([], True)
    store.close()


def test_files_that_an_old_store_had_doubled(data_dir: Path, tmp_path: Path) -> None:
    """Two histories, both on the disk: each record stands once afterwards."""
    other = tmp_path / "other"
    publish(other, "other", 1, 2, 8, 9)
    shutil.copytree(other / "articles", data_dir / "articles", dirs_exist_ok=True)
    repair(data_dir, "repair")
    assert {article_id for article_id, _ in records(data_dir)} == {
        make_article(number).id for number in (*NUMBERS, 8, 9)
    }
    check(data_dir)


def test_while_a_crawl_holds_the_folder(data_dir: Path) -> None:
    """It is not touched."""
    lock = RunLock.take(data_dir, "crawl")
    files(data_dir)[0].unlink()
    with pytest.raises(Locked, match="crawl"):
        repair(data_dir, "repair")
    lock.release()
    assert len(verify(data_dir).findings) == 1


DAMAGED = ("a file edited", "a file copied", "manifest halved", "store deleted")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_repair_that_is_interrupted_can_be_repeated(
    data_dir: Path, tmp_path: Path, *, after: bool
) -> None:
    """At any step; the next one comes to the same end."""
    for damage in DAMAGED[:3]:
        ALL[damage](data_dir)
    at, steps, ends = 0, 1, set()
    while at <= steps:
        folder = tmp_path / f"crash-{at}"
        shutil.copytree(data_dir, folder)
        wire = Tripwire(Crash(), at=at, after=after)
        with suppress(Crash), wire.armed():
            repair(folder, "repair")
        steps = max(steps, wire.steps)
        repair(folder, "repair")
        assert verify(folder).findings == [], f"crash at step {at}"
        ends.add(tuple(map(named, manifest.read(folder))))
        at += 7 if steps > 100 else 1
    assert steps > 20
    assert len(ends) == 1


def named(entry: Entry) -> tuple[int, str, str]:
    """Return what of an entry does not depend on the time."""
    return entry.number, entry.file, entry.kind
