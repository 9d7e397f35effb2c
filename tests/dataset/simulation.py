"""Some time of the site, crawled: what it published, and the rows of every export of that."""

import csv
import json
import signal
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

import openpyxl  # type: ignore[import-untyped] # its stubs are another package
import pyarrow.parquet as pq
from backports import zstd

from kompascrawler.dataset.dataset import Dataset
from kompascrawler.identity import WIB
from tests.dataset.exported import export
from tests.replica.story import Story
from tests.world import DAY, Outcome, Signal, Trouble, World

OUTAGES: Final = ("503", "drop", "429")
"""What the site answers while it is out, one after the other."""
Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Time:
    """How much happens."""

    chunks: int
    """Times between two runs that look for news."""
    news: int
    """Articles that come out in each; edits and deletions likewise."""
    edits: int
    deletions: int
    outages: Collection[int]
    """Chunks in which the site is out at first."""
    kills: Collection[int]
    """Chunks in which a run is killed."""


class Version(NamedTuple):
    """A revision of an article, as the site has published it."""

    id: str
    revision: int
    is_deleted: bool
    title: str
    text: str
    published_at: str
    """WIB, to the minute."""
    authors: tuple[str, ...]


def version_of(row: Row) -> Version:
    """Return what a row of any export says."""
    at = datetime.fromisoformat(str(row["published_at"]))
    if isinstance(authors := row["authors"] or [], str):
        authors = json.loads(authors) if authors.startswith("[") else authors.split("; ")
    return Version(
        id=row["id"],
        revision=int(row["revision"]),
        is_deleted=bool(row["deleted_at"]),
        title=row["title"],
        text=row["text"] or "",
        published_at=f"{at.astimezone(WIB) if at.tzinfo else at:%Y-%m-%d %H:%M}",
        authors=tuple(authors),
    )


def json_lines(content: bytes) -> list[Row]:
    """Return the records of lines."""
    return [json.loads(line) for line in content.splitlines()]


def read_csv(out: Path) -> list[Row]:
    """Return the rows, all of them text."""
    with out.open(newline="") as file:
        return list(csv.DictReader(file))


def read_sqlite(out: Path) -> list[Row]:
    """Return the rows of the table."""
    with closing(sqlite3.connect(out)) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute("SELECT * FROM articles")]


def read_excel(out: Path) -> list[Row]:
    """Return the rows of the sheet; an empty text is an empty cell."""
    with closing(openpyxl.load_workbook(out, read_only=True)) as book:
        head, *rows = book["articles"].values
    return [dict(zip(head, row, strict=True)) for row in rows]


READERS: Final[Mapping[str, Callable[[Path], Iterable[Row]]]] = {
    "parquet": lambda out: pq.read_table(out).to_pylist(),
    "hf": lambda out: pq.read_table(out / "data").to_pylist(),
    "sqlite": read_sqlite,
    "csv": read_csv,
    "xlsx": read_excel,
    "jsonl": lambda out: json_lines(out.read_bytes()),
    "jsonl.zst": lambda out: json_lines(zstd.decompress(out.read_bytes())),
}


