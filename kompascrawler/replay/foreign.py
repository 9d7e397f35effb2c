"""Pages of Kompas in WARC files and saved pages that others have made: one record an article."""

import os
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from typing import Any, Final, NamedTuple

from fastwarc.warc import HeaderMap, WarcRecord, WarcRecordType

from kompascrawler import items
from kompascrawler.identity import ArticleAddress, parse_address
from kompascrawler.items import Article
from kompascrawler.pages import PageRefused
from kompascrawler.pages.article import is_ended
from kompascrawler.pages.whole import WholePage, read_whole
from kompascrawler.replay.article import Refused, article_of
from kompascrawler.replay.captures import Capture
from kompascrawler.replay.sources import PAGES, Records
from kompascrawler.run.reader import ReaderFailed
from kompascrawler.run.unpacking import unpacked
from kompascrawler.store.errors import explained
from kompascrawler.warc.reading import OF_RENDERED, WALKED

MOST_BYTES: Final = 32 << 20
"""Of a page, packed and unpacked; the largest seen has 0.4 MB."""
_ONE_VISIT: Final = timedelta(days=1)
"""Captures of an article that are no further apart are put together."""
_KINDS: Final = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.revisit
_SAVED: Final = re.compile(
    rb"<!--[^>]{0,200}?(?:saved from url=\(\d+\)|url:\s*|Mirrored from )"
    rb"(?P<url>[^\s>]*kompas\.com/[^\s>]+)"
)
"""How browsers, SingleFile and HTTrack say where a page was saved from."""


Call = Callable[..., Any]
"""Is given bodies, a function and its arguments; returns what that returns."""


