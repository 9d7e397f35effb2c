"""The scripts of article pages bring the other pages in a real browser."""

from collections.abc import Iterator

import pytest

from kompascrawler.cleaning import clean
from kompascrawler.halaman.completeness import TOLERANCE
from kompascrawler.pages import article_page
from tests.replica import Site, Story
from tests.replica.behaviours import BEHAVIOURS
from tests.replica.serve import Replica, serve

pytest.importorskip("playwright", reason="needs the extra browser")

from playwright.sync_api import Browser, Page

from tests.replica.browser import chromium, tab

SHOWN = ".read__content p"
LINKS = ".read__paging a.paging__link"
NEXT = ".read__paging__footnote a.next"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a browser for all tests."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module", params=["2020", "2023-04", "2026"])
def scripted(request: pytest.FixtureRequest) -> Iterator[Replica[Site]]:
    """Play a site whose articles all need a browser."""
    shares = {name: 1.0 for name, each in BEHAVIOURS.items() if each.route == "browser"}
    with serve(Site(seed=5, articles=40, halaman=shares, layout=request.param)) as replica:
        yield replica


def longest(site: Site, behaviour: str) -> Story:
    """Return the article of most pages that behaves so."""
    found = [story for story in site.stories if story.behaviour == behaviour]
    return max(found, key=lambda story: len(story.pages))


def texts(story: Story, page: str) -> list[str]:
    """Return the texts that a page holds, read as the crawler reads them."""
    read = clean(article_page(story.url, page.encode()).to_item())
    return [block.text for block in read.blocks]


def truth(story: Story) -> list[str]:
    """Return the texts of the blocks that a perfect record holds."""
    return [block.text for block in story.blocks]


def changed(page: Page, before: str) -> None:
    """Wait until the body is another than before."""
    page.wait_for_function(
        "before => document.querySelector('.read__content').innerHTML !== before", arg=before
    )


def body(page: Page) -> str:
    """Return the inside of the body."""
    return page.inner_html(".read__content")


@pytest.mark.parametrize("name", ["script_pager", "script_pager_href"])
def test_a_click_on_a_number_puts_that_page_in_place(
    browser: Browser, scripted: Replica[Site], name: str
) -> None:
    """The pages shown after each click are together the article, each page's text once."""
    story = longest(scripted.site, name)
    with tab(browser, scripted) as page:
        page.goto(story.url)
        found = texts(story, page.content())
        for number in range(1, len(story.pages)):
            before = body(page)
            page.locator(LINKS).nth(number).click()
            changed(page, before)
            assert page.locator(f"{LINKS}.paging__link--active").inner_text() == str(number + 1)
            found += texts(story, page.content())
        assert page.url == story.url
    assert found == truth(story)


def test_next_puts_the_next_page_below(browser: Browser, scripted: Replica[Site]) -> None:
    """After the last click everything stands on the page and the button is gone."""
    story = longest(scripted.site, "next_click")
    with tab(browser, scripted) as page:
        page.goto(story.url)
        for _ in story.pages[1:]:
            before = body(page)
            page.locator(NEXT).click()
            changed(page, before)
        assert page.locator(NEXT).count() == 0
        assert texts(story, page.content()) == truth(story)


def test_next_may_put_the_next_page_in_place(browser: Browser, scripted: Replica[Site]) -> None:
    """The swapping form shows one page at a time."""
    story = longest(scripted.site, "next_click_swap")
    with tab(browser, scripted) as page:
        page.goto(story.url)
        found = texts(story, page.content())
        while page.locator(NEXT).count():
            before = body(page)
            page.locator(NEXT).click()
            changed(page, before)
            found += texts(story, page.content())
    assert found == truth(story)


def test_scrolling_appends_page_after_page(browser: Browser, scripted: Replica[Site]) -> None:
    """Each way to the end brings the next page, and each block knows its page."""
    story = longest(scripted.site, "scroll")
    with tab(browser, scripted) as page:
        page.goto(story.url)
        for number in range(2, len(story.pages) + 1):
            page.evaluate("scrollTo(0, 0)")
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
            page.wait_for_selector(f"a[name=page{number}]", state="attached")
        read = clean(article_page(story.url, page.content().encode()).to_item())
    assert [(b.text, b.page) for b in read.blocks] == [(b.text, b.page) for b in story.blocks]


def test_scrolling_to_the_end_again_and_again_is_enough(
    browser: Browser, scripted: Replica[Site]
) -> None:
    """A walker need not scroll back: what was appended makes the page longer."""
    story = longest(scripted.site, "scroll")
    with tab(browser, scripted) as page:
        page.goto(story.url)
        for number in range(2, len(story.pages) + 1):
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
            page.wait_for_selector(f"a[name=page{number}]", state="attached")


def test_the_body_is_written_by_script(browser: Browser, scripted: Replica[Site]) -> None:
    """What the server's page does not hold stands in the browser's."""
    story = longest(scripted.site, "script_body")
    with tab(browser, scripted) as page:
        page.goto(story.url)
        assert texts(story, page.content()) == truth(story)


def test_a_browser_s_page_counts_a_few_words_less(browser: Browser) -> None:
    """It writes characters where the site declares entities, each of which counts a word."""
    site = Site(seed=5, articles=12, halaman="script_body")
    with serve(site) as replica, tab(browser, replica) as page:
        for story in site.stories:
            page.goto(story.url)
            shown = article_page(story.url, page.content().encode())
            assert shown.words_declared is not None
            assert 0 <= shown.words_declared - shown.words_counted <= TOLERANCE
