"""A simulated time: what the site published is what every export holds, revision by revision."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq
import pytest

from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.export import FORMATS
from kompascrawler.dataset.statistics import clusters
from kompascrawler.dataset.verify import verify
from tests.bench.dataset import MEASURED
from tests.crawls import AT_ONCE, ROOT
from tests.dataset.exported import export
from tests.dataset.simulation import READERS, Simulation, Time, version_of
from tests.replica.serve import serve
from tests.replica.site import Site
from tests.world import World

SETTINGS: Final = AT_ONCE | {
    "PARQUET_EVERY_SECONDS": 1e-9,
    "REVISIT_MAX_REQUESTS": 1_000,
    "COMPACT_FILES": 60,
}
FORTNIGHT: Final = Time(chunks=2, news=14, edits=2, deletions=1, outages={1}, kills={0})
"""Of a site on which an article is published again."""
YEAR: Final = Time(chunks=31, news=388, edits=20, deletions=2, outages={4, 13, 22}, kills=range(31))
COMMANDS: Final = ("verify", "compact", "data-card", "duplicates", *FORMATS, "report")


def check(simulation: Simulation, folder: Path) -> None:
    """Compare everything that can be had of a data folder with what the site published."""
    data_dir, expected = simulation.world.data_dir, set(simulation.expected)
    there = {one for one in simulation.latest.values() if not one.is_deleted}
    assert verify(data_dir).findings == []
    for form in FORMATS:
        out = folder / f"all.{form}"
        rows = export(data_dir, out, form, revisions=True).rows
        assert (form, rows) == (form, len(expected))
        assert set(map(version_of, READERS[form](out))) == expected, form
    assert export(data_dir, folder / "latest.csv").rows == len(there)
    assert set(map(version_of, pq.read_table(data_dir / "parquet").to_pylist())) == there
    assert {(one.id, one.revision) for one in Dataset(data_dir)} == {one[:2] for one in there}
    assert sorted(simulation.followed) == sorted(one[:2] for one in expected)
    assert {number: simulation.at(number) for number in simulation.cited} == simulation.cited
    families, spared = simulation.families(), simulation.touched | simulation.roundups()
    found = (frozenset(one.id for one in like) for like in clusters(Dataset(data_dir)).values())
    assert {one for one in found if not one & spared} == families
    assert families


def simulated(folder: Path, seed: int, time: Time) -> Iterator[Simulation]:
    """Give a time that has passed, while the site is still there."""
    site = Site(seed=seed, articles=time.chunks * time.news, start_visible=time.news)
    with serve(site) as replica:
        simulation = Simulation(World(folder, replica, SETTINGS), time)
        simulation.world._now = site.now.timestamp()
        simulation.live()
        yield simulation


def test_a_fortnight(tmp_path: Path) -> None:
    """Through a kill, an outage, edits, deletions and compaction, in every format."""
    for simulation in simulated(tmp_path, 21, FORTNIGHT):
        check(simulation, tmp_path)


def measured(data_dir: Path, folder: Path, name: str) -> str:
    """Run a command on its own; return what it cost, as a row of a table."""
    out = folder / f"out.{name}"
    options = ["export", str(out), "--format", name] if name in FORMATS else [name]
    if name == "report":
        options.append(str(out := folder / "report.html"))
    command = [sys.executable, "-c", MEASURED, *options, "-s", f"DATA_DIR={data_dir}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, memory = map(float, done.stdout.splitlines()[-1].split())
    files = [path for path in (out, *out.rglob("*")) if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    return f"| `{name}` | {seconds:.1f} s | {memory / 1024:.0f} MB | {size:.1f} MB |"


def sizes(data_dir: Path) -> Iterator[str]:
    """Yield how large each part of a data folder is."""
    for path in sorted(data_dir.iterdir()):
        files = [one for one in (path, *path.rglob("*")) if one.is_file()]
        total = sum(one.stat().st_size for one in files) / 1e6
        yield f"| {path.name} | {len(files):,} files | {total:.2f} MB |"


@pytest.mark.soak
def test_a_year(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """12,000 articles, 600 edits, 60 deletions, 100 republications, outages and kills."""
    for simulation in simulated(tmp_path, 11, YEAR):
        data_dir, runs = simulation.world.data_dir, simulation.runs
        with capsys.disabled():
            asked = sum(run.requests for run in runs)
            cpu, wall = sum(run.cpu for run in runs), sum(run.wall for run in runs)
            print(f"\n{len(runs)} runs, {asked:,} requests, {cpu:.0f} s of CPU in {wall:.0f} s")
            print(*sizes(data_dir), sep="\n")
            print(*(measured(data_dir, tmp_path, name) for name in COMMANDS), sep="\n")
        check(simulation, tmp_path)
        assert len(simulation.expected) >= 12_000 + 600 + 60
        assert len(simulation.families()) >= 80
