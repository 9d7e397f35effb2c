"""WARC files, wherever they lie and whatever has become of them: record by record."""

import os
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from http.client import HTTPException, IncompleteRead
from pathlib import Path
from typing import IO, Any, Final
from urllib.request import urlopen

from fastwarc.warc import ArchiveIterator, WarcRecord

from kompascrawler.cloud import objects
from kompascrawler.configuration.setting import without_keys
from kompascrawler.dataset.lines import Refused, need
from kompascrawler.store.model import StoreError

_WARCS: Final = (".warc", ".warc.gz", ".warc.zst", ".wacz")
_SAVED: Final = (".html", ".htm")
_HTTP: Final = ("http://", "https://")
_BUCKETS: Final = ("s3://", "gs://", "az://")
MOST_BYTES: Final = 32 << 20
"""Of a page, packed and unpacked; the largest seen has 0.4 MB."""
_LONGEST_HEADERS: Final = 1 << 24
"""Bytes of headers: whoever reads fewer loses all records that follow."""
_SECONDS: Final = 60
_PIECE: Final = 1 << 20
_MEMBER: Final = b"\x1f\x8b\x08"
_ENOUGH: Final = 4096
"""Bytes of a compressed record that surely hold the first letters."""
_NOT_IN_ADDRESS: Final = re.compile(r"[\x00-\x20\x7f]")
_START: Final = re.compile(re.escape(_MEMBER) + rb"|WARC/1\.[01]\r?\n")


@dataclass(frozen=True, slots=True)
class Source:
    """A file, an object or an address."""

    name: str
    """How messages and records call it: without a query, which may be a key."""
    address: str = field(repr=False)

    @property
    def is_saved(self) -> bool:
        """Whether it is a saved page."""
        return self.address.lower().endswith(_SAVED)

    @property
    def stamp(self) -> str:
        """What tells it from what it may become."""
        path = Path(self.address)
        about = path.stat() if "://" not in self.address and path.exists() else None
        return f"{self.address} {about.st_size} {about.st_mtime_ns}" if about else self.address


def named(addresses: Sequence[str]) -> list[Source]:
    """Return the sources with their names; a digest tells apart those that would have one.

    >>> [one.name for one in named(["a?b", "http://a/b?c", "http://d/?e", "http://d/"])]
    ['a?b', 'http://a/b', 'http://d/#de350208', 'http://d/']
    """
    bare = [re.split("[?#]", one)[0] if one.startswith(_HTTP) else one for one in addresses]
    number = Counter(bare)
    digests = (sha256(one.encode()).hexdigest()[:8] for one in addresses)
    return [
        Source(name if name == one or number[name] == 1 else f"{name}#{digest}", one)
        for name, one, digest in zip(bare, addresses, digests, strict=True)
    ]


def sources_of(given: Sequence[str]) -> list[str]:
    """Return files, objects and addresses, those in folders and below prefixes included.

    Each once, in their order. Raises Refused; StoreError where a bucket cannot be read.
    """
    found = list(dict.fromkeys(one for name in given for one in _named(name)))
    if not found:
        raise Refused(
            f"{without_keys(', '.join(given))}: there is no WARC file and no saved page in it"
        )
    if odd := [one for one in found if one != one.encode(errors="ignore").decode()]:
        raise Refused(f"{odd[0]!a}: a record could not say this name: make it UTF-8")
    return found


def _named(name: str) -> list[str]:
    path = Path(name)
    # What is refused may have a key in it: it is not repeated.
    if name.startswith((*_HTTP, *_BUCKETS)) and "@" in name.split("/")[2]:
        raise Refused("an address with a name or a password in it is not read: leave them out")
    if name.startswith(_HTTP):
        if _NOT_IN_ADDRESS.search(name):
            raise Refused("an address with a blank in it is not read: write %20")
        return [name]
    if name.startswith(_BUCKETS):
        if "?" in name:
            raise Refused("a bucket's address has no query: give keys in the environment")
        need("obstore", "cloud")
        return [name] if _is_source(name) else _below(name)
    if "://" in name:
        said = without_keys(name)
        raise Refused(f"{said}: give a file, a folder, or an address: http, https, s3, gs or az")
    try:
        if path.is_dir():
            inside = [str(one) for one in sorted(path.rglob("*")) if one.is_file()]
            return list(filter(_is_source, inside))
        if path.exists():
            return [name]
    except OSError as error:
        raise Refused(f"{name}: {error.strerror}") from error
    raise Refused(f"{name}: there is no such file or folder")


def _is_source(name: str) -> bool:
    return name.lower().endswith((*_WARCS, *_SAVED))


def _below(url: str) -> list[str]:
    bucket, below = _in_bucket(url)
    names = (one.name for one in objects.open(bucket).list(below))
    return [f"{bucket}/{name}" for name in names if _is_source(name)]


def _in_bucket(url: str) -> tuple[str, str]:
    """Return the bucket's address, and what follows it.

    >>> _in_bucket("s3://bucket/a/b.warc.gz")
    ('s3://bucket', 'a/b.warc.gz')
    """
    kind, _, rest = url.partition("://")
    bucket, _, name = rest.partition("/")
    return f"{kind}://{bucket}", name.strip("/")


