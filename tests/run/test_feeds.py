"""What ``-o`` and ``FEEDS`` name, and runs that cannot write it."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from scrapy import Spider
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler

from kompascrawler.run.counting import counts_of
from kompascrawler.run.feeds import FeedsExtension
from kompascrawler.run.shutdown import shutdown_of
from tests.store.synthetic import make_article


def opened(uri: str, **options: object) -> FeedsExtension:
    """Return the extension of a crawl that has just begun, with one feed."""
    feeds = {uri: {"format": "jsonlines"} | options}
    crawler = get_crawler(Spider, {"FEEDS": feeds})
    extension = FeedsExtension.from_crawler(crawler)
    extension.open_spider(Spider("x"))
    return extension


def told(extension: FeedsExtension) -> tuple[str | None, str | None]:
    """Return how the crawl is to end, and why."""
    return shutdown_of(extension.crawler).reason, counts_of(extension.crawler).feeds_error


def test_articles_are_exported(tmp_path: Path) -> None:
    """As by Scrapy's own."""
    extension = opened(f"{tmp_path}/new/out.jsonl")
    extension.item_scraped(make_article(1), Spider("x"))
    assert extension.slots[0].file
    extension.slots[0].file.close()
    (line,) = (tmp_path / "new" / "out.jsonl").read_text().splitlines()
    assert json.loads(line)["id"] == make_article(1).id
    assert told(extension) == (None, None)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("file/x/out.jsonl", "file/x: Not a directory"),
        ("", ": Is a directory"),
        ("%(colour)s.jsonl", "%(colour)s.jsonl: cannot be filled in: 'colour'"),
        ("%(time)d.jsonl", "%(time)d.jsonl: cannot be filled in: %d format"),
    ],
)
def test_a_place_that_cannot_be_opened(tmp_path: Path, name: str, says: str) -> None:
    """Ends the run as it begins."""
    (tmp_path / "file").write_text("")
    reason, error = told(opened(f"{tmp_path}/{name}"))
    assert (reason, says in str(error)) == ("feeds_failed", True), error


def test_a_kind_of_place_that_is_not_known() -> None:
    """Ends it too, instead of a run that exports nothing; its password is not shown."""
    crawler = get_crawler(Spider, {"FEEDS": {"foo://me:hush@x/y": {"format": "csv"}}})
    with pytest.raises(NotConfigured):
        FeedsExtension.from_crawler(crawler)
    assert shutdown_of(crawler).reason == "feeds_failed"
    assert "foo://***@x/y" in str(counts_of(crawler).feeds_error)


@pytest.mark.parametrize("store_empty", [True, False])
def test_a_disk_that_fills_up(store_empty: bool) -> None:  # noqa: FBT001 - a table
    """Ends the run with the first article that could not be written."""
    extension = opened("/dev/full", store_empty=store_empty)
    assert told(extension) == (None, None)
    for number in (1, 2):
        extension.item_scraped(make_article(number, text="kata " * 5000), Spider("x"))
    assert told(extension) == ("feeds_failed", "/dev/full: No space left on device")
    assert extension.slots[0].file
    with suppress(OSError):
        extension.slots[0].file.close()
