"""A Chromium to test with, and one crawl for all articles that need none of their own."""

from collections.abc import Iterator

import pytest

from tests.browser.crawls import MANY_AT_ONCE, Walks, crawl, require_chromium
from tests.browser.stand_in import StandIn
from tests.replica import Site
from tests.replica.serve import serve


@pytest.fixture(scope="session")
def chromium() -> None:
    """Skip what needs a Chromium where none is installed; CI installs one."""
    require_chromium()


@pytest.fixture(scope="session")
def walks(chromium: None) -> Iterator[Walks]:
    """Walk the articles of three modules together: to start a crawl and a browser takes longest."""
    from tests.browser import test_hazards, test_walker, test_ways

    pages = test_walker.RULES | test_ways.KINDS | test_ways.ODD | test_hazards.ENDING
    behaviours = dict.fromkeys(test_walker.BEHAVIOURS, 1.0)
    site = Site(seed=3, articles=120, layout="2023-11", halaman=behaviours)
    stories = {
        story.behaviour: story
        for story in reversed(site.stories)
        if story.kind == "news" and len(story.pages) > 1
    }
    stand_in = StandIn(site, **pages)
    urls = stand_in.urls() | {f"replica {name}": story.url for name, story in stories.items()}
    with serve(stand_in) as replica:
        yield Walks(crawl(replica, urls, **MANY_AT_ONCE), replica, stories)
