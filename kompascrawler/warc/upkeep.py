"""Compares WARC files with the store, and takes pages out of them.

Other readers pass over torn records. What stands behind a page that is taken out does not move.
"""

import json
import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import uuid4

from kompascrawler.store import kept
from kompascrawler.store.disk import explained, replace
from kompascrawler.store.kept import WarcFile
from kompascrawler.store.model import StoreError
from kompascrawler.store.store import Store
from kompascrawler.warc.reading import article_of, digest_of, index_of, records_of

_ACTION: Final = "take pages out of a WARC file"
_HEAD: Final = b"\x1f\x8b\x08\x10\0\0\0\0\0\xff"
"""Of a gzip member with a comment, which can have any length."""
_OF_NOTHING: Final = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"


def damage_in(db: sqlite3.Connection, data_dir: Path) -> Iterator[tuple[str, str]]:
    """Yield each file that is not as it was written, and why; a crawl may add to the last one."""
    known = set()
    for file in kept.warc_files(db):
        known |= {file.file, f"{file.file}.cdxj"}
        path = data_dir / file.file
        size = path.stat().st_size if path.is_file() else None
        if size is None and file.size:
            yield file.file, "it is gone"
        elif size is not None and (size < file.size or (file.closed_at and size > file.size)):
            yield file.file, f"it has {size} bytes, not {file.size} as written"
        elif size is not None:
            try:
                yield from _compare(db, path, file)
            except ImportError as error:
                yield file.file, f"not compared: {error}; in the checkout, pip install '.[warc]'"
            except (StoreError, ValueError) as error:
                yield file.file, str(error)
    for path in sorted((data_dir / "warc").glob("*.warc.gz*")):
        if (name := f"warc/{path.name}") not in known:
            yield name, "the store does not know it"


def _compare(db: sqlite3.Connection, path: Path, file: WarcFile) -> Iterator[tuple[str, str]]:
    wanted = kept.digests(db, file.number)
    taken = {article_id for (article_id,) in db.execute("SELECT id FROM taken_down")}
    found, count = {}, 0
    for start, record in islice(records_of(path, parse_http=False), file.records):
        count += 1
        if not record.verify_block_digest():
            yield file.file, f"the record at {start} is not what was written: its digest differs"
        found[start] = digest_of(record)
        if taken and (name := article_of(record)) in taken:
            yield file.file, f"it has {name} at {start}, which was taken down: take it down again"
    if count != file.records:
        yield file.file, f"{count} of its {file.records} records can be read"
    for start, digest in wanted.items():
        if found.get(start) != digest:
            yield file.file, f"no record at {start} has the payload that the store knows"
    if file.closed_at is not None and _indexed(path) != set(wanted):
        yield f"{file.file}.cdxj", "it does not list the answers that the store knows"


def _indexed(path: Path) -> set[int]:
    index = path.with_name(f"{path.name}.cdxj")
    if not index.exists():
        return set()
    try:
        lines = index.read_text(encoding="utf-8").splitlines()
        return {int(json.loads("{" + line.partition(" {")[2])["offset"]) for line in lines}
    except (ValueError, LookupError, TypeError):
        return set()


def remove_pages(store: Store, article_id: str) -> None:
    """Overwrite the answers of an article, and index closed files anew. Raises StoreError.

    Where the store knows of none, a backup may have put some back: all files are looked through.
    """
    found = [(file, one.start, one.size) for file, one in store.captures(article_id)]
    found = found or list(_unknown(store, article_id))
    for file, start, size in found:
        path = store.data_dir / file.file
        with explained(_ACTION, path), suppress(FileNotFoundError), path.open("r+b") as stream:
            stream.seek(start)
            stream.write(_record(size))
            stream.flush()
            os.fsync(stream.fileno())
    for file in {file for file, _, _ in found if file.closed_at is not None}:
        path = store.data_dir / file.file
        with explained(_ACTION, path):
            if path.exists():
                replace(path.with_name(f"{path.name}.cdxj"), index_of(path))
    if found:
        with store.transaction(_ACTION) as db:
            db.execute("DELETE FROM capture WHERE id = ?", (article_id,))


def _unknown(store: Store, article_id: str) -> Iterator[tuple[WarcFile, int, int]]:
    with store.transaction(_ACTION) as db:
        files = [file for file in kept.warc_files(db) if (store.data_dir / file.file).exists()]
    if files and find_spec("fastwarc"):
        for file in files:
            records = records_of(store.data_dir / file.file, parse_http=False)
            places = [(start, article_of(record)) for start, record in records]
            ends = [*(start for start, _ in places[1:]), file.size]
            for (start, name), end in zip(places, ends, strict=True):
                if name == article_id:
                    yield file, start, end - start


def _record(size: int) -> bytes:
    """Return a record that says nothing, as a gzip member of so many bytes."""
    text = (
        f"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:uuid:{uuid4()}>\r\n"
        f"WARC-Date: {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\r\n"
        "WARC-Target-URI: urn:kompascrawler:removed\r\nContent-Length: 0\r\n"
        f"WARC-Block-Digest: {_OF_NOTHING}\r\n\r\n\r\n\r\n"
    ).encode()
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(text) + packer.flush()
    ends = zlib.crc32(text).to_bytes(4, "little") + len(text).to_bytes(4, "little")
    rest = size - len(_HEAD) - 1 - len(packed) - len(ends)
    return _HEAD + b" " * rest + b"\0" + packed + ends
