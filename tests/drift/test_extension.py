"""Which pages of a crawl count, and what the crawl is told of them."""

import os
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler

from kompascrawler.components import ArticleEnd, article_ended, counts_of, tell
from kompascrawler.drift.extension import DriftExtension, HitRates
from kompascrawler.drift.rates import Rate
from kompascrawler.items import Article, Block
from kompascrawler.pages import article_page
from kompascrawler.run.storage import storage_of, store_of
from kompascrawler.sections import SECTIONS
from kompascrawler.store.model import Discovery, Link
from tests.replica import Request as Asked
from tests.replica import Site
from tests.replica.story import Story

GLOBAL = SECTIONS["global"]
SITE = Site(seed=3, articles=20)
RENAMED = (b"read__title", b"kepala"), (b"read__content", b"isi")


class Run:
    """A crawl as the extension sees it."""

    def __init__(self, data_dir: Path, run_id: str = "run", **settings: Any) -> None:
        chosen = {"DATA_DIR": str(data_dir), "RUN_ID": run_id, "HALAMAN_ROUTE": "auto"}
        chosen |= {"RUN_CARDS_KEEP_DAYS": "90", "SECTION": "global"}
        self.crawler: Crawler = get_crawler(Spider, chosen | settings)
        self.store = store_of(self.crawler)
        self.extension = DriftExtension.from_crawler(self.crawler)

    def read(self, story: Story) -> None:
        """Have the first answer for an article read, and its record stored."""
        response = _response(story)
        page = article_page(response.url, response.body)
        self.extension.page_read(page, 15, response)
        item = page.to_item()
        item.word_count = len(story.text.split())
        self.store_item(item, response)

    def store_item(self, item: Article, response: HtmlResponse) -> None:
        """Tell that a record was stored."""
        self._tell(ArticleEnd(outcome="stored", asked=None, item=item, response=response))

    def refuse_page(self, asked: Link | None, response: HtmlResponse, reason: str) -> None:
        """Tell that a page was refused."""
        self._tell(ArticleEnd(outcome="refused", asked=asked, response=response, reason=reason))

    def _tell(self, end: ArticleEnd) -> None:
        tell(self.crawler, article_ended, end=end)

    def refuse(self, story: Story, reason: str) -> None:
        """Have the page of an article refused, in a layout that nobody knows."""
        response = _response(story, *RENAMED)
        asked = Link(story.id, story.url)
        self.refuse_page(asked, response, reason)
        self.store.add_failure(asked, reason)

    def end(self) -> dict[str, Any]:
        """End the crawl; return the stats of drift."""
        self.extension.spider_closed()
        storage_of(self.crawler).engine_stopped()
        stats = counts_of(self.crawler).stats()
        return {
            name.removeprefix("drift/"): value
            for name, value in stats.items()
            if name.startswith("drift/")
        }


def _response(story: Story, *rules: tuple[bytes, bytes]) -> HtmlResponse:
    url = f"{story.url}?page=all"
    body = SITE.answer(Asked.get(url)).body
    for old, new in rules:
        body = body.replace(old, new)
    return HtmlResponse(url, body=body, request=Request(url))


def test_pages_are_counted_and_judged(tmp_path: Path) -> None:
    """The stats of the run have every measure, and what came of them."""
    run = Run(tmp_path)
    for story in SITE.stories[:10]:
        run.read(story)
    stats = run.end()
    assert (stats["title/hits"], stats["title/pages"], stats["whole/hits"]) == (10, 10, 10)
    assert stats["judged"] == 10
    assert "causes" not in stats
    assert "too_few" not in stats


def test_too_few_pages_are_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """As a stat, and in the log."""
    run = Run(tmp_path)
    run.read(SITE.stories[0])
    with caplog.at_level("INFO"):
        assert run.end()["too_few"] == 1
    assert "Drift: too few pages to judge: 1 of 10 so far" in caplog.text


