"""`kompascrawler replay --warc`: what is told and written."""

import json
import os
import random
import re
import subprocess
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from unittest.mock import Mock

import jsonschema
import pytest

from kompascrawler.items import Article
from kompascrawler.replay import job, sources
from kompascrawler.replay.command_line import replay
from kompascrawler.replay.foreign import Wanted, of_sources
from kompascrawler.sections import chosen_sections
from kompascrawler.store.model import StoreError
from tests.crawls import ROOT, scrapy, scrapy_command
from tests.replay.foreign_files import Warc, browsertrix, page_of, scattered, site_of, wget, whole
from tests.replay.kept import command, report
from tests.schema.json_schema import SCHEMA_FILE

Told = pytest.CaptureFixture[str]
NO_PAGE = "https://www.kompas.com/global/read/2026/11/21/100000170/x"


def two_files(folder: Path) -> tuple[list[str], list[str]]:
    """Write two files of four articles, a bad page and other answers; return the identities."""
    site, first, second = site_of(4), Warc(), Warc(compressed=False)
    for number, story in enumerate(site.stories):
        whole(site, story, first if number % 2 else second, wget)
    second.add(NO_PAGE, b"<html>none</html>")
    second.add(NO_PAGE, b"<html>none</html>", browsertrix, status="500 Down")
    files = [first.write(folder / "a.warc.gz"), second.write(folder / "b.warc")]
    return files, sorted(story.id for story in site.stories)


def test_all_that_is_found_is_written_and_valid(tmp_path: Path, capsys: Told) -> None:
    """JSON Lines, a file a day, that follow the schema; no data folder is needed or made."""
    files, ids = two_files(tmp_path / "in")
    out = tmp_path / "out"
    told = report(capsys, tmp_path / "data", "--out", str(out), "--warc", str(tmp_path / "in"))
    assert told == {
        "sources": 2,
        "records": 6,
        "whole": 4,
        "unknown": 0,
        "not_whole": [],
        "refused": {"2026-11-21-100000170": told["refused"]["2026-11-21-100000170"]},
        "passed": {"status 500": 1},
        "damaged": [],
    }
    assert "no article page" in told["refused"]["2026-11-21-100000170"]
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text()))
    found = []
    for path in sorted(out.glob("*.jsonl")):
        for line in path.read_bytes().splitlines():
            validator.validate(json.loads(line))
            article = Article.from_json(line)
            assert path.name == f"{article.id[:10]}.jsonl"
            assert article.capture is not None
            assert article.capture.file in files
            assert article.run_id.startswith("replay-")
            found.append(article.id)
    assert found == ids
    assert not (tmp_path / "data").exists()


def records_of(out: Path) -> dict[str, bytes]:
    """Return what lies there, by name, but for which replay wrote it."""
    assert not (out / "found").exists()
    found = {path.name: path.read_bytes() for path in out.glob("*.jsonl")}
    return {name: re.sub(rb'"replay-[^"]*"', b'"run"', content) for name, content in found.items()}


def test_any_number_of_workers_gives_the_same(tmp_path: Path, capsys: Told) -> None:
    """Byte for byte, also of articles whose pages lie in several files."""
    ids = scattered(tmp_path / "in")
    told, found = [], []
    for workers in ("1", "2"):
        out = tmp_path / workers
        given = ["--workers", workers, "--out", str(out), "--warc", str(tmp_path / "in")]
        told.append(report(capsys, tmp_path / "data", *given))
        found.append(records_of(out))
    assert told[0] == told[1]
    assert (told[0]["whole"], told[0]["refused"], told[0]["damaged"]) == (len(ids), {}, [])
    assert found[0] == found[1]
    lines = b"".join(found[0].values()).splitlines()
    assert sorted(Article.from_json(line).id for line in lines) == ids


