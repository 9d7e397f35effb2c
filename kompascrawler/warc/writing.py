"""Writes WARC 1.1: one gzip member a record, never behind a tear, on the disk before it counts."""

import os
import sqlite3
import time
import zlib
from base64 import b32encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha1
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final, NamedTuple
from uuid import uuid4

from warcio.recordloader import ArcWarcRecord  # type: ignore[import-untyped] # no types
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped] # no types
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped] # no types

from kompascrawler import items
from kompascrawler.store import kept
from kompascrawler.store.disk import explained, make_folder, replace, sync_folder
from kompascrawler.store.kept import BROKEN, Capture, Place, WarcFile
from kompascrawler.store.store import Store
from kompascrawler.warc.reading import WALKED, Damaged, head_of, index_of

_ACTION: Final = "keep pages"
_VERSION: Final = "1.1"
_MAKER: Final = WARCWriter(None, warc_version=_VERSION)
_OF_TRANSFER: Final = frozenset({"content-length", "transfer-encoding", "connection"})
"""Headers that are not true of a body that was taken out of its chunks."""
_MOST_HEADERS: Final = 16_384
"""Characters of headers that are kept; readers give up at 32 KB, and lose the records behind."""
_LEVELS: Final = {True: 1, False: 6}
"""Of compression: of bodies that are compressed already, and of others (13 ms at 9)."""
Headers = Sequence[tuple[str, str]]


class Exchange(NamedTuple):
    """A request and its answer."""

    url: str
    method: str
    asked: Headers
    status: str
    """Number and words: ``200 OK``."""
    answered: Headers
    body: bytes
    """As it was sent: compressed, but not chunked."""
    notes: Mapping[str, str]
    role: str
    article_id: str | None
    is_part: bool = False
    """Whether the body broke off."""

    def answer(self, digest: bytes, earlier: tuple[str, str] | None) -> ArcWarcRecord:
        """Return the answer; ``earlier``: address and date of one with the same payload."""
        head = {"WARC-Date": _MAKER.curr_warc_date(), "WARC-Payload-Digest": labelled(digest)}
        if self.is_part:
            head["WARC-Truncated"] = "disconnect"
        sent = [*_headers_kept(self.answered), ("Content-Length", str(len(self.body)))]
        http = StatusAndHeaders(self.status, sent, protocol="HTTP/1.1")
        if earlier is None:
            return _record(self.url, "response", self.body, head, http_headers=http)
        stated = head.pop("WARC-Payload-Digest")
        return _MAKER.create_revisit_record(
            self.url, stated, *earlier, http_headers=http, warc_headers_dict=head
        )

    def others(self, date: str, answer: str) -> Iterator[ArcWarcRecord]:
        """Yield what was sent, and our notes; ``answer`` is the name of the answer's record.

        The notes have an address of their own: under the page's they are served.
        """
        beside = {"WARC-Date": date, "WARC-Concurrent-To": answer}
        path = "/" + self.url.partition("://")[2].partition("/")[2].partition("#")[0]
        line = f"{self.method} {path} HTTP/1.1"
        http = StatusAndHeaders(line, list(self.asked), is_http_request=True)
        yield _record(self.url, "request", b"", beside, http_headers=http)
        text = "".join(f"{name}: {value}\r\n" for name, value in self.notes.items()).encode()
        address, kind = f"urn:kompascrawler:notes:{uuid4()}", "application/warc-fields"
        yield _record(address, "metadata", text, beside, warc_content_type=kind)


def _record(
    url: str, kind: str, content: bytes, head: Mapping[str, str], **about: Any
) -> ArcWarcRecord:
    about["warc_headers_dict"] = head
    return _MAKER.create_warc_record(url, kind, BytesIO(content), len(content), **about)


