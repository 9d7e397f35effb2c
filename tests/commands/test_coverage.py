"""`kompascrawler coverage`: recall of each day, what is missing and why, marks for crawls."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from kompascrawler.identity import WIB
from kompascrawler.store.ledger import Day, Ledger
from kompascrawler.store.model import Discovery, Link
from kompascrawler.store.store import Store
from tests.crawls import Finished, scrapy
from tests.replica.clock import TODAY
from tests.replica.serve import Replica, serve
from tests.replica.site import Site
from tests.store.synthetic import make_article
from tests.world import DAY, World

STORED = make_article(1)
FAILED, UNKNOWN = "2026-11-12-100000170", "2026-11-12-110000170"


def coverage(data_dir: Path, *args: str) -> Finished:
    """Run the command on a data folder."""
    return scrapy("coverage", *args, settings={"DATA_DIR": data_dir})


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return a folder with an article that is stored, one that failed, and lines of two days."""
    store = Store(tmp_path, "run")
    store.learn(Discovery(oldest="2026-11-10"))
    store.put(STORED)
    store.add_failure(Link(FAILED, f"https://www.kompas.com/{FAILED}"), "http 500")
    store.close()
    day, at = date(2026, 11, 12), "2026-11-13T00:00:00+00:00"
    missing = (STORED.id, FAILED, UNKNOWN)
    read = Day(day=day, section="global", listed=4, have=1, missing=missing, looked_at=at)
    Ledger(tmp_path, "global").append([read, Day(day=date(2026, 11, 13), section="global")])
    return tmp_path


def test_what_was_fetched_since_counts(data_dir: Path) -> None:
    """The rest is named, each with its reason."""
    told = json.loads(coverage(data_dir, "--json").output)
    assert (told["listed"], told["have"], told["recall"]) == (4, 2, 0.5)
    assert told["open"] == ["2026-11-12", "2026-11-13"]
    assert told["days"][0]["missing"] == {
        FAILED: "to be fetched: http 500",
        UNKNOWN: "not known to the store",
    }
    assert [day["state"] for day in told["days"]] == ["open", "unread"]


def test_for_people(data_dir: Path) -> None:
    """A line a day, the sum, and what is missing."""
    shown = coverage(data_dir, "--until", "2026-11-12").output
    assert "2026-11-12 open  2026-11-13 00:00" in shown
    assert "50.0 %" in shown
    assert f"Missing {FAILED} to be fetched: http 500" in shown
    assert "2026-11-13" not in shown.replace("2026-11-13 00:00", "")


def test_no_ledger(tmp_path: Path) -> None:
    """Nothing was read yet, which is no error."""
    done = coverage(tmp_path)
    assert (done.status, "none was read yet" in done.output) == (0, True)


def test_days_are_marked_from_the_collection_s_first_to_yesterday(data_dir: Path) -> None:
    """Days before ``since`` are out, and today is not over."""
    done = coverage(data_dir, "--since", "2026-11-01", "--backfill", "--json")
    marked = json.loads(done.output)["marked"]
    yesterday = datetime.now(WIB).date() - timedelta(days=1)
    assert (marked[0], marked[-1]) == ("2026-11-10", yesterday.isoformat())
    assert Ledger(data_dir, "global").read()[date(2026, 11, 12)].looked_at is None


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--since", "2026-1-1"], "write the day as YYYY-MM-DD"),
        (["--since", "2026-11-13", "--until", "2026-11-12"], "lies after"),
        (["--backfill"], "give the first day"),
        (["--backfill", "--since", "2999-01-01"], "yesterday is the last day"),
        (["yesterday"], "it takes options only"),
    ],
)
def test_what_cannot_be_accepted(data_dir: Path, args: list[str], said: str) -> None:
    """Status 2, one line, and nothing is marked."""
    before = Ledger(data_dir, "global").read()
    done = coverage(data_dir, *args)
    assert (done.status, said in done.errors, done.errors.count("\n")) == (2, True, 1)
    assert Ledger(data_dir, "global").read() == before


def test_a_folder_that_no_crawl_has_used_is_not_marked(tmp_path: Path) -> None:
    """Status 3; only a crawl begins one."""
    done = coverage(tmp_path, "--backfill", "--since", "2026-11-01")
    assert (done.status, list(tmp_path.iterdir())) == (3, [])


@pytest.fixture
def replica() -> Iterator[Replica[Site]]:
    """Play a site of one day and a bit."""
    with serve(Site(seed=5, articles=30, start_visible=12)) as played:
        yield played


def test_crawls_close_days_and_read_the_marked_ones(replica: Replica[Site], tmp_path: Path) -> None:
    """Two requests for a day that is due, none in the next run; what a mark adds is read."""
    world = World(tmp_path / "world", replica)
    world.wait(TODAY.start.timestamp() - datetime.now(WIB).timestamp())
    world.crawl()
    replica.publish(10)
    world.crawl()
    world.wait(DAY)
    closing, idle = world.crawl(), world.crawl()
    assert (closing.status, closing.requests - idle.requests, idle.requests) == (0, 3, 2)
    told = json.loads(world.scrapy("coverage", "--json").output)
    days = {day["day"]: (day["listed"], day["have"], day["state"]) for day in told["days"]}
    today = TODAY.start.date()
    here = [one.id for one in replica.site.stories if one.id.startswith(str(today))]
    assert days[str(today)] == (len(here), len(here), "open")
    old = replica.site.stories[-1].id[:10]
    world.scrapy("coverage", "--backfill", "--since", old)
    world.crawl()
    told = json.loads(world.scrapy("coverage", "--json").output)
    assert told["recall"] == 1.0
    assert told["listed"] == len(replica.site.stories)
