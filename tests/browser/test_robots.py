"""What robots.txt allows the browser."""

import pytest
from scrapy import Request, Spider, signals
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.test import get_crawler

from kompascrawler.browser.robots import RobotsRules

ARTICLE = Request("https://www.kompas.com/a", headers={"User-Agent": "kompascrawler/1"})
TEXT = b"User-agent: *\nDisallow: /komentar/\n\nUser-agent: otherbot\nDisallow: /\n"


@pytest.mark.parametrize(
    ("url", "settings", "allowed"),
    [
        ("https://www.kompas.com/data", {}, True),
        ("https://www.kompas.com/komentar/1", {}, False),
        ("https://www.kompas.com/komentar/1", {"ROBOTSTXT_OBEY": False}, True),
        ("https://www.kompas.com/data", {"ROBOTSTXT_USER_AGENT": "otherbot"}, False),
        ("https://internasional.kompas.com/data", {}, False),
        ("https://internasional.kompas.com/data", {"ROBOTSTXT_OBEY": False}, True),
    ],
)
def test_allows(url: str, settings: dict[str, object], allowed: bool) -> None:  # noqa: FBT001 - a table
    """A host's rules hold for its addresses; a host whose rules are not known is forbidden."""
    crawler = get_crawler(Spider, {"ROBOTSTXT_OBEY": True} | settings)
    rules = RobotsRules.from_crawler(crawler)
    parser = ProtegoRobotParser.from_crawler(crawler, TEXT)
    crawler.signals.send_catch_log(signals.robots_parsed, robotparser=parser, request=ARTICLE)
    assert rules.allows(Request(url), ARTICLE) is allowed


def test_robots_that_could_not_be_had() -> None:
    """An article whose host gave no robots.txt may ask its own host, as Scrapy does."""
    rules = RobotsRules.from_crawler(get_crawler(Spider, {"ROBOTSTXT_OBEY": True}))
    assert rules.allows(Request("https://www.kompas.com/komentar/1"), ARTICLE)
