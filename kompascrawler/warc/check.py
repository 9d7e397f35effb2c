"""Compares WARC files with the store: other readers pass over torn records."""

import json
import sqlite3
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from kompascrawler.store import captures
from kompascrawler.store.captures import WarcFile
from kompascrawler.store.model import StoreError


def damage_in(db: sqlite3.Connection, data_dir: Path) -> Iterator[tuple[str, str]]:
    """Yield each file that is not as it was written, and why; a crawl may add to the last one."""
    known = set()
    for file in captures.files(db):
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
    from kompascrawler.warc.reading import article_of, digest_of, records_of  # noqa: PLC0415 - extra

    wanted = captures.digests(db, file.number)
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
    lines = (line.partition(" {")[2] for line in index.read_text(encoding="utf-8").splitlines())
    return {int(json.loads("{" + about)["offset"]) for about in lines}
