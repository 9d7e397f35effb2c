"""Files that are damaged, foreign or empty: what can be read is read, the rest has a line."""

import gzip
import os
import random
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kompascrawler.dataset.lines import Refused
from kompascrawler.replay.sources import Records, Source, sources_of
from tests.replay.foreign_files import Warc, chunked

URLS = [f"https://www.kompas.com/global/read/2026/11/20/{n:06}170/x" for n in range(6)]


def made(*, compressed: bool = True, size: int = 2000) -> Warc:
    """Return a file of six records that cannot be compressed further."""
    warc, chance = Warc(compressed=compressed), random.Random(1)
    for url in URLS:
        warc.add(url, chance.randbytes(size))
    return warc


def read(source: str) -> tuple[list[int], list[str]]:
    """Return the numbers of the records that a source gives, and what is told of damage."""
    records = Records(lambda _: True)
    found = [number_of(record) for _, record, _ in records.read(Source(source, source))]
    return found, records.damage


def number_of(record: object) -> int:
    """Return the number of a record; read all of it."""
    record.reader.read()  # type: ignore[attr-defined] # fastwarc's
    return URLS.index(record.headers["WARC-Target-URI"])  # type: ignore[attr-defined]


@pytest.mark.parametrize("compressed", [True, False])
def test_what_is_sound_has_no_line(*, compressed: bool, tmp_path: Path) -> None:
    """All of it is read."""
    assert read(made(compressed=compressed).write(tmp_path / "a.warc")) == ([*range(6)], [])


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("where", [0, 2, 5])
@pytest.mark.parametrize(
    "junk",
    [b"\x1f\x8b\x08junk" * 9, bytes(500), b"WARC/1.0 is not here\r\n"],
    ids=["members", "zeros", "words"],
)
def test_reading_goes_on_behind_junk(
    *, compressed: bool, where: int, junk: bytes, tmp_path: Path
) -> None:
    """Nothing that can be read is lost, and the line says where it is."""
    warc = made(compressed=compressed)
    start = warc.starts[URLS[where]]
    path = tmp_path / "a.warc"
    path.write_bytes(warc.content[:start] + junk + warc.content[start:])
    found, damage = read(str(path))
    assert found == [*range(6)]
    (line,) = damage
    assert line.startswith(f"{path}: damaged behind")


@pytest.mark.parametrize("place", [2, 30, 900])
@pytest.mark.parametrize("number", [0, 2])
def test_a_flipped_byte_costs_one_record(number: int, place: int, tmp_path: Path) -> None:
    """Of a compressed file: the ones before and behind are read."""
    warc = made()
    content = bytearray(warc.content)
    content[warc.starts[URLS[number]] + place] ^= 0xFF
    (path := tmp_path / "a.warc.gz").write_bytes(content)
    found, damage = read(str(path))
    assert set(found) >= {*range(6)} - {number}
    assert len(damage) == 1


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("left", [5, 400, -9])
def test_a_torn_file(*, compressed: bool, left: int, tmp_path: Path) -> None:
    """It ends within a record: in its head, its body, or its last bytes."""
    warc = made(compressed=compressed)
    end = warc.starts[URLS[5]] + left if left > 0 else left
    (path := tmp_path / "a.warc").write_bytes(warc.content[:end])
    found, damage = read(str(path))
    assert found[:5] == [*range(5)]
    assert len(damage) == 1
    assert damage[0].startswith(f"{path}: ")


@pytest.mark.parametrize(
    "content",
    [b"", b"no WARC file\n" * 99, gzip.compress(b"no WARC file" * 99), b"PK\x03\x04", bytes(9999)],
    ids=["empty", "text", "gzip", "zip", "zeros"],
)
def test_what_is_no_warc_file(content: bytes, tmp_path: Path) -> None:
    """One line says so."""
    (path := tmp_path / "a.warc.gz").write_bytes(content)
    assert read(str(path)) == ([], [f"{path}: there is no WARC record in it"])


