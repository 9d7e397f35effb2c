"""The circuit breaker in crawls: what is asked for, what is lost (nothing), when it closes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kompascrawler.store.store import open_reader
from tests.crawls import crawl, make_all_due, records
from tests.replica.serve import Replica, serve
from tests.replica.site import Site

WWW = "www.kompas.com"


@pytest.fixture
def replica() -> Iterator[Replica[Site]]:
    """Play a small site."""
    with serve(Site(seed=5, articles=8)) as played:
        yield played


def asked(replica: Replica[Site], since: int = 0) -> list[str]:
    """Return the paths that were asked of the section's host."""
    return [line.path for line in replica.log[since:] if line.host == WWW]


def failed(data_dir: Path) -> dict[str, tuple[str, int]]:
    """Return cause and tries of every article that failed."""
    with open_reader(data_dir) as reader:
        return {failure.link.id: (failure.cause, failure.tries) for failure in reader.failures()}


def test_from_a_challenge_to_the_end(replica: Replica[Site], tmp_path: Path) -> None:
    """It opens, the rest of the run is held back; not due: no request; then all is had once."""
    newest = replica.site.stories[0].id
    replica.faults.add("challenge", article=newest, times=2)  # in both forms of its address
    # One article after the other: what is on its way when the challenge comes is not held back.
    first = crawl(replica.env, tmp_path, DOWNLOAD_DELAY=0.3, CONCURRENT_REQUESTS=2)
    assert (first.status, "challenge page; next probe" in first.output) == (5, True), first.output
    assert len(asked(replica)) <= 5  # robots.txt, front page, the challenges, one under way
    assert failed(tmp_path) == {newest: ("challenge", 1)}
    assert (tmp_path / "rejected" / f"{newest}.html.gz").exists()
    with open_reader(tmp_path) as reader:
        (breaker,) = reader.breakers()
    assert (breaker.host, breaker.cause, breaker.probes) == (WWW, "challenge page", 0)

    before = len(replica.log)
    second = crawl(replica.env, tmp_path)
    assert (second.status, len(replica.log)) == (5, before), second.output

    make_all_due(tmp_path)
    third = crawl(replica.env, tmp_path)
    assert third.status == 0, third.output
    assert [record["id"] for record in records(tmp_path)] == sorted(
        story.id for story in replica.site.stories
    )
    with open_reader(tmp_path) as reader:
        assert (reader.breakers(), reader.failures()) == ([], [])


def test_a_probe_that_fails_costs_two_requests(replica: Replica[Site], tmp_path: Path) -> None:
    """robots.txt and the front page; the next probe is twice as far, no article is the worse.

    Where robots.txt cannot be had the probe has failed, too.
    """
    crawl(replica.env, tmp_path, "-amax_articles=2")
    replica.publish(3)
    replica.faults.add("403", host=WWW, path="^/(?!robots)")
    crawl(replica.env, tmp_path)
    before_probes = failed(tmp_path)
    for probes, status, paths in ((1, 5, ["/robots.txt", "/global"]), (2, 4, ["/robots.txt"])):
        make_all_due(tmp_path)
        before = len(replica.log)
        assert crawl(replica.env, tmp_path).status == status
        assert asked(replica, before) == paths
        with open_reader(tmp_path) as reader:
            assert [breaker.probes for breaker in reader.breakers()] == [probes]
        replica.faults.add("500", host=WWW, path="robots")
    assert failed(tmp_path) == before_probes


def test_all_others_wait_for_the_probe(replica: Replica[Site], tmp_path: Path) -> None:
    """Where a run begins with many articles, one is the probe; they go with it, or not at all."""
    replica.faults.add("challenge", path="/read/")
    crawl(replica.env, tmp_path, DOWNLOAD_DELAY=0.2)
    make_all_due(tmp_path)
    before = len(replica.log)
    crawl(replica.env, tmp_path, "-auntil=2026-11-21")
    robots, *forms = asked(replica, before)
    assert (robots, len(forms), len(set(forms))) == ("/robots.txt", 2, 1)
    assert "/read/" in forms[0]

    replica.faults.clear()
    make_all_due(tmp_path)
    assert crawl(replica.env, tmp_path, "-auntil=2026-11-21").status == 0
    assert len(records(tmp_path)) == 8


