"""One store a crawl, opened when it is needed."""

import gc
import re
import weakref
from pathlib import Path

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.utils.test import get_crawler

from kompascrawler.components import counts_of
from kompascrawler.run.shutdown import shutdown_of
from kompascrawler.run.storage import new_run_id, storage_of, store_of
from kompascrawler.store.lock import Locked
from kompascrawler.store.model import StoreError
from tests.store.synthetic import make_article


@pytest.fixture
def crawler(tmp_path: Path) -> Crawler:
    """Return a crawler with a data folder of its own."""
    return get_crawler(Spider, {"DATA_DIR": str(tmp_path / "data"), "RUN_ID": "run"})


def test_asking_where_things_are_kept_opens_nothing(crawler: Crawler, tmp_path: Path) -> None:
    """Components may read the folder and the run's name without a trace on the disk."""
    storage = storage_of(crawler)
    assert (storage.data_dir, storage.run_id) == (tmp_path / "data", "run")
    assert not storage.is_open
    assert not storage.data_dir.exists()


def test_all_components_of_a_crawl_share_one_store(crawler: Crawler) -> None:
    """Every call gives the same store, the first one opens it."""
    assert store_of(crawler) is store_of(crawler)
    assert storage_of(crawler).is_open


def test_each_crawl_has_its_own(tmp_path: Path) -> None:
    """Two crawls in one process do not share runs."""
    crawlers = [get_crawler(Spider, {"DATA_DIR": str(tmp_path / str(n))}) for n in range(2)]
    assert len({id(store_of(crawler)) for crawler in crawlers}) == 2
    assert len({storage_of(crawler).run_id for crawler in crawlers}) == 2


def test_one_crawl_at_a_time_holds_a_folder(tmp_path: Path) -> None:
    """The second is told who holds it; when the first has ended it is let in."""
    first, second = (
        get_crawler(Spider, {"DATA_DIR": str(tmp_path), "RUN_ID": name}) for name in ("one", "two")
    )
    store_of(first)
    with pytest.raises(Locked, match="run one"):
        store_of(second)
    storage_of(first).engine_stopped()
    assert store_of(second)


def test_the_store_is_closed_when_the_engine_stops(crawler: Crawler) -> None:
    """SQLite's two extra files are gone: everything stands in the database itself."""
    store_of(crawler).put(make_article(1))
    storage_of(crawler).engine_stopped()
    assert not storage_of(crawler).is_open
    names = {path.name for path in storage_of(crawler).data_dir.iterdir()}
    assert names == {"lock", "state.sqlite3"}


def test_a_crawl_that_is_over_is_forgotten(tmp_path: Path) -> None:
    """A process that crawls again and again does not keep the old crawls."""
    crawler = get_crawler(Spider, {"DATA_DIR": str(tmp_path)})
    storage_of(crawler)
    reference = weakref.ref(crawler)
    del crawler
    gc.collect()
    assert reference() is None


def test_the_data_folder_is_data_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a setting it is ``data`` in the current folder."""
    assert storage_of(get_crawler(Spider, {})).data_dir == Path("data")


def test_run_ids_say_when_and_differ() -> None:
    """UTC time first, so that names sort by time; two runs of one second differ."""
    run_ids = {new_run_id() for _ in range(20)}
    assert len(run_ids) > 1
    assert all(re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{4}", run_id) for run_id in run_ids)


def test_a_store_that_fails_to_open_says_why(tmp_path: Path) -> None:
    """Whoever asks first gets the error, and so does the next one."""
    (tmp_path / "file").write_text("")
    crawler = get_crawler(Spider, {"DATA_DIR": str(tmp_path / "file")})
    for _ in range(2):
        with pytest.raises(StoreError, match="What to do"):
            store_of(crawler)


def test_a_store_that_fails_ends_the_run_and_is_logged_once(
    crawler: Crawler, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever asks need not catch it: Scrapy does, and says no more of it."""
    store, asked = store_of(crawler), object()
    store.close()

    def ask() -> None:
        store.gaps()

    crawler.signals.connect(ask, asked)
    for _ in range(2):
        crawler.signals.send_catch_log(asked)
    (logged,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert logged.exc_info is None
    assert counts_of(crawler).store.error == logged.getMessage()
    assert shutdown_of(crawler).reason == "store_failed"
