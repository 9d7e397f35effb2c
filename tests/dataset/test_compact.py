"""The small files of closed days become one: whole or not at all, and no reader is disturbed."""

import errno
import os
import random
import subprocess
import sys
import time
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.export import Export, format_of
from kompascrawler.dataset.lines import Selection
from kompascrawler.dataset.verify import verify
from kompascrawler.pipelines.record import compact_if_many
from kompascrawler.store import manifest
from kompascrawler.store.model import StoreError
from kompascrawler.store.publishing import GRACE
from kompascrawler.store.store import Store
from tests.clock import clock
from tests.crawls import crawl
from tests.dataset.folders import NUMBERS, files, publish, rewritten
from tests.dataset.test_lines import LATER, NONE_YET, read
from tests.replica.serve import serve
from tests.replica.site import Site
from tests.store.published import published_ids
from tests.store.synthetic import Clock, make_article
from tests.store.tripwire import Crash, Tripwire

KILLS = int(os.environ.get("KILLS", "3"))


def test_a_day_has_one_file(data_dir: Path) -> None:
    """Its lines in the order of publication; the manifest says which files it replaces."""
    before = read(data_dir)
    with closing(Store(data_dir, "later")) as store:
        assert store.spare_files(LATER) == 2
        assert (store.compact(LATER), store.compact(LATER)) == (4, 0)
        assert store.spare_files(LATER) == 0
    seventh, eighth = manifest.read(data_dir, 6)
    assert (seventh.kind, seventh.replaces) == ("compacted", ((1, 2), (4, 1)))
    assert seventh.file == "articles/published_date=2026-11-12/00000007-later.jsonl"
    lines = [line for number, line in before if number in (1, 4)]
    assert (data_dir / seventh.file).read_bytes() == b"".join(lines)
    assert eighth.replaces == ((2, 1), (5, 1))
    assert verify(data_dir).findings == []


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_what_is_cited_is_exported_alike(data_dir: Path, tmp_path: Path, name: str) -> None:
    """Byte for byte, whatever is published and compacted afterwards."""

    def exported() -> bytes:
        out = tmp_path / name
        selection = Selection(as_of=5, revisions=True)
        Export(Dataset(data_dir), out, format_of(out, None), selection, iter).run(append=False)
        return out.read_bytes()

    before = exported()
    publish(data_dir, "later", 16, 12, 22)
    assert exported() == before
    work(data_dir)
    assert exported() == before


def test_days_that_are_not_closed_stay(data_dir: Path) -> None:
    """The day itself is not before it."""
    with closing(Store(data_dir, "later")) as store:
        assert store.compact(date(2026, 11, 12)) == 0
        assert store.compact(date(2026, 11, 13)) == 2


def test_what_is_replaced_stays_for_an_hour(data_dir: Path) -> None:
    """Then it goes, once; what is current never does."""
    clock = Clock()
    store = Store(data_dir, "later", clock=clock)
    store.compact(LATER)
    assert store.remove_replaced(GRACE) == 0
    assert len(files(data_dir)) == 8
    clock.pass_by(hours=1, seconds=1)
    assert [store.remove_replaced(GRACE) for _ in range(2)] == [4, 0]
    store.close()
    assert [path.name[:8] for path in files(data_dir)] == [f"{n:08}" for n in (3, 6, 7, 8)]
    assert verify(data_dir).findings == []


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_at_any_step(tmp_path: Path, *, after: bool) -> None:
    """The next run completes it: each line stands once in the current files."""
    at, has_crashed = -1, True
    while has_crashed:
        at += 2  # after a step is before the next one
        folder = tmp_path / str(at)
        publish(folder, "run", *NUMBERS)
        before = read(folder)
        wire = Tripwire(Crash(), at=at, after=after)
        with wire.armed():
            try:
                work(folder)
                has_crashed = False
            except Crash:
                pass
        assert read(folder) == before
        work(folder)
        assert read(folder) == before
        assert verify(folder).findings == []
        assert len(files(folder)) == 4
    assert at > 20


