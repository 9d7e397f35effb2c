"""What is remembered of the site: hosts left alone, what runs measured."""

from pathlib import Path

from kompascrawler.store.model import Breaker
from kompascrawler.store.store import Store

BREAKER = Breaker("www.kompas.com", "403", "2026-11-22T18:00:00+00:00", 0, "2026-11-22T19:00:00")


def test_a_breaker_survives_until_it_is_closed(store: Store) -> None:
    """The next run reads it, changes it, and closes it once."""
    store.set_breaker(BREAKER)
    store.close()
    later = Store(store.data_dir, "later")
    assert later.breakers() == [BREAKER]
    later.set_breaker(BREAKER._replace(probes=1))
    assert [breaker.probes for breaker in later.breakers()] == [1]
    assert [later.close_breaker(BREAKER.host), later.close_breaker(BREAKER.host)] == [True, False]
    assert later.breakers() == []
    later.close()


def test_measures_of_the_latest_runs_come_first(tmp_path: Path) -> None:
    """Each run once, with what it said last; two hundred are remembered."""
    for number in range(203):
        store = Store(tmp_path, f"run-{number}")
        store.add_measures({"title": (0, 1)})
        store.add_measures({"title": (number, 300)})
        store.close()
    store = Store(tmp_path, "last")
    assert store.measures(2) == [{"title": (202, 300)}, {"title": (201, 300)}]
    assert len(store.measures(1000)) <= 200
    store.close()