def test_repeated_refusals(replica: Replica[Site], tmp_path: Path) -> None:
    """The fifth 403 in a row is the last; those not asked for wait, untried."""
    replica.faults.add("403", path="/read/")
    done = crawl(replica.env, tmp_path, CONCURRENT_REQUESTS_PER_DOMAIN=1, DOWNLOAD_DELAY=0.05)
    assert done.status == 5, done.output
    pages_one = [line for line in replica.log if "/read/" in line.path and not line.query]
    assert len(pages_one) in (5, 6)
    assert set(failed(tmp_path).values()) == {("http 403", 1)}
    with open_reader(tmp_path) as reader:
        assert reader.counts().waiting == 8


def test_other_hosts_go_on(replica: Replica[Site], tmp_path: Path) -> None:
    """An archive that answers with a challenge ends no more than the reading of the archive."""
    replica.faults.add("challenge", host="indeks.kompas.com", path="^/(?!robots)")
    crawl(replica.env, tmp_path)
    assert len(records(tmp_path)) == 8
    assert sum(line.host == "indeks.kompas.com" for line in replica.log) == 2
    with open_reader(tmp_path) as reader:
        assert [breaker.host for breaker in reader.breakers()] == ["indeks.kompas.com"]
        assert reader.gaps()


@pytest.mark.parametrize(
    ("kind", "is_kept", "status"), [("challenge", True, 5), ("maintenance", False, 4)]
)
def test_robots_txt_that_is_a_page(
    replica: Replica[Site],
    tmp_path: Path,
    kind: str,
    is_kept: bool,  # noqa: FBT001  # a table
    status: int,
) -> None:
    """It is no permission: nothing is asked for. Only a challenge holds beyond the run."""
    replica.faults.add(kind, host=WWW, path="robots.txt")
    assert crawl(replica.env, tmp_path).status == status
    assert asked(replica) == ["/robots.txt"]
    with open_reader(tmp_path) as reader:
        assert bool(reader.breakers()) is is_kept


@pytest.mark.parametrize("kind", ["503", "drop"])
def test_robots_txt_that_cannot_be_had(replica: Replica[Site], tmp_path: Path, kind: str) -> None:
    """It may forbid anything: it is asked for three times, and nothing else is."""
    replica.faults.add(kind, path="^/robots", host=WWW)
    done = crawl(replica.env, tmp_path, RETRY_TIMES=2)
    assert (done.status, asked(replica)) == (4, ["/robots.txt"] * 3)
    assert "robots.txt cannot be had" in done.errors
    replica.faults.clear()
    assert crawl(replica.env, tmp_path).status == 0


def test_robots_txt_that_fails_once(replica: Replica[Site], tmp_path: Path) -> None:
    """The second answer counts."""
    replica.faults.add("503", path="^/robots", times=1)
    assert crawl(replica.env, tmp_path, RETRY_TIMES=2).status == 0
    assert records(tmp_path)


def test_halaman_of_a_host_left_alone(tmp_path: Path) -> None:
    """An article whose further pages are held back is no record and no failure: it comes whole."""
    with serve(Site(seed=5, articles=1, halaman="ten_pages")) as replica:
        (story,) = replica.site.stories
        replica.faults.add("retry_after", path="page=all", value=5000, times=1)
        replica.faults.add("challenge", path="page=3$", times=1)
        settings = {"HALAMAN_ROUTE": "numbered", "BREAKER_CHALLENGES": 1}
        crawl(replica.env, tmp_path, **settings)
        assert (records(tmp_path), failed(tmp_path)) == ([], {})
        make_all_due(tmp_path)
        assert crawl(replica.env, tmp_path, **settings).status == 0
        (record,) = records(tmp_path)
    assert record["text"].split("\n\n") == [block.text for block in story.blocks]