def test_a_full_disk_at_any_step(tmp_path: Path) -> None:
    """A StoreError, nothing lost; the same command completes it when there is space."""
    publish(tmp_path, "run", *NUMBERS)
    before, at, has_failed = read(tmp_path), 0, True
    while has_failed:
        at += 1
        wire = Tripwire(OSError(errno.ENOSPC, "No space left"), at=at, after=False)
        with wire.armed(), suppress(StoreError):
            work(tmp_path)
            has_failed = False
        assert read(tmp_path) == before
    assert (at > 20, verify(tmp_path).findings, len(files(tmp_path))) == (True, [], 4)


def work(folder: Path) -> None:
    """Compact, and remove what was replaced."""
    with closing(Store(folder, "later")) as store:
        while store.compact(LATER):
            pass
        store.remove_replaced(NONE_YET)


def test_kills(tmp_path: Path) -> None:
    """Processes that die while they compact, one after the other."""
    publish(tmp_path, "run", *(number // 60 * 100 + number % 60 for number in range(200)))
    before = read(tmp_path)
    command = [sys.executable, "-c", _WORK, str(tmp_path)]
    chance = random.Random(KILLS)
    for _ in range(KILLS):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(chance.uniform(0, 0.03))
            process.kill()
        assert read(tmp_path) == before
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert read(tmp_path) == before
    assert verify(tmp_path).findings == []
    assert len(files(tmp_path)) == 5
    assert set(published_ids(tmp_path).values()) == {1}


_WORK = """
import sys, pathlib, tests.dataset.test_compact as test
print(flush=True)
test.work(pathlib.Path(sys.argv[1]))
"""


def test_a_damaged_file_is_not_taken_over(data_dir: Path) -> None:
    """Nothing is settled: a crawl goes on, and `verify --repair` mends it."""
    rewritten(files(data_dir)[3], b"Judul", b"JUDUL")
    before = list(manifest.read(data_dir))
    with closing(Store(data_dir, "later")) as store:
        with pytest.raises(StoreError, match=r"its content is not .* What to do: .*verify"):
            store.compact(LATER)
        store.put(make_article(8))
        assert store.publish() == 1
    assert list(manifest.read(data_dir))[:-1] == before


def test_many_days_go_in_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A transaction is short: other writers are let in between."""
    monkeypatch.setattr("kompascrawler.store.publishing.DAYS_AT_ONCE", 1)
    publish(tmp_path, "run", *NUMBERS)
    with closing(Store(tmp_path, "later")) as store:
        assert [store.compact(LATER) for _ in range(3)] == [2, 2, 0]


def test_a_run_compacts_where_there_are_many_files(data_dir: Path) -> None:
    """More than it was told; some days a run; 0: never."""
    now = datetime(2026, 12, 9, tzinfo=UTC)
    with closing(Store(data_dir, "later")) as store:
        assert [compact_if_many(store, number, now) for number in (0, 2)] == [0, 0]
        assert compact_if_many(store, 1, now - timedelta(days=19)) == 0
        assert compact_if_many(store, 1, now) == 4


def test_the_end_of_a_crawl(tmp_path: Path) -> None:
    """Nine days later: with news it compacts; the next one, an hour later, removes, news or not."""
    settings = {"COMPACT_FILES": 1, "PUBLISH_EVERY_ITEMS": 1}
    with serve(Site(seed=5, articles=12)) as replica:
        assert crawl(replica.env, tmp_path, **settings).status == 0
        before, many = read(tmp_path), files(tmp_path)
        replica.site.publish(1)
        days = 9 * 24 * 3600
        for hours in (0, 2):
            later = replica.env | clock(days + hours * 3600)
            crawl(later, tmp_path, **settings, REVISIT_MAX_REQUESTS=0)
            assert read(tmp_path)[:-1] == before
            assert verify(tmp_path).findings == []
            assert set(many).isdisjoint(files(tmp_path)) == bool(hours)
    assert len(files(tmp_path)) == 1
