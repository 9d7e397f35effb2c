"""Pages of Kompas in WARC files and saved pages that others have made: one record an article.

A shard for each source keeps the pages that it finds there. When all have done, a shard for each
day of publication makes the records: the pages of an article may come from several sources.
"""

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

import msgspec
from fastwarc.warc import HeaderMap, WarcRecord, WarcRecordType

from kompascrawler import items
from kompascrawler.identity import ArticleAddress, parse_address
from kompascrawler.pages import PageRefused
from kompascrawler.pages.article import is_ended
from kompascrawler.pages.layouts import read_whole
from kompascrawler.pages.markup import is_odd
from kompascrawler.replay.article import Refused, encoding_of, foreign_article
from kompascrawler.replay.job import ENDING, PAGES, Done, Shard, Step, parts, results_at
from kompascrawler.replay.sources import MOST_BYTES, Records, Source, named, opened
from kompascrawler.run.unpacking import unpacked
from kompascrawler.sections import Scope
from kompascrawler.store.model import StoreError
from kompascrawler.store.records import to_line
from kompascrawler.warc.reading import OF_RENDERED, Capture, capture_of

_KINDS: Final = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.revisit
_SAVED: Final = re.compile(
    rb"<!--[^>]{0,200}?(?:saved from url=\(\d+\)|url:\s*|Mirrored from )"
    rb"(?P<url>[^\s>]*kompas\.com/[^\s>]+)"
)
"""How browsers, SingleFile and HTTrack say where a page was saved from."""
_AT_ONCE: Final = 200
"""Saved pages that make a shard; a WARC file is one."""
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
        is_named = not self.ids or address.id in self.ids
        return is_named and self.first <= address.id <= self.last and self.sections.holds(address)

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
    for is_saved, group in groupby(named(sources), attrgetter("is_saved")):
        names, size = list(group), _AT_ONCE if is_saved else 1
        for start in range(0, len(names), size):
            some = names[start : start + size]
            # A file that has become another one is read again.
            stamp = "\n".join(one.stamp for one in some).encode("utf-8", "replace")
            name = re.sub(r"[^A-Za-z0-9.-]+", "_", some[0].name)[-80:]
            name = f"{name}-{sha256(stamp).hexdigest()[:16]}"
            shards.append(Shard(name, partial(_pages_of, some, wanted)))
    return shards


def _pages_of(sources: Sequence[Source], wanted: Wanted) -> Iterator[Step]:
    records = Records(wanted.has_record)
    for source in sources:
        if source.is_saved:
            records.number += 1
            try:
                yield _saved_page(source, wanted)
            except (OSError, StoreError) as error:
                cause = getattr(error, "strerror", None) or error
                records.damage.append(f"{source.name}: {cause}")
            continue
        for found in records.read(source):
            if step := _of_record(*found, records.damage):
                yield step
    yield _noted(Line(records=records.number, damage=records.damage))


def _noted(line: Line) -> Step:
    return Step("", line.done, ())


def _of_record(name: str, record: WarcRecord, size: int, damage: list[str]) -> Step | None:
    if size > MOST_BYTES:
        return _noted(Line(passed="too large"))
    digest, is_torn = record.headers.get("WARC-Block-Digest"), record.content_length < size
    place = f"the record at {record.stream_pos}"
    if digest and not is_torn and not record.verify_block_digest():
        damage.append(f"{name}: the digest of {place} is another")
        return None
    sent = _sent(record)
    if sent is None or sent.status_code not in (200, None):
        status = "unknown" if sent is None else sent.status_code
        return _noted(Line(passed=f"status {status}"))
    stated = sent.get("Content-Type") or ""
    capture = capture_of(record.headers, name, record.stream_pos, content_type=stated, body=b"")
    capture = replace(capture, truncated=is_torn or capture.truncated)
    if record.record_type == WarcRecordType.revisit:
        return _noted(Line(capture=capture))
    headers = {one: sent.get(one) for one in _HEADERS}
    return Step(f"{name}: {place}", _kept, (capture, record.reader.read(), headers))