def test_unknown_layouts_are_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Refused pages that say they are articles count; the cause is an error in the log."""
    run = Run(tmp_path)
    for story in SITE.stories[:10]:
        run.refuse(story, "no_layout")
    (cause,) = run.end()["causes"]
    assert cause.startswith("unknown layout: a layout that is known on 0 of 10 pages")
    assert f"Drift: {cause}" in caplog.text


@pytest.mark.parametrize("reason", ["challenge", "consent", "login", "maintenance", "empty"])
def test_pages_that_are_no_content_count_for_nothing(tmp_path: Path, reason: str) -> None:
    """Whatever they look like: they were refused for what they are."""
    run = Run(tmp_path)
    for story in SITE.stories[:12]:
        run.refuse(story, reason)
    assert run.end() == {}


def test_a_page_that_is_no_article_counts_for_nothing(tmp_path: Path) -> None:
    """It has no layout, and does not say that it is an article."""
    run = Run(tmp_path)
    url = SITE.stories[0].url
    response = HtmlResponse(url, body=b"<html><title>Beranda</title></html>", request=Request(url))
    run.refuse_page(None, response, "no_layout")
    assert run.end() == {}


def test_an_article_that_is_asked_for_again_counts_once(tmp_path: Path) -> None:
    """The ten tries of a page that is refused are one page; a try without an answer was none."""
    first = Run(tmp_path, "first")
    refused, unreachable = SITE.stories[:2]
    first.refuse(refused, "no_body")
    first.store.add_failure(Link(unreachable.id, unreachable.url), "http 503")
    assert first.end()["too_few"] == 1
    second = Run(tmp_path, "second")
    second.refuse(refused, "no_body")
    assert second.end() == {}
    assert second.extension._seen["global"][1].rates["body"] == (0, 1)
    third = Run(tmp_path, "third")
    third.read(unreachable)
    third.read(unreachable)
    assert third.end()["too_few"] == 2


def test_an_article_without_text_is_incomplete(tmp_path: Path) -> None:
    """Its container is there and nothing is in it, in the browser neither."""
    run = Run(tmp_path)
    response = _response(SITE.stories[0])
    run.extension.page_read(article_page(response.url, response.body), 15, response)
    run.refuse_page(None, response, "no_body")
    stats = run.end()
    assert (stats["body/hits"], stats["whole/hits"], stats["words_50/hits"]) == (1, 0, 0)


def test_missing_pages_are_no_drift_where_a_route_was_ordered(tmp_path: Path) -> None:
    """They are missing by the operator's own word."""
    run = Run(tmp_path, HALAMAN_ROUTE="all")
    run.read(SITE.stories[0])
    assert "whole/pages" not in run.end()


def test_missing_pages_are_no_drift_where_they_could_not_be_had(tmp_path: Path) -> None:
    """An error in place of a page, or a browser that is not there, says nothing of the markup."""
    run = Run(tmp_path)
    response = _response(SITE.stories[0])
    page = article_page(response.url, response.body)
    run.extension.page_read(page, 15, response)
    run.extension.page_failed(page.address.id)
    run.store_item(page.to_item(), response)
    stats = run.end()
    assert stats["title/pages"] == 1
    assert "whole/pages" not in stats


@pytest.mark.parametrize(("known", "pages"), [(15, None), (16, 1)])
def test_a_short_list_counts_where_more_articles_are_known(
    tmp_path: Path, known: int, pages: int | None
) -> None:
    """A channel of 15 articles and fewer cannot fill it, however many others have."""
    run = Run(tmp_path, SECTION="any")
    stories = SITE.stories[: known + 20]
    urls = [story.url.replace("/global/", "/sains/") for story in stories]
    urls[:known] = [story.url for story in stories[:known]]
    links = [Link(story.id, url) for story, url in zip(stories, urls, strict=True)]
    run.store.learn(Discovery(links=links))
    response = _response(SITE.stories[0])
    run.extension.page_read(article_page(response.url, response.body), 14, response)
    assert run.end().get("terkini_full/pages") == pages


