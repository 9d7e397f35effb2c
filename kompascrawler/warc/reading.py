"""Reads WARC files: one record by its place, or all of them; damage is told, never passed over."""

import re
from base64 import b32decode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha1
from pathlib import Path
from typing import Any, Final, NamedTuple

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from kompascrawler.store.model import StoreError

_OF_RENDERED: Final = re.compile(r"urn:kompascrawler:rendered:\d+:")

_LONGEST: Final = 1 << 24
"""Bytes of headers: whoever reads fewer (fastwarc 32 KB) loses all records that follow."""


class Damaged(StoreError):  # noqa: N818 - what happened to the file
    """A record that is not there, or is not as it was written; one line says what is wrong."""


class Answer(NamedTuple):
    """An answer as it was received, its body unpacked."""

    url: str
    date: str
    """RFC 3339, UTC."""
    status: int
    content_type: str
    body: bytes


@contextmanager
def _records(path: Path, start: int = 0, **options: Any) -> Iterator[Iterator[WarcRecord]]:
    """Give the records from an offset on. Raises Damaged."""
    try:
        with path.open("rb") as stream:
            stream.seek(start)
            yield iter(ArchiveIterator(stream, max_header_len=_LONGEST, **options))
    except OSError as error:
        raise Damaged(f"{path} cannot be read at {start}: {error}") from error


def records_of(path: Path, **options: Any) -> Iterator[tuple[int, WarcRecord]]:
    """Yield each record with its offset; ``options`` are fastwarc's. Raises Damaged."""
    with _records(path, **options) as records:
        for record in records:
            yield record.stream_pos, record


def head_of(path: Path, start: int) -> dict[str, str]:
    """Return the WARC headers of a record. Raises Damaged."""
    with _records(path, start) as records:
        return _next(records, path, start).headers.asdict()


def answer_at(path: Path, start: int, digest: bytes) -> Answer:
    """Return an answer, its payload compared with a SHA-1. Raises Damaged."""
    with _records(path, start) as records:
        record = _next(records, path, start)
        if sha1(record.reader.read()).digest() != digest:  # noqa: S324 - as WARC has it
            raise Damaged(f"{path}: the payload at {start} is not what was received")
    with _records(path, start, auto_decode="content") as records:
        record = _next(records, path, start)
        is_page = record.record_type == WarcRecordType.response
        headers = record.http_headers if is_page else record.headers
        return Answer(
            url=_OF_RENDERED.sub("", record.headers.get("WARC-Target-URI") or ""),
            date=record.headers.get("WARC-Date") or "",
            status=int(record.http_headers.status_code or 0) if is_page else 200,
            content_type=headers.get("Content-Type") or "",
            body=record.reader.read(),
        )


def _next(records: Iterator[WarcRecord], path: Path, start: int) -> WarcRecord:
    record = next(records, None)
    if record is None or record.stream_pos != start:
        raise Damaged(f"{path} has no record at {start}")
    return record


def digest_of(record: WarcRecord) -> bytes:
    """Return the SHA-1 of the payload that a record states; nothing where it states none."""
    stated = (record.headers.get("WARC-Payload-Digest") or "").partition(":")[2]
    return b32decode(stated) if stated else b""
