"""The manifest: appended to durably, each number once, read at a constant cost."""

import errno
from pathlib import Path
from typing import Any

import pytest

from kompascrawler.store import manifest
from kompascrawler.store.manifest import Entry, append, current, read, tail
from kompascrawler.store.model import StoreError


def entry(number: int, **fields: Any) -> Entry:
    """Return an entry of a file with one record."""
    known = {
        "number": number,
        "file": f"articles/published_date=2026-11-12/{number:08}-run.jsonl",
        "kind": "published",
        "run_id": "run",
        "at": "2026-11-12T06:00:00+00:00",
    }
    return manifest.entry_of(b'{"id":"2026-11-12-000001170"}\n', **known | fields)


def path_of(data_dir: Path) -> Path:
    """Return where the manifest lies."""
    return data_dir / manifest.FILE_NAME


def test_what_is_appended_is_read(tmp_path: Path) -> None:
    """In the order of the numbers, all of it or what comes after a cursor."""
    append(tmp_path, [entry(1), entry(2)])
    append(tmp_path, [entry(3, kind="compacted", replaces=((1, 1), (2, 1)))])
    assert list(read(tmp_path)) == [
        entry(1),
        entry(2),
        entry(3, kind="compacted", replaces=((1, 1), (2, 1))),
    ]
    assert [one.number for one in read(tmp_path, after=2)] == [3]


def test_no_manifest_has_no_entries(tmp_path: Path) -> None:
    """Nor has a folder that does not exist."""
    assert (list(read(tmp_path)), tail(tmp_path)) == ([], None)
    assert (list(read(tmp_path / "none")), tail(tmp_path / "none")) == ([], None)


def test_an_entry_says_what_the_file_holds() -> None:
    """The sum is that of `sha256sum`; the first and the last article are named."""
    content = b'{"id":"a"}\n{"id":"b"}\n{"id":"c"}\n'
    made = manifest.entry_of(content, number=1, file="f", kind="published", run_id="r", at="")
    assert (made.bytes, made.lines, made.first_id, made.last_id) == (33, 3, "a", "c")
    assert made.sha256 == "506eba2873a5b5dd8d49be4d1d6966b4a2a7bae0c428d70b676fc16b6bd2815b"


def test_the_current_files() -> None:
    """What was replaced or set aside is none of them."""
    entries = [
        entry(1),
        entry(2),
        entry(3, kind="compacted", replaces=((1, 1),)),
        Entry(
            number=4, file="set_aside/x", kind="set_aside", sha256="", bytes=0, lines=0,
            first_id="", last_id="", run_id="run", at="", replaces=((2, 1),),
        ),
    ]  # fmt: skip
    assert [one.number for one in current(entries)] == [3]
    assert [one.number for one in current(entries[:2])] == [1, 2]


@pytest.mark.parametrize("torn", [b'{"number": 3, "fi', b"\0" * 5000, b"x" * 200_000])
def test_a_torn_last_line_is_left_out_and_cut(tmp_path: Path, torn: bytes) -> None:
    """A power cut may leave part of a line, or zeros."""
    append(tmp_path, [entry(1), entry(2)])
    with path_of(tmp_path).open("ab") as file:
        file.write(torn)
    assert [one.number for one in read(tmp_path)] == [1, 2]
    assert tail(tmp_path) == entry(2)
    append(tmp_path, [entry(3)])
    assert list(read(tmp_path)) == [entry(1), entry(2), entry(3)]


def test_a_first_line_that_is_torn(tmp_path: Path) -> None:
    """There is no entry yet."""
    path_of(tmp_path).write_bytes(b'{"number"')
    assert (list(read(tmp_path)), tail(tmp_path)) == ([], None)
    append(tmp_path, [entry(1)])
    assert list(read(tmp_path)) == [entry(1)]


def test_a_last_line_longer_than_what_is_read_at_once(tmp_path: Path) -> None:
    """A file made of many others names them all."""
    many = tuple((number, 1) for number in range(1, 30_000))
    long = entry(30_001, kind="compacted", replaces=many)
    append(tmp_path, [entry(30_000), long])
    assert tail(tmp_path) == long
    append(tmp_path, [entry(30_002)])
    assert [one.number for one in read(tmp_path)] == [30_000, 30_001, 30_002]


def test_a_repeated_append_changes_nothing(tmp_path: Path) -> None:
    """After a crash some of the lines may be there."""
    append(tmp_path, [entry(1), entry(2)])
    append(tmp_path, [entry(2), entry(3)])
    before = path_of(tmp_path).read_bytes()
    append(tmp_path, [entry(2), entry(3)])
    assert path_of(tmp_path).read_bytes() == before
    assert [one.number for one in read(tmp_path)] == [1, 2, 3]


def test_a_number_means_one_file(tmp_path: Path) -> None:
    """Another file under a number that is taken is refused, and nothing is appended."""
    append(tmp_path, [entry(1), entry(2)])
    before = path_of(tmp_path).read_bytes()
    with pytest.raises(StoreError, match=r"manifest\.jsonl.*number 2 is another file"):
        append(tmp_path, [entry(2, run_id="other"), entry(3)])
    assert path_of(tmp_path).read_bytes() == before


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense\n",
        b"[]\n",
        b'{"number": 2}\n',
        manifest.to_line(entry(2)).replace(b'"number": 2', b'"number": "2"'),
        manifest.to_line(entry(2)).replace(b'"replaces": []', b'"replaces": 7'),
        manifest.to_line(entry(2)).replace(b'"replaces": []', b'"replaces": [[1]]'),
    ],
)
def test_a_damaged_line_is_named(tmp_path: Path, line: bytes) -> None:
    """By its place; it is neither passed over nor taken for something else."""
    append(tmp_path, [entry(1)])
    with path_of(tmp_path).open("ab") as file:
        file.write(line)
    with pytest.raises(StoreError, match=r"manifest\.jsonl.*line 2 is damaged"):
        list(read(tmp_path))
    with pytest.raises(StoreError, match="the last line is damaged"):
        tail(tmp_path)
    with pytest.raises(StoreError, match="the last line is damaged"):
        append(tmp_path, [entry(3)])


def test_fields_of_later_versions_are_left_out() -> None:
    """A consumer goes on when the program is newer than itself."""
    line = manifest.to_line(entry(1))[:-2] + b', "later": {"x": 1}}\n'
    assert manifest.parse(line) == entry(1)


def test_an_append_that_fails_part_way_is_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fills up in the middle of a line loses nothing that was there."""
    append(tmp_path, [entry(1)])

    def full(_: int) -> None:
        with path_of(tmp_path).open("r+b") as file:
            file.truncate(file.seek(0, 2) - 20)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(StoreError, match="free some space"):
            append(tmp_path, [entry(2), entry(3)])
    append(tmp_path, [entry(2), entry(3)])
    assert list(read(tmp_path)) == [entry(1), entry(2), entry(3)]
