"""What is kept can be read by others, and never stands behind a tear."""

import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from hashlib import sha1
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator
from warcio.archiveiterator import ArchiveIterator as Other  # type: ignore[import-untyped]

from kompascrawler.dataset.verify import verify
from kompascrawler.store.model import StoreError
from kompascrawler.store.store import Store
from kompascrawler.warc.reading import Damaged, answer_at, records_of
from kompascrawler.warc.upkeep import damage_in, remove_pages
from kompascrawler.warc.writing import Archive, Exchange, labelled
from tests.conftest import remount
from tests.store.synthetic import make_article
from tests.warc.worker import MOST, exchange, page_of

KILLS = int(os.environ.get("KILLS", "8"))


def opened(data_dir: Path, most: int = MOST) -> tuple[Store, Archive]:
    """Return a store and its archive, as a run opens them."""
    store = Store(data_dir, f"run-{time.time_ns()}")
    store.archive = archive = Archive(store, most, "kompascrawler/test")
    return store, archive


def keep(data_dir: Path, *exchanges: Exchange, most: int = MOST) -> None:
    """Keep some answers in a run of their own."""
    store, archive = opened(data_dir, most)
    with closing(store):
        for one in exchanges:
            archive.add(one)
        archive.close()


def files(data_dir: Path) -> list[Path]:
    """Return the WARC files."""
    return sorted((data_dir / "warc").glob("*.warc.gz"))


