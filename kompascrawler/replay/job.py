"""The job of a worker: one shard in, one file out under the shard's name, whole or not there.

It runs in any process of any machine that has this version of the package. Imports no Scrapy.
"""

import asyncio
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from typing import IO, Any, Final, NamedTuple
from uuid import uuid4

from kompascrawler.cloud import objects
from kompascrawler.dataset.lines import Refused
from kompascrawler.run.reader import Reader, ReaderFailed
from kompascrawler.store.disk import drafted, explained, make_folder, sync_folder
from kompascrawler.store.model import StoreError

ENDING: Final = ".jsonl"
PAGES: Final = ".pages"
_RESULTS: Final = (ENDING, PAGES)
_QUESTION: Final = "replay.json"
"""Beside the results: what was asked for."""
AGAIN: Final = "again"
"""Beside what was found in sources: all days are to be made, whatever is there."""


@cache
def code() -> str:
    """Return a digest of this package: a mended selector makes other records at once."""
    root = Path(__file__).parents[1]
    found = sha256()
    for path in sorted(root.rglob("*.py")):
        found.update(f"{path.relative_to(root)} ".encode() + path.read_bytes())
    return found.hexdigest()


class Done(NamedTuple):
    """What came of one article."""

    line: bytes | None
    """Its record, with its line feed; None where there is none."""
    told: Any = None
    """What the command makes its report of."""
    page: bytes | None = None
    """What is to be kept of it beside the lines, in the same order."""


class Step(NamedTuple):
    """One article or page that is to be read."""

    name: str
    """How a message calls it."""
    read: Callable[..., Done]
    """A function of a module."""
    arguments: tuple[Any, ...]
    is_odd: bool = False
    """Whether it may not end: then it is read in a process of its own."""


class Shard(NamedTuple):
    """A part of the work, which can be sent to another process."""

    name: str
    """That of its result."""
    steps: Callable[[], Iterable[Step]]
    """A ``partial`` of a module's function."""


@dataclass(slots=True)
class Summary:
    """What came of a shard."""

    name: str
    records: int = 0
    told: list[Any] = field(default_factory=list)
    bad: dict[str, str] = field(default_factory=dict)
    """Articles that could not be read, each with the cause: one line."""
    failure: str | None = None
    """Why there is no result."""