def _kept(capture: Capture, payload: bytes, headers: dict[str, str | None]) -> Done:
    body, is_whole, _ = unpacked(payload, headers.get, MOST_BYTES)
    if len(body) >= MOST_BYTES or b"<" not in body[:4096]:
        cause = "too large" if len(body) >= MOST_BYTES else "no page"
        return Line(passed=cause if body else "empty").done()
    is_ending = capture.rendered or is_ended(body, encoding_of(capture))
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
    return _kept(capture, body, {})


def _sent(record: WarcRecord) -> HeaderMap | None:
    """Return the headers of an answer, of a resource those of its record; None without any."""
    if record.record_type == WarcRecordType.resource:
        return record.headers
    record.parse_http(strict_mode=False)
    is_answer = record.http_headers is not None and record.http_headers.status_code
    return record.http_headers if is_answer else None


class _Place(NamedTuple):
    """A capture without its body, and where that lies."""

    capture: Capture
    name: str
    start: int
    size: int

    def with_body_of(self, earlier: "_Place") -> "_Place":
        capture = replace(
            self.capture,
            content_type=earlier.capture.content_type,
            truncated=self.capture.truncated or earlier.capture.truncated,
        )
        return earlier._replace(capture=capture)


class Found:
    """What all shards of the sources have found; they are put together in the sources' order."""

    def __init__(self, place: str, shards: Iterable[Shard]) -> None:
        """``place``: where the results of the shards lie. Raises StoreError."""
        self.records = 0
        """Records and saved pages that were looked at."""
        self.damage: list[str] = []
        self.passed: Counter[str] = Counter()
        """Records of wanted addresses that are no pages, by cause."""
        self._place, self._pages = place, list[_Place]()
        decoder, results = msgspec.json.Decoder(Line), results_at(place)
        for shard in shards:
            start = 0
            for line in decoder.decode_lines(results.get(shard.name + ENDING) or b""):
                self.records += line.records
                self.damage += line.damage
                self.passed.update([line.passed] if line.passed else [])
                if line.capture:
                    self._pages.append(_Place(line.capture, shard.name + PAGES, start, line.size))
                    start += line.size

    def days(self, run_id: str) -> list[Shard]:
        """Return a shard for each day; it tells whether an article is whole, or why it is none."""
        payloads, of_article = dict[str | None, _Place](), defaultdict[str, list[_Place]](list)
        for page in self._pages:
            if page.size and (digest := page.capture.place.digest):
                payloads.setdefault(digest, page)
        for page in self._pages:
            address = parse_address(page.capture.url)
            assert address is not None
            if earlier := page if page.size else payloads.get(page.capture.place.digest):
                of_article[address.id].append(page.with_body_of(earlier))
            else:
                self.passed["equal to a page that is not here"] += 1
        days = groupby(sorted(of_article.items()), lambda one: one[0][:10])
        return [Shard(day, partial(_articles, self._place, list(of), run_id)) for day, of in days]


def _articles(
    at: str, articles: Sequence[tuple[str, Sequence[_Place]]], run_id: str
) -> Iterator[Step]:
    bodies = parts(results_at(at), (one[1:] for _, places in articles for one in places))
    for article_id, places in articles:
        captures = [replace(one.capture, body=_unpacked(one, bodies)) for one in places]
        odd = any(is_odd(one.body) for one in captures)
        yield Step(article_id, _record, (article_id, captures, run_id), odd)


def _unpacked(place: _Place, bodies: dict[tuple[str, int], bytes]) -> bytes:
    try:
        return zlib.decompress(bodies[place.name, place.start])
    except zlib.error as error:
        raise StoreError(f"{place.name} was changed meanwhile: {error}; replay again") from error


def _record(article_id: str, captures: Sequence[Capture], run_id: str) -> Done:
    made = foreign_article(article_id, captures, run_id)
    if isinstance(made, Refused):
        return Done(None, (article_id, made.message))
    return Done(to_line(made), (article_id, made.halaman.complete))
