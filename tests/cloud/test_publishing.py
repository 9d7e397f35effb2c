"""What is published is in the bucket byte for byte, whatever happens in between."""

import json
import os
import shutil
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from obstore.store import MemoryStore

from kompascrawler.cloud import objects, publishing
from kompascrawler.cloud.objects import Objects
from kompascrawler.cloud.publishing import CURRENT, Published
from kompascrawler.cloud.publishing import publish as copy
from kompascrawler.store import manifest
from kompascrawler.store.disk import replace
from kompascrawler.store.model import StoreError
from kompascrawler.store.store import Store
from tests.cloud.bucket import KEY, SECRET, failing
from tests.dataset.folders import publish
from tests.dataset.test_lines import LATER
from tests.store.synthetic import make_article
from tests.store.tripwire import Crash

pytestmark = pytest.mark.xdist_group("bucket")
OF_OBJECTS = ("put", "put_if_absent", "get", "delete")
CHANGING = OF_OBJECTS[:2] + OF_OBJECTS[3:]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a data folder with five files of three days."""
    data_dir = tmp_path / "data"
    publish(data_dir, "run", 1, 6, 2, 3, 7)
    return data_dir


def there(bucket: str) -> dict[str, bytes]:
    """Return what is in the bucket."""
    found = objects.open(bucket)
    return {one.name: found.get(one.name) or b"" for one in found.list()}


def check(data_dir: Path, bucket: str, replaced: set[str] = frozenset()) -> None:  # type: ignore[assignment] # nothing is nothing
    """Hold the bucket to the promise: what is current, byte for byte, and nothing else."""
    entries = list(manifest.read(data_dir))
    current = manifest.current(entries)
    expected = {one.file: (data_dir / one.file).read_bytes() for one in current}
    expected |= {publishing.number_name(one.number): manifest.to_line(one) for one in entries}
    expected[CURRENT] = b"".join(map(manifest.to_line, current))
    tables = data_dir.glob("parquet/*.parquet")
    expected |= {f"parquet/{path.name}": path.read_bytes() for path in tables}
    found = there(bucket)
    assert found.keys() - replaced == expected.keys()
    assert expected.items() <= found.items()


def write_table(data_dir: Path, month: str, content: bytes) -> None:
    """Write a table as the front door does: the cursor afterwards."""
    path = data_dir / "parquet" / f"month={month}.parquet"
    path.parent.mkdir(exist_ok=True)
    replace(path, content)
    replace(data_dir / publishing.PARQUET_CURSOR, content)


def pass_by(data_dir: Path, time: timedelta) -> None:
    """Have the last copying lie further back."""
    cursor = publishing.read_cursor(data_dir)
    assert cursor
    cursor.pending_since -= time.total_seconds()
    cursor.save(data_dir)


def test_what_is_published_is_there_byte_for_byte(folder: Path, bucket: str) -> None:
    """And what comes later, without another look at what is there."""
    write_table(folder, "2026-11", b"one")
    assert copy(folder, bucket) == Published(copied=4)
    check(folder, bucket)
    publish(folder, "later", 11, 4)
    write_table(folder, "2026-11", b"two")
    write_table(folder, "2026-12", b"three")
    assert copy(folder, f"{bucket}/") == Published(copied=2)
    check(folder, bucket)
    (folder / "parquet" / "month=2026-12.parquet").unlink()
    write_table(folder, "2026-11", b"four")
    assert copy(folder, bucket) == Published()
    check(folder, bucket)


def test_without_news_nothing_is_asked(
    folder: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cursor and the end of the manifest tell; so it is before the first file, too."""
    copy(folder, bucket)
    monkeypatch.setattr(publishing, "open_reader", None)
    monkeypatch.setattr(objects, "open", None)
    assert copy(folder, bucket) == Published()
    (folder.parent / "new").mkdir()
    assert copy(folder.parent / "new", bucket) == Published()


def test_replaced_objects_go_after_the_time_of_grace(folder: Path, bucket: str) -> None:
    """Counted from when the readers of the bucket could know."""
    copy(folder, bucket)
    replaced = {entry.file for entry in manifest.read(folder)}
    with closing(Store(folder, "compact")) as store:
        store.compact(LATER)
    assert copy(folder, bucket).copied
    replaced -= {entry.file for entry in manifest.current(manifest.read(folder))}
    assert replaced
    check(folder, bucket, replaced)
    assert replaced < there(bucket).keys()
    pass_by(folder, timedelta(minutes=59))
    copy(folder, bucket)
    assert replaced < there(bucket).keys()
    pass_by(folder, timedelta(minutes=2))
    assert copy(folder, bucket) == Published()
    check(folder, bucket)


