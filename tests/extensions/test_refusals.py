"""Records that are refused without a page to keep."""

from pathlib import Path

import pytest
from scrapy import Request, Spider
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure

from kompascrawler.extensions.refusals import RefusalsExtension, asked_for
from kompascrawler.extensions.storage import store_of
from kompascrawler.pipelines.validate import InvalidArticle
from kompascrawler.store.interface import Link
from tests.store.synthetic import make_article

LINK = Link("2026-11-15-080000070", "https://www.kompas.com/global/read/2026/11/15/080000070/c")


@pytest.fixture
def failure() -> Failure:
    """Return the failure of an article's last page."""
    failed = Failure(OSError("gone"))  # type: ignore[no-untyped-call]  # Twisted has no types here
    failed.request = Request(f"{LINK.url}?page=2", cb_kwargs={"asked": LINK})  # type: ignore[attr-defined]
    return failed


def test_an_invalid_record_whose_last_page_failed_is_queued(
    tmp_path: Path, failure: Failure
) -> None:
    """There is no page to keep; the article is tried again later."""
    crawler = get_crawler(Spider, {"DATA_DIR": str(tmp_path)})
    error = InvalidArticle("title", make_article(1))
    RefusalsExtension(crawler).item_dropped(failure, error)
    assert store_of(crawler).add_failure(LINK, "again") == 2
    assert not (tmp_path / "rejected").exists()


def test_a_failure_tells_what_was_asked_for(failure: Failure) -> None:
    """As an answer does."""
    assert asked_for(failure) == LINK
