"""What `scrapy crawl` passes on: figures for Prometheus, messages for people."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kompascrawler.outcome.monitoring import LAST_SUCCESS
from tests.crawls import crawl
from tests.outcome.receiver import Receiver, receiving
from tests.replica.serve import Replica, serve
from tests.replica.site import Site


@pytest.fixture
def replica() -> Iterator[Replica[Site]]:
    """Play a small site."""
    with serve(Site(seed=5, articles=12)) as played:
        yield played


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Listen on loopback."""
    with receiving() as receiver:
        yield receiver


def environment(replica: Replica[Site], receiver: Receiver, path: str = "/in") -> dict[str, str]:
    """Return the environment of a crawl that tells a receiver."""
    urls = f"{receiver.address}{path}"
    return replica.env | {"no_proxy": "127.0.0.1", "KOMPAS_NOTIFY_URLS": urls}


def test_people_and_machines_are_told(
    replica: Replica[Site], receiver: Receiver, tmp_path: Path
) -> None:
    """The first bad run is told once, its figures are written, and no secret is anywhere."""
    replica.faults.add("403")
    env, metrics = environment(replica, receiver), tmp_path / "kompas.prom"
    for _ in range(2):
        done = crawl(env, tmp_path / "data", METRICS_FILE=metrics, LOG_LEVEL="DEBUG")
        assert done.status == 5
        assert "secret" not in done.output + done.errors
    assert [message["title"] for message in receiver.received] == [
        "kompascrawler: blocked (exit status 5)"
    ]
    text = metrics.read_text()
    assert "kompascrawler_last_run_exit_status 5.0" in text
    assert LAST_SUCCESS not in text
    kept = [*tmp_path.glob("data/runs/*"), metrics]
    assert len(kept) == 3
    assert not [path for path in kept if "secret" in path.read_text()]
    assert '"NOTIFY_URLS": "***"' in kept[0].read_text()  # given, though not by -s


def test_a_service_that_refuses_changes_nothing(
    replica: Replica[Site], receiver: Receiver, tmp_path: Path
) -> None:
    """Neither does a run that could not begin go untold, nor is its status another."""
    (tmp_path / "file").write_text("")
    env = environment(replica, receiver, "/refused") | {"TMPDIR": str(tmp_path)}
    done = crawl(env, tmp_path / "file" / "data", LOG_LEVEL="INFO")
    assert done.status == 3
    assert [message["title"] for message in receiver.received] == [
        "kompascrawler: store (exit status 3)"
    ]
    assert "notification 1 of 1 (json) was not sent" in done.errors
    assert "secret" not in done.errors