def opened(source: str) -> tuple[IO[bytes], int, datetime]:
    """Return a file or an object, its size and its time. Raises OSError, StoreError."""
    if not source.startswith(_BUCKETS):
        stream = Path(source).open("rb")  # noqa: SIM115 - closed by the caller
        about = os.fstat(stream.fileno())
        return stream, about.st_size, datetime.fromtimestamp(about.st_mtime, UTC)
    bucket, name = _in_bucket(source)
    return objects.open(bucket).as_file(name)


SizedRecord = tuple[str, WarcRecord, int]
"""A file, a record in it, and how many bytes that should have; up to ``MOST_BYTES`` of them are in
memory, as far as it goes."""


class Records:
    """The records that are wanted, of one source after another; goes on behind damage."""

    def __init__(self, wants: Callable[[WarcRecord], bool]) -> None:
        self._wants = wants
        self._last = 0
        self.number = 0
        """How many were looked at."""
        self.damage: list[str] = []
        """A line for each place that cannot be read."""

    def read(self, source: Source) -> Iterator[SizedRecord]:
        """Yield those of a file, an object, or what an address gives."""
        before, name, address = self.number, source.name, source.address
        try:
            if address.startswith(_HTTP):
                with closing(_Download(address)) as download:
                    yield from self._read(name, download)
                    download.check()
            else:
                is_zip = address.lower().endswith(".wacz")
                read = self._read_members if is_zip else self._read_file
                with opened(address)[0] as stream:
                    yield from read(name, stream)
        except (OSError, StoreError, HTTPException, ValueError, zipfile.BadZipFile) as error:
            cause = getattr(error, "strerror", None) or without_keys(error)
            self.damage.append(f"{name}: {cause}")
        else:
            if self.number == before:
                self.damage.append(f"{name}: there is no WARC record in it")

    def _read(self, name: str, stream: Any) -> Iterator[SizedRecord]:
        self._last = stream.tell()
        for record in ArchiveIterator(
            stream,
            parse_http=False,
            func_filter=self._counted,
            max_header_len=_LONGEST_HEADERS,
        ):
            size = record.content_length
            if size <= MOST_BYTES:
                record.freeze()  # here, where a failing disk is damage
            yield name, record, size

    def _counted(self, record: WarcRecord) -> bool:
        self.number += 1
        self._last = record.stream_pos
        return self._wants(record)

    def _read_members(self, source: str, stream: IO[bytes]) -> Iterator[SizedRecord]:
        with zipfile.ZipFile(stream) as archive:
            for name in archive.namelist():
                if name.endswith(_WARCS):
                    with archive.open(name) as member:
                        yield from self._read(f"{source}/{name}", member)

    def _read_file(self, name: str, stream: IO[bytes]) -> Iterator[SizedRecord]:
        before, start, damage = self.number, 0, list[str]()
        while start >= 0:
            stream.seek(start)
            try:
                yield from self._read(name, stream)
            except OSError as error:
                if not start or self._last > start:
                    damage.append(f"{name}: damaged behind {self._last}: {error}")
                start = _next_start(stream, max(start, self._last) + 1)
            else:
                break
        if self.number == before:
            return  # one line tells all
        self.damage += damage
        if start >= 0 and _is_torn(stream, self._last):
            self.damage.append(f"{name}: it ends in the middle of a record")


def _next_start(stream: IO[bytes], begin: int) -> int:
    """Return where the next record may begin; -1 where none does."""
    stream.seek(begin)
    content, piece = b"", b"-"
    while piece:
        piece = stream.read(_PIECE)
        content += piece
        # What begins near the end is looked at with the next piece.
        looked = max(len(content) - _ENOUGH, 0) if piece else len(content)
        for match in _START.finditer(content):
            start = match.start()
            if start < looked and _is_record(content[start : start + _ENOUGH]):
                return begin + start
        begin, content = begin + looked, content[looked:]
    return -1


def _is_record(content: bytes) -> bool:
    if not content.startswith(_MEMBER):
        return True
    try:
        return zlib.decompressobj(31).decompress(content, 5) == b"WARC/"
    except zlib.error:
        return False


def _is_torn(stream: IO[bytes], last: int) -> bool:
    """Tell whether a file ends before its last record does."""
    stream.seek(last)
    if stream.read(3) != _MEMBER:
        stream.seek(last)
        record = next(ArchiveIterator(stream, parse_http=False), None)
        if record is None or "Content-Length" not in record.headers:
            return True
        return len(record.reader.read()) < record.content_length
    stream.seek(last)
    unpacking = zlib.decompressobj(31)
    while not unpacking.eof and (piece := stream.read(1 << 20)):
        unpacking.decompress(piece)
    return not unpacking.eof or bool((unpacking.unused_data + stream.read(99)).strip(b"\0\r\n"))


class _Download:
    """What an address gives, as a stream that cannot be read twice."""

    def __init__(self, url: str) -> None:
        self._answer = urlopen(url, timeout=_SECONDS)  # noqa: S310 - http or https
        self._read = 0
        self._is_broken = False
        self.close = self._answer.close

    def read(self, size: int = -1) -> bytes:
        try:
            piece: bytes = self._answer.read(size)
        except IncompleteRead as error:
            piece, self._is_broken = error.partial, True
        self._read += len(piece)
        return piece

    def tell(self) -> int:
        return self._read

    def check(self) -> None:
        stated = self._answer.headers.get("Content-Length", "")
        if self._is_broken or (stated.isdecimal() and self._read < int(stated)):
            raise OSError(f"the answer broke off behind {self._read} bytes")
