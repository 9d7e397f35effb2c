"""The most that a run may take, against the replica."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from kompascrawler.outcome.cards import read_cards
from kompascrawler.store.store import Store
from tests.crawls import crawl, records
from tests.replica.serve import Replica, serve
from tests.replica.site import Site


@pytest.fixture
def replica() -> Iterator[Replica[Site]]:
    """Play a small site."""
    with serve(Site(seed=5, articles=12)) as played:
        yield played


def test_the_next_run_goes_on(replica: Replica[Site], tmp_path: Path) -> None:
    """Not one request more than allowed, robots.txt included; nothing is lost or asked twice."""
    first = crawl(replica.env, tmp_path, MAX_RUN_REQUESTS=8)
    assert (first.status, first.verdict["name"]) == (9, "budget")
    assert "MAX_RUN_REQUESTS=8" in first.verdict["cause"]
    assert len(replica.log) == 8
    (card,) = read_cards(tmp_path)
    assert card.requests.total == sum(card.requests.by_kind.values()) == 8
    assert card.requests.by_kind["robots"] >= 1
    assert 0 < len(records(tmp_path)) == card.counts.published < 12
    assert crawl(replica.env, tmp_path).status == 0
    assert len(records(tmp_path)) == 12
    asked = Counter(line.path for line in replica.log if "/read/" in line.path)
    assert set(asked.values()) == {1}


@pytest.mark.parametrize(("name", "status"), [("MAX_RUN_SECONDS", 9), ("CLOSESPIDER_TIMEOUT", 1)])
def test_time_ends_a_run_whose_answers_do_not(
    replica: Replica[Site], tmp_path: Path, name: str, status: int
) -> None:
    """Requests under way are given up, long before their time-out; no article has failed."""
    replica.faults.add("never_loads", path="/read/")
    done = crawl(replica.env, tmp_path, DOWNLOAD_TIMEOUT=3600, **{name: 5})
    assert done.status == status
    assert name in done.verdict["cause"]
    (card,) = read_cards(tmp_path)
    assert card.requests.by_status["none"] >= 1
    store = Store(tmp_path, "look")
    assert (store.failures(), len(store.due())) == ([], card.counts.found - card.counts.known)
    store.close()


def test_bytes(replica: Replica[Site], tmp_path: Path) -> None:
    """Are a budget, too."""
    done = crawl(replica.env, tmp_path, MAX_RUN_BYTES=20_000)
    assert done.status == 9
    assert "MAX_RUN_BYTES=20000" in done.verdict["cause"]
    assert 0 < len(records(tmp_path)) < 12
