"""Replays of WARC files in a bucket, with results in one."""

import re
from pathlib import Path
from typing import Any

import pytest

from kompascrawler.cloud import objects
from kompascrawler.cloud.objects import Objects, ObjectsError
from kompascrawler.replay.command_line import replay
from kompascrawler.replay.sources import Records, named, sources_of
from tests.replay.foreign_files import scattered
from tests.replay.kept import command, report
from tests.replay.test_sources import URLS, made, number_of

pytestmark = pytest.mark.xdist_group("bucket")
Told = pytest.CaptureFixture[str]


def without_run(content: bytes | None) -> bytes:
    return re.sub(rb'"replay-[^"]*"', b'"run"', content or b"")


def test_files_and_results_in_a_bucket(bucket: str, tmp_path: Path, capsys: Told) -> None:
    """They give what the same files in a folder give, byte for byte but for their place."""
    ids, there = scattered(tmp_path / "in"), objects.open(bucket)
    for path in (tmp_path / "in").rglob("*.*"):
        there.put(f"in/{path.relative_to(tmp_path / 'in')}", path.read_bytes())
    here = report(
        capsys, tmp_path / "data", "--warc", str(tmp_path / "in"), "--out", str(tmp_path / "out")
    )
    given = ["--warc", f"{bucket}/in", "--out", f"{bucket}/out/"]
    told = report(capsys, tmp_path / "data", *given)
    assert (told, told["whole"]) == (here, len(ids))
    names = [one.name for one in there.list("out")]
    assert names == sorted(f"out/{path.name}" for path in (tmp_path / "out").iterdir())
    for path in (tmp_path / "out").glob("*.jsonl"):
        found = without_run(there.get(f"out/{path.name}"))
        found = found.replace(f"{bucket}/in".encode(), str(tmp_path / "in").encode())
        times = rb'"(crawled_at|first_seen_at)":"[^"]*"'
        assert re.sub(times, b"", found) == re.sub(times, b"", without_run(path.read_bytes()))


def test_damage_in_a_bucket_costs_what_is_damaged(bucket: str) -> None:
    """Reading goes on behind it; of an object that is not there one line tells."""
    warc, there = made(), objects.open(bucket)
    start = warc.starts[URLS[2]]
    content = warc.content[:start] + b"\x1f\x8b\x08junk" * 99 + warc.content[start:]
    there.put("a.warc.gz", content)
    there.put("notes.txt", b"no page")
    records = Records(lambda _: True)
    assert sources_of([bucket]) == [f"{bucket}/a.warc.gz"]
    (source,) = named(sources_of([bucket]))
    found = [number_of(record) for _, record, _ in records.read(source)]
    assert found == [*range(6)]
    (source,) = named([f"{bucket}/none.warc.gz"])
    assert not list(records.read(source))
    damaged, missing = records.damage
    assert damaged.startswith(f"{bucket}/a.warc.gz: damaged behind {warc.starts[URLS[1]]}")
    assert missing.startswith(f"{bucket}/none.warc.gz: Cannot read")


def test_a_request_that_fails_costs_one_record(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle of a file; what is behind it is read."""
    objects.open(bucket).put("a.warc", made(compressed=False, size=100_000).content)
    part, failing = Objects.part, iter([False] * 7 + [True])

    def sometimes(self: Objects, *place: Any) -> bytes:
        if next(failing, False):
            raise ObjectsError("it fails")
        return part(self, *place)

    monkeypatch.setattr(objects, "_AHEAD", 50_000)
    monkeypatch.setattr(Objects, "part", sometimes)
    records = Records(lambda _: True)
    (source,) = named([f"{bucket}/a.warc"])
    found = [number_of(record) for _, record, _ in records.read(source)]
    assert len(set(found)) >= 5
    assert 5 in found
    (line,) = records.damage
    assert line.endswith("it fails")


def test_an_empty_prefix(bucket: str, tmp_path: Path, capsys: Told) -> None:
    """It is told before anything is read."""
    with pytest.raises(SystemExit) as ended:
        replay(*command(tmp_path / "data", "--warc", bucket))
    assert (ended.value.code, "no WARC file" in capsys.readouterr().err) == (2, True)
