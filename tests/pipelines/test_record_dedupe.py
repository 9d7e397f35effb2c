"""What is dropped as known, and what is labelled as a republication."""

from pathlib import Path

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.utils.test import get_crawler

from kompascrawler.components import counts_of
from kompascrawler.outcome.counts import DedupeTally
from kompascrawler.pipelines.record import DedupePipeline, KnownArticle
from kompascrawler.run.storage import storage_of, store_of
from tests.store.synthetic import make_article


@pytest.fixture
def crawler(tmp_path: Path) -> Crawler:
    """Return a crawler that has begun, with a data folder of its own."""
    crawler = get_crawler(Spider, {"DATA_DIR": str(tmp_path / "data")})
    store_of(crawler)
    return crawler


@pytest.fixture
def pipeline(crawler: Crawler) -> DedupePipeline:
    """Return the pipeline of the crawler."""
    return DedupePipeline.from_crawler(crawler)


def test_a_new_article_passes_unchanged(pipeline: DedupePipeline) -> None:
    """Without an earlier article of that content there is nothing to label."""
    assert pipeline.process_item(make_article(1)) == make_article(1)


def test_a_known_article_is_dropped_quietly(crawler: Crawler, pipeline: DedupePipeline) -> None:
    """It is counted and logged at DEBUG: nothing is wrong with it."""
    store_of(crawler).put(make_article(1))
    with pytest.raises(KnownArticle, match=r"2026-11-12-000001170") as drop:
        pipeline.process_item(make_article(1))
    assert drop.value.log_level == "DEBUG"
    assert counts_of(crawler).dedupe.known == 1


def test_a_republication_is_labelled_and_kept(crawler: Crawler, pipeline: DedupePipeline) -> None:
    """It names the earlier article and how much of it is the same."""
    original = make_article(1)
    store_of(crawler).put(original)
    item = pipeline.process_item(make_article(2, text=original.text))
    assert (item.duplicate_of, item.similarity) == (original.id, 1.0)
    assert counts_of(crawler).dedupe.duplicates == 1


def test_articles_that_are_no_duplicates_are_not_counted(
    crawler: Crawler, pipeline: DedupePipeline
) -> None:
    """The stats hold what happened and nothing else."""
    store_of(crawler).put(make_article(1))
    pipeline.process_item(make_article(2))
    assert counts_of(crawler).dedupe == DedupeTally()


def test_outside_a_crawl_nothing_is_known(crawler: Crawler, pipeline: DedupePipeline) -> None:
    """Under ``scrapy parse`` no store is open: an article that is stored passes untouched."""
    store_of(crawler).put(make_article(1))
    storage_of(crawler).engine_stopped()
    assert pipeline.process_item(make_article(1)) == make_article(1)
    assert not storage_of(crawler).is_open
