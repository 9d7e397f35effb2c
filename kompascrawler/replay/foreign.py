"""Pages of Kompas in WARC files and saved pages that others have made: one record an article.

A shard for each source keeps the pages that it finds there. When all have done, a shard for each
day of publication makes the records: the pages of an article may come from several sources.
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from fastwarc.warc import HeaderMap, WarcRecord, WarcRecordType

from kompascrawler import items
from kompascrawler.identity import ArticleAddress, parse_address
from kompascrawler.pages import PageRefused
from kompascrawler.pages.article import is_ended
from kompascrawler.pages.layouts import read_whole
from kompascrawler.pages.markup import is_odd
from kompascrawler.replay.captures import Capture
from kompascrawler.replay.job import Done, Shard, Step
from kompascrawler.replay.sources import (
    MOST_BYTES,
    PAGES,
    Records,
    SizedRecord,
    Source,
    named,
    opened,
)
from kompascrawler.run.unpacking import unpacked
from kompascrawler.sections import Scope
from kompascrawler.store.model import StoreError
from kompascrawler.warc.reading import OF_RENDERED, WALKED

_KINDS: Final = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.revisit
_SAVED: Final = re.compile(
    rb"<!--[^>]{0,200}?(?:saved from url=\(\d+\)|url:\s*|Mirrored from )"
    rb"(?P<url>[^\s>]*kompas\.com/[^\s>]+)"
)
"""How browsers, SingleFile and HTTrack say where a page was saved from."""
_AT_ONCE: Final = 200
"""Saved pages that make a shard; a WARC file is one."""
_ODD: Final = re.compile(r"[^A-Za-z0-9.-]+")
_HEADERS: Final = ("Content-Length", "Transfer-Encoding", "Content-Encoding")


class Wanted(NamedTuple):
    """Which articles are asked for."""

    sections: Scope
    first: str
    last: str
    """Bounds of their identities."""
    ids: frozenset[str] = frozenset()
    """Only these; none: all."""

    def has(self, address: ArticleAddress) -> bool:
        """Tell whether an article is."""
        is_chosen = self.first <= address.id <= self.last
        is_chosen = is_chosen and (not self.ids or address.id in self.ids)
        return is_chosen and self.sections.holds(address)

    def has_record(self, record: WarcRecord) -> bool:
        """Tell whether a record may hold a page of such an article."""
        url = record.headers.get("WARC-Target-URI") or ""
        if "kompas.com" not in url or not record.record_type & _KINDS:
            return False
        address = parse_address(OF_RENDERED.sub("", url.strip("<> ")))
        return address is not None and self.has(address)


@dataclass(slots=True, kw_only=True)
class Line:
    """What a shard that has read sources says of one page, and at its end of the sources."""

    capture: Capture | None = None
    """Without its body."""
    size: int = 0
    """Bytes of its body, packed, beside the lines; 0: it is equal to an earlier one."""
    passed: str = ""
    """Why an answer of a wanted address is no page."""
    records: int = 0
    damage: list[str] = field(default_factory=list)
    """A line for each place that cannot be read."""

    def done(self, page: bytes | None = None) -> Done:
        """Return it as what came of a step."""
        return Done(msgspec.json.encode(self) + b"\n", page=page)


def of_sources(sources: Sequence[str], wanted: Wanted) -> list[Shard]:
    """Return a shard for each WARC file, and for each few saved pages. Raises StoreError."""
    shards = []
    for is_saved, group in groupby(named(sources), _is_saved):
        names, size = list(group), _AT_ONCE if is_saved else 1
        for start in range(0, len(names), size):
            some = names[start : start + size]
            # A file that has become another one is read again.
            stamp = sha256("\n".join(map(_stamp, some)).encode("utf-8", "replace")).hexdigest()
            name = f"{_ODD.sub('_', some[0].name)[-80:]}-{stamp[:16]}"
            shards.append(Shard(name, partial(_pages_of, some, wanted)))
    return shards


def _is_saved(source: Source) -> bool:
    return source.address.lower().endswith(PAGES)


def _stamp(source: Source) -> str:
    address = source.address
    path = Path(address)
    about = path.stat() if "://" not in address and path.exists() else None
    return f"{address} {about.st_size} {about.st_mtime_ns}" if about else address


def _pages_of(sources: Sequence[Source], wanted: Wanted, _: list[str]) -> Iterator[Step]:
    records = Records(wanted.has_record)
    for source in sources:
        if _is_saved(source):
            records.number += 1
            try:
                yield _saved_page(source, wanted)
            except (OSError, StoreError) as error:
                cause = getattr(error, "strerror", None) or error
                records.damage.append(f"{source.name}: {cause}")
            continue
        for found in records.read(source):
            yield from _of_record(found, records.damage)
    yield _noted(Line(records=records.number, damage=records.damage))


def _noted(line: Line) -> Step:
    return Step("", line.done, ())


def _of_record(found: SizedRecord, damage: list[str]) -> Iterator[Step]:
    name, record, size = found
    if size > MOST_BYTES:
        yield _noted(Line(passed="too large"))
        return
    digest, is_torn = record.headers.get("WARC-Block-Digest"), record.content_length < size
    place = f"the record at {record.stream_pos}"
    if digest and not is_torn and not record.verify_block_digest():
        damage.append(f"{name}: the digest of {place} is another")
        return
    sent = _sent(record)
    if sent is None or sent.status_code not in (200, None):
        status = "unknown" if sent is None else sent.status_code
        yield _noted(Line(passed=f"status {status}"))
        return
    capture = _capture_of(record, name, sent.get("Content-Type") or "", is_torn=is_torn)
    if record.record_type == WarcRecordType.revisit:
        yield _noted(Line(capture=capture))
    else:
        headers = {one: sent.get(one) for one in _HEADERS}
        yield Step(f"{name}: {place}", _unpacked, (capture, record.reader.read(), headers))


def _unpacked(capture: Capture, payload: bytes, headers: dict[str, str | None]) -> Done:
    body = unpacked(payload, headers.get, MOST_BYTES)
    return _kept(capture, body.content, is_whole=body.is_whole)


def _kept(capture: Capture, body: bytes, *, is_whole: bool) -> Done:
    if len(body) >= MOST_BYTES or b"<" not in body[:4096]:
        cause = "too large" if len(body) >= MOST_BYTES else "no page"
        return Line(passed=cause if body else "empty").done()
    is_ending = capture.rendered or is_ended(body, capture.encoding)
    is_part = capture.truncated or not is_whole or not is_ending
    packed = zlib.compress(body, 1)
    return Line(capture=replace(capture, truncated=is_part), size=len(packed)).done(packed)


def _saved_page(source: Source, wanted: Wanted) -> Step:
    stream, size, at = opened(source.address)
    with stream:
        body = stream.read() if size <= MOST_BYTES else b""
    return Step(source.name, _saved, (source.name, body, at, wanted), is_odd(body))


def _saved(source: str, body: bytes, at: datetime, wanted: Wanted) -> Done:
    """Take a page by the address that it was saved from, or else by its own."""
    said = _SAVED.search(body[:8192])
    url = said["url"].decode("utf-8", "replace") if said else ""
    url = url if not url or "://" in url else f"https://{url}"
    try:
        page = read_whole(url, body, None)
    except PageRefused as refusal:
        return Line(passed=f"saved page: {refusal.reason}").done()
    if not wanted.has(page.address):
        return Done(None)
    if parse_address(url) is None:
        number = page.part().number_stated or 1
        url = page.address.url + (f"?page={number}" if number > 1 else "")
    place = items.Capture(file=source, offset=0, digest=None)
    capture = Capture(url=url, status=200, content_type="", body=b"", at=at, place=place)
    return _kept(capture, body, is_whole=True)


def _sent(record: WarcRecord) -> HeaderMap | None:
    """Return the headers of an answer, of a resource those of its record; None without any."""
    if record.record_type == WarcRecordType.resource:
        return record.headers
    record.parse_http(strict_mode=False)
    is_answer = record.http_headers is not None and record.http_headers.status_code
    return record.http_headers if is_answer else None


def _capture_of(record: WarcRecord, name: str, content_type: str, *, is_torn: bool) -> Capture:
    headers = record.headers
    url = (headers.get("WARC-Target-URI") or "").strip("<> ")
    pages, _, stopped = (headers.get(WALKED) or "0").partition(" ")
    digest = headers.get("WARC-Payload-Digest")
    return Capture(
        url=OF_RENDERED.sub("", url),
        status=200,
        content_type=content_type,
        body=b"",
        at=_time(headers.get("WARC-Date")),
        truncated=is_torn or "WARC-Truncated" in headers,
        rendered=OF_RENDERED.match(url) is not None,
        walked=int(pages) if pages.isdecimal() else 0,
        stopped=bool(stopped),
        place=items.Capture(file=name, offset=record.stream_pos, digest=digest),
    )


def _time(stated: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(stated or "")
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
