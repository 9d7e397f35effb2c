"""What is remembered of the site: hosts left alone, what runs measured."""

from pathlib import Path

from kompascrawler.store import outbox
from kompascrawler.store.model import Breaker
from kompascrawler.store.store import Store, open_reader
from tests.store.synthetic import make_article

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


def test_a_sound_store(store: Store) -> None:
    """Nothing is wrong, and each file is stated with its records."""
    for number in (1, 6, 2):  # the first two are of one day
        store.put(make_article(number))
    store.publish()
    with open_reader(store.data_dir) as reader:
        assert reader.damage() == []
        assert sorted(reader.published_files().values()) == [1, 2]
        assert all((store.data_dir / file).exists() for file in reader.published_files())
        assert reader.planned_files() == set()


def test_rows_that_refer_to_nothing(store: Store) -> None:
    """A record that somebody has taken out by hand is missed where it is referred to."""
    store.put(make_article(1))
    with store._database.reading("damage the store") as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("DELETE FROM article")
    with open_reader(store.data_dir) as reader:
        assert any("refers to nothing" in line for line in reader.damage())


def test_files_that_are_settled_and_not_yet_out(store: Store) -> None:
    """A run that was killed while it published has left such."""
    store.put(make_article(1))
    with store._database.writing("plan a batch") as db:
        outbox.plan_batch(db, "run", "2026-11-22T18:45:00+00:00")
    with open_reader(store.data_dir) as reader:
        assert reader.planned_files() == {"articles/published_date=2026-11-12/00000001-run.jsonl"}
        assert reader.published_files() == {}
