"""Retry-After: a host that asks us to wait is not asked meanwhile, and others are."""

from datetime import datetime
from pathlib import Path

from kompascrawler.store.reader import open_reader
from tests.crawls import crawl, records
from tests.replica.player import play
from tests.replica.site import Site

WWW = "www.kompas.com"


def test_a_short_wait_is_waited_for(tmp_path: Path) -> None:
    """What was under way may still go out; then nothing until the time is over; all is had."""
    with play(Site(seed=5, articles=8)) as replica:
        replica.faults.add("retry_after", path="/read/", value=2, status=503, times=1)
        done = crawl(replica.env, tmp_path, RETRY_TIMES=1)
        (asked,) = (line for line in replica.log if line.status == 503)
        after = [line for line in replica.log if line.time > asked.time]
    assert (done.status, len(records(tmp_path))) == (0, 8)
    early = [line.host for line in after if line.time < asked.time + 1.9]
    assert early.count(WWW) <= 1
    assert "indeks.kompas.com" in early


def test_a_long_wait_is_left_to_a_later_run(tmp_path: Path) -> None:
    """It opens the breaker until then; nothing more is asked for, and nobody waits."""
    with play(Site(seed=5, articles=8)) as replica:
        replica.faults.add("retry_after", path="/read/", value=7200, times=1)
        crawl(replica.env, tmp_path, DOWNLOAD_DELAY=0.2, RETRY_TIMES=2)
        assert sum("/read/" in line.path for line in replica.log) <= 2
    with open_reader(tmp_path) as reader:
        ((host, cause, opened_at, _, next_probe),) = reader.breakers()
        assert reader.failures() == []
    assert (host, cause) == (WWW, "http 429 with Retry-After of 7200 s")
    wait = datetime.fromisoformat(next_probe) - datetime.fromisoformat(opened_at)
    assert wait.total_seconds() == 7200


def test_a_wait_beyond_the_budget_is_left_to_a_later_run(tmp_path: Path) -> None:
    """A run that may not last so long does not begin to wait."""
    with play(Site(seed=5, articles=4)) as replica:
        replica.faults.add("retry_after", path="/read/", value=40, times=1)
        crawl(replica.env, tmp_path, MAX_RUN_SECONDS=30)
    with open_reader(tmp_path) as reader:
        assert [breaker.cause for breaker in reader.breakers()] == [
            "http 429 with Retry-After of 40 s"
        ]
