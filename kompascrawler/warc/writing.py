"""Writes WARC 1.1: one gzip member a record, never behind a tear, on the disk before it counts."""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path
from typing import IO, Final

from warcio.recordloader import ArcWarcRecord  # type: ignore[import-untyped] # no types

from kompascrawler import items
from kompascrawler.store import captures
from kompascrawler.store.captures import BROKEN, Capture, Place, WarcFile
from kompascrawler.store.errors import explained
from kompascrawler.store.files import make_folder, replace, sync_folder
from kompascrawler.store.store import Store
from kompascrawler.warc.exchange import Exchange, labelled, member, rendered, warcinfo
from kompascrawler.warc.reading import Damaged, head_of, index_of

FOLDER: Final = "warc"
_ACTION: Final = "keep pages"


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
            last = captures.last_file(db)
            if last and last.closed_at is None and not self._is_there(last):
                captures.update(db, last._replace(closed_at=_now()))
                last = last._replace(closed_at=0)
        self._file = last

    def _is_there(self, file: WarcFile) -> bool:
        path = self._path(file)
        return file.size == 0 or (path.is_file() and path.stat().st_size >= file.size)

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
            self._append(warcinfo(path.name, self._software))

    # writing -------------------------------------------------------------------------------------
    def add(self, exchange: Exchange) -> None:
        """Write a request, its answer and our notes. Raises StoreError."""
        file, digest = self._ready(), sha1(exchange.body).digest()  # noqa: S324 - WARC's
        is_broken = exchange.role.endswith(BROKEN)
        payload = self._known_payload(digest) if exchange.body and not is_broken else None
        answer = exchange.answer(digest, payload and payload[1:])
        date, id_ = map(answer.rec_headers.get_header, ("WARC-Date", "WARC-Record-ID"))
        place = file.number, file.size
        size = self._append(answer, is_packed=exchange.is_packed)
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
        self._append(exchange.request(date, id_))
        self._append(exchange.about(date, id_))
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
            size = self._append(rendered(address, document, digest, walk))
            self._note(Capture(*place, size, digest, "rendered", article_id))
            self._rotate()

    def _ready(self) -> WarcFile:
        """Return the file that takes the next record."""
        if self._stream is None and self._file and self._file.closed_at is None:
            self._open(self._file)
        elif self._stream is None:
            number = self._file.number + 1 if self._file else 1
            name = f"{FOLDER}/{number:08}-{self._store.run_id}.warc.gz"
            with self._store.transaction("begin a WARC file") as db:
                captures.add_file(db, WarcFile(number, name))
            self._open(WarcFile(number, name))
        assert self._file is not None
        return self._file

    def _append(self, record: ArcWarcRecord, *, is_packed: bool = False) -> int:
        """Write one record; return its bytes. What is torn is cut off, and the last."""
        assert self._file is not None
        assert self._stream is not None
        packed = member(record, is_packed=is_packed)
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

    # what is certain -----------------------------------------------------------------------------
    def first_page(self, article_id: str) -> items.Capture | None:
        """Return where the latest answer is that held an article's first page."""
        return self._first_pages.get(article_id)

    def settle(self, db: sqlite3.Connection, article_id: str, number: int) -> None:
        """Make durable what was received, and note which answers a revision was made of."""
        self._enter(db)
        captures.made_of(db, number, self._of_article.pop(article_id, ()))
        self._first_pages.pop(article_id, None)

    def settled(self) -> None:
        """Hear that the transaction has ended well."""
        self._pending.clear()

    def _enter(self, db: sqlite3.Connection) -> None:
        if self._file is not None and self._stream is not None:
            with explained(_ACTION, self._path(self._file)):
                os.fsync(self._stream.fileno())
            captures.update(db, self._file, self._pending)

    def _rotate(self) -> None:
        """Close a file that is full: index it, then enter that."""
        assert self._file is not None
        if self._file.size < self._most:
            return
        path = self._path(self._file)
        with suppress(Damaged), explained(_ACTION, path):  # `verify` tells of damage
            replace(path.with_name(f"{path.name}.cdxj"), index_of(path))
        self._file = self._file._replace(closed_at=_now())
        self._payloads.clear()
        self.close()

    def remove_older(self, days: float) -> None:
        """Remove closed files, to whose payloads nothing refers, and what is known of them."""
        with self._store.transaction("remove old WARC files") as db:
            for file in captures.older(db, int(_now() - days * 86400)):
                path = self._path(file)
                for one in (path.with_name(f"{path.name}.cdxj"), path):
                    one.unlink(missing_ok=True)
                captures.remove(db, file)

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


def _now() -> int:
    return int(datetime.now(UTC).timestamp())
