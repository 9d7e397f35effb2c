"""A simulated time: what the site published is what every export holds, revision by revision."""

import csv
import json
import signal
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple

import openpyxl  # type: ignore[import-untyped] # its stubs are another package
import pyarrow.parquet as pq
import pytest
from backports import zstd

from kompascrawler.dataset.compact import compact
from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.export import FORMATS
from kompascrawler.dataset.verify import verify
from tests.crawls import AT_ONCE
from tests.dataset.exported import export
from tests.replica.serve import serve
from tests.replica.site import Site
from tests.replica.story import Story
from tests.world import DAY, Signal, Trouble, World

SETTINGS: Final = AT_ONCE | {"PARQUET_EVERY_SECONDS": 1e-9, "REVISIT_MAX_REQUESTS": 1_000}
Row = Mapping[str, Any]
Expected = set[tuple[str, int, str, str, bool]]
"""Identity, revision, title, text, whether it is deleted."""


class Time(NamedTuple):
    """How much happens."""

    rounds: int
    news: int
    edits: int
    deletions: int


FORTNIGHT: Final = Time(rounds=2, news=10, edits=2, deletions=1)
YEAR: Final = Time(rounds=12, news=1_000, edits=50, deletions=5)


def json_lines(content: bytes) -> list[Row]:
    """Return the records of lines."""
    return [json.loads(line) for line in content.splitlines()]


def read_csv(out: Path) -> list[Row]:
    """Return rows, with what CSV has no types for."""
    with out.open(newline="") as file:
        rows = csv.DictReader(file)
        return [row | {"revision": int(row["revision"])} for row in rows]


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


def held(rows: Iterable[Row]) -> Expected:
    """Return what rows say."""
    return {
        (row["id"], row["revision"], row["title"], row["text"] or "", bool(row["deleted_at"]))
        for row in rows
    }


class Simulation:
    """Some time of the site, crawled."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.expected: Expected = set()
        self.latest: dict[str, tuple[str, int, str, str, bool]] = {}

    def add(self, story: Story, *, is_deleted: bool = False) -> None:
        """Expect one more revision of an article."""
        revision = self.latest[story.id][1] + 1 if story.id in self.latest else 1
        text = "" if is_deleted else "\n\n".join(block.text for block in story.blocks)
        self.latest[story.id] = (story.id, revision, story.title, text, is_deleted)
        self.expected.add(self.latest[story.id])

    def crawl(self, refresh: Iterable[str] = (), signals: Iterable[Signal] = ()) -> None:
        """Crawl once; look again at some articles."""
        asked = ",".join(refresh)
        arguments = ["-a", f"refresh={asked}"] if asked else []
        done = self.world.crawl(Trouble(arguments=arguments, signals=tuple(signals)))
        assert done.status == (-signal.SIGKILL if signals else 0), done.output + done.errors

    def live(self, time: Time) -> None:
        """Let news, edits and deletions come, and a run be killed."""
        site = self.world.replica.site
        for number in range(time.rounds):
            self.crawl(signals=[Signal(signal.SIGKILL, 6)])
            self.crawl()
            known = set(self.latest)
            for story in site.stories:
                if story.id not in known:
                    self.add(story)
            stories = [story for story in site.stories if not self.latest[story.id][4]]
            for story in stories[: time.edits]:
                self.add(site.revise(story.id, ("title", "text")))
            deleted = stories[time.edits : time.edits + time.deletions]
            for story in deleted:
                site.delete(story.id)
            self.crawl(refresh=[story.id for story in stories[: time.edits + time.deletions]])
            self.world.wait(DAY + 60)
            self.crawl()
            for story in deleted:
                self.add(story, is_deleted=True)
            if number % 2 == 0:
                compact(self.world.data_dir, f"compact-{number}", older_than=1)
            if number < time.rounds - 1:
                self.world.replica.publish(time.news)


@pytest.mark.parametrize(
    "time", [FORTNIGHT, pytest.param(YEAR, marks=pytest.mark.soak)], ids=["fortnight", "year"]
)
def test_every_export_holds_what_the_site_published(tmp_path: Path, time: Time) -> None:
    """Through kills, edits, deletions and compaction, in every format and on the front door."""
    site = Site(seed=11, articles=time.rounds * time.news, start_visible=time.news)
    with serve(site) as replica:
        simulation = Simulation(World(tmp_path, replica, SETTINGS))
        simulation.world._now = site.now.timestamp()
        simulation.live(time)
    data_dir = simulation.world.data_dir
    assert verify(data_dir).findings == []
    there = {row for row in simulation.latest.values() if not row[4]}
    for form in FORMATS:
        out = tmp_path / f"all.{form}"
        rows = export(data_dir, out, form, revisions=True).rows
        assert (form, rows, held(READERS[form](out))) == (
            form,
            len(simulation.expected),
            simulation.expected,
        )
    assert export(data_dir, tmp_path / "x.csv").rows == len(there)
    assert held(pq.read_table(data_dir / "parquet").to_pylist()) == there
    assert {(one.id, one.revision) for one in Dataset(data_dir)} == {row[:2] for row in there}
