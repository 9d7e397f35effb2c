"""What the answers to an article's requests lead to, one at a time, without a network."""

from collections.abc import Iterator
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure

from kompascrawler.browser import BROWSER, PAGES, WALK
from kompascrawler.browser.request import BrowserMissing, BrowserTimeout
from kompascrawler.cleaning import clean
from kompascrawler.components import counts_of
from kompascrawler.items import Article
from kompascrawler.spiders.kompas_global import KompasGlobalSpider
from kompascrawler.store.model import Link
from tests.replica import Request as Asked
from tests.replica import Site, Story

MISSING = "Articles that need a browser stay incomplete"


def site(behaviour: str, layout: str = "2026") -> tuple[Site, Story]:
    """Return a site and its article of most pages; every one behaves so."""
    played = Site(seed=5, articles=12, halaman=behaviour, layout=layout)
    return played, max(played.stories, key=lambda story: len(story.pages))


def spider_with(**settings: Any) -> KompasGlobalSpider:
    """Return a spider of the project that nobody runs."""
    defaults = {"SECTION": "global", "HALAMAN_ROUTE": "auto", "HALAMAN_BROWSER_AUDIT": 0.0}
    crawler = get_crawler(KompasGlobalSpider, defaults | settings)
    spider = crawler._create_spider()
    assert isinstance(spider, KompasGlobalSpider)
    return spider


def answer(played: Site, request: Request) -> TextResponse:
    """Answer a request as the site does."""
    body = played.answer(Asked.get(request.url)).body
    return HtmlResponse(request.url, body=body, request=request)


def shown(
    played: Site, story: Story, request: Request, *pages: int, ended: bool = True
) -> TextResponse:
    """Answer a request as the browser does that has seen these pages."""
    bodies = [played.answer(Asked.get(f"{story.url}?page={n}")).body for n in pages]
    walk = {"pages": len(pages), "is_whole": ended, "stopped": None}
    request.meta.update({PAGES: bodies, WALK: walk})
    return HtmlResponse(request.url, body=bodies[0], request=request)


def failure(request: Request, error: Exception) -> Failure:
    """Return a failure as an errback gets it."""
    failed = Failure(error)  # type: ignore[no-untyped-call]  # Twisted has no types here
    failed.request = request  # type: ignore[attr-defined]  # as Scrapy does
    return failed


def first(results: Iterator[Any]) -> Any:
    """Return the only thing that comes of an answer."""
    (one,) = [result for result in results if not is_of_listing(result)]
    return one


def is_of_listing(result: object) -> bool:
    """Tell whether a result is a request for another article."""
    return (
        isinstance(result, Request)
        and "assembly" not in result.cb_kwargs
        and ("article" not in result.cb_kwargs)
    )


def begin(spider: KompasGlobalSpider, played: Site, story: Story) -> Any:
    """Give the spider an article's first answer."""
    asked = Link(story.id, story.url)
    request = Request(spider.forms.first(asked).url)
    return first(spider.parse_article(answer(played, request), asked=asked))


def stat(spider: KompasGlobalSpider, name: str) -> Any:
    """Return a statistic of the spider's crawl."""
    return counts_of(spider.crawler).stats().get(name)


def test_further_pages_come_before_other_articles() -> None:
    """An article is finished before the next is begun."""
    played, story = site("all_is_first")
    request = begin(spider_with(), played, story)
    assert (request.url, request.priority) == (f"{story.url}?page=2", 1)


def test_a_pager_without_addresses_goes_to_the_browser_at_once() -> None:
    """No page is asked for that has no address."""
    played, story = site("script_pager")
    request = begin(spider_with(), played, story)
    assert (request.url, request.meta[BROWSER]) == (story.url, True)


def test_what_the_browser_shows_is_joined() -> None:
    """One page a document, in order."""
    played, story = site("all_is_first")
    spider = spider_with(HALAMAN_ROUTE="browser")
    request = begin(spider, played, story)
    numbers = range(1, len(story.pages) + 1)
    article = first(request.callback(shown(played, story, request, *numbers), **request.cb_kwargs))
    assert isinstance(article, Article)
    assert (article.halaman.route, article.halaman.complete) == ("browser", True)
    assert clean(article).blocks == story.blocks


def test_a_walk_to_another_article_is_not_joined() -> None:
    """What plain requests gave is kept."""
    played, story = site("script_pager", "2021")
    other = next(one for one in played.stories if one.id != story.id)
    spider = spider_with()
    request = begin(spider, played, story)
    article = first(request.callback(shown(played, other, request, 1), **request.cb_kwargs))
    assert {block.page for block in article.blocks} == {1}
    assert article.id == story.id
    assert stat(spider, "halaman/incomplete") == 1


