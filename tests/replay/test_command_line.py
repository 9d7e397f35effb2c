"""`kompascrawler replay`: what is told, written and published."""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

import pytest

from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.forget import forget
from kompascrawler.dataset.lines import Selection
from kompascrawler.dataset.verify import verify
from kompascrawler.items import Article
from kompascrawler.replay import command_line as module
from kompascrawler.replay.article import STAMPS
from kompascrawler.replay.command_line import replay
from kompascrawler.store.lock import Locked, RunLock
from kompascrawler.store.store import Store
from tests.crawls import ROOT, records
from tests.replay.kept import NO_BROWSER, affected, command, copied, endless, fill, planted, report
from tests.store.synthetic import make_article

pytestmark = pytest.mark.xdist_group("replay")
Told = pytest.CaptureFixture[str]
REVISION: Final = {"revision", "changed"}


def lines(data_dir: Path) -> dict[str, bytes]:
    """Return the latest published line of each article."""
    dataset = Dataset(data_dir)
    return {line.head.id: line.content for line in dataset.lines(Selection(deleted=True))}


def latest(data_dir: Path) -> dict[str, dict[str, Any]]:
    """Return the latest published record of each article."""
    return {one["id"]: one for one in records(data_dir)}


def compare_all(data_dir: Path, out: Path, capsys: Told) -> None:
    """Read everything again: not a byte is another one."""
    told = report(capsys, data_dir, "--out", str(out))
    published = lines(data_dir)
    assert (told["articles"], told["unchanged"]) == (len(published), len(published))
    written = [line for path in out.glob("*.jsonl") for line in path.read_bytes().splitlines()]
    assert sorted(written) == sorted(published.values())


def plant_and_mend(fault: str, data_dir: Path, capsys: Told) -> None:
    """Publish with a fault and again without: both concern exactly what has the thing."""
    before = latest(data_dir)
    concerned = {name for name, record in before.items() if affected(fault, record)}
    assert 0 < len(concerned) < len(before)
    with planted(fault):
        told = report(capsys, data_dir, "--publish")
    assert (set(told["changed"]), told["published"]) == (concerned, len(concerned))
    faulty = latest(data_dir)
    assert not any(affected(fault, record) for record in faulty.values())
    told = report(capsys, data_dir, "--publish")
    assert (set(told["changed"]), told["published"]) == (concerned, len(concerned))
    for name, record in latest(data_dir).items():
        other = {field for field in record if record[field] != before[name][field]}
        assert other == (REVISION if name in concerned else set())
        assert record["revision"] == (3 if name in concerned else 1)
        assert ("re-extracted" in record["changed"]) == (name in concerned)
    assert report(capsys, data_dir, "--publish", "--ids", *concerned)["published"] == 0
    assert verify(data_dir).findings == []


def test_unchanged_code_gives_the_published_lines(
    crawled: Path, tmp_path: Path, capsys: Told
) -> None:
    """Byte for byte: all pages at once, by number, declared text, articles that lack pages."""
    compare_all(crawled, tmp_path / "out", capsys)
    routes = Counter(one["halaman"]["route"] for one in records(crawled))
    assert routes.keys() == {"single", "all", "numbered", "declared"}
    assert {one["halaman"]["complete"] for one in records(crawled)} == {True, False}


def test_a_mended_selector_repairs_exactly_what_it_concerns(
    crawled: Path, tmp_path: Path, capsys: Told
) -> None:
    """A planted fault and its end; after both there is one more revision, and nothing else."""
    plant_and_mend("topic", copied(crawled, tmp_path), capsys)


@pytest.mark.soak
def test_a_thousand_articles(tmp_path: Path, capsys: Told) -> None:
    """The same on 1,000: without a change, and with faults of a field and of the text."""
    fill(tmp_path / "crawled", 1000, **NO_BROWSER)
    compare_all(tmp_path / "crawled", tmp_path / "out", capsys)
    for fault in ("topic", "heading"):
        (tmp_path / fault).mkdir()
        plant_and_mend(fault, copied(tmp_path / "crawled", tmp_path / fault), capsys)