@pytest.mark.parametrize("is_copied", [False, True])
def test_articles_taken_down_go_at_once(folder: Path, bucket: str, *, is_copied: bool) -> None:
    """From files that were copied, that a compaction has replaced, or that wait to be copied."""
    article = make_article(1)
    title = article.title.encode()
    if is_copied:
        copy(folder, bucket)
        assert any(title in content for content in there(bucket).values())
        with closing(Store(folder, "compact")) as store:
            store.compact(LATER)
        copy(folder, bucket)
    with closing(Store(folder, "forget")) as store:
        store.forget(article.id, "asked to")
    copy(folder, bucket)
    check(folder, bucket)
    assert not any(title in content for content in there(bucket).values())


def steps(monkeypatch: pytest.MonkeyPatch, act: Callable[[int], None]) -> None:
    """Call ``act`` with the number of each step: what changes the bucket, and the cursor."""
    count = 0

    def watched(original: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **about: Any) -> Any:
            nonlocal count
            count += 1
            act(2 * count)
            result = original(*args, **about)
            act(2 * count + 1)
            return result

        return step

    for name in CHANGING:
        monkeypatch.setattr(Objects, name, watched(getattr(Objects, name)))
    monkeypatch.setattr("kompascrawler.cloud.publishing.disk.replace", watched(replace))


@pytest.fixture
def phases(tmp_path: Path) -> list[Path]:
    """Give a data folder as published, compacted, and after a take-down; with a table."""
    folders = [tmp_path / name for name in ("published", "compacted", "taken_down")]
    publish(folders[0], "run", 1, 6, 2)
    write_table(folders[0], "2026-11", b"one")
    shutil.copytree(folders[0], folders[1])
    with closing(Store(folders[1], "compact")) as store:
        store.compact(LATER)
    shutil.copytree(folders[1], folders[2])
    with closing(Store(folders[2], "forget")) as store:
        store.forget(make_article(6).id, "asked to")
    write_table(folders[2], "2026-11", b"two")
    return folders


@pytest.mark.parametrize(
    "is_served", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["memory", "moto"]
)
def test_a_kill_at_any_step_loses_and_doubles_nothing(
    phases: list[Path], request: pytest.FixtureRequest, *, is_served: bool
) -> None:
    """The next copying completes the work; what is listed in between is there, and whole."""
    bucket = request.getfixturevalue("bucket") if is_served else "s3://memory"
    at, told, total = 0, 0, 0

    def stop(step: int) -> None:
        nonlocal told
        told += 1
        if told == at:
            raise Crash

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(objects, "WORKERS", 1)
        steps(patch, stop)
        while at <= total:
            url, told, cursor = f"{bucket}/{at}", 0, b""
            if not is_served:
                memory = Objects(url, MemoryStore())
                patch.setattr(objects, "open", lambda *_, memory=memory: memory)
            for folder in phases:
                (folder / publishing.CURSOR_FILE).write_bytes(cursor)
                with suppress(Crash):
                    copy(folder, url)
                for line in there(url).get(CURRENT, b"").splitlines():
                    entry = manifest.parse(line)
                    assert sha256(there(url)[entry.file]).hexdigest() == entry.sha256
                cursor = (folder / publishing.CURSOR_FILE).read_bytes()
            copy(folder, url)
            check(folder, url)
            total = total or told
            at += 1
    assert total > 30


def test_of_two_writers_one_wins(tmp_path: Path, bucket: str) -> None:
    """The other takes back what it has put there, says why, and goes on in its own folder."""
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        publish(folder, f"run-{folder.name}", 1, 6, 2)
    barrier, done = Barrier(2), dict[Path, Published]()

    def work(folder: Path) -> None:
        barrier.wait()
        done[folder] = copy(folder, bucket)

    threads = [Thread(target=work, args=(folder,)) for folder in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    loser, winner = sorted(folders, key=lambda folder: done[folder].copied)
    assert done[winner] == Published(copied=2)
    check(winner, bucket)
    for _ in range(2):
        cause = done[loser].cause or ""
        assert cause.startswith(f"Cannot publish number 1 ({bucket}): another data folder has")
        assert "What to do: give each folder an address of its own" in cause
        assert done[loser].waiting == 2
        done[loser] = copy(loser, bucket)
    check(winner, bucket)
    assert copy(loser, f"{bucket}/other") == Published(copied=2)
    check(loser, f"{bucket}/other")


def test_an_older_copy_of_a_folder_overwrites_nothing(folder: Path, bucket: str) -> None:
    """What both have published stays where it is, too."""
    older = folder.parent / "older"
    shutil.copytree(folder, older)
    publish(folder, "later", 4)
    publish(older, "other", 11)
    copy(folder, bucket)
    assert copy(older, bucket).cause
    check(folder, bucket)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((403, "AccessDenied", 0), "it refuses us (403 Forbidden, AccessDenied)"),
        ((404, "NoSuchBucket", 0), "there is no such bucket"),
        ((500, "InternalError", 0), "it fails (500"),
        ((200, "", 2), "no answer came in time"),
    ],
)
def test_a_bucket_that_fails_costs_nothing_but_time(
    folder: Path, bucket: str, monkeypatch: pytest.MonkeyPatch, answer: tuple[Any, ...], said: str
) -> None:
    """The cause is kept until a later try goes well; no key stands anywhere."""
    monkeypatch.setattr(objects, "PROMPT", 0.4)
    storage = os.environ["AWS_ENDPOINT_URL"]
    with failing(*answer[:2], seconds=answer[2]) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        began = time.monotonic()
        done = copy(folder, bucket)
        assert time.monotonic() - began < 10
    assert (done.copied, done.waiting) == (0, 4)
    assert done.cause
    assert said in done.cause
    kept = (folder / publishing.CURSOR_FILE).read_text()
    assert json.loads(kept)["cause"] == done.cause
    assert not any(secret in kept for secret in (KEY, SECRET))
    monkeypatch.setenv("AWS_ENDPOINT_URL", storage)
    assert copy(folder, bucket) == Published(copied=4)
    cursor = publishing.read_cursor(folder)
    assert cursor
    assert (cursor.cause, cursor.failing_since) == (None, None)
    check(folder, bucket)


