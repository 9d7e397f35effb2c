"""Articles that did not become records: what is said of them, and where they are kept."""

from pathlib import Path

import pytest
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    IgnoreRequest,
)
from scrapy.http import HtmlResponse
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure

from kompascrawler.components import counts_of
from kompascrawler.pages import PageRefused
from kompascrawler.pipelines.record import InvalidArticle, RefusalsExtension
from kompascrawler.run.storage import storage_of, store_of
from kompascrawler.spiders.ends import Ends
from kompascrawler.store.links import MOST_TRIES
from kompascrawler.store.model import Link
from tests.store.synthetic import make_article

URL = "https://www.kompas.com/global/read/2023/09/16/170000170/judul"
ASKED = Link("2023-09-16-170000170", URL)
PAGE = HtmlResponse(URL, body=b"<html></html>", request=Request(URL))


def failed(error: Exception) -> Failure:
    """Return the failure of a request."""
    return Failure(error)  # type: ignore[no-untyped-call]  # Twisted has no types here


@pytest.fixture
def crawler(tmp_path: Path) -> Crawler:
    """Return a crawler with a data folder of its own."""
    return get_crawler(Spider, {"DATA_DIR": str(tmp_path / "data")})


@pytest.fixture
def extension(crawler: Crawler) -> RefusalsExtension:
    """Return the extension of the crawler."""
    return RefusalsExtension.from_crawler(crawler)


@pytest.fixture
def ends(crawler: Crawler, extension: RefusalsExtension) -> Ends:
    """Return what the extension listens to."""
    return Ends(crawler)


def test_in_a_crawl_a_failure_is_remembered(
    ends: Ends, crawler: Crawler, caplog: pytest.LogCaptureFixture
) -> None:
    """It waits in the retry queue, and the log says how often it was tried."""
    failures = store_of(crawler).add_failure(ASKED, "http 500")
    ends.failed(ASKED, failed(IgnoreRequest("No.")))
    assert f"Not fetched, try {failures + 1}: {URL} (No.)" in caplog.text
    assert store_of(crawler).due() == []


def test_in_a_crawl_a_refused_page_is_kept(
    ends: Ends,
    crawler: Crawler,
) -> None:
    """The page and its reason stand in the data folder."""
    store_of(crawler)
    ends.refused(ASKED, PAGE, PageRefused("no_layout", "x"))
    kept = {path.name for path in (storage_of(crawler).data_dir / "rejected").iterdir()}
    assert kept == {f"{ASKED.id}.html.gz", f"{ASKED.id}.json"}


def test_outside_a_crawl_they_are_only_logged(
    ends: Ends, crawler: Crawler, caplog: pytest.LogCaptureFixture
) -> None:
    """`scrapy parse` says what is wrong with a page and leaves the data folder alone."""
    ends.refused(ASKED, PAGE, PageRefused("no_layout", "no layout fits"))
    ends.failed(ASKED, failed(IgnoreRequest("No.")))
    assert f"Refused: {URL} (no layout fits)" in caplog.text
    assert f"Not fetched: {URL} (No.)" in caplog.text
    assert not storage_of(crawler).data_dir.exists()


@pytest.fixture
def last_page_failed() -> Failure:
    """Return the failure of an article's last page."""
    failure = failed(OSError("gone"))
    failure.request = Request(f"{URL}?page=2", cb_kwargs={"asked": ASKED})  # type: ignore[attr-defined]
    return failure


def test_an_invalid_record_whose_last_page_failed_is_queued(
    ends: Ends, crawler: Crawler, last_page_failed: Failure
) -> None:
    """There is no page to keep; the article is tried again later."""
    store = store_of(crawler)
    record = make_article(1)
    ends.item_dropped(record, last_page_failed, InvalidArticle("title", record))
    assert store.add_failure(ASKED, "again") == 2
    assert counts_of(crawler).refusals.pages["title"] == 1
    assert not (storage_of(crawler).data_dir / "rejected").exists()


@pytest.mark.parametrize(("status", "again"), [(404, 2), (503, 0)])
def test_only_faults_of_the_article_itself_are_known_the_second_time(
    ends: Ends, crawler: Crawler, status: int, again: int
) -> None:
    """A page that is gone says nothing new of a run; a server that fails does each time."""
    store_of(crawler)
    for _ in range(3):
        error = HttpError(HtmlResponse(URL, status=status))
        ends.failed(ASKED, failed(error))
    assert counts_of(crawler).refusals.failed == 3
    assert counts_of(crawler).refusals.again == again


def test_articles_given_up_are_counted(
    ends: Ends,
    crawler: Crawler,
) -> None:
    """With the last of the tries."""
    store_of(crawler)
    for _ in range(MOST_TRIES):
        assert counts_of(crawler).refusals.given_up == 0
        ends.failed(ASKED, failed(OSError("gone")))
    assert counts_of(crawler).refusals.given_up == 1
