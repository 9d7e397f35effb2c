"""Records into the store and out to the files, in crawls of a process of their own."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from scrapy import Spider
from scrapy.utils.test import get_crawler

from kompascrawler.components import counts_of
from kompascrawler.items import Article
from kompascrawler.pipelines.record import DedupePipeline, KnownArticle, StorePipeline
from kompascrawler.run.storage import storage_of, store_of
from kompascrawler.store.links import MOST_TRIES
from kompascrawler.store.model import Link
from tests.store.published import published_files, published_ids
from tests.store.synthetic import make_article

ROOT = Path(__file__).parents[2]


class Crawl(NamedTuple):
    """What a crawl gave."""

    stats: dict[str, Any]
    log: str


def crawl(data_dir: Path, numbers: str, *settings: str) -> Crawl:
    """Crawl records of these numbers into a data folder."""
    command = [sys.executable, "-m", "tests.pipelines.crawl", numbers, f"DATA_DIR={data_dir}"]
    process = subprocess.run(
        [*command, *settings], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    return Crawl(json.loads(process.stdout), process.stderr)


def lines(data_dir: Path) -> list[dict[str, Any]]:
    """Return all published records."""
    files = published_files(data_dir)
    return [
        json.loads(line) for name in files for line in (data_dir / name).read_text().splitlines()
    ]


def test_a_crawl_stores_and_publishes_each_article_once(tmp_path: Path) -> None:
    """What comes twice in a run is stored once; all of it is out at the end of the run."""
    stats, _ = crawl(tmp_path, "1,2,3,1")
    assert published_ids(tmp_path) == {make_article(n).id: 1 for n in (1, 2, 3)}
    assert (stats["store/articles"], stats["store/published"], stats["dedupe/known"]) == (3, 3, 1)
    assert not {"log_count/WARNING", "log_count/ERROR"} & set(stats)


def test_the_run_id_stands_in_records_and_names(tmp_path: Path) -> None:
    """A record tells which run fetched it; a file tells which run published it."""
    crawl(tmp_path, "1", "RUN_ID=20261122T184500Z-9f3a")
    assert [line["run_id"] for line in lines(tmp_path)] == ["20261122T184500Z-9f3a"]
    assert [Path(name).name for name in published_files(tmp_path)] == [
        "00000001-20261122T184500Z-9f3a.jsonl"
    ]


def test_a_later_run_adds_only_what_is_new(tmp_path: Path) -> None:
    """What an earlier run stored is dropped; its files stay as they are."""
    crawl(tmp_path, "1,2")
    before = published_files(tmp_path)
    stats, _ = crawl(tmp_path, "1,2,3", "RUN_ID=later")
    assert (stats["store/articles"], stats["dedupe/known"]) == (1, 2)
    assert before.items() <= published_files(tmp_path).items()
    assert published_ids(tmp_path).total() == 3


def test_batches_are_published_during_the_run(tmp_path: Path) -> None:
    """After every so many records there is a batch of its own; the last one is the rest."""
    stats, _ = crawl(tmp_path, "1,6,11,16,21", "PUBLISH_EVERY_ITEMS=2")
    names = [Path(name).stem for name in published_files(tmp_path)]
    assert names == ["00000001-run", "00000002-run", "00000003-run"]
    assert stats["store/published"] == 5


def test_batches_are_published_after_a_time(tmp_path: Path) -> None:
    """A run that goes on without new records publishes what it has (it would wait for ever)."""
    stats, _ = crawl(tmp_path, "1", "PUBLISH_EVERY_SECONDS=0.05", "WAIT_FOR_FILES=1")
    assert stats["store/published"] == 1


def test_a_store_that_does_not_open_ends_the_run(tmp_path: Path) -> None:
    """Nothing counts as stored or scraped, the cause is a stat, and it is logged once."""
    data_dir = tmp_path / "file"
    data_dir.write_text("mine")
    stats, log = crawl(data_dir, "1,2,3")
    assert stats["finish_reason"] == "store_failed"
    assert "a file stands where a folder is needed" in stats["store/error"]
    assert not {"store/articles", "store/published", "item_scraped_count"} & set(stats)
    assert stats["log_count/ERROR"] == 1
    assert "Traceback" not in log
    assert data_dir.read_text() == "mine"


def test_a_failing_publish_ends_the_run_and_loses_nothing(tmp_path: Path) -> None:
    """What was stored before is durable, and the next run publishes it."""
    obstacle = tmp_path / "articles"
    obstacle.write_text("")
    stats, _ = crawl(tmp_path, "1,2,3,4,5,6,7,8", "PUBLISH_EVERY_ITEMS=2")
    assert stats["finish_reason"] == "store_failed"
    assert "publish articles" in stats["store/error"]
    assert "store/published" not in stats
    obstacle.unlink()
    later, _ = crawl(tmp_path, "1,2,3,4,5,6,7,8", "RUN_ID=later")
    assert later["dedupe/known"] == stats["store/articles"] >= 2
    assert published_ids(tmp_path) == {make_article(n).id: 1 for n in range(1, 9)}


def test_a_failing_last_publish_is_told(tmp_path: Path) -> None:
    """Scrapy closes the run as finished all the same; the stat tells that it failed."""
    (tmp_path / "articles").write_text("")
    stats, _ = crawl(tmp_path, "1,2")
    assert stats["finish_reason"] == "finished"
    assert "publish articles" in stats["store/error"]
    assert stats["store/articles"] == 2
    assert "store/published" not in stats


def test_an_article_that_another_process_stored_is_dropped(tmp_path: Path) -> None:
    """Between the look-up and the storing somebody else can be quicker: no error, no count."""
    crawler = get_crawler(Spider, {"DATA_DIR": str(tmp_path)})
    store_of(crawler)
    pipeline = StorePipeline.from_crawler(crawler)
    pipeline.process_item(make_article(1))
    with pytest.raises(KnownArticle):
        pipeline.process_item(make_article(1))
    assert counts_of(crawler).store.articles == 1
    assert counts_of(crawler).dedupe.known == 1


def incomplete(**fields: Any) -> Article:
    """Return the record of an article without its second page."""
    halaman = replace(make_article(1).halaman, pages_expected=2, complete=False)
    return make_article(1, text="Halaman pertama.", halaman=halaman, **fields)


def test_a_better_record_is_a_revision_and_no_new_article(tmp_path: Path) -> None:
    """Both are published; each is counted as what it is."""
    crawler = get_crawler(Spider, {"DATA_DIR": str(tmp_path)})
    store_of(crawler)  # a crawl has begun
    first, second = DedupePipeline.from_crawler(crawler), StorePipeline.from_crawler(crawler)
    for article in (incomplete(), make_article(1)):
        second.process_item(first.process_item(article))
    counts = counts_of(crawler).store
    assert (counts.articles, counts.revisions) == (1, 1)
    assert storage_of(crawler).store().publish() == 2
    assert [line["revision"] for line in lines(tmp_path)] == [1, 2]


def test_an_article_that_is_no_better_is_dropped_quietly(tmp_path: Path) -> None:
    """Nothing is counted as stored; the try is remembered."""
    crawler = get_crawler(Spider, {"DATA_DIR": str(tmp_path)})
    store_of(crawler)  # a crawl has begun
    first, second = DedupePipeline.from_crawler(crawler), StorePipeline.from_crawler(crawler)
    second.process_item(first.process_item(incomplete()))
    with pytest.raises(KnownArticle):
        second.process_item(first.process_item(incomplete(title="Judul lain")))
    assert counts_of(crawler).store.articles == 1
    assert counts_of(crawler).store.revisions == 0


def test_an_article_that_lacks_something_for_the_last_time_is_given_up(tmp_path: Path) -> None:
    """It is counted, as one that could not be fetched is."""
    crawler = get_crawler(Spider, {"DATA_DIR": str(tmp_path)})
    store = store_of(crawler)
    pipeline = StorePipeline.from_crawler(crawler)
    pipeline.process_item(incomplete())
    for _ in range(MOST_TRIES - 2):
        store.add_failure(Link(incomplete().id, incomplete().url), "http 500")
    assert counts_of(crawler).store.given_up == 0
    with pytest.raises(KnownArticle):
        pipeline.process_item(incomplete())
    assert counts_of(crawler).store.given_up == 1


def test_outside_a_crawl_nothing_is_stored(tmp_path: Path) -> None:
    """Under ``scrapy parse`` no store is open: items pass untouched and the disk is left alone."""
    stats, _ = crawl(tmp_path / "data", "1,2", "IS_NO_CRAWL=1")
    assert stats["item_scraped_count"] == 2
    assert not (tmp_path / "data").exists()
    assert not [name for name in stats if name.startswith(("store/", "dedupe/"))]