def interrupted(name: str, *given: str) -> int:
    """Replay, and meet Ctrl-C where a function of replay/ is called; return the status."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"kompascrawler.replay.{name}", Mock(side_effect=KeyboardInterrupt))
        made, args, opts = command(*given)
        with pytest.raises(SystemExit) as ended:
            made.run(args, opts)
    return int(str(ended.value.code))


def test_what_was_interrupted_goes_on(tmp_path: Path, capsys: Told) -> None:
    """No source is read again, but for one that became another; then days are made again, too."""
    ids, out = scattered(tmp_path / "in"), tmp_path / "out"
    given = [str(tmp_path / "data"), "--out", str(out), "--warc", str(tmp_path / "in")]
    assert interrupted("foreign.Found", *given) == 130
    assert len(list(out.glob("found/*.jsonl"))) == 4
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "opened", Mock(side_effect=AssertionError))
        assert interrupted("job._Folder.clear", *given) == 130
    (day := min(out.glob("*.jsonl"))).write_bytes(b"")
    os.utime(tmp_path / "in" / "1.warc", (0, 0))
    assert interrupted("foreign.Found.days", *given) == 130
    assert report(capsys, *given)["whole"] == len(ids)
    assert day.read_bytes()
    assert len(b"".join(records_of(out).values()).splitlines()) == len(ids)


def test_files_of_others_stay(tmp_path: Path, capsys: Told) -> None:
    """Those in ``found/`` are not removed, and records are not replaced."""
    two_files(tmp_path / "in")
    out = tmp_path / "out"
    (out / "found").mkdir(parents=True)
    (photo := out / "found" / "photo.txt").write_text("mine")
    given = [str(tmp_path / "data"), "--out", str(out), "--warc", str(tmp_path / "in")]
    assert report(capsys, *given)["whole"] == 4
    assert [path.name for path in (out / "found").iterdir()] == ["photo.txt"]
    photo.unlink()
    (out / "replay.json").unlink()
    (day := min(out.glob("*.jsonl"))).write_text("mine")
    with pytest.raises(SystemExit) as ended:
        replay(*command(*given))
    assert (ended.value.code, day.read_text()) == (2, "mine")
    assert "no replay has written" in capsys.readouterr().err


def test_what_says_whose_results_are_goes_last(tmp_path: Path) -> None:
    """Else what an interrupted removal leaves would be refused as that of others."""
    removed: list[str] = []
    results = job._Folder(tmp_path)
    for name in ("replay.json", "a.jsonl", "z.pages", "again"):
        results.put(name, b"")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(job._Folder, "delete", lambda _, name: removed.append(name))
        job.clear(results)
    assert (sorted(removed[:-1]), removed[-1]) == (["a.jsonl", "again", "z.pages"], "replay.json")


@pytest.mark.soak
def test_kills_cost_nothing(tmp_path: Path, capsys: Told) -> None:
    """Killed at random moments, and given again until it ends: each record once, as without."""
    scattered(tmp_path / "in")
    given = ["--warc", str(tmp_path / "in"), "--out"]
    whole = report(capsys, tmp_path / "data", *given, str(tmp_path / "whole"))
    settings = {"DATA_DIR": tmp_path / "data"}
    again = scrapy_command(
        "replay", "--json", "--workers", "2", *given, str(tmp_path / "out"), settings=settings
    )
    chance, kills, seconds = random.Random(1), 0, 0.4
    while True:
        process = subprocess.Popen(again, cwd=ROOT, stdout=subprocess.PIPE)
        try:
            told, _ = process.communicate(timeout=chance.uniform(seconds / 2, seconds))
            break
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            kills, seconds = kills + 1, seconds * 1.3
    assert kills > 3
    assert process.returncode == 0
    assert json.loads(told)["refused"] == whole["refused"]
    assert records_of(tmp_path / "out") == records_of(tmp_path / "whole")
    assert not list((tmp_path / "out").glob(".*"))


@pytest.mark.parametrize("chosen", [["--ids", "ID"], ["--since", "DAY", "--until", "DAY"]])
def test_articles_can_be_chosen(chosen: list[str], tmp_path: Path, capsys: Told) -> None:
    """By identity or day; everything else is passed over."""
    files, ids = two_files(tmp_path)
    given = [one.replace("ID", ids[0]).replace("DAY", ids[0][:10]) for one in chosen]
    told = report(capsys, tmp_path / "data", *given, "--warc", *files)
    of_day = [one for one in ids if one[:10] == ids[0][:10]]
    expected = of_day if "--since" in chosen else ids[:1]
    assert (told["whole"], told["refused"]) == (len(expected), {})


def test_what_cannot_be_read_is_told_and_the_rest_written(tmp_path: Path, capsys: Told) -> None:
    """Status 3, one line for each place."""
    files, ids = two_files(tmp_path)
    (torn := tmp_path / "torn.warc.gz").write_bytes(Path(files[0]).read_bytes()[:-100])
    (empty := tmp_path / "empty.warc").write_bytes(b"")
    out = tmp_path / "out"
    given = ["--warc", str(torn), str(empty), files[1], "--out", str(out)]
    told = report(capsys, tmp_path / "data", *given, status=3)
    assert told["damaged"] == [
        f"{torn}: it ends in the middle of a record",
        f"{empty}: there is no WARC record in it",
    ]
    lines = [line for path in out.glob("*.jsonl") for line in path.read_bytes().splitlines()]
    assert sorted(Article.from_json(line).id for line in lines) == ids
    assert (told["whole"], len(told["not_whole"])) == (3, 1)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["nothing.warc"], "there is no such file"),
        (["ftp://host/x.warc"], "http, https, s3, gs or az"),
        ([".", "--publish"], "--publish: not with --warc"),
        ([".", "--run", "x"], "--run: not with --warc"),
        ([".", "--samples", "2"], "--samples: not with --warc"),
        ([".", "--tls-key", "x"], "--tls-key: give --scheduler"),
        ([".", "--since", "x"], "--since x"),
        ([".", "--scheduler", "tls://127.0.0.1:1", "--out", "/o"], "give full paths"),
    ],
)
def test_bad_input(given: list[str], message: str, tmp_path: Path, capsys: Told) -> None:
    """Status 2, one line that says what to give."""
    with pytest.raises(SystemExit) as ended:
        replay(*command(tmp_path / "data", "--warc", *given))
    assert (ended.value.code, message in capsys.readouterr().err) == (2, True)


def test_no_query_stands_anywhere(tmp_path: Path, capsys: Told) -> None:
    """It may be a key: names, messages and files are without it, and tell sources apart."""
    files, ids = two_files(tmp_path / "in")
    contents = {name: Path(name).read_bytes() for name in files}

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302 if "away" in self.path else 200)
            self.send_header("Location", "odd://host/?token=SECRET")
            self.end_headers()
            self.wfile.write(next((contents[one] for one in files if one in self.path), b""))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        here = f"http://127.0.0.1:{server.server_port}"
        sources = [f"{here}/get?name={name}&X-Amz-Signature=SECRET" for name in files]
        sources += [f"{here}/empty?sig=SECRET.html", f"{here}/away#SECRET"]
        given = ["--warc", *sources, "http://127.0.0.1:1/a.warc?X-Goog-Signature=SECRET"]
        out = tmp_path / "out"
        told = report(capsys, tmp_path / "data", *given, "--out", str(out), status=3)
        server.shutdown()
    assert len(told["damaged"]) == 3
    assert "SECRET" not in json.dumps(told)
    written = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert not [path for path, held in written.items() if "SECRET" in f"{path} {held!r}"]
    lines = [line for path in out.glob("*.jsonl") for line in written[path].splitlines()]
    articles = [Article.from_json(line) for line in lines]
    assert sorted(one.id for one in articles) == ids
    places = {one.capture.file for one in articles if one.capture}
    assert len(places) == 2
    assert all(re.fullmatch(f"{here}/get#[0-9a-f]{{8}}", one) for one in places)
    everything = Wanted(chosen_sections("any"), "", "~")
    assert "SECRET" not in repr(of_sources(sources, everything))  # a worker may log it


@pytest.mark.parametrize("given", [["s3://one/in"], [".", "--out", "s3://one/out"]])
def test_without_the_extra(
    given: list[str], tmp_path: Path, capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line says how to install it."""
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(SystemExit) as ended:
        replay(*command(tmp_path / "data", "--warc", *given))
    assert (ended.value.code, "pip install '.[cloud]'" in capsys.readouterr().err) == (2, True)