def test_an_archive_of_browsertrix(tmp_path: Path) -> None:
    """The WARC files in a WACZ are read; one that is damaged has a line."""
    path = tmp_path / "crawl.wacz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("datapackage.json", "{}")
        archive.writestr("archive/data.warc.gz", made().content)
    assert read(str(path)) == ([*range(6)], [])
    (torn := tmp_path / "torn.wacz").write_bytes(path.read_bytes()[:-9])
    found, (line,) = read(str(torn))
    assert (found, line) == ([], f"{torn}: File is not a zip file")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("datapackage.json", "{}")
    assert read(str(path)) == ([], [f"{path}: there is no WARC record in it"])


@pytest.mark.parametrize(
    "name",
    [
        "nothing.warc.gz",
        "ftp://one/a.warc.gz",
        "file:///etc/passwd",
        pytest.param("a" * 300, id="long"),
    ],
)
def test_what_cannot_be_a_source(name: str, tmp_path: Path) -> None:
    """It is told before anything is read; an empty folder, too."""
    for given in (name, str(tmp_path)):
        with pytest.raises(Refused, match=r"there is no|give a file|too long"):
            sources_of([given])


def test_an_address_with_a_password() -> None:
    """It is refused and not repeated; so is what else has a key in it, or may have."""
    for address, said in (
        ("https://me:secret@127.0.0.1/a.warc.gz", "leave them out"),
        ("s3://me:secret@bucket/a.warc.gz", "leave them out"),
        ("s3://bucket/a.warc.gz?sig=secret", "has no query"),
        ("https://127.0.0.1/a.warc.gz?sig=a secret", "write %20"),
        ("ftp://me:secret@host/a.warc.gz?sig=secret", "give a file"),
    ):
        with pytest.raises(Refused, match=said) as refused:
            sources_of([address])
        assert "secret" not in str(refused.value)


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    """It is named before anything is read."""
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.warc")).write_bytes(made().content)
    with pytest.raises(Refused, match=r"udcff\.warc': .* make it UTF-8"):
        sources_of([str(tmp_path)])


def test_folders_are_searched(tmp_path: Path) -> None:
    """Sub-folders too, in the order of the names; what has no such name is not taken."""
    for name in ("b.warc", "a/x.WARC.GZ", "a/page.html", "a/notes.txt", "index.cdxj"):
        made().write(tmp_path / name)
    names = [os.path.relpath(one, tmp_path) for one in sources_of([str(tmp_path)])]
    assert names == ["a/page.html", "a/x.WARC.GZ", "b.warc"]


class Server(BaseHTTPRequestHandler):
    """Serves a WARC file, whole or cut off."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        content = b"" if "empty" in self.path else made().content
        self.send_response(404 if "missing" in self.path else 200)
        if "chunked" in self.path:
            self.send_header("Transfer-Encoding", "chunked")
            content = chunked(content)
        else:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[:-1500] if "cut" in self.path else content)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """Serve on loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()


def test_an_address_is_read_as_it_comes(server: str) -> None:
    """Whole, with a length or in chunks."""
    for path in ("a.warc.gz", "chunked.warc.gz"):
        assert read(f"{server}/{path}") == ([*range(6)], [])


@pytest.mark.parametrize("path", ["cut.warc.gz", "chunked-cut.warc.gz"])
def test_an_answer_that_breaks_off(path: str, server: str) -> None:
    """What came is read, and the line says so."""
    found, damage = read(f"{server}/{path}")
    assert found[:5] == [*range(5)]
    assert len(damage) == 1
    assert damage[0].startswith(f"{server}/{path}: ")


def test_an_address_that_gives_nothing(server: str) -> None:
    """Not found, nothing in it, or nobody there."""
    for name in (f"{server}/empty.warc.gz", "http://[::1/a.warc.gz"):
        found, (line,) = read(name)
        assert (found, line.startswith(f"{name}: ")) == ([], True)
    assert read(f"{server}/missing") == ([], [f"{server}/missing: HTTP Error 404: Not Found"])
    found, (line,) = read("http://127.0.0.1:1/a.warc.gz")
    assert (found, "Connection refused" in line) == ([], True)
