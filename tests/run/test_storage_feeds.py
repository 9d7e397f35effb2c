"""What ``-o`` and ``FEEDS`` name, and runs that cannot write it."""

import csv
import json
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from scrapy import Spider
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler

from kompascrawler.components import counts_of
from kompascrawler.run.shutdown import shutdown_of
from kompascrawler.run.storage import FeedsExtension
from kompascrawler.settings import FEED_EXPORTERS
from tests.store.synthetic import make_article


def opened(uri: str, **options: object) -> FeedsExtension:
    """Return the extension of a crawl that has just begun, with one feed."""
    feeds = {uri: {"format": "jsonlines"} | options}
    crawler = get_crawler(Spider, {"FEEDS": feeds, "FEED_EXPORTERS": FEED_EXPORTERS})
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


@pytest.mark.parametrize("kind", ["csv", "xml"])
def test_nested_values_are_json(tmp_path: Path, kind: str) -> None:
    """And null is nothing, in a cell as in an element; what was written can be read again."""
    article = make_article(1, text='a\n\nb <c>, "d"')
    article.tags, article.topic = ["x, y", "\u201cz\u201d"], None
    extension = opened(f"{tmp_path}/out.{kind}", format=kind)
    extension.item_scraped(article, Spider("x"))
    (slot,) = extension.slots
    slot.finish_exporting()
    assert slot.file
    slot.file.close()
    path = tmp_path / f"out.{kind}"
    if kind == "csv":
        with path.open(newline="") as file:
            (row,) = csv.DictReader(file)
    else:
        (item,) = ET.parse(path).getroot()
        row = {field.tag: field.text or "" for field in item}
    record = article.to_dict()
    assert list(row) == list(record)
    assert row["topic"] == ""
    for name, value in record.items():
        found = row[name] if value is None or type(value) in (str, int) else json.loads(row[name])
        assert found == ("" if value is None else str(value) if type(value) is int else value), name