def test_a_full_disk(small_disk: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where bodies wait: one line, as elsewhere, and nothing half written."""
    site, warc = site_of(40), Warc()
    for story in site.stories:
        whole(site, story, warc, wget)
    monkeypatch.setattr(tempfile, "tempdir", str(small_disk))
    (small_disk / "fill").write_bytes(bytes(1_000_000))
    given = ["--warc", warc.write(tmp_path / "a.warc.gz")]
    for out in ([], ["--out", str(small_disk / "out")]):
        with pytest.raises(StoreError, match=r"write a result.*free some space"):
            replay(*command(tmp_path / "data", *given, *out))
    left = [path.name for path in small_disk.rglob("*") if path.is_file()]
    assert sorted(left) == ["fill", "replay.json", "replay.json"]


def endless(*_: object) -> None:
    """Never end."""
    while True:
        pass


def test_pages_that_take_too_long(tmp_path: Path, capsys: Told) -> None:
    """Saved or in a WARC file: they are ended, and told."""
    site, warc = site_of(1), Warc()
    (story,) = site.stories
    whole(site, story, warc, wget)
    files = [warc.write(tmp_path / "a.warc.gz"), str(tmp_path / "b.html")]
    Path(files[1]).write_bytes(page_of(site, story))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kompascrawler.replay.foreign.is_odd", lambda _: True)
        for name in ("foreign._saved", "foreign._record"):
            patch.setattr(f"kompascrawler.replay.{name}", endless)
        given, _, opts = command(tmp_path / "data", "--json", "--warc", *files)
        given.chosen.set("READ_MAX_SECONDS", 0.5)
        assert replay(given, [], opts) == 0
    told = json.loads(capsys.readouterr().out)
    for name in (files[1], story.id):
        assert "0.5 seconds" in told["refused"][name]


def test_what_people_are_told(tmp_path: Path) -> None:
    """By the command itself: counts, what was passed over and why."""
    two_files(tmp_path)
    settings: dict[str, Any] = {"DATA_DIR": tmp_path / "data"}
    done = scrapy("replay", "--warc", str(tmp_path), settings=settings)
    assert done.status == 0, done.errors
    lines = done.output.splitlines()
    assert lines[:3] == [
        "2 files, 6 records",
        "4 articles whole",
        "1 answer passed over: status 500",
    ]
    assert lines[3].startswith("2026-11-21-100000170: ")