@pytest.mark.soak
def test_pages_of_the_browser(tmp_path: Path, capsys: Told) -> None:
    """What a browser has rendered gives the same lines again."""
    fill(tmp_path / "data", 60, "mix")
    assert "browser" in {one["halaman"]["route"] for one in records(tmp_path / "data")}
    compare_all(tmp_path / "data", tmp_path / "out", capsys)


def test_what_differs_is_shown(crawled: Path, capsys: Told) -> None:
    """Both values for people and programs, only of what was asked for; nothing is written."""
    having = next(one for one in records(crawled) if one["topic"])
    without = next(one for one in records(crawled) if not one["topic"])
    before = lines(crawled)
    ids = ("--ids", having["id"], without["url"])
    with planted("topic"):
        told = report(capsys, crawled, *ids)
        assert replay(*command(crawled, *ids)) == 0
    assert (told["fields"], told["unchanged"], told["published"]) == ({"topic": 1}, 1, None)
    (sample,) = told["samples"]
    assert sample["fields"] == {"topic": {"before": having["topic"], "after": None}}
    shown = capsys.readouterr().out
    assert f"{having['id']}, revision 1\ntopic\n- {having['topic']}\n+ null\n" in shown
    assert lines(crawled) == before
    for chosen in (("--run", "other"), ("--until", "2001-01-01", *ids), ("--since", "2099-01-01")):
        assert report(capsys, crawled, *chosen)["articles"] == 0
    run = report(capsys, crawled, "--run", having["run_id"], "--ids", having["id"])
    assert run["articles"] == 1