@pytest.mark.parametrize("error", [BrowserTimeout("60 s"), BrowserMissing("install one")])
def test_without_the_browser_there_is_what_plain_requests_gave(error: Exception) -> None:
    """An incomplete article, to be tried again."""
    played, story = site("script_pager", "2021")
    request = begin(spider_with(), played, story)
    article = first(request.errback(failure(request, error)))
    assert article.halaman.complete is False


def test_without_the_browser_the_declared_text_stands_in() -> None:
    """The article is whole, and its other pages are one block."""
    played, story = site("script_pager")
    request = begin(spider_with(), played, story)
    article = clean(first(request.errback(failure(request, BrowserTimeout("60 s")))))
    assert (article.halaman.route, article.halaman.proof) == ("declared", "text")
    words = iter(article.text.split())
    assert all(word in words for word in story.text.split())


def test_a_missing_browser_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """With what to do about it, however many articles need one."""
    played, story = site("script_pager")
    spider = spider_with()
    for _ in range(3):
        request = begin(spider, played, story)
        first(request.errback(failure(request, BrowserMissing("install one"))))
    assert [record.message for record in caplog.records].count(f"{MISSING}: install one") == 1
    assert stat(spider, "halaman/browser_missing") == 3


def test_without_text_and_browser_there_is_no_article() -> None:
    """It is queued as a failure of the fetch."""
    played, story = site("script_body")
    request = begin(spider_with(), played, story)
    assert list(request.errback(failure(request, BrowserTimeout("60 s")))) == []


def test_an_error_is_a_missing_page() -> None:
    """The next page is asked for all the same."""
    played, story = site("all_is_first")
    spider = spider_with()
    request = begin(spider, played, story)
    response = TextResponse(request.url, status=500, request=request)
    following = first(request.errback(failure(request, HttpError(response))))
    assert following.url.endswith("?page=3")
    assert stat(spider, "halaman/missing_pages") == 1


def test_a_sampled_article_goes_through_the_browser_as_well() -> None:
    """And comes out as it was; the agreement is a stat."""
    played, story = site("normal")
    spider = spider_with(HALAMAN_BROWSER_AUDIT=1.0)
    request = begin(spider, played, story)
    assert (request.url, request.meta[BROWSER]) == (story.url, True)
    numbers = range(1, len(story.pages) + 1)
    article = first(request.callback(shown(played, story, request, *numbers), **request.cb_kwargs))
    assert article.halaman.route == "all"
    assert stat(spider, "halaman/agreement") == 1.0


def test_a_text_that_differs_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """With the paragraph and the address; the rate falls."""
    played, story = site("normal")
    spider = spider_with(HALAMAN_BROWSER_AUDIT=1.0)
    request = begin(spider, played, story)
    article = first(request.callback(shown(played, story, request, 1), **request.cb_kwargs))
    assert article.halaman.complete is True
    first_page = sum(block.page == 1 for block in story.blocks)
    message = f"The browser shows another text from paragraph {first_page + 1} on: {story.url}"
    assert message in [record.message for record in caplog.records]
    assert (stat(spider, "halaman/audited"), stat(spider, "halaman/agreement")) == (1, 0.0)


def test_an_audit_that_fails_costs_no_article() -> None:
    """It says nothing about the agreement."""
    played, story = site("normal")
    spider = spider_with(HALAMAN_BROWSER_AUDIT=1.0)
    request = begin(spider, played, story)
    article = first(request.errback(failure(request, BrowserTimeout("60 s"))))
    assert article.halaman.complete is True
    assert (stat(spider, "halaman/audits_failed"), stat(spider, "halaman/agreement")) == (1, None)


def test_a_walk_that_was_cut_short_says_nothing_of_the_text() -> None:
    """It is no disagreement."""
    played, story = site("normal")
    spider = spider_with(HALAMAN_BROWSER_AUDIT=1.0)
    request = begin(spider, played, story)
    walked = shown(played, story, request, 1, ended=False)
    assert first(request.callback(walked, **request.cb_kwargs)).halaman.complete is True
    assert (stat(spider, "halaman/audits_failed"), stat(spider, "halaman/agreement")) == (1, None)


def test_articles_of_one_page_are_not_audited() -> None:
    """There is nothing to be joined."""
    played, _ = site("normal")
    story = min(played.stories, key=lambda story: len(story.pages))
    article = begin(spider_with(HALAMAN_BROWSER_AUDIT=1.0), played, story)
    assert (len(story.pages), article.halaman.pages_expected) == (1, 1)


def test_a_page_by_itself_is_shown_as_it_is() -> None:
    """`scrapy parse` asks for no other pages: its item is what the page holds."""
    played, story = site("all_is_first")
    article = first(spider_with().parse(answer(played, Request(story.url))))
    halaman = article.halaman
    assert (halaman.pages_fetched, halaman.complete) == (1, False)
