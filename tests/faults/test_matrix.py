"""Each fault of the matrix, against the replica: what the run says of it, and what is lost."""

import json
import shutil
from pathlib import Path

import pytest

from tests.browser.crawls import require_chromium
from tests.faults.row import Row
from tests.faults.rows import GROUPS
from tests.replica.serve import serve
from tests.replica.site import Site
from tests.truth import differences, doubled, revisions, undocumented
from tests.world import DAY, World

OLD = 6
"""Articles of the site before run 1."""
ROWS = [row for rows in GROUPS.values() for row in rows]


@pytest.fixture(scope="session")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder that a healthy first run has left; to be copied."""
    folder = tmp_path_factory.mktemp("healthy") / "world"
    with serve(Site(seed=5, articles=OLD)) as replica:
        world = World(folder, replica)
        world.wait(-DAY)
        assert world.crawl().status == 0
        assert differences(world.data_dir, replica.site.stories) == []
    return world.data_dir


def had(world: World, new: int) -> int:
    """Return how many of the newest articles are published whole."""
    records = revisions(world.data_dir) if world.data_dir.is_dir() else {}
    found = [records.get(article_id, []) for article_id in world.newest(new)]
    return sum(any(record["halaman"]["complete"] is not False for record in each) for each in found)


def marked(row: Row) -> object:
    """Return a row as a case of the test; some only run with the soak."""
    return pytest.param(row, id=row.name, marks=[pytest.mark.soak] if row.only_soak else [])


@pytest.mark.parametrize("row", [marked(row) for row in ROWS])
def test_row(row: Row, healthy: Path, tmp_path: Path) -> None:
    """The status is true and told, nothing is lost or doubled, and the next run completes."""
    if row.halaman != "normal":
        require_chromium()
    # Where pages cannot be had, the first one does not carry their text.
    layout = "mix" if row.halaman == "normal" else "2021"
    with serve(Site(seed=5, articles=OLD, halaman=row.halaman, layout=layout)) as replica:
        world = World(tmp_path / "world", replica)
        if row.halaman == "normal":  # what run 1 leaves is the same for all of these
            shutil.copytree(healthy, world.data_dir)
        else:
            assert world.crawl().status == 0
            world.wait()
        replica.publish(row.new)
        with row.arrange(world):
            outcome = world.crawl(row.trouble)
            found = had(world, row.new)
        told = f"{outcome.output}\n{outcome.errors[-4000:]}"
        assert (outcome.status, found) == (row.status, found if row.had is None else row.had), told
        if row.status >= 0:
            assert json.loads(outcome.output.splitlines()[-1])["status"] == row.status
        world.wait(row.wait)
        replica.publish(row.later)
        healed = world.crawl()
        assert healed.status == 0, healed
        check(world)
        assert world.leftovers() == []


def check(world: World) -> None:
    """Hold the data folder against what the site has published."""
    assert differences(world.data_dir, world.replica.site.stories) == []
    assert doubled(world.data_dir) == 0
    assert undocumented(world.data_dir) == []