def indexed(data_dir: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each line of the indexes: its key and its fields."""
    for path in files(data_dir):
        for line in path.with_name(f"{path.name}.cdxj").read_text().splitlines():
            key, _, about = line.partition(" {")
            yield key, json.loads("{" + about)


def check(data_dir: Path) -> int:
    """Check that no file is torn and all that is stored is found; return the number of records."""
    with closing(Store(data_dir, "look")) as store, store.transaction("look") as db:
        for _, name, size, records, _ in db.execute("SELECT * FROM warc").fetchall():
            found = list(records_of(data_dir / name))
            assert len(found) >= records
            with (data_dir / name).open("rb") as stream:
                certain = stream.read(size)
            assert all(
                r.verify_block_digest() for r in ArchiveIterator(BytesIO(certain), parse_http=False)
            )
        query = "SELECT (SELECT file FROM warc WHERE number = warc), start, digest FROM capture"
        captures = db.execute(query).fetchall()
        for name, start, digest in captures:
            answer_at(data_dir / name, start, digest)
    return len(captures)


def test_others_find_and_read_every_answer_by_the_index(tmp_path: Path) -> None:
    """Page, equal page and rendered document: byte for byte by fastwarc and warcio."""
    rendered = b"<html>rendered</html>"
    store, archive = opened(tmp_path, most=6_000)
    archive.add(exchange(1))
    archive.add(exchange(1, url="https://www.kompas.com/other"))
    archive.add_rendered("https://www.kompas.com/a", [rendered], "1", None)
    while len(files(tmp_path)) < 2:
        archive.add(exchange(2, url=f"https://www.kompas.com/{os.urandom(500).hex()}"))
    archive.close()
    store.close()
    first = files(tmp_path)[0]
    lines = first.with_name(f"{first.name}.cdxj").read_text().splitlines()
    assert lines == sorted(lines)
    wanted = {"text/html": page_of(1), "warc/revisit": b""}
    seen = set()
    for line in lines:
        about = json.loads(line[line.index(" {") :])
        start, length = int(about["offset"]), int(about["length"])
        piece = first.read_bytes()[start : start + length]
        ours, other = next(iter(ArchiveIterator(BytesIO(piece)))), next(Other(BytesIO(piece)))
        assert ours.reader.read() == (body := other.content_stream().read())
        if about["url"].startswith("urn:"):
            assert body == rendered
        elif "kompas.com/global" in about["url"] or about["url"].endswith("/other"):
            assert body == wanted[about["mime"]]
        assert about["digest"] == ours.headers["WARC-Payload-Digest"]
        seen.add(about["mime"])
    assert seen == {"text/html", "warc/revisit"}


def test_an_equal_payload_of_an_earlier_run_is_not_written_again(tmp_path: Path) -> None:
    """It refers to the one that is there, which is found by the store."""
    keep(tmp_path, exchange(1))
    keep(tmp_path, exchange(1))
    (path,) = files(tmp_path)
    types = [record.headers["WARC-Type"] for _, record in records_of(path)]
    beside = ["request", "metadata"]
    assert types == ["warcinfo", "response", *beside, "revisit", *beside]
    (revisit,) = [r for _, r in records_of(path) if r.headers["WARC-Type"] == "revisit"]
    assert revisit.headers["WARC-Refers-To-Target-URI"] == exchange(1).url
    with closing(Store(tmp_path, "look")) as store:
        _, (_, second) = store.captures(make_article(1).id)
    assert (second.payload_warc, second.digest) == (1, sha1(page_of(1)).digest())


def test_our_notes_have_an_address_of_their_own(tmp_path: Path) -> None:
    """Under the page's address they would be served instead of it; a chunked body is whole."""
    keep(tmp_path, exchange(1))
    by_type = {record.headers["WARC-Type"]: record for _, record in records_of(*files(tmp_path))}
    assert by_type["metadata"].headers["WARC-Target-URI"].startswith("urn:kompascrawler:notes:")
    page_id = by_type["response"].headers["WARC-Record-ID"]
    assert by_type["metadata"].headers["WARC-Concurrent-To"] == page_id
    headers = by_type["response"].http_headers
    assert headers.get("Transfer-Encoding") is None
    assert headers["Content-Length"] == str(len(page_of(1)))
    assert by_type["response"].headers["WARC-Payload-Digest"] == labelled(sha1(page_of(1)).digest())


@pytest.mark.parametrize("torn", [b"\x1f\x8b\x08\0\0\0", b"x" * 3000], ids=["head", "junk"])
def test_nothing_is_written_behind_a_tear(tmp_path: Path, torn: bytes) -> None:
    """What no transaction knows of is cut off."""
    keep(tmp_path, exchange(1))
    with files(tmp_path)[0].open("ab") as stream:
        stream.write(torn)
    keep(tmp_path, exchange(2))
    assert check(tmp_path) == 2
    assert len(list(records_of(*files(tmp_path)))) == 7


def test_a_file_that_lost_something_is_left_alone(tmp_path: Path) -> None:
    """The next records go into another one."""
    keep(tmp_path, exchange(1))
    (path,) = files(tmp_path)
    os.truncate(path, 700)
    keep(tmp_path, exchange(2))
    assert len(files(tmp_path)) == 2
    assert path.stat().st_size == 700


def test_full_files_are_closed_and_indexed(tmp_path: Path) -> None:
    """An index stands beside each closed file, and none beside the open one."""
    keep(tmp_path, *map(exchange, range(40)), most=10_000)
    closed = [path for path in files(tmp_path) if path.stat().st_size >= 10_000]
    assert len(closed) > 1
    indexes = [path.name.removesuffix(".cdxj") for path in (tmp_path / "warc").glob("*.cdxj")]
    assert sorted(indexes) == [path.name for path in closed]
    assert check(tmp_path) == 40


def test_a_full_disk(small_disk: Path) -> None:
    """Ends with one line; what was stored before is found, and the next run goes on."""
    store, archive = opened(small_disk, most=1 << 30)
    stored: list[int] = []

    def fill() -> None:
        for number in range(100):
            archive.add(exchange(number, body=os.urandom(50_000 if number < 5 else 900_000)))
            store.put(make_article(number))
            stored.append(number)

    with closing(store):
        with pytest.raises(StoreError, match=r"keep pages.*free some space"):
            fill()
        with pytest.raises(StoreError, match="earlier record"):
            archive.add(exchange(999))
        with suppress(StoreError):
            archive.close()
    assert len(stored) > 3
    remount(small_disk, "size=20m")
    assert check(small_disk) == len(stored)
    keep(small_disk, exchange(1000))
    assert check(small_disk) == len(stored) + 1


def test_kills_tear_nothing_and_lose_nothing(tmp_path: Path) -> None:
    """At random moments: every stored article's page is there, its digest right, no file torn."""
    chance = random.Random(KILLS)
    worker = [sys.executable, str(Path(__file__).with_name("worker.py")), str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    said: set[str] = set()
    for turn in range(KILLS):
        command = [*worker, str(turn * 10), "40"]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=environment
        ) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(chance.randint(0, 12))]
            time.sleep(chance.uniform(0, 0.02 if lines else 0.3))
            process.kill()
            lines += process.stdout.readlines()
        said |= {line.strip() for line in lines if line.endswith("\n")}
    keep(tmp_path, exchange(5000))
    check(tmp_path)
    with closing(Store(tmp_path, "look")) as store:
        assert len(said) > KILLS
        for article_id in said:
            assert [one.role for _, one in store.captures(article_id, 1)] == ["article"]


def test_pages_that_are_taken_out_leave_the_others_where_they_are(tmp_path: Path) -> None:
    """Nothing of the text stays, no index names it, and every other record is read as before."""
    keep(tmp_path, *map(exchange, range(40)), most=10_000)
    sizes = [path.stat().st_size for path in files(tmp_path)]
    with closing(Store(tmp_path, "forget")) as store:
        ((file, capture),) = store.captures(make_article(3).id)
        remove_pages(store, make_article(3).id)
        assert store.captures(make_article(3).id) == []
    assert [path.stat().st_size for path in files(tmp_path)] == sizes
    with pytest.raises(Damaged):
        answer_at(tmp_path / file.file, capture.start, capture.digest)
    assert check(tmp_path) == 39
    records = [record for path in files(tmp_path) for _, record in records_of(path)]
    assert len(records) == 40 * 3 + len(files(tmp_path))
    index = tmp_path / f"{file.file}.cdxj"
    assert exchange(3).url not in index.read_text()
    assert exchange(4).url in index.read_text()
    with files(tmp_path)[0].open("rb") as stream:
        assert len(list(Other(stream))) == len(list(records_of(files(tmp_path)[0])))