class Simulation:
    """Some time of the site, crawled."""

    def __init__(self, world: World, time: Time) -> None:
        self.world = world
        self.time = time
        self.latest: dict[str, Version] = {}
        self.expected: list[Version] = []
        """Every revision, in no order."""
        self.touched: set[str] = set()
        """Articles that the site has edited or deleted."""
        self.runs: list[Outcome] = []
        self.followed: list[tuple[str, int]] = []
        """What a consumer has got that reads after each chunk."""
        self.cited: dict[int, str] = {}
        """Sum of what an export gave at a number of the manifest, when it was the last one."""
        self._chance = Random(time.edits)
        self._cursor = 0

    def live(self) -> None:
        """Let all of the time pass."""
        for number in range(self.time.chunks):
            self._pass(number)
        self._crawl()  # sees once more that the last ones are deleted
        self._consume()

    def _pass(self, number: int) -> None:
        """Let a chunk pass: news, edits and deletions come, an outage and a kill, a run at last."""
        touched = self._edit() if number else []
        if number:
            self.world.replica.publish(self.time.news)
        for story in self.world.replica.site.stories:
            if story.id not in self.latest:
                self._expect(story)
        if number in self.time.outages:
            fault = OUTAGES[sorted(self.time.outages).index(number) % len(OUTAGES)]
            assert self._crawl(Trouble(orders=[{"name": fault}])).status in (4, 5)
        asked = Trouble(arguments=["-a", f"refresh={','.join(touched)}"] if touched else [])
        if number in self.time.kills:
            kill = Signal(signal.SIGKILL, self._chance.randint(4, 10 + self.time.news // 4))
            self._crawl(Trouble(arguments=asked.arguments, signals=[kill]))
        assert self._crawl(asked).status == 0
        self._consume()
        if number % 5 == 1:
            done = self.world.scrapy("compact", "--older-than", "1")
            assert done.status == 0, done.errors

    def _edit(self) -> list[str]:
        """Edit some articles of the last weeks, and delete others; return their identities."""
        site = self.world.replica.site
        known = [story for story in site.stories if story.id in self.latest]
        many = self.time.edits + self.time.deletions
        chosen = self._chance.sample(known[: 4 * self.time.news], many)
        for story in chosen[: self.time.edits]:
            parts = self._chance.choice((("title",), ("text",), ("title", "text", "updated")))
            self._expect(site.revise(story.id, parts))
        for story in chosen[self.time.edits :]:
            site.delete(story.id, self._chance.choice((404, 410)))
            self._expect(story, is_deleted=True)
        touched = [story.id for story in chosen]
        self.touched.update(touched)
        return touched

    def _expect(self, story: Story, *, is_deleted: bool = False) -> None:
        """Expect one more revision of an article."""
        version = Version(
            id=story.id,
            revision=self.latest[story.id].revision + 1 if story.id in self.latest else 1,
            is_deleted=is_deleted,
            title=story.title,
            text="" if is_deleted else story.text,
            published_at=f"{story.published_at:%Y-%m-%d %H:%M}",
            authors=story.authors,
        )
        self.latest[story.id] = version
        self.expected.append(version)

    def _crawl(self, trouble: Trouble = Trouble()) -> Outcome:  # noqa: B008 - it never changes
        """Run the crawler some time after the last run, and not before the site's own time."""
        now = self.world.replica.site.now.timestamp()
        self.world._now = max(self.world._now + DAY + 60, now)
        self.runs.append(self.world.crawl(trouble))
        return self.runs[-1]

    def _consume(self) -> None:
        """Read what is new, and cite it now and then."""
        dataset = Dataset(self.world.data_dir)
        news = dataset.follow(self._cursor)
        self.followed += [(one.id, one.revision) for one in news]
        self._cursor = news.cursor
        if len(self.runs) % 4 == 0:
            self.cited[self._cursor] = self.at(self._cursor)

    def at(self, number: int) -> str:
        """Return the sum of an export as of a number of the manifest."""
        out = self.world.temporary / "cited.jsonl"
        export(self.world.data_dir, out, revisions=True, as_of=number)
        content = out.read_bytes()
        out.unlink()
        return sha256(content).hexdigest()

    def roundups(self) -> set[str]:
        """Return the articles that hold others: a short one is in them whole."""
        return {one.id for one in self.world.replica.site.stories if one.kind == "roundup"}

    def families(self) -> set[frozenset[str]]:
        """Return the articles that are the same text, where the site has touched none of them."""
        found: dict[str, set[str]] = {}
        for story in self.world.replica.site.stories:
            if story.original:
                found.setdefault(story.original, {story.original}).add(story.id)
        return {frozenset(family) for family in found.values() if not family & self.touched}
