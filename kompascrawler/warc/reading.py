"""Reads WARC files: one record by its place, all of them, or where each answer is (CDXJ).

Damage is told, never passed over.
"""

import json
import re
from base64 import b32decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from kompascrawler import items
from kompascrawler.identity import parse_address
from kompascrawler.store.model import StoreError

if TYPE_CHECKING:
    from fastwarc.warc import HeaderMap, WarcRecord

WALKED: Final = "X-Walked"
"""Field of a rendered document's record: pages that the browser saw, and why it stopped early."""
OF_RENDERED: Final = re.compile(r"urn:kompascrawler:rendered:\d+:")
"""What stands before the address of a page that a browser has rendered."""
_OF_PAGES: Final = ("response", "resource")
_LONGEST: Final = 1 << 24
"""Bytes of headers: whoever reads fewer (fastwarc 32 KB) loses all records that follow."""


class Damaged(StoreError):  # noqa: N818 - what happened to the file
    """A record that is not there, or is not as it was written; one line says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """An answer of the site, or a document that a browser has rendered of one."""

    url: str
    """Address after redirects."""
    status: int
    content_type: str
    body: bytes
    """Unpacked."""
    at: datetime | None
    """When it was received, UTC; None where nobody knows."""
    place: items.Capture
    truncated: bool = False
    """Whether it is known to be only a beginning."""
    rendered: bool = False
    """Whether a browser has rendered it: UTF-8, entities decoded."""
    walked: int = 0
    """Of a rendered document: pages that the browser saw; 0 where nobody knows."""
    stopped: bool = False
    """Of a rendered document: whether the browser stopped before the end of the article."""


def capture_of(
    headers: "HeaderMap", file: str, offset: int, *, content_type: str, body: bytes
) -> Capture:
    """Return what a record holds by its WARC headers: an answer with status 200 and its body."""
    url = (headers.get("WARC-Target-URI") or "").strip("<> ")
    pages, _, stopped = (headers.get(WALKED) or "0").partition(" ")
    digest = headers.get("WARC-Payload-Digest")
    return Capture(
        url=OF_RENDERED.sub("", url),
        status=200,
        content_type=content_type,
        body=body,
        at=_time(headers.get("WARC-Date")),
        truncated="WARC-Truncated" in headers,
        rendered=OF_RENDERED.match(url) is not None,
        walked=int(pages) if pages.isdecimal() else 0,
        stopped=bool(stopped),
        place=items.Capture(file=file, offset=offset, digest=digest),
    )


def _time(stated: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(stated or "")
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@contextmanager
def _records(path: Path, start: int = 0, **options: Any) -> Iterator[Iterator["WarcRecord"]]:
    from fastwarc.warc import ArchiveIterator  # noqa: PLC0415 - of the extra

    try:
        with path.open("rb") as stream:
            stream.seek(start)
            yield iter(ArchiveIterator(stream, max_header_len=_LONGEST, **options))
    except OSError as error:
        raise Damaged(f"{path} cannot be read at {start}: {error}") from error


def records_of(path: Path, **options: Any) -> Iterator[tuple[int, "WarcRecord"]]:
    """Yield each record with its offset; ``options`` are fastwarc's. Raises Damaged."""
    with _records(path, **options) as records:
        for record in records:
            yield record.stream_pos, record


def head_of(path: Path, start: int) -> dict[str, str]:
    """Return the WARC headers of a record. Raises Damaged."""
    with _records(path, start) as records:
        return _next(records, path, start).headers.asdict()


