"""Kept pages of an article, whole or not, in any order."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from kompascrawler.extraction import extract
from kompascrawler.items import Article
from kompascrawler.items import Capture as Place
from kompascrawler.replay.article import Refused, article_of
from kompascrawler.warc.reading import Capture
from tests.replica import Request as Asked
from tests.replica import Site

AT: Final = datetime(2026, 11, 26, 6, tzinfo=UTC)
SITE: Final = Site(seed=5, articles=12, halaman="all_is_first", layout="2026")
STORY: Final = max(SITE.stories, key=lambda story: len(story.pages))
PAGES: Final = len(STORY.pages)


def page(form: str = "", **about: Any) -> Capture:
    """Return the answer to a form of the article's address."""
    url = f"{STORY.url}{form}"
    capture = Capture(
        url=url,
        status=200,
        content_type="text/html",
        body=SITE.answer(Asked.get(url)).body,
        at=AT,
        place=Place(file="a.warc.gz", offset=len(form), digest=None),
    )
    return replace(capture, **about)


def read(*captures: Capture) -> Article:
    """Return the record of pages that make one."""
    article = article_of(captures)
    assert isinstance(article, Article), article
    return article


def reason(*captures: Capture, published: Article | None = None) -> str:
    """Return why pages make no record."""
    refused = article_of(captures, published)
    assert isinstance(refused, Refused)
    return refused.reason


def numbered(last: int = PAGES) -> list[Capture]:
    """Return page 1 and those after it."""
    return [page(), *(page(f"?page={number}") for number in range(2, last + 1))]


def test_pages_are_put_together_in_any_order() -> None:
    """With the time and place of the first; answers that failed, and copies, are no matter."""
    article = read(*reversed(numbered()), page("?page=3", status=503), page("?page=2"))
    assert (article.halaman.route, article.halaman.complete) == ("numbered", True)
    assert article.text == STORY.text
    assert article.crawled_at == "2026-11-26T06:00:00+00:00"
    assert article.capture == Place(file="a.warc.gz", offset=0, digest=None)


def test_page_one_alone_is_whole_by_the_text_that_it_declares() -> None:
    """As ``extract`` says; under ``?page=1`` too."""
    for form in ("", "?page=1", "?page=01"):
        article = read(page(form))
        assert (article.halaman.route, article.halaman.proof) == ("declared", "text")
        assert article.text == extract(page().body, STORY.url).text


@pytest.mark.parametrize("number", range(1, PAGES + 1))
def test_what_was_truncated_is_never_complete(number: int) -> None:
    """Whatever it declares, and whichever page it is; the same page as a whole goes before."""
    pages = numbered()
    pages[number - 1] = replace(pages[number - 1], truncated=True)
    article = read(*pages)
    assert (article.halaman.complete, article.halaman.proof) == (False, None)
    assert read(*pages, *numbered()).halaman.complete


def test_a_body_that_ends_early_is_no_page() -> None:
    """Nobody said that it is one; where another answer is whole, that one counts."""
    body = page().body
    cut = page(body=body[: body.rindex(b"</p>", 0, body.index(b"liftdown_v2_tanda"))])
    assert reason(cut) == "cut_off"
    assert read(cut, *numbered()).text == STORY.text
    assert read(replace(cut, truncated=True)).halaman.complete is False
    assert reason(page(body=b"")) == "cut_off"


def test_other_articles_and_no_articles_are_refused() -> None:
    """By the identity of what was published; an error's page is no page."""
    other = next(story for story in SITE.stories if story.id != STORY.id)
    published = extract(SITE.answer(Asked.get(other.url)).body, other.url)
    assert reason(page(), published=published) == "another_article"
    assert reason(page(body=b"<html>front</html>")) == "no_layout"
    assert reason(page(status=404)) == reason() == "not_kept"


def test_less_than_was_published_is_not_kept() -> None:
    """A page is gone, and the text that is declared would take its place."""
    published = read(*numbered())
    assert reason(*numbered(PAGES - 1), published=published) == "not_kept"
    same = article_of(numbered(), published)
    assert same == published
    lacking = read(*numbered(1))
    assert article_of(numbered(1), lacking) == lacking


def test_stamps_are_those_of_the_published_record() -> None:
    """And all else is read."""
    published = replace(read(*numbered()), revision=7, run_id="run", tags=[], similarity=0.9)
    article = article_of(numbered(), published)
    assert isinstance(article, Article)
    assert (article.revision, article.run_id, article.similarity) == (7, "run", 0.9)
    assert article.tags
