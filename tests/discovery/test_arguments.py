"""What may be said with ``-a``, and what is answered to anything else."""

from datetime import date

import pytest

from kompascrawler.discovery.arguments import ArgumentError, Arguments, parse_arguments
from kompascrawler.discovery.index_query import IndexQuery
from kompascrawler.identity import ArticleAddress
from kompascrawler.sections import SECTIONS

GLOBAL = SECTIONS["global"]
ARTICLE = "https://www.kompas.com/global/read/2023/09/16/170000170/judul"


def test_no_arguments() -> None:
    """Nothing given means no bound and the default start."""
    assert parse_arguments({}, GLOBAL) == Arguments()


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        (ARTICLE, ArticleAddress),
        (f"{ARTICLE}?page=2", ArticleAddress),
        ("https://indeks.kompas.com?site=global&page=2", IndexQuery),
        ("https://indeks.kompas.com/?site=news&date=2026-11-01", IndexQuery),
        ("https://www.kompas.com/global", str),
        ("http://www.kompas.com/global/?utm_source=x", str),
    ],
)
def test_starts(url: str, kind: type) -> None:
    """Articles, pages of the archive and the front page are starts; several go with commas."""
    (start,) = parse_arguments({"start_urls": url}, GLOBAL).starts
    assert isinstance(start, kind)
    assert len(parse_arguments({"start_urls": f"{url}, {url}"}, GLOBAL).starts) == 2


def test_bounds_are_inclusive_days() -> None:
    """``since`` and ``until`` name WIB days that are wanted themselves."""
    given = parse_arguments({"since": "2026-11-01", "until": "2026-11-02"}, GLOBAL)
    assert (given.since, given.until) == (date(2026, 11, 1), date(2026, 11, 2))
    wanted = [
        "2026-10-31-235959170",
        "2026-11-01-000000070",
        "2026-11-02-235959970",
        "2026-11-03-000000070",
    ]
    assert [given.wants(article) for article in wanted] == [False, True, True, False]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"max_article": "3"}, "accepted are max_articles, since, start_urls, until"),
        ({"since": "01/11/2026"}, "YYYY-MM-DD"),
        ({"since": "2026-02-30"}, "YYYY-MM-DD"),
        ({"until": "20261101"}, "YYYY-MM-DD"),
        ({"since": "2026-11-02", "until": "2026-11-01"}, "earlier day first"),
        ({"max_articles": "-1"}, "whole number from 1"),
        ({"max_articles": "0"}, "whole number from 1"),
        ({"max_articles": "many"}, "whole number from 1"),
        ({"max_articles": "²"}, "whole number from 1"),
        ({"start_urls": ""}, "start_urls is empty"),
        ({"start_urls": "https://www.kompas.com/tren"}, "front page https://www.kompas.com/global"),
        ({"start_urls": "https://example.org/global"}, "not an address of the section"),
        ({"start_urls": "https://indeks.kompas.com/?site=money"}, "not an address of the section"),
        ({"start_urls": "https://indeks.kompas.com/?site=global&page=0"}, "not an address"),
        ({"start_urls": ARTICLE.replace("global", "tren")}, "not an address of the section"),
    ],
)
def test_refused(given: dict[str, str], says: str) -> None:
    """Anything else is one line that says what is accepted."""
    with pytest.raises(ArgumentError, match=says) as caught:
        parse_arguments(given, GLOBAL)
    assert "\n" not in str(caught.value)