def direct(_: Sequence[bytes], function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function at once."""
    return function(*arguments)


class _Found(NamedTuple):
    """A capture without its body, and where that lies."""

    capture: Capture
    start: int
    size: int


class Collection:
    """The pages of the wanted articles in some sources; bodies lie in a temporary file."""

    def __init__(self, wants: Callable[[ArticleAddress], bool], call: Call = direct) -> None:
        """``wants`` tells which articles; ``call`` does what may take long, for some bodies."""
        self._wants, self._call = wants, call
        self._bodies = TemporaryFile()  # noqa: SIM115 - closed with this
        self._found: dict[str, list[_Found]] = {}
        self._payloads: dict[str, _Found] = {}
        self._revisits: list[Capture] = []
        self._records = Records(self._is_wanted, self._take)
        self.damage = self._records.damage
        """A line for each place that cannot be read."""
        self.passed: Counter[str] = Counter()
        """Records of wanted addresses that are no pages, by cause."""
        self.close = self._bodies.close

    @property
    def records(self) -> int:
        """Records and saved pages that were looked at."""
        return self._records.number

    def add(self, source: str) -> None:
        """Read a file, or what an address gives."""
        if source.lower().endswith(PAGES) and "://" not in source:
            self._records.number += 1
            try:
                self._add_saved(Path(source))
            except OSError as error:
                self.damage.append(f"{source}: {error.strerror}")
        else:
            self._records.read(source)

    def articles(self) -> Iterator[tuple[str, list[Capture]]]:
        """Yield identities, in their order, each with its captures."""
        for capture in self._revisits:
            digest = capture.place.digest if capture.place else None
            if earlier := self._payloads.get(digest or ""):
                address = parse_address(capture.url)
                assert address is not None
                kept = replace(
                    capture,
                    content_type=earlier.capture.content_type,
                    truncated=capture.truncated or earlier.capture.truncated,
                )
                self._found.setdefault(address.id, []).append(earlier._replace(capture=kept))
            else:
                self.passed["equal to a page that is not here"] += 1
        self._revisits.clear()
        for article_id, found in sorted(self._found.items()):
            yield article_id, [replace(one.capture, body=self._body(one)) for one in found]

    def _body(self, found: _Found) -> bytes:
        self._bodies.seek(found.start)
        return zlib.decompress(self._bodies.read(found.size))

    # records -------------------------------------------------------------------------------------
    def _is_wanted(self, record: WarcRecord) -> bool:
        url = record.headers.get("WARC-Target-URI") or ""
        if "kompas.com" not in url or not record.record_type & _KINDS:
            return False
        address = parse_address(OF_RENDERED.sub("", url.strip("<> ")))
        return address is not None and self._wants(address)

    def _take(self, name: str, record: WarcRecord) -> None:
        length, digest = record.content_length, record.headers.get("WARC-Block-Digest")
        if length > MOST_BYTES:
            self.passed["too large"] += 1
            return
        record.freeze()
        is_torn = record.content_length < length
        if digest and not is_torn and not record.verify_block_digest():
            place = f"the record at {record.stream_pos}"
            self.damage.append(f"{name}: the digest of {place} is another")
            return
        sent = _sent(record)
        if sent is None or sent.status_code not in (200, None):
            status = "unknown" if sent is None else sent.status_code
            self.passed[f"status {status}"] += 1
            return
        capture = _capture_of(record, name, sent.get("Content-Type") or "", is_torn=is_torn)
        if record.record_type == WarcRecordType.revisit:
            self._revisits.append(capture)
            return
        body = unpacked(record.reader.read(), sent.get, MOST_BYTES)
        self._keep(capture, body.content, is_whole=body.is_whole)

    def _keep(self, capture: Capture, body: bytes, *, is_whole: bool) -> None:
        address, place = parse_address(capture.url), capture.place
        assert address is not None
        assert place is not None
        if len(body) >= MOST_BYTES or b"<" not in body[:4096]:
            cause = "too large" if len(body) >= MOST_BYTES else "no page"
            self.passed[cause if body else "empty"] += 1
            return
        is_ending = capture.rendered or is_ended(body, capture.encoding)
        is_part = capture.truncated or not is_whole or not is_ending
        packed = zlib.compress(body, 1)
        with explained("keep the pages that were found", Path(gettempdir())):
            start = self._bodies.seek(0, os.SEEK_END)
            self._bodies.write(packed)
            self._bodies.flush()
        found = _Found(replace(capture, truncated=is_part), start, len(packed))
        self._found.setdefault(address.id, []).append(found)
        if place.digest:
            self._payloads.setdefault(place.digest, found)

    # saved pages ---------------------------------------------------------------------------------
    def _add_saved(self, path: Path) -> None:
        """Take a page by the address that it was saved from, or else by its own."""
        body = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
        said = _SAVED.search(body[:8192])
        url = said["url"].decode("utf-8", "replace") if said else ""
        url = url if not url or "://" in url else f"https://{url}"
        try:
            page: WholePage = self._call([body], read_whole, url, body, None)
        except (PageRefused, ReaderFailed) as refusal:
            cause = getattr(refusal, "reason", refusal)
            self.passed[f"saved page: {cause}"] += 1
            return
        if not self._wants(page.address):
            return
        if parse_address(url) is None:
            number = page.part().number_stated or 1
            url = page.address.url + (f"?page={number}" if number > 1 else "")
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        place = items.Capture(file=str(path), offset=0, digest=None)
        capture = Capture(url=url, status=200, content_type="", body=b"", at=at, place=place)
        self._keep(capture, body, is_whole=True)


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


def stamped(article: Article, run_id: str) -> Article:
    """Return a record with what a run fills in; one without a time was read now."""
    at = article.crawled_at or datetime.now(UTC).isoformat(timespec="seconds")
    return replace(article, crawled_at=at, first_seen_at=at, run_id=run_id)


def best_of(captures: Sequence[Capture]) -> Article | Refused:
    """Return the record of an article's captures: of the latest visit that got all of it.

    Where none has, visits are put together if that proves to be whole; else it is the one that has
    most.
    """
    visits = _visits(captures)
    made = []
    for visit in visits:
        made.append(article_of(visit))
        if isinstance(made[-1], Article) and made[-1].halaman.complete:
            return made[-1]
    if len(visits) > 1:
        joined = article_of([one for visit in visits for one in visit])
        if isinstance(joined, Article) and joined.halaman.complete:
            return joined
    articles = [one for one in made if isinstance(one, Article)]
    return max(articles, key=_worth, default=made[0])


def _worth(article: Article) -> tuple[bool, int, int]:
    halaman = article.halaman
    return halaman.complete is None, halaman.pages_fetched, halaman.words_counted


def _visits(captures: Sequence[Capture]) -> list[list[Capture]]:
    """Return the captures by visit, the latest first; what was rendered in its order."""
    never = datetime.min.replace(tzinfo=UTC)
    visits: list[list[Capture]] = []
    before = never
    for one in sorted(captures, key=lambda one: one.at or never, reverse=True):
        if not visits or before - (one.at or never) > _ONE_VISIT:
            visits.append([])
        visits[-1].append(one)
        before = one.at or never
    return [
        [one for one in visit if not one.rendered] + [one for one in visit[::-1] if one.rendered]
        for visit in visits
    ]
