"""An article that kills each run that reads it keeps no other one from being stored."""

import json
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from kompascrawler.store.links import DIED, UNDER_WAY
from kompascrawler.store.model import NoStore
from kompascrawler.store.store import open_reader
from tests.crawls import TIME_LIMIT, crawl, scrapy
from tests.replica.serve import serve
from tests.replica.site import Site
from tests.spiders.deadly import VARIABLE
from tests.store.published import published_ids
from tests.world import Trouble, World

DEADLY = json.dumps({"tests.spiders.deadly.DeadlyPage": 300})


def test_a_deadly_page_is_given_up(tmp_path: Path) -> None:
    """It goes behind all others after the first death, and is given up after the third."""
    with serve(Site(seed=5, articles=6)) as replica:
        ids = sorted(story.id for story in replica.site.stories)
        env = replica.env | {VARIABLE: ids[-1]}
        ends = [crawl(env, tmp_path, ADDONS=DEADLY).status for _ in range(3)]
        assert ends == [-signal.SIGKILL] * 3
        last = crawl(env, tmp_path, ADDONS=DEADLY)
        assert last.status == 0
    assert published_ids(tmp_path) == dict.fromkeys(ids[:-1], 1)
    failed = json.loads(scrapy("failures", "--json", settings={"DATA_DIR": tmp_path}).output)
    assert [(one["id"], one["state"], one["tries"], one["cause"]) for one in failed] == [
        (ids[-1], "given_up", 3, DIED)
    ]
    assert f"Died on       {ids[-1]}" in scrapy("status", settings={"DATA_DIR": tmp_path}).output


@pytest.mark.parametrize("end", ["the budget", "SIGTERM"])
def test_a_run_ends_while_a_page_is_read(tmp_path: Path, end: str) -> None:
    """With a verdict, and what was stored is published, though reading would take for ever."""
    with serve(Site(seed=5, articles=6)) as replica:
        world = World(tmp_path, replica)
        ids = sorted(story.id for story in replica.site.stories)
        settings: dict[str, Any] = {"READ_MAX_SECONDS": 100_000}
        if end == "the budget":
            settings["MAX_RUN_SECONDS"] = 8
        trouble = Trouble(settings=settings, orders=[{"name": "costly", "article": ids[-1]}])
        run = world.begin(trouble)
        if end == "SIGTERM":
            wait_until_read(world, ids[-1])
            run.process.terminate()
        done = world.end(run)
    *_, last = done.output.splitlines()
    assert json.loads(last)["status"] == done.status == (9 if end == "the budget" else 143)
    assert done.output.count('"status":') == 1
    published = published_ids(world.data_dir)
    assert published == dict.fromkeys(published.keys() - {ids[-1]}, 1)
    if end == "SIGTERM":
        assert sorted(published) == ids[:-1]
    failed = json.loads(world.scrapy("failures", "--json").output)
    assert [(one["id"], one["cause"]) for one in failed] == [(ids[-1], "unreadable")]
    assert list(world.data_dir.glob("rejected/*.html.gz")) != []


def wait_until_read(world: World, article_id: str) -> None:
    """Wait until an article alone is being read, and all others have ended."""
    path = world.data_dir / UNDER_WAY
    deadline = time.monotonic() + TIME_LIMIT
    while time.monotonic() < deadline:
        text = path.read_text() if path.exists() else ""
        if article_id in text and text.count("\n") == 1 and is_quiet(world):
            return
        time.sleep(0.1)


def is_quiet(world: World) -> bool:
    """Whether the run has stored all other articles."""
    with suppress(NoStore), open_reader(world.data_dir) as reader:
        return reader.counts().articles == len(world.replica.site.stories) - 1
    return False