def test_pages_that_came_back_are_found(tmp_path: Path) -> None:
    """A file out of a backup: the article is named; taken down again, it is gone again."""
    keep(tmp_path, *map(exchange, range(40)), most=10_000)
    gone = make_article(3).id
    with closing(Store(tmp_path, "forget")) as store:
        store.forget(gone, "asked", make_article(3).url)
        ((file, _),) = store.captures(gone)
        backup = (tmp_path / file.file).read_bytes()
        remove_pages(store, gone)
        (tmp_path / file.file).write_bytes(backup)
        with store._database.reading() as db:
            (found,) = damage_in(db, tmp_path)
        assert (found[0], f"it has {gone} at " in found[1]) == (file.file, True)
        remove_pages(store, gone)
    assert check(tmp_path) == 39


def test_old_files_go_when_no_other_refers_to_them(tmp_path: Path) -> None:
    """With their indexes and rows; the open one, and one that is referred to, stay."""
    keep(tmp_path, *map(exchange, range(40)), most=10_000)
    first, second, *others = files(tmp_path)
    with closing(Store(tmp_path, "age")) as store, store.transaction("age") as db:
        db.execute("UPDATE warc SET closed_at = 1 WHERE number <= 2")
        db.execute("UPDATE capture SET payload_warc = 1, payload_start = 0 WHERE warc = 3")
    with closing(Store(tmp_path, "remove")) as store:
        Archive(store, MOST, "test").remove_older(days=30)
    assert files(tmp_path) == [first, *others]
    assert not second.with_name(f"{second.name}.cdxj").exists()
    assert verify(tmp_path).findings == []


def overwrite(path: Path) -> None:
    """Change some bytes in the middle of a file."""
    middle = path.stat().st_size // 2
    with path.open("r+b") as stream:
        stream.seek(middle)
        stream.write(b"\0" * 8)


def _rewrite(path: Path, name: str) -> None:
    path.write_text(path.read_text().replace(name, name.upper()))


@pytest.mark.parametrize(
    ("damage", "cause"),
    [
        (overwrite, "cannot be read|is not what|records can be read"),
        (lambda path: os.truncate(path, path.stat().st_size - 40), "bytes, not"),
        (lambda path: path.write_bytes(b""), "it has 0 bytes"),
        (Path.unlink, "it is gone"),
        (lambda path: path.with_name(f"{path.name}.cdxj").unlink(), "does not list"),
        (lambda path: _rewrite(path.with_name(f"{path.name}.cdxj"), "offset"), "does not list"),
        (lambda path: (path.parent / "x.warc.gz").write_bytes(b""), "does not know"),
    ],
    ids=["changed", "torn", "emptied", "gone", "no index", "changed index", "foreign"],
)
def test_verify_finds_damage(tmp_path: Path, damage: Callable[[Path], object], cause: str) -> None:
    """Of whatever kind; a sound folder, and what stands behind a crash, are sound."""
    keep(tmp_path, *map(exchange, range(40)), most=10_000)
    keep(tmp_path, exchange(41), most=1 << 30)
    with files(tmp_path)[-1].open("ab") as stream:
        stream.write(b"\x1f\x8b\x08")
    assert verify(tmp_path).findings == []
    damage(files(tmp_path)[0])
    assert {one.place.startswith("warc/") for one in verify(tmp_path).findings} == {True}
    assert any(re.search(cause, one.cause) for one in verify(tmp_path).findings)


ODD: list[dict[str, Any]] = [
    {
        "status": "599",
        "answered": [("X", "\xff\xfe é"), ("Content-Type", "text/html; charset=\xff")],
    },
    {"body": b"", "answered": []},
    {"body": b"no gzip", "answered": [("Content-Encoding", "gzip")], "status": "404 Not Found"},
    {"answered": [("Content-Length", "7"), ("content-length", "9"), ("", ""), ("A b", "\0")]},
    {"answered": [(f"A{number}", "b" * 9_000) for number in range(9)]},
    {"body": bytes(range(256)) * 40, "url": "https://www.kompas.com/%C3%A9?a=%ff#c"},
]


def test_odd_answers_cost_no_other_record(tmp_path: Path) -> None:
    """Headers without end, or of any bytes; bodies that are not what they say."""
    keep(tmp_path, *(exchange(number, **odd) for number, odd in enumerate(ODD)), exchange(99))
    (path,) = files(tmp_path)
    with path.open("rb") as stream:
        by_others = [one.headers["WARC-Type"] for one in ArchiveIterator(stream)]
    assert by_others.count("response") == len(ODD) + 1
    assert verify(tmp_path).findings == []
    with closing(Store(tmp_path, "look")) as store:
        ((_, page),) = store.captures(make_article(99).id)
    assert answer_at(path, page.start, page.digest).body == page_of(99)