class _Folder:
    """A folder with results, asked as ``Objects`` are. All methods raise StoreError."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def list(self) -> Sequence[Path]:
        with explained("look at the results", self._path, "--out"):
            return [path for path in self._path.glob("[!.]*") if path.is_file()]

    def get(self, name: str) -> bytes | None:
        with explained("look at the results", self._path, "--out"), suppress(FileNotFoundError):
            return (self._path / name).read_bytes()
        return None

    def parts(self, name: str, places: Sequence[tuple[int, int]]) -> Sequence[bytes]:
        path = self._path / name
        with explained("look at the results", path, "--out"), path.open("rb") as stream:
            return [os.pread(stream.fileno(), size, start) for start, size in places]

    def put(self, name: str, content: bytes) -> None:
        with self.writing(name) as stream:
            stream.write(content)

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        with explained("write a result", self._path, "--out"):
            make_folder(self._path)
            # Two workers may have one shard, where the first was taken for dead: a draft each.
            with drafted(self._path / name, uuid4().hex) as draft, draft.open("wb") as stream:
                yield stream
            for left in self._path.glob(f".{name}.*.draft"):
                left.unlink(missing_ok=True)
            sync_folder(self._path)

    def delete(self, name: str) -> None:
        with explained("remove what was kept meanwhile", self._path, "--out"):
            (self._path / name).unlink(missing_ok=True)

    def clear(self, names: Iterable[str]) -> None:
        """Remove drafts and these files, and the folder, unless others have files in it."""
        for name in (*(left.name for left in self._path.glob(".*.draft")), *names):
            self.delete(name)
        with suppress(OSError):
            self._path.rmdir()


Results = _Folder | objects.Objects
"""Where results lie, by their names."""


def results_at(place: str) -> Results:
    """Return the results in a folder, or below an address (``s3://…``). Raises StoreError."""
    return objects.open(place) if "://" in place else _Folder(Path(place))


def names(results: Results) -> set[str]:
    """Return the names of the results that are there. Raises StoreError."""
    return {one.name for one in results.list() if "/" not in one.name}


def parts(results: Results, places: Iterable[tuple[str, int, int]]) -> dict[tuple[str, int], bytes]:
    """Return parts of results, of each the name, where it begins, and how long it is.

    By name and beginning; a request for each would take long. Raises StoreError.
    """
    found = {}
    for name, of_name in groupby(sorted(set(places)), itemgetter(0)):
        where = [(start, size) for _, start, size in of_name]
        for (start, _), part in zip(where, results.parts(name, where), strict=True):
            found[name, start] = part
    return found


@contextmanager
def writing(results: Results, name: str) -> Iterator[IO[bytes]]:
    """Give a file to write; afterwards it is a result, durably, in place of an earlier one.

    Whatever is raised meanwhile leaves nothing. Raises StoreError.
    """
    if isinstance(results, _Folder):
        with results.writing(name) as stream:
            yield stream
        return
    with explained("write a result", Path(gettempdir())), TemporaryFile() as stream:
        yield stream
        stream.seek(0)
        results.put(name, stream)


def clear(results: Results) -> None:
    """Remove what jobs have written and nothing else; last what says whose it is."""
    ours = [name for name in names(results) if name.endswith(_RESULTS) or name == AGAIN]
    ours.append(_QUESTION)
    if isinstance(results, _Folder):
        results.clear(ours)
    else:
        for name in ours:
            results.delete(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is the same for all shards."""

    out: str | None
    """Folder or address (``s3://…``) of the results; None: nothing is written."""
    asked: str = ""
    """What is asked for: results of another question are not mixed with these."""
    again: bool = False
    """Whether what has a result is done again."""
    seconds: float
    """How long an article may take that is read in a process of its own."""
    code: str = field(default_factory=code)
    """All workers must have this one."""

    @property
    def results(self) -> Results | None:
        """Where results lie. Raises StoreError."""
        return None if self.out is None else results_at(self.out)

    def left(self, shards: Sequence[Shard]) -> list[Shard]:
        """Return the shards that have no result yet. Raises StoreError; Refused for another job."""
        if not (results := self.results):
            return list(shards)
        asked = json.dumps({"asked": self.asked, "code": self.code}).encode()
        there, before = names(results), results.get(_QUESTION)
        if before != asked and (before or any(name.endswith(_RESULTS) for name in there)):
            what = "what other options or other code have written"
            held = what if before else f"files that no replay has written (*{ENDING})"
            raise Refused(f"{self.out} holds {held}: give another --out, or remove it")
        if before is None:
            results.put(_QUESTION, asked)
        return [one for one in shards if self.again or one.name + ENDING not in there]

    def run(self, shard: Shard, *, alone: bool = False) -> Summary:
        """Do a shard. Raises StoreError where its result cannot be written.

        ``alone``: each article in a process of its own, so that the one is named that ends it.
        """
        if self.code != code():
            raise StoreError("a worker has another kompascrawler: install the same everywhere")
        summary, lines, results = Summary(shard.name), [], self.results
        with ExitStack() as stack:
            pages: IO[bytes] | None = None
            for done in self._read(shard, summary, alone=alone):
                if done.line is not None:
                    lines.append(done.line)
                if done.told is not None:
                    summary.told.append(done.told)
                if done.page is not None and results:
                    pages = pages or stack.enter_context(writing(results, shard.name + PAGES))
                    pages.write(done.page)
        summary.records = len(lines)
        # What could not be read at all, or to its end, is to be tried again by the next job.
        if results and not summary.failure:
            results.put(shard.name + ENDING, b"".join(lines))
        return summary

    def _read(self, shard: Shard, summary: Summary, *, alone: bool) -> Iterator[Done]:
        reader = Reader(self.seconds)
        with asyncio.Runner() as runner:
            try:
                for step in shard.steps():
                    try:
                        if alone or step.is_odd:
                            yield runner.run(reader.call(step.read, *step.arguments))
                        else:
                            yield step.read(*step.arguments)
                    except Exception as error:  # noqa: BLE001 - it is named, and the status tells
                        kind = "" if isinstance(error, ReaderFailed) else type(error).__name__
                        summary.bad[step.name] = f"{kind}{kind and ': '}{error}"
            except (OSError, StoreError) as error:
                summary.failure = str(error)
            finally:
                runner.run(reader.close())