def test_kills_publish_each_revision_once(crawled: Path, tmp_path: Path, capsys: Told) -> None:
    """At random moments; the last replay ends, and every revision is there, one of each."""
    folder, chance = copied(crawled, tmp_path), random.Random(5)
    ids = [one["id"] for one in records(folder) if one["topic"]][:8]
    worker = [sys.executable, "-m", "tests.replay.worker", str(folder), "topic", *ids]
    killed = 0
    for _ in range(2):
        with subprocess.Popen(worker, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline()
            time.sleep(chance.uniform(0, 0.5))
            process.kill()
            killed += process.wait() < 0
    assert killed
    with planted("topic"):
        report(capsys, folder, "--publish", "--ids", *ids)
    found = Counter((one["id"], one["revision"]) for one in records(folder) if one["id"] in ids)
    assert found == {(name, revision): 1 for name in ids for revision in (1, 2)}
    assert verify(folder).findings == []


def test_what_cannot_be_read_again_is_counted(crawled: Path, tmp_path: Path, capsys: Told) -> None:
    """Damaged, gone, removed in part or as a whole, taken down: nothing of it is published."""
    folder = copied(crawled, tmp_path)
    by_route = {one["halaman"]["route"]: one for one in records(folder)}
    torn, gone, down = (by_route[name]["id"] for name in ("single", "all", "declared"))
    parted = by_route["numbered"]["id"]
    with closing(Store(folder, "look")) as store:
        ((file, capture),) = [
            (file, one) for file, one in store.captures(torn, 1) if one.role == "article"
        ]
        with store.transaction("remove") as db:
            db.execute("DELETE FROM capture WHERE id = ?", (gone,))
            db.execute("DELETE FROM capture WHERE id = ? AND role = 'halaman'", (parted,))
    with (folder / file.file).open("r+b") as stream:
        stream.seek(capture.start + capture.size // 2)
        stream.write(bytes(40))
    assert forget(folder, "forget", down, "asked")
    told = report(capsys, folder, "--publish", "--ids", torn, gone, parted, down, status=3)
    assert list(told["damaged"]) == [torn]
    assert sorted(told["not_kept"]) == sorted([gone, parted])
    assert (told["deleted"], told["published"], told["changed"]) == (1, 0, [])
    (folder / file.file).unlink()
    told = report(capsys, folder, "--ids", torn, parted, status=3)
    assert set(told["damaged"]) == {torn, parted}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kompascrawler.replay.article.faults", lambda _: ["title"])
        told = report(capsys, crawled, "--ids", torn)
    assert "title" in told["refused"][torn]


def test_an_article_that_is_another_by_now_is_left_alone(tmp_path: Path) -> None:
    """Its latest revision is not the one that was read, or it was taken down."""
    with closing(Store(tmp_path, "run")) as store:
        store.put(make_article(1))
        again = replace(make_article(1), revision=2)
        assert store.put_again(again)
        assert not store.put_again(again)
        assert not store.put_again(replace(make_article(2), revision=2))
        store.publish()
        assert store.forget(make_article(1).id, "asked")
        assert not store.put_again(replace(again, revision=4))


def test_bad_input(crawled: Path, tmp_path: Path, capsys: Told) -> None:
    """One line that says what is accepted, status 2; 75 while a run holds the folder."""
    for given, said in (
        (("x",), "no arguments"),
        (("--ids", "x"), "YYYY-MM-DD-<number>"),
        (("--since", "x"), "YYYY-MM-DD"),
        (("--samples", "-1"), "from 0"),
        (("--out", str(crawled / "x")), "outside the data folder"),
        (("--ids", "2001-01-01-000000170"), "not stored"),
    ):
        with pytest.raises(SystemExit) as ended:
            replay(*command(crawled, *given))
        assert (ended.value.code, said in capsys.readouterr().err) == (2, True), said
    folder = copied(crawled, tmp_path)
    lock = RunLock.take(folder, "crawl")
    try:
        with pytest.raises(Locked):
            replay(*command(folder, "--publish"))
    finally:
        lock.release()


def test_crawls_go_on_beside_a_replay(
    crawled: Path, tmp_path: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is at work is waited for; what it has published again is left as it is."""
    folder, pauses = copied(crawled, tmp_path), list[float]()
    one, other = [record for record in latest(folder).values() if record["topic"]][:2]
    revisions = module._revisions

    def beside(*about: Any) -> Iterator[Any]:
        for number, revision in enumerate(revisions(*about)):
            if number == 0:
                locks.append(RunLock.take(folder, "crawl"))
                with closing(Store(folder, "crawl")) as store:
                    article = Article.from_dict(one)
                    assert store.put_again(replace(article, title="New", revision=2))
                    store.publish()
            yield revision

    def wait(seconds: float) -> None:
        pauses.append(seconds)
        locks.pop().release()

    locks = list[RunLock]()
    monkeypatch.setattr(module, "_revisions", beside)
    monkeypatch.setattr(time, "sleep", wait)
    with planted("topic"):
        assert replay(*command(folder, "--publish", "--ids", one["id"], other["id"])) == 0
    said = capsys.readouterr()
    assert "1 revision published" in said.out
    assert said.err.count("waiting until it ends, to publish") == len(pauses) == 1
    now = latest(folder)
    assert (now[one["id"]]["title"], now[one["id"]]["topic"]) == ("New", one["topic"])
    assert (now[other["id"]]["revision"], now[other["id"]]["topic"]) == (2, None)
    assert verify(folder).findings == []


def test_large_pages_are_read_in_a_process_that_can_be_ended(crawled: Path, capsys: Told) -> None:
    """With the same result; what takes too long is refused, and the next one is read."""
    one, other = (record["id"] for record in records(crawled)[:2])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kompascrawler.replay.differences.is_odd", lambda _: True)
        assert report(capsys, crawled, "--ids", one)["unchanged"] == 1
        patch.setattr("kompascrawler.replay.differences._replayed", endless)
        given, _, opts = command(crawled, "--json", "--ids", one, other)
        given.chosen.set("READ_MAX_SECONDS", 0.5)
        assert replay(given, [], opts) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told["refused"]) == {one, other}
    assert "0.5 seconds" in told["refused"][one]


def test_without_the_extra(crawled: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says how to install it."""
    monkeypatch.setitem(sys.modules, "fastwarc", None)
    with pytest.raises(SystemExit) as ended:
        replay(*command(crawled))
    assert (ended.value.code, "pip install '.[warc]'" in capsys.readouterr().err) == (2, True)


def test_stamps_are_fields() -> None:
    """Each is one of the record."""
    assert set(STAMPS) < {one.name for one in fields(Article)}
