"""Each fault of the matrix, against the replica: what the run says of it, and what is lost."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kompascrawler.replica.player import play
from kompascrawler.replica.site import Site
from tests.faults.row import Row
from tests.faults.rows import GROUPS
from tests.truth import differences, doubled, revisions, undocumented
from tests.world import DAY, World

OLD, NEW = 6, 4
"""Articles of the site before run 1, and those that come out before run 2."""
ROWS = [row for rows in GROUPS.values() for row in rows]


def site() -> Site:
    """Return the site of every row, as it is in the beginning."""
    return Site(seed=5, articles=OLD)


@pytest.fixture(scope="session")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder that a healthy first run has left; to be copied."""
    folder = tmp_path_factory.mktemp("healthy") / "world"
    with play(site()) as replica:
        world = World(folder, replica)
        world.wait(-DAY)
        assert world.crawl().status == 0
        assert differences(world.data_dir, replica.site.stories) == []
    return world.data_dir


@pytest.fixture
def world(healthy: Path, tmp_path: Path) -> Iterator[World]:
    """Return a world after its first run, in which four articles have come out since."""
    with play(site()) as replica:
        world = World(tmp_path / "world", replica)
        shutil.copytree(healthy, world.data_dir)
        replica.publish(NEW)
        yield world


def had(world: World) -> int:
    """Return how many of the new articles are published whole."""
    records = revisions(world.data_dir) if world.data_dir.is_dir() else {}
    new = [records.get(article_id, []) for article_id in world.newest(NEW)]
    return sum(any(record["halaman"]["complete"] is not False for record in each) for each in new)


def marked(row: Row) -> object:
    """Return a row as a case of the test; those that cost too much only run with the soak."""
    return pytest.param(row, id=row.name, marks=[pytest.mark.soak] if row.only_soak else [])


@pytest.mark.parametrize("row", [marked(row) for row in ROWS])
def test_row(row: Row, world: World) -> None:
    """The status is true, nothing is lost or doubled, and the next run completes."""
    with row.arrange(world):
        outcome = world.crawl(row.trouble)
        told = f"{outcome.output}\n{outcome.errors[-4000:]}"
        assert (outcome.status, had(world)) == (
            row.status,
            had(world) if row.had is None else row.had,
        ), told
    world.wait(row.wait)
    healed = world.crawl()
    assert healed.status == 0, healed
    assert differences(world.data_dir, world.replica.site.stories) == []
    assert doubled(world.data_dir) == 0
    assert undocumented(world.data_dir) == []
    assert world.leftovers() == []
