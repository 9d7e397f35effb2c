"""Shards on a pool of processes and on a Dask cluster: all records, each once, whatever dies."""

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Final
from unittest.mock import MagicMock

import pytest

from kompascrawler.dataset.lines import Refused
from kompascrawler.replay.engine import (
    HERE,
    Engine,
    NoCluster,
    cluster,
    pool,
    run_all,
)
from kompascrawler.replay.foreign import Found, Wanted, of_sources
from kompascrawler.replay.job import Job, Summary
from kompascrawler.replay.sources import sources_of
from kompascrawler.sections import SECTIONS
from kompascrawler.store.model import StoreError
from tests.crawls import ROOT
from tests.replay.cluster import Cluster
from tests.replay.foreign_files import scattered
from tests.replay.shards import at_work, deadly, names, shards


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    once = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with Cluster(tmp_path_factory.mktemp("cluster"), **once).running() as started:
        yield started


@pytest.fixture(params=["pool", "cluster"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "pool":
        yield pool(2)
        return
    pytest.importorskip("distributed", reason="the extra cluster is not installed")
    started: Cluster = request.getfixturevalue("started")
    with cluster(started.address, started.certificates) as engine:
        yield engine


def written(out: Path) -> list[str]:
    assert not list(out.glob(".*"))  # no drafts
    return sorted("".join(path.read_text() for path in out.glob("*.jsonl")).split())


def done(job: Job, number: int, engine: Engine, **faults: str) -> dict[str, Summary]:
    summaries = list(run_all(job, job.left(shards(number, **faults)), engine))
    by_name = {one.name: one for one in summaries}
    assert len(by_name) == len(summaries)
    return by_name


MODULES: Final = {
    *("kompascrawler", "tests", "cython_runtime"),
    *("lxml", "selectolax", "msgspec", "typing_extensions", "w3lib"),
}
pytestmark = pytest.mark.xdist_group("cluster")
dropped = pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning")
"""Until it is closed, a client tries to reach its scheduler again. Where a connection is reset
before TLS begins, Python's ``SSLSocket._create`` raises and drops the socket without closing it."""


def test_a_page_that_kills_its_worker_is_named_and_the_rest_is_there_once(
    engine: Engine, tmp_path: Path
) -> None:
    """Also beside one that raises; each shard has its file."""
    job = Job(out=str(tmp_path), seconds=30)
    faults = {"article2x3": "dies", "article4x1": "raises"}
    found = done(job, 6, engine, **faults)
    assert written(tmp_path) == sorted(set(names(6)) - set(faults))
    assert found["shard-2"].bad == {"article2x3": "the process that read it died"}
    assert found["shard-4"].bad == {"article4x1": "RecursionError: too deep"}
    assert sum(len(one.bad) for one in found.values()) == 2
    assert found["shard-2"].told == [f"article2x{one}" for one in (0, 1, 2, 4)]
    assert not job.left(shards(6))


def test_a_shard_whose_input_kills_its_worker_has_no_result(engine: Engine, tmp_path: Path) -> None:
    """It is named, the others are done, and the next job tries it again."""
    job = Job(out=str(tmp_path), seconds=30)
    found = done(job, 3, engine, article1x0="dies before")
    assert found["shard-1"].failure
    assert [one.name for one in job.left(shards(3))] == ["shard-1"]
    assert [one.records for one in done(job, 3, engine).values()] == [5]
    assert written(tmp_path) == names(3)


def test_what_ends_early_is_done_again(tmp_path: Path) -> None:
    """Where the input of a shard cannot be read to its end, there is no result that lacks some."""
    job = Job(out=str(tmp_path), seconds=30)
    found = done(job, 2, HERE, article1x2="disk")
    assert found["shard-1"].failure == "[Errno 5] Input/output error: 'article1x2'"
    assert [one.name for one in job.left(shards(2))] == ["shard-1"]


def test_a_foreign_page_that_kills_its_reader_is_named(tmp_path: Path) -> None:
    """All other pages of its file are found."""
    scattered(tmp_path / "in")
    given = str(tmp_path / "in" / "1.warc")
    (shard,) = of_sources([given], Wanted(SECTIONS["global"], "", "~"))
    name = [step.name for step in shard.steps() if step.name][-1]
    job = Job(out=str(tmp_path / "out"), seconds=30)
    summary = job.run(deadly(shard, name), alone=True)
    assert summary.bad == {name: "the process that read it died"}
    assert summary.records == len(list(shard.steps())) - 1
    assert summary.failure is None


@pytest.mark.soak
def test_a_foreign_page_that_kills_its_worker_is_named(engine: Engine, tmp_path: Path) -> None:
    """All other pages of all sources are found."""
    ids = scattered(tmp_path / "in")
    shards = of_sources(sources_of([str(tmp_path / "in")]), Wanted(SECTIONS["global"], "", "~"))
    name = next(step.name for step in shards[0].steps() if step.name)
    job = Job(out=str(tmp_path / "out"), seconds=30)
    summaries = list(run_all(job, [deadly(shards[0], name), *shards[1:]], engine))
    bad = {page: cause for one in summaries for page, cause in one.bad.items()}
    assert bad == {name: "the process that read it died"}
    assert len(summaries) == len(shards)
    days = Found(str(tmp_path / "out"), shards).days("run")
    articles = [step.name for day in days for step in day.steps()]
    assert len(set(articles) & set(ids)) >= len(ids) - 1


def test_a_worker_is_killed(engine: Engine, tmp_path: Path) -> None:
    """Its shard is done by another."""
    (wait := tmp_path / "wait").mkdir()
    job = Job(out=str(tmp_path / "out"), seconds=30)

    def kill() -> None:
        os.kill(at_work(wait), signal.SIGKILL)
        (wait / "go").touch()

    killing = Thread(target=kill)
    killing.start()
    found = done(job, 6, engine, article1x2=f"waits {wait}")
    killing.join()
    assert written(tmp_path / "out") == names(6)
    assert not any(one.bad or one.failure for one in found.values())


def test_a_worker_imports_no_scrapy(tmp_path: Path) -> None:
    """Nor anything else that reading pages does not need, whatever the program itself imports."""
    (program := tmp_path / "program.py").write_text(
        "import scrapy\n"
        "from kompascrawler.replay.engine import pool\n"
        "from tests.replay.shards import modules\n"
        "if __name__ == '__main__':\n"
        "    print(*sorted(pool(1).start().submit(modules).result()))\n"
    )
    done = subprocess.run(
        [sys.executable, program],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(done.stdout.split()) <= MODULES


def test_only_a_lack_of_workers_is_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes too long in a replay itself is not."""
    distributed = MagicMock()
    monkeypatch.setattr("kompascrawler.replay.engine.need", lambda *_: distributed)
    with pytest.raises(TimeoutError, match="other"), cluster("tls://one", {}):
        raise TimeoutError("other")
    distributed.Client.return_value.wait_for_workers.side_effect = TimeoutError
    with pytest.raises(NoCluster, match="tls://one has no workers"):
        cluster("tls://one", {}).__enter__()


def test_a_slow_end_does_not_hide_what_was_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is it an error of its own: all is done by then."""
    distributed = MagicMock()
    monkeypatch.setattr("kompascrawler.replay.engine.need", lambda *_: distributed)
    distributed.Client.return_value.close.side_effect = TimeoutError
    with pytest.raises(NoCluster, match="went away"), cluster("tls://one", {}):
        raise NoCluster("went away")
    with cluster("tls://one", {}):
        pass


@pytest.mark.soak
def test_who_has_another_certificate_gets_no_cluster(started: Cluster, tmp_path: Path) -> None:
    """The message is one line that names the scheduler."""
    stranger = Cluster(tmp_path)
    with (
        pytest.raises(NoCluster, match=started.address) as told,
        cluster(started.address, stranger.certificates),
    ):
        pass
    assert "\n" not in str(told.value)


def lose_scheduler(running: Cluster, folder: Path) -> tuple[Job, dict[str, int]]:
    """Kill the scheduler while a worker is at work; return the job, and what is written when."""
    (wait := folder / "wait").mkdir()
    job = Job(out=str(folder / "out"), seconds=30)

    def kill() -> None:
        at_work(wait)
        running.scheduler.kill()

    killing = Thread(target=kill)
    killing.start()
    with (
        pytest.raises(NoCluster, match="went away"),
        cluster(running.address, running.certificates) as engine,
    ):
        done(job, 6, engine, article4x2=f"waits {wait}")
    killing.join()
    gc.collect()  # here, where it may warn
    written = {path.name: path.stat().st_mtime_ns for path in folder.glob("out/*.jsonl")}
    assert "shard-4.jsonl" not in written
    return job, written


def go_on(job: Job, before: dict[str, int], folder: Path, engine: Engine) -> None:
    """Do what is left, and only that."""
    found = done(job, 6, engine)
    assert not {f"{name}.jsonl" for name in found} & before.keys()
    assert len(found) + len(before) == 6
    after = {path.name: path.stat().st_mtime_ns for path in folder.glob("out/*.jsonl")}
    assert after.items() >= before.items()
    assert written(folder / "out") == names(6)


@dropped
def test_the_scheduler_is_killed(started: Cluster, tmp_path: Path) -> None:
    """That is said; a restart, here without it, does the shards that are left, and only these."""
    job, before = lose_scheduler(started, tmp_path)
    go_on(job, before, tmp_path, pool(1))


@dropped
@pytest.mark.soak
def test_the_scheduler_is_started_again(tmp_path: Path) -> None:
    """As before, on a new cluster; a page that kills four workers as Dask comes is named."""
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    with Cluster(tmp_path / "first").running() as first:
        job, before = lose_scheduler(first, tmp_path)
    with (
        Cluster(tmp_path / "second").running() as second,
        cluster(second.address, second.certificates) as engine,
    ):
        go_on(job, before, tmp_path, engine)
        job = Job(out=str(tmp_path / "fatal"), seconds=30)
        found = done(job, 6, engine, article2x3="dies")
        assert found["shard-2"].bad == {"article2x3": "the process that read it died"}
        assert written(tmp_path / "fatal") == sorted(set(names(6)) - {"article2x3"})


def test_results_of_other_code_are_not_taken_for_those_of_today(tmp_path: Path) -> None:
    """A selector that was mended since changes the package's digest: nothing is mixed or done."""
    before = Job(out=str(tmp_path / "out"), seconds=30, code="before")
    assert len(before.left(shards(2))) == 2
    today = Job(out=str(tmp_path / "out"), seconds=30)
    with pytest.raises(Refused, match="give another --out"):
        today.left(shards(2))
    with pytest.raises(StoreError, match="install the same"):
        before.run(shards(1)[0])
