"""The CDXJ index of a WARC file: where each answer is, by its address and time."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from fastwarc.warc import WarcRecord, WarcRecordType

from kompascrawler.warc.reading import records_of

_INDEXED: Final = (WarcRecordType.response, WarcRecordType.revisit, WarcRecordType.resource)


def index_of(path: Path) -> bytes:
    """Return the lines of a file's index, sorted. Raises Damaged."""
    return "".join(sorted(_lines(path))).encode()


def _lines(path: Path) -> Iterator[str]:
    """Yield a line for each answer; a record is as long as from its offset to the next one's."""
    before: tuple[int, str, dict[str, Any]] | None = None
    for start, record in records_of(path):
        if before is not None:
            yield _line(*before, length=start - before[0])
            before = None
        if record.record_type in _INDEXED:
            before = (
                start,
                *_about(record),
            )
            before[2].update(offset=str(start), filename=path.name)
    if before is not None:
        yield _line(*before, length=path.stat().st_size - before[0])


def _line(_: int, key: str, about: dict[str, Any], *, length: int) -> str:
    return f"{key} {json.dumps(about | {'length': str(length)}, ensure_ascii=False)}\n"


def _about(record: WarcRecord) -> tuple[str, dict[str, Any]]:
    """Return key and fields of a line."""
    url = record.headers.get("WARC-Target-URI") or ""
    time = re.sub(r"\D", "", record.headers.get("WARC-Date") or "")[:14]
    about = {"url": url, "digest": record.headers.get("WARC-Payload-Digest") or ""}
    if record.record_type == WarcRecordType.resource:
        about["mime"] = _mime(record.headers.get("Content-Type"))
        return f"{surt(url)} {time}", about
    about["status"] = str(record.http_headers.status_code)
    is_revisit = record.record_type == WarcRecordType.revisit
    about["mime"] = "warc/revisit" if is_revisit else _mime(record.http_content_type)
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
