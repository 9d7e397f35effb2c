"""The counts of a crawl among Scrapy's statistics."""

from scrapy.utils.test import get_crawler

from kompascrawler import settings
from kompascrawler.components import CountingStatsCollector, OfCrawler, counts_of


def test_scrapy_shows_what_we_count() -> None:
    """As it is now, beside its own; what did not happen is not there."""
    crawler = get_crawler(settings_dict={"STATS_CLASS": settings.STATS_CLASS})
    stats = crawler.stats
    assert isinstance(stats, CountingStatsCollector)
    stats.inc_value("response_received_count")
    counts_of(crawler).store.articles += 2
    counts_of(crawler).traffic.answers["article", 200] += 1
    assert stats.get_stats() == {
        "response_received_count": 1,
        "store/articles": 2,
        "traffic/answers/article/200": 1,
    }
    stats.close_spider(reason="finished")
    assert stats.get_value("store/articles") == 2


def test_each_crawler_has_its_own() -> None:
    """Of each kind one, whoever asks first."""
    first, second = get_crawler(), get_crawler()
    lists_of = OfCrawler(lambda _: list[str]())
    lists_of(first).append("x")
    assert (lists_of(first), lists_of(second)) == (["x"], [])
    assert OfCrawler(lambda _: list[str]())(first) == []