def _member(record: ArcWarcRecord, *, is_packed: bool) -> bytes:
    plain = BytesIO()
    WARCWriter(plain, gzip=False, warc_version=_VERSION).write_record(record)
    packer = zlib.compressobj(_LEVELS[is_packed], zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return packer.compress(plain.getvalue()) + packer.flush()


def labelled(digest: bytes) -> str:
    """Return a SHA-1 as WARC files have it."""
    return f"sha1:{b32encode(digest).decode()}"


def _headers_kept(headers: Headers) -> Iterator[tuple[str, str]]:
    """Yield what is true of the body, as far as every reader goes."""
    left = _MOST_HEADERS
    for name, value in headers:
        left -= len(name) + len(value) + 4
        if left >= 0 and name.lower() not in _OF_TRANSFER:
            yield name, value


class Archive:
    """The WARC files of a data folder, open to one run, which holds the lock."""

    def __init__(self, store: Store, most: int, software: str) -> None:
        """Cut off what no transaction knows of. Raises StoreError.

        A file of ``most`` bytes is closed, and the next one begun.
        """
        self._store, self._most, self._software = store, most, software
        self._pending: list[Capture] = []
        self._of_article: dict[str, list[Place]] = {}
        self._first_pages: dict[str, items.Capture] = {}
        self._payloads: dict[bytes, tuple[Place, str, str]] = {}
        self._is_torn = False
        self._stream: IO[bytes] | None = None
        with store.transaction("open the WARC file") as db:
            last = kept.last_warc(db)
            path = last and self._path(last)
            size = path.stat().st_size if path and path.is_file() else 0
            if last and last.closed_at is None and size < last.size:
                kept.enter_warc(db, last._replace(closed_at=int(time.time())))
                last = last._replace(closed_at=0)
        self._file = last

    def _path(self, file: WarcFile) -> Path:
        return self._store.data_dir / file.file

    def _open(self, file: WarcFile) -> None:
        """Open a file for more records, cut at what is certain; the first record tells of it."""
        path = self._path(file)
        with explained(_ACTION, path):
            make_folder(path.parent)
            self._stream = path.open("r+b" if path.exists() else "xb", buffering=0)
            self._stream.truncate(file.size)
            self._stream.seek(file.size)
            sync_folder(path.parent)
        self._file = file
        if not file.size:
            about = {"software": self._software, "format": f"WARC File Format {_VERSION}"}
            self._append(_MAKER.create_warcinfo_record(path.name, about))

    def add(self, exchange: Exchange) -> None:
        """Write a request, its answer and our notes. Raises StoreError."""
        file, digest = self._ready(), sha1(exchange.body).digest()  # noqa: S324 - WARC's
        is_broken = exchange.role.endswith(BROKEN)
        payload = self._known_payload(digest) if exchange.body and not is_broken else None
        answer = exchange.answer(digest, payload and payload[1:])
        date, id_ = map(answer.rec_headers.get_header, ("WARC-Date", "WARC-Record-ID"))
        place = file.number, file.size
        is_packed = any(name.lower() == "content-encoding" for name, _ in exchange.answered)
        size = self._append(answer, is_packed=is_packed)
        where = payload[0] if payload else (None, None)
        self._note(Capture(
            *place, size, digest, exchange.role, exchange.article_id, None, *where
        ))  # fmt: skip
        if exchange.role == "article" and exchange.article_id:
            self._first_pages[exchange.article_id] = items.Capture(
                file=file.file, offset=place[1], digest=labelled(digest)
            )
        if payload is None and not is_broken:
            self._payloads[digest] = (place, exchange.url, date)
        for other in exchange.others(date, id_):
            self._append(other)
        self._rotate()

    def add_rendered(
        self, url: str, documents: Sequence[bytes], walk: str, article_id: str | None
    ) -> None:
        """Write the documents that a browser has rendered of an address. Raises StoreError.

        ``walk`` says what the browser saw: the number of pages, and why it stopped, if early.
        """
        for number, document in enumerate(documents, start=1):
            file, digest = self._ready(), sha1(document).digest()  # noqa: S324 - WARC's
            place = file.number, file.size
            address = f"urn:kompascrawler:rendered:{number}:{url}"
            head = {"WARC-Payload-Digest": labelled(digest), WALKED: walk}
            kind = "text/html; charset=utf-8"
            record = _record(address, "resource", document, head, warc_content_type=kind)
            size = self._append(record)
            self._note(Capture(*place, size, digest, "rendered", article_id))
            self._rotate()

    def _ready(self) -> WarcFile:
        if self._stream is None and self._file and self._file.closed_at is None:
            self._open(self._file)
        elif self._stream is None:
            number = self._file.number + 1 if self._file else 1
            name = f"warc/{number:08}-{self._store.run_id}.warc.gz"
            with self._store.transaction("begin a WARC file") as db:
                kept.enter_warc(db, WarcFile(number, name))
            self._open(WarcFile(number, name))
        assert self._file is not None
        return self._file

    def _append(self, record: ArcWarcRecord, *, is_packed: bool = False) -> int:
        """Write one record; return its bytes. What is torn is cut off, and the last."""
        assert self._file is not None
        assert self._stream is not None
        packed = _member(record, is_packed=is_packed)
        with explained(_ACTION, self._path(self._file)):
            if self._is_torn:
                raise OSError("an earlier record could not be written")
            try:
                left = memoryview(packed)
                while left:
                    left = left[self._stream.write(left) :]
            except OSError:
                self._is_torn = True
                with suppress(OSError):
                    self._stream.truncate(self._file.size)
                raise
        self._file = self._file._replace(
            size=self._file.size + len(packed), records=self._file.records + 1
        )
        return len(packed)

    def _note(self, capture: Capture) -> None:
        self._pending.append(capture)
        if capture.id is not None:
            self._of_article.setdefault(capture.id, []).append((capture.warc, capture.start))

    def _known_payload(self, digest: bytes) -> tuple[Place, str, str] | None:
        """Return place, address and date of an equal payload of this file: each stands alone."""
        if digest not in self._payloads:
            assert self._file is not None
            start = self._store.with_payload(self._file.number, digest)
            with suppress(Damaged):
                if start is not None and (head := head_of(self._path(self._file), start)):
                    place = self._file.number, start
                    self._payloads[digest] = place, head["WARC-Target-URI"], head["WARC-Date"]
        return self._payloads.get(digest)

    def first_page(self, article_id: str) -> items.Capture | None:
        """Return where the latest answer is that held an article's first page."""
        return self._first_pages.get(article_id)

    def settle(self, db: sqlite3.Connection, article_id: str, number: int) -> None:
        """Make durable what was received, and note which answers a revision was made of."""
        self._enter(db)
        kept.made_of(db, number, self._of_article.pop(article_id, ()))
        self._first_pages.pop(article_id, None)

    def settled(self) -> None:
        """Hear that the transaction has ended well."""
        self._pending.clear()

    def _enter(self, db: sqlite3.Connection) -> None:
        if self._file is not None and self._stream is not None:
            with explained(_ACTION, self._path(self._file)):
                os.fsync(self._stream.fileno())
            kept.enter_warc(db, self._file, self._pending)

    def _rotate(self) -> None:
        """Close a file that is full: index it, then enter that."""
        assert self._file is not None
        if self._file.size < self._most:
            return
        path = self._path(self._file)
        with suppress(Damaged), explained(_ACTION, path):  # `verify` tells of damage
            replace(path.with_name(f"{path.name}.cdxj"), index_of(path))
        self._file = self._file._replace(closed_at=int(time.time()))
        self._payloads.clear()
        self.close()

    def remove_older(self, days: float) -> None:
        """Remove closed files, to whose payloads nothing refers, and what is known of them."""
        with self._store.transaction("remove old WARC files") as db:
            for file in kept.older_warcs(db, int(time.time() - days * 86400)):
                path = self._path(file)
                for one in (path.with_name(f"{path.name}.cdxj"), path):
                    one.unlink(missing_ok=True)
                kept.remove_warc(db, file)

    def close(self) -> None:
        """Enter all that was received. Raises StoreError."""
        try:
            with self._store.transaction("enter what was kept") as db:
                self._enter(db)
            self.settled()
        finally:
            if self._stream is not None:
                self._stream.close()
                self._stream = None
