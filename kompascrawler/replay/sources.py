"""WARC files, wherever they lie and whatever has become of them: record by record."""

import mmap
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from contextlib import closing
from http.client import HTTPException, IncompleteRead
from pathlib import Path
from typing import IO, Any, Final
from urllib.request import urlopen

from fastwarc.warc import ArchiveIterator, WarcRecord

from kompascrawler.dataset.lines import Refused

WARCS: Final = (".warc", ".warc.gz", ".warc.zst", ".wacz")
PAGES: Final = (".html", ".htm")
_LONGEST_HEADERS: Final = 1 << 24
"""Bytes of headers: whoever reads fewer loses all records that follow."""
_SECONDS: Final = 60
_MEMBER: Final = b"\x1f\x8b\x08"
_ENOUGH: Final = 4096
"""Bytes of a compressed record that surely hold the first letters."""
_START: Final = re.compile(re.escape(_MEMBER) + rb"|WARC/1\.[01]\r?\n")


def sources_of(given: Sequence[str]) -> list[str]:
    """Return files and addresses, those in folders included, in their order. Raises Refused."""
    found = []
    for name in given:
        path = Path(name)
        if name.startswith(("http://", "https://")):
            found.append(name)
        elif "://" in name:
            raise Refused(f"{name}: give a file, a folder, or an address of http or https")
        elif path.is_dir():
            inside = [str(one) for one in sorted(path.rglob("*")) if one.is_file()]
            found += [one for one in inside if one.lower().endswith((*WARCS, *PAGES))]
        elif path.exists():
            found.append(name)
        else:
            raise Refused(f"{name}: there is no such file or folder")
    if not found:
        raise Refused(f"{', '.join(given)}: there is no WARC file and no saved page in it")
    return found


class Records:
    """Hands on the records that are wanted; goes on behind damaged places."""

    def __init__(
        self, wants: Callable[[WarcRecord], bool], take: Callable[[str, WarcRecord], None]
    ) -> None:
        self._wants, self._take = wants, take
        self._last = 0
        self.number = 0
        self.damage: list[str] = []
        """A line for each place that cannot be read."""

    def read(self, source: str) -> None:
        """Read all of a file, or of what an address gives."""
        try:
            if source.startswith(("http://", "https://")):
                with closing(_Download(source)) as download:
                    self._read(source, download)
                    download.check()
            elif source.lower().endswith(".wacz"):
                self._read_members(source)
            else:
                with Path(source).open("rb") as stream:
                    self._read_file(source, stream)
        except (OSError, HTTPException, zipfile.BadZipFile) as error:
            self.damage.append(f"{source}: {getattr(error, 'strerror', None) or error}")

    def _read(self, name: str, stream: Any) -> None:
        self._last = stream.tell()
        for record in ArchiveIterator(
            stream,
            parse_http=False,
            func_filter=self._counted,
            max_header_len=_LONGEST_HEADERS,
        ):
            self._take(name, record)

    def _counted(self, record: WarcRecord) -> bool:
        self.number += 1
        self._last = record.stream_pos
        return self._wants(record)

    def _read_members(self, source: str) -> None:
        with zipfile.ZipFile(source) as archive:
            for name in archive.namelist():
                if name.endswith(WARCS):
                    with archive.open(name) as member:
                        self._read(f"{source}/{name}", member)

    def _read_file(self, name: str, stream: IO[bytes]) -> None:
        before, start, damage = self.number, 0, list[str]()
        while start >= 0:
            stream.seek(start)
            try:
                self._read(name, stream)
            except OSError as error:
                if not start or self._last > start:
                    damage.append(f"{name}: damaged behind {self._last}: {error}")
                start = _next_start(stream, max(start, self._last) + 1)
            else:
                break
        if self.number == before:
            raise OSError("there is no WARC record in it")
        self.damage += damage
        if start >= 0 and _is_torn(stream, self._last):
            self.damage.append(f"{name}: it ends in the middle of a record")


def _next_start(stream: IO[bytes], begin: int) -> int:
    """Return where the next record may begin; -1 where none does."""
    with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for match in _START.finditer(content, begin):
            start = match.start()
            if match[0] != _MEMBER:
                return start
            try:
                piece = content[start : start + _ENOUGH]
                if zlib.decompressobj(31).decompress(piece, 5) == b"WARC/":
                    return start
            except zlib.error:
                continue
    return -1


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
        """Raise OSError for an answer that broke off."""
        stated = self._answer.headers.get("Content-Length", "")
        if self._is_broken or (stated.isdecimal() and self._read < int(stated)):
            raise OSError(f"the answer broke off behind {self._read} bytes")
