"""``verify --remote``: each damage of a bucket is named, and ``publish --again`` mends it."""

import argparse
import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from scrapy.settings import Settings

from kompascrawler import settings
from kompascrawler.cloud import objects, publishing
from kompascrawler.cloud.objects import Objects
from kompascrawler.cloud.publishing import CURRENT, Published, number_name
from kompascrawler.cloud.publishing import publish as copy
from kompascrawler.command import LazyCommand
from kompascrawler.commands import publish as publish_command
from kompascrawler.commands import verify as verify_command
from kompascrawler.dataset import verify as module
from kompascrawler.dataset.verify import verify_bucket
from kompascrawler.store import manifest
from kompascrawler.store.manifest import Entry
from kompascrawler.store.store import Store
from tests.cloud.bucket import environment, failing
from tests.cloud.test_publishing import check, write_table
from tests.dataset.folders import publish
from tests.dataset.test_lines import LATER

pytestmark = pytest.mark.xdist_group("bucket")
STRANGE: Final = "articles/published_date=2026-11-26/00000099-other.jsonl"
TABLE: Final = "parquet/month=2026-11.parquet"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a data folder with four files, the last of them compacted, and a table."""
    data_dir = tmp_path / "data"
    publish(data_dir, "run", 1, 6, 2, 3, 7)
    with closing(Store(data_dir, "compact")) as store:
        store.compact(LATER)
    write_table(data_dir, "2026-11", b"one")
    return data_dir


def named(data_dir: Path, bucket: str) -> dict[str, str]:
    """Return what is found, by object."""
    return {one.place: one.cause for one in verify_bucket(bucket, data_dir).findings}


def edited(content: bytes) -> bytes:
    """Change a byte, and not the length."""
    return content.replace(b"2", b"3", 1)


def _current(there: Objects, change: Callable[[list[Entry]], list[Entry]]) -> None:
    lines = (there.get(CURRENT) or b"").splitlines()
    entries = change([manifest.parse(line) for line in lines])
    there.put(CURRENT, b"".join(map(manifest.to_line, entries)))


Damage = Callable[[Objects, Entry], object]
DAMAGES: Final[dict[str, tuple[Damage, str, str]]] = {
    "file missing": (lambda there, it: there.delete(it.file), "", "it is gone"),
    "file truncated": (
        lambda there, it: there.put(it.file, (there.get(it.file) or b"")[:-9]),
        "",
        "as published",
    ),
    "file emptied": (lambda there, it: there.put(it.file, b""), "", "it has 0 bytes"),
    "file replaced, of equal length": (
        lambda there, it: there.put(it.file, edited(there.get(it.file) or b"")),
        "",
        "its SHA-256 differs",
    ),
    "number missing": (
        lambda there, it: there.delete(number_name(it.number)),
        "manifest/",
        "it is gone",
    ),
    "number damaged": (
        lambda there, it: there.put(number_name(it.number), b"{"),
        "manifest/",
        "it is no line of a manifest",
    ),
    "list missing": (lambda there, _: there.delete(CURRENT), CURRENT, "it is gone"),
    "list damaged": (lambda there, _: there.put(CURRENT, b'{"a": 1}\n'), CURRENT, "it is damaged"),
    "list of other files": (
        lambda there, it: _current(there, lambda all_: [replace(it, file=STRANGE), *all_[1:]]),
        CURRENT,
        "it is not the list of the current files",
    ),
    "list without a file": (
        lambda there, _: _current(there, lambda all_: all_[1:]),
        CURRENT,
        "it is not the list of the current files",
    ),
    "table missing": (lambda there, _: there.delete(TABLE), TABLE, "it is gone"),
    "table truncated": (lambda there, _: there.put(TABLE, b"o"), TABLE, "it has 1 bytes, not 3"),
    "table replaced": (lambda there, _: there.put(TABLE, b"two"), TABLE, "its content is not"),
    "strange file": (
        lambda there, _: there.put(STRANGE, b"{}\n"),
        STRANGE,
        "no number stands for it",
    ),
    "strange table": (
        lambda there, _: there.put("parquet/month=2020-01.parquet", b""),
        "parquet/month=2020-01.parquet",
        "no table stands for it",
    ),
}
"""What is done, the object that is named ("manifest/": that of the number; "": the file), why."""


@pytest.mark.parametrize("damage", DAMAGES)
def test_each_damage_is_named_and_mended(
    folder: Path, bucket: str, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    """And nothing else is; a copy without its data folder names it, too, but for tables."""
    copy(folder, bucket)
    assert named(folder, bucket) == named(folder.parent, bucket) == {}
    # As if all had lain there for longer than the time of grace.
    for user in (module, publishing):
        monkeypatch.setattr(user, "GRACE", timedelta(seconds=-5))
    act, place, cause = DAMAGES[damage]
    entry = manifest.current(manifest.read(folder))[0]
    act(objects.open(bucket), entry)
    ours = {"": entry.file, "manifest/": number_name(entry.number)}
    name = ours.get(place, place)
    found = named(folder, bucket)
    assert name in found
    assert cause in found[name]
    assert found.keys() <= {name, STRANGE}
    assert "table" in damage or name in named(folder.parent, bucket)
    assert copy(folder, bucket, again=True) == Published(copied=manifest.tail(folder).number)  # type: ignore[union-attr] # it has one
    assert named(folder, bucket) == {}


def test_numbers_of_another_folder_are_named_and_stay(folder: Path, bucket: str) -> None:
    """They are not ours to mend: the manifest that is there is whole, and not that of here."""
    other = folder.parent / "other"
    publish(other, "other", 4, 11, 2)
    copy(other, bucket)
    found = named(folder, bucket)
    assert found.keys() == set(map(number_name, range(1, 4)))
    assert set(found.values()) == {"manifest.jsonl of this data folder has another file there"}
    assert named(folder.parent, bucket) == {}
    assert "another data folder" in (copy(folder, bucket, again=True).cause or "")
    check(other, bucket)


def test_a_number_that_this_folder_passes_over_is_named(folder: Path, bucket: str) -> None:
    """The bucket ends with it, and the folder has the file under a later number."""
    copy(folder, bucket)
    *entries, last = manifest.read(folder)
    moved = replace(last, number=last.number + 1)
    content = b"".join(map(manifest.to_line, [*entries, moved]))
    (folder / manifest.FILE_NAME).write_bytes(content)
    found = named(folder, bucket)[number_name(last.number)]
    assert found == "manifest.jsonl of this data folder has another file there"


def test_a_publishing_that_was_broken_off_is_no_damage(
    folder: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file without its number yet, and numbers that are not on the list yet."""
    copy(folder, bucket)
    publish(folder, "later", 11, 4, 8)
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_AT_ONCE", 1)
        stops = iter([False, True])
        assert copy(folder, bucket, is_stopped=lambda: next(stops, True)).copied == 1
    last = manifest.current(manifest.read(folder))[-1]
    objects.open(bucket).put(last.file, (folder / last.file).read_bytes())
    assert named(folder, bucket) == named(folder.parent, bucket) == {}
    copy(folder, bucket)
    assert named(folder, bucket) == {}


