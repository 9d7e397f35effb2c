"""What shows whether a store is whole."""

from kompascrawler.store.reader import open_reader
from kompascrawler.store.store import SqliteStore
from tests.store.synthetic import make_article


def test_a_sound_store(store: SqliteStore) -> None:
    """Nothing is wrong, and each file is stated with its records."""
    for number in (1, 6, 2):  # the first two are of one day
        store.put(make_article(number))
    store.publish()
    with open_reader(store.data_dir) as reader:
        assert reader.damage() == []
        assert sorted(reader.published_files().values()) == [1, 2]
        assert all((store.data_dir / file).exists() for file in reader.published_files())
        assert reader.planned_files() == set()


def test_rows_that_refer_to_nothing(store: SqliteStore) -> None:
    """A record that somebody has taken out by hand is missed where it is referred to."""
    store.put(make_article(1))
    with store._database.reading("damage the store") as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("DELETE FROM article")
    with open_reader(store.data_dir) as reader:
        assert any("refers to nothing" in line for line in reader.damage())


def test_files_that_are_settled_and_not_yet_out(store: SqliteStore) -> None:
    """A run that was killed while it published has left such."""
    store.put(make_article(1))
    with store._database.writing("plan a batch") as db:
        db.execute("UPDATE outbox SET file = 'articles/x/run-1.jsonl'")
    with open_reader(store.data_dir) as reader:
        assert reader.planned_files() == {"articles/x/run-1.jsonl"}
        assert reader.published_files() == {}
