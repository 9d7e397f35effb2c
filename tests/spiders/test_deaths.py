"""An article that kills each run that reads it keeps no other one from being stored."""

import json
import signal
from pathlib import Path

from kompascrawler.store.links import DIED
from tests.crawls import crawl, scrapy
from tests.replica.serve import serve
from tests.replica.site import Site
from tests.spiders.deadly import VARIABLE
from tests.store.published import published_ids

ENDLESS = json.dumps({"tests.spiders.deadly.EndlessPage": 300})
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
    for command in (["status"], ["why", ids[-1]]):
        shown = scrapy(*command, settings={"DATA_DIR": tmp_path}).output
        assert ids[-1] in shown
        assert "ied on" in shown


def test_the_budget_holds_whatever_a_page_does(tmp_path: Path) -> None:
    """The run ends with a verdict while the page is read; all others are published."""
    with serve(Site(seed=5, articles=6)) as replica:
        ids = sorted(story.id for story in replica.site.stories)
        env = replica.env | {VARIABLE: ids[-1]}
        limits = {"READ_MAX_SECONDS": 100_000, "MAX_RUN_SECONDS": 10}
        done = crawl(env, tmp_path, ADDONS=ENDLESS, **limits)
    assert done.verdict["status"] == done.status == 9
    assert published_ids(tmp_path) == dict.fromkeys(ids[:-1], 1)
    failed = json.loads(scrapy("failures", "--json", settings={"DATA_DIR": tmp_path}).output)
    assert [(one["id"], one["cause"]) for one in failed] == [(ids[-1], "unreadable")]
    assert list(tmp_path.glob("rejected/*.html.gz")) != []