def answer_at(path: Path, start: int, digest: bytes, revisit: int | None = None) -> Capture:
    """Return an answer, its payload compared with a SHA-1. Raises Damaged.

    ``revisit`` is where a later answer with the same payload stands, which is then returned.
    """
    from kompascrawler.run.unpacking import unpacked  # noqa: PLC0415 - with all its codings

    with _records(path, start) as records:
        record = _next(records, path, start)
        payload, sent = record.reader.read(), record.http_headers
        if sha1(payload).digest() != digest:  # noqa: S324 - as WARC has it
            raise Damaged(f"{path}: the payload at {start} is not what was received")
    offset = start if revisit is None else revisit
    with _records(path, offset) as records:
        record = _next(records, path, offset)
        headers, http = record.headers, record.http_headers
        stated = (headers if http is None else http).get("Content-Type") or ""
        body = unpacked(payload, sent.get).content if sent else payload
        found = capture_of(headers, path.name, offset, content_type=stated, body=body)
    if found.at is None:
        raise Damaged(f"{path}: the record at {offset} is damaged: it has no time")
    return replace(found, status=int(http.status_code or 0)) if http else found


def _next(records: Iterator["WarcRecord"], path: Path, start: int) -> "WarcRecord":
    record = next(records, None)
    if record is None or record.stream_pos != start:
        raise Damaged(f"{path} has no record at {start}")
    return record


def article_of(record: "WarcRecord") -> str | None:
    """Return the identity of the article whose page a record holds, or None."""
    url = OF_RENDERED.sub("", record.headers.get("WARC-Target-URI") or "")
    address = parse_address(url) if record.headers["WARC-Type"] in _OF_PAGES else None
    return address and address.id


def digest_of(record: "WarcRecord") -> bytes:
    """Return the SHA-1 of the payload that a record states; nothing where it states none."""
    stated = (record.headers.get("WARC-Payload-Digest") or "").partition(":")[2]
    return b32decode(stated) if stated else b""


def index_of(path: Path) -> bytes:
    """Return the lines of a file's index (CDXJ), sorted. Raises Damaged."""
    found = [(start, _about(record)) for start, record in records_of(path)]
    ends = [*(start for start, _ in found[1:]), path.stat().st_size]
    lines = []
    for (start, (key, about)), end in zip(found, ends, strict=True):
        if about:
            place = {"offset": str(start), "filename": path.name, "length": str(end - start)}
            lines.append(f"{key} {json.dumps(about | place, ensure_ascii=False)}\n")
    return "".join(sorted(lines)).encode()


def _about(record: "WarcRecord") -> tuple[str, dict[str, str]]:
    """Return key and fields of an answer's line; no fields for another record."""
    url = record.headers.get("WARC-Target-URI") or ""
    time = re.sub(r"\D", "", record.headers.get("WARC-Date") or "")[:14]
    about = {"url": url, "digest": record.headers.get("WARC-Payload-Digest") or ""}
    kind = record.headers.get("WARC-Type")
    if kind == "resource":
        about["mime"] = _mime(record.headers.get("Content-Type"))
    elif kind in ("response", "revisit"):
        about["status"] = str(record.http_headers.status_code)
        about["mime"] = "warc/revisit" if kind == "revisit" else _mime(record.http_content_type)
    else:
        return "", {}
    return f"{surt(url)} {time}", about


def _mime(content_type: str | None) -> str:
    return (content_type or "unk").partition(";")[0].strip() or "unk"


def surt(url: str) -> str:
    """Return an address as indexes sort it: the host from its end, small letters, sorted query.

    >>> surt("https://www.kompas.com/Global/read/1/?page=2&B")
    'com,kompas)/global/read/1?b&page=2'
    >>> surt("http://127.0.0.1:8000/"), surt("urn:kompascrawler:rendered:1:https://x.com/A")
    ('127.0.0.1:8000)/', 'urn:kompascrawler:rendered:1:https://x.com/A')
    """
    if url.startswith("urn:"):
        return url
    parts = urlsplit(url.lower())
    host = re.sub(r"^www\d*\.", "", parts.hostname or "")
    if not re.fullmatch(r"[\d.]+", host):
        host = ",".join(reversed(host.split(".")))
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    return f"{host}{port}){parts.path.rstrip('/') or '/'}{'?' if query else ''}{query}"