def test_what_there_is_no_time_for_is_left_to_later_runs(
    folder: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list of what is current comes when all of it is there."""
    monkeypatch.setattr(publishing, "_AT_ONCE", 1)
    stops = iter([False, False, True])
    done = copy(folder, bucket, is_stopped=lambda: next(stops, False))
    assert done == Published(copied=2, waiting=2)
    assert CURRENT not in there(bucket)
    assert copy(folder, bucket) == Published(copied=2)
    check(folder, bucket)


def test_a_damaged_file_is_not_copied(folder: Path, bucket: str) -> None:
    """What is damaged here must not look sound there."""
    path = folder / manifest.current(manifest.read(folder))[0].file
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    with pytest.raises(StoreError, match="its content is not what was published"):
        copy(folder, bucket)
    path.write_bytes(content)
    copy(folder, bucket)
    check(folder, bucket)


def test_a_lost_cursor_leaves_nothing_for_ever_and_removes_nothing_current(
    folder: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Replaced files, tables of months that are gone, and files of a race that was lost, go."""
    for month in ("2026-10", "2026-11"):
        write_table(folder, month, b"one")
    copy(folder, bucket)
    with closing(Store(folder, "compact")) as store:
        store.compact(LATER)
    copy(folder, bucket)
    (folder / "parquet" / "month=2026-10.parquet").unlink()
    strange = "articles/published_date=2026-11-12/00000009-other.jsonl"
    objects.open(bucket).put(strange, b"")
    (folder / publishing.CURSOR_FILE).unlink()
    entries = list(manifest.read(folder))
    replaced = {one.file for one in entries} - {one.file for one in manifest.current(entries)}
    assert copy(folder, bucket) == Published(copied=len(entries))
    # Readers may have the old list; another writer may be about to create its number.
    check(folder, bucket, {*replaced, strange, "parquet/month=2026-10.parquet"})
    assert {strange, *replaced} < there(bucket).keys()
    pass_by(folder, timedelta(minutes=61))
    monkeypatch.setattr(publishing, "GRACE", timedelta(seconds=-5))
    assert copy(folder, bucket) == Published()
    check(folder, bucket)
    monkeypatch.setattr(objects, "open", None)
    assert copy(folder, bucket) == Published()


def test_the_loser_of_a_race_that_was_killed_takes_its_files_back(
    folder: Path, bucket: str
) -> None:
    """The next time: its files lie there, and the number is somebody else's."""
    loser = folder.with_name("loser")
    publish(loser, "loser", 4, 11)
    copy(folder, bucket)
    for entry in manifest.read(loser):
        objects.open(bucket).put(entry.file, (loser / entry.file).read_bytes())
    assert copy(loser, bucket).cause
    check(folder, bucket)


def test_an_older_copy_without_a_cursor_changes_nothing(folder: Path, bucket: str) -> None:
    """Its list would name fewer files than there are, and its tables hold less."""
    older = folder.parent / "older"
    shutil.copytree(folder, older)
    publish(folder, "later", 4, 11)
    copy(folder, bucket)
    write_table(older, "2026-11", b"old")
    cause = copy(older, bucket).cause or ""
    assert cause.startswith("Cannot publish number 5 (")
    check(folder, bucket)


@pytest.mark.parametrize("content", [b"", b"{", b'{"url": 3}'])
def test_a_cursor_that_is_lost_or_damaged_costs_a_comparison(
    folder: Path, bucket: str, content: bytes
) -> None:
    """What is there is recognised."""
    copy(folder, bucket)
    (folder / publishing.CURSOR_FILE).write_bytes(content)
    assert copy(folder, bucket) == Published(copied=4)
    check(folder, bucket)