def test_what_this_folder_has_is_not_downloaded(
    folder: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the bucket's digest is the MD5; a damaged file here does not hide a sound one there."""
    copy(folder, bucket)
    read, original = list[str](), Objects.get

    def get(self: Objects, name: str) -> bytes | None:
        read.extend([name] * name.startswith("articles/"))
        return original(self, name)

    monkeypatch.setattr(Objects, "get", get)
    assert named(folder, bucket) == {}
    assert read == []
    entry = manifest.current(manifest.read(folder))[0]
    (folder / entry.file).write_bytes(b"")
    assert named(folder, bucket) == {}
    assert read == [entry.file]


def run(command: LazyCommand, data_dir: Path, url: str, *given: str) -> int:
    """Run a command in this process; return its exit status."""
    command.settings = Settings()
    command.settings.setmodule(settings)
    command.settings.setdict({"DATA_DIR": str(data_dir), "PUBLISH_URL": url})
    parser = argparse.ArgumentParser()
    command.add_options(parser)
    options, arguments = parser.parse_known_args(given)
    try:
        command.run(arguments, options)
    except SystemExit as end:
        return int(str(end.code))
    return command.exitcode


def test_the_command(folder: Path, bucket: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Lines, JSON and statuses: sound, damaged where the folder is lost, mended."""
    assert run(publish_command.Command(), folder, bucket) == 0
    verify, kept = verify_command.Command(), folder.with_name("kept")
    capsys.readouterr()
    assert run(verify, folder, bucket, "--remote") == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"Bucket {bucket}"
    assert said[1].startswith("Sound: 5 records in ")
    entry = manifest.current(manifest.read(folder))[0]
    objects.open(bucket).delete(entry.file)
    folder.rename(kept)
    assert run(verify, folder, bucket, "--remote", "--json") == 3
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert told["findings"] == [{"place": entry.file, "cause": "it is gone"}]
    assert not folder.exists()
    assert run(verify, folder, bucket, "--remote") == 3
    assert "`scrapy publish --again` mends what this" in capsys.readouterr().out
    assert run(publish_command.Command(), kept, bucket, "--again") == 0
    assert run(verify, kept, bucket, "--remote") == 0


def test_what_programs_ask_for_needs_no_cursor(
    folder: Path, bucket: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """How far the copy is, is said to people only."""
    (folder / publishing.CURSOR_FILE).mkdir()
    verify = verify_command.Command()
    assert run(verify, folder, bucket, "--json") == 0
    assert json.loads(capsys.readouterr().out)["sound"]
    assert run(verify, folder, bucket, "--sums", "-") == 0
    assert run(verify, folder, bucket) == 3


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ([""], 2, "PUBLISH_URL is not set"),
        (["file:///tmp/x"], 2, "accepted is s3://bucket/"),
        (["s3://one/x", "--repair"], 2, "--remote: give no arguments, --repair or --sums"),
        (["s3://one/x"], 7, "it refuses us (403 Forbidden, AccessDenied). What to do: look at"),
    ],
)
def test_bad_input_and_a_bucket_that_refuses(
    folder: Path, capsys: pytest.CaptureFixture[str], given: list[str], status: int, said: str
) -> None:
    """One line each, and a status."""
    url, *options = given
    with failing(403, "AccessDenied") as address, pytest.MonkeyPatch.context() as patch:
        for name, value in environment(address).items():
            patch.setenv(name, value)
        assert run(verify_command.Command(), folder, url, "--remote", *options) == status
    (line,) = (one for one in capsys.readouterr().err.splitlines() if ": data folder" not in one)
    assert said in line


def test_a_bucket_that_never_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is waited for no longer than by ``publish``, and told as one that fails."""
    monkeypatch.setattr(objects, "PROMPT", 0.2)
    with failing(200, "", seconds=2) as address:
        for name, value in environment(address).items():
            monkeypatch.setenv(name, value)
        assert run(verify_command.Command(), tmp_path, "s3://one/data", "--remote") == 7
    assert "no answer came in time" in capsys.readouterr().err


def test_an_empty_bucket_is_not_sound(tmp_path: Path, bucket: str) -> None:
    """A wrong name must not look like a sound copy."""
    assert named(tmp_path, bucket) == {bucket: "nothing is published there"}
