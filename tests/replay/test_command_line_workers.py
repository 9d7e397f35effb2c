"""`kompascrawler replay` with its work on a pool of processes, and on a cluster."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kompascrawler.replay.command_line import replay
from tests.crawls import ROOT, Finished, records, scrapy
from tests.replay.cluster import Cluster
from tests.replay.foreign_files import scattered
from tests.replay.kept import command
from tests.replay.test_command_line_foreign import records_of

pytestmark = pytest.mark.xdist_group("replay")


def run(data_dir: Path, *given: str) -> Finished:
    return scrapy("replay", "--json", *given, settings={"DATA_DIR": data_dir})


def test_a_pool_does_what_one_process_does(crawled: Path, tmp_path: Path) -> None:
    """The same report and the same files; what is there is not done again, nor mixed."""
    first, second = tmp_path / "one", tmp_path / "two"
    one = run(crawled, "--out", str(first), "--workers", "1")
    two = run(crawled, "--out", str(second), "--workers", "2")
    assert (one.status, two.status) == (0, 0)
    assert json.loads(one.output) == json.loads(two.output)
    files = {path.name: path.read_bytes() for path in first.iterdir()}
    assert files == {path.name: path.read_bytes() for path in second.iterdir()}
    day = next(name for name in files if name.endswith(".jsonl"))
    (second / day).unlink()
    again = run(crawled, "--out", str(second))
    assert json.loads(again.output)["articles"] == files[day].count(b"\n")
    assert f"{len(files) - 2} shards done before" in again.errors
    assert (second / day).read_bytes() == files[day]
    other = run(crawled, "--out", str(second), "--until", "2001-01-01")
    assert (other.status, "give another --out" in other.errors) == (2, True)


@pytest.mark.soak
@pytest.mark.parametrize("program", ["scrapy", "kompascrawler"])
def test_workers_import_no_scrapy(program: str, crawled: Path) -> None:
    """The command that starts them does; they would run it again where nobody prevents that."""
    days = {one["id"][:10]: one["id"] for one in records(crawled)}
    two = ["--ids", *list(days.values())[:2]]
    script = Path(sys.executable).with_name(program)
    done = subprocess.run(
        [script, "replay", "--workers", "2", f"-sDATA_DIR={crawled}", *two],
        env={**os.environ, "PYTHONPROFILEIMPORTTIME": "1"},
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    imported = [line.rpartition("|")[2].strip() for line in done.stderr.splitlines()]
    assert imported.count("kompascrawler.replay.job") > 1
    assert imported.count("scrapy") == 1


@pytest.mark.soak
def test_a_cluster_does_what_one_process_does(
    crawled: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same files, of kept pages and WARC files, though workers stand in another folder."""
    pytest.importorskip("distributed", reason="the extra cluster is not installed")
    scattered(tmp_path / "in")
    ways = {"kept": ["--json"], "foreign": ["--json", "--warc", str(tmp_path / "in")]}
    (tmp_path / "certificates").mkdir()
    with Cluster(tmp_path / "certificates").running(1) as started:
        given = [
            *("--scheduler", started.address),
            *(word for option in started.certificates.items() for word in option),
        ]
        monkeypatch.chdir(tmp_path)
        told = {}
        for way, options in ways.items():
            for place, who in {"here": [], "there": given}.items():
                out = ["--out", f"{way}/{place}"]
                assert replay(*command(crawled, *who, *out, *options)) == 0
                told[way, place] = json.loads(capsys.readouterr().out)
    assert told["kept", "there"]["articles"] == told["kept", "there"]["unchanged"] > 0
    for way in ways:
        assert told[way, "here"] == told[way, "there"]
        assert records_of(tmp_path / way / "here") == records_of(tmp_path / way / "there") != {}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--workers", "0"), "from 1"),
        (("--workers", "2", "--scheduler", "tls://127.0.0.1:1"), "or --scheduler"),
        (("--scheduler", "tcp://127.0.0.1:8786"), "can run any code"),
        (("--scheduler", "tls://127.0.0.1:1", "--tls-ca", "/nowhere"), "/nowhere"),
        (("--scheduler", "tls://127.0.0.1:1", "--tls-key", "/tmp"), "/tmp cannot be read"),
        (("--scheduler", "tls://127.0.0.1:1"), "certificate"),
        (("--tls-ca", "/ca.pem"), "--tls-ca: give --scheduler"),
        (("--tls-cert", "/c.pem", "--tls-key", ""), "--tls-cert, --tls-key: give --scheduler"),
        (("--scheduler", "tls://127.0.0.1:1", "--tls-ca", ""), "cannot be read"),
        (("--scheduler", "tcp://me:SECRET@127.0.0.1?x=SECRET"), "can run any code"),
        (("--out", "s3://"), "s3://bucket/prefix"),
        (("--out", "s3://KEY:SECRET@bucket"), "s3://bucket/prefix"),
        (("--out", ""), "--out is empty"),
        (("--out", "{data.parent}/x/../{data.name}/y"), "outside the data folder"),
        (("--scheduler", "tls://127.0.0.1:1", "--warc", "x"), "give --out"),
    ],
)
def test_bad_input(
    crawled: Path, capsys: pytest.CaptureFixture[str], given: tuple[str, ...], said: str
) -> None:
    """One line, before anything is done."""
    given = tuple(one.format(data=crawled) for one in given)
    with pytest.raises(SystemExit) as ended:
        replay(*command(crawled, *given))
    errors = capsys.readouterr().err
    assert (ended.value.code, said in errors, "SECRET" in errors) == (2, True, False)


def test_without_the_extra(crawled: Path) -> None:
    """One line says how to install it."""
    done = scrapy(
        "replay", "--scheduler", "tls://127.0.0.1:1", settings={"DATA_DIR": crawled},
        lacking="distributed",
    )  # fmt: skip
    assert (done.status, "pip install '.[cluster]'" in done.errors) == (2, True)
