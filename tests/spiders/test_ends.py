"""How the end of an article is told, whoever ended it."""

from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.exceptions import DropItem, IgnoreRequest
from scrapy.http import HtmlResponse
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure

from kompascrawler.components import ArticleEnd, article_ended
from kompascrawler.pages import PageRefused
from kompascrawler.pipelines.record import InvalidArticle, KnownArticle
from kompascrawler.politeness.crawl_breakers import BreakerOpen
from kompascrawler.politeness.non_content import NonContentServed
from kompascrawler.spiders.ends import Ends, about
from kompascrawler.store.model import Link, StoreError
from tests.store.synthetic import make_article

URL = "https://www.kompas.com/global/read/2023/09/16/170000170/judul"
ASKED = Link("2023-09-16-170000170", URL)
PAGE = HtmlResponse(URL, request=Request(URL, cb_kwargs={"asked": ASKED}))
UNASKED = HtmlResponse(URL, request=Request(URL))
LISTING = HtmlResponse("https://www.kompas.com/global", request=Request(URL))


class Told:
    """A crawl of which nothing but the ends of articles is heard."""

    def __init__(self) -> None:
        crawler = get_crawler(Spider)
        self.ends = Ends(crawler)
        self.heard: list[ArticleEnd] = []
        crawler.signals.connect(self._hear, article_ended)

    def _hear(self, end: ArticleEnd) -> None:
        self.heard.append(end)

    @property
    def only(self) -> ArticleEnd:
        """The one end that was told."""
        (end,) = self.heard
        return end


@pytest.fixture
def told() -> Told:
    """Return a crawl that has not begun."""
    return Told()


def failed(error: Exception, *, asked: Link | None = ASKED) -> Failure:
    """Return the failure of a request."""
    failure = Failure(error)  # type: ignore[no-untyped-call]  # Twisted has no types here
    failure.request = Request(f"{URL}?page=2", cb_kwargs={"asked": asked})  # type: ignore[attr-defined]
    return failure


@pytest.mark.parametrize(
    ("error", "outcome", "reason", "is_gone"),
    [
        (IgnoreRequest("No."), "failed", "No.", False),
        (HttpError(HtmlResponse(URL, status=410)), "failed", "http 410", True),
        (HttpError(HtmlResponse(URL, status=503)), "failed", "http 503", False),
        (BreakerOpen("left alone"), "left", "", False),
        (NonContentServed("login", PAGE), "refused", "login", False),
    ],
)
def test_requests_that_fail(
    told: Told, error: Exception, outcome: str, reason: str, *, is_gone: bool
) -> None:
    """A page that is no content is refused; a host that is left alone costs no try."""
    told.ends.failed(ASKED, failed(error))
    end = told.only
    assert (end.asked, end.outcome, end.reason, end.is_gone) == (ASKED, outcome, reason, is_gone)
    assert end.response is (PAGE if outcome == "refused" else None)


@pytest.mark.parametrize(("revision", "outcome"), [(1, "stored"), (2, "revised")])
def test_records_that_are_stored(told: Told, revision: int, outcome: str) -> None:
    """Only the first is a new record, which counts for ``max_articles``."""
    item = make_article(1, revision=revision)
    told.ends.item_scraped(item, PAGE)
    assert told.only == ArticleEnd(outcome=outcome, asked=ASKED, item=item, response=PAGE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "outcome", "reason"),
    [
        (KnownArticle(ASKED.id), "known", ""),
        (InvalidArticle("title", make_article(1)), "refused", "title"),
        (DropItem("the store has failed"), "left", ""),
    ],
)
@pytest.mark.parametrize("answer", [PAGE, failed(OSError("gone"))], ids=["page", "failure"])
def test_records_that_are_dropped(
    told: Told, error: DropItem, outcome: str, reason: str, answer: Any
) -> None:
    """Whether the last page of the article was had or not."""
    told.ends.item_dropped(make_article(1), answer, error)
    end = told.only
    assert (end.asked, end.outcome, end.reason) == (ASKED, outcome, reason)
    assert end.response is (PAGE if answer is PAGE else None)


def test_errors_of_ours(told: Told) -> None:
    """In a pipeline or in a callback: the page is refused, so that it is kept to be looked into."""
    told.ends.item_error(PAGE, failed(KeyError("x")))
    told.ends.spider_error(PAGE, failed(KeyError("x")))
    told.ends.spider_error(failed(OSError("gone")), failed(KeyError("x")))
    assert [(end.outcome, end.reason, end.asked) for end in told.heard] == [
        ("refused", "error", ASKED)
    ] * 3
    assert told.heard[0].message == "KeyError: 'x'"


def test_a_store_that_fails_is_no_fault_of_the_page(told: Told) -> None:
    """The run ends, and the next one finds the article again."""
    told.ends.item_error(PAGE, failed(StoreError("disk full")))
    told.ends.spider_error(PAGE, failed(StoreError("disk full")))
    assert [end.outcome for end in told.heard] == ["left", "left"]


def test_errors_over_pages_that_nobody_asked_for(told: Told) -> None:
    """That of an article is told of under ``scrapy parse``, too; a listing is no article."""
    told.ends.spider_error(UNASKED, failed(KeyError("x")))
    told.ends.spider_error(LISTING, failed(KeyError("x")))
    told.ends.spider_error(None, failed(KeyError("x")))
    assert (told.only.response, told.only.asked) == (UNASKED, None)


def test_what_a_listener_raises_is_raised(told: Told) -> None:
    """Scrapy would log it and go on."""

    def fail(end: ArticleEnd) -> None:
        raise KeyError("x")

    told.ends._crawler.signals.connect(fail, article_ended)
    with pytest.raises(KeyError):
        told.ends.refused(ASKED, PAGE, PageRefused("no_layout", "x"))
    assert told.only.reason == "no_layout"


def test_a_failure_tells_what_was_asked_for() -> None:
    """As an answer does."""
    assert about(failed(OSError("gone"))) == (ASKED, None)
    assert about(PAGE) == (ASKED, PAGE)