def test_articles_of_a_full_channel_are_counted_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not for each page with a short list: the addresses of 10,000 articles are read for that."""
    run = Run(tmp_path)
    run.store.learn(Discovery(links=[Link(story.id, story.url) for story in SITE.stories]))
    known = Mock(side_effect=run.store.newest_addresses)
    monkeypatch.setattr(run.store, "newest_addresses", known)
    for story in SITE.stories[:3]:
        response = _response(story)
        run.extension.page_read(article_page(response.url, response.body), 14, response)
    known.assert_called_once()
    assert run.end()["terkini_full/pages"] == 3


def test_an_answer_of_the_archive_beyond_its_end_is_healthy(tmp_path: Path) -> None:
    """Without an item it counts only where it links to articles all the same."""
    run = Run(tmp_path)
    beyond = HtmlResponse("https://indeks.kompas.com/?page=99", body=b"<html></html>")
    run.extension.listing_read("index", 0, beyond, GLOBAL)
    assert run.end() == {}
    run = Run(tmp_path, "next")
    links = "".join(f'<a href="{story.url}">x</a>' for story in SITE.stories[:10])
    listing = HtmlResponse("https://indeks.kompas.com/", body=f"<html>{links}".encode())
    run.extension.listing_read("index", 0, listing, GLOBAL)
    assert run.end()["index/pages"] == 1


def test_a_run_that_finds_nothing_new_judges_nothing(tmp_path: Path) -> None:
    """Its front page is as usual, and that is all there is to say."""
    run = Run(tmp_path)
    front = HtmlResponse("https://www.kompas.com/global", body=b"<html></html>")
    run.extension.listing_read("front", 20, front, GLOBAL)
    assert run.end() == {}


def test_accepting_says_what_was_accepted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """With or without pages of its own."""
    run = Run(tmp_path, "first")
    for story in SITE.stories[:10]:
        run.refuse(story, "no_layout")
    run.end()
    assert Run(tmp_path, "second", DRIFT_ACCEPT=True).end() == {"accepted": ["layout"]}
    assert "Accepted as the site's new look: layout" in caplog.text
    assert Run(tmp_path, "third", DRIFT_ACCEPT=True).end() == {"accepted": []}


def test_old_pages_are_deleted(tmp_path: Path) -> None:
    """Together with the run cards of their time."""
    first = Run(tmp_path, "first")
    for story in SITE.stories[:10]:
        first.refuse(story, "no_layout")
    first.end()
    os.utime(tmp_path / "drift" / "first", (0, 0))
    second = Run(tmp_path, "second")
    second.read(SITE.stories[11])
    second.end()
    assert list((tmp_path / "drift").iterdir()) == []


def test_outside_a_crawl_nothing_is_counted(tmp_path: Path) -> None:
    """`scrapy parse` and `scrapy shell` make no data folder."""
    crawler = get_crawler(Spider, {"DATA_DIR": str(tmp_path / "data"), "SECTION": "global"})
    extension = DriftExtension.from_crawler(crawler)
    response = _response(SITE.stories[0])
    extension.page_read(article_page(response.url, response.body), 15, response)
    extension.spider_closed()
    assert not (tmp_path / "data").exists()


def test_paragraphs_that_new_articles_share_are_told(tmp_path: Path) -> None:
    """Revisions and republications share their text rightly: they do not count."""
    run = Run(tmp_path)
    line = "Temukan cerita pilihan kami di mana saja dan kapan saja!"
    for number, story in enumerate(SITE.stories[:6]):
        response = _response(story)
        item = article_page(response.url, response.body).to_item()
        item.blocks = [Block(type="paragraph", text=line, page=1)]
        item.revision, item.duplicate_of = 1 + (number == 4), "x" if number == 5 else None
        run.store_item(item, response)
    assert run.end()["repeated"] == [f"in 4 of 4 articles: {line}"]


PAGES = [HtmlResponse(f"https://www.kompas.com/{number}") for number in range(3)]


def test_marks_are_counted_where_they_can_be_expected() -> None:
    """A mark that is not told of a page counts neither way; the first page without it is kept."""
    rates = HitRates()
    rates.add({"title": True}, PAGES[0])
    rates.add({"title": False, "time": True}, PAGES[1])
    rates.add({"title": False}, PAGES[2])
    assert rates.rates == {"title": Rate(1, 3), "time": Rate(1, 1)}
    assert rates.offending == {"title": PAGES[1]}


def test_a_miss_without_a_page_is_counted() -> None:
    """Where the last page of an article could not be had; the next miss shows the page."""
    rates = HitRates()
    rates.add({"whole": False}, None)
    rates.add({"whole": False}, PAGES[0])
    assert rates.rates == {"whole": Rate(0, 2)}
    assert rates.offending == {"whole": PAGES[0]}
