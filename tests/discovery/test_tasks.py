"""What may be said with ``-a``, and what is answered to anything else."""

from datetime import date, datetime, timedelta

import hypothesis
import pytest
from hypothesis import strategies as st

from kompascrawler.discovery.tasks import (
    ArgumentError,
    Arguments,
    FrontPage,
    IndexQuery,
    parse_arguments,
)
from kompascrawler.identity import WIB, parse_address
from kompascrawler.sections import SECTIONS
from kompascrawler.store.model import Link

GLOBAL = SECTIONS["global"]
ARTICLE = "https://www.kompas.com/global/read/2023/09/16/170000170/judul"
ID_OF_ARTICLE = "2023-09-16-170000170"
REFUSED_TO_REFRESH = (
    *("", ",", "d", "0d", "-1d", "7", "7 days", "12345d", "1.5d", "all", "https://www.kompas.com"),
    *(ARTICLE.replace("global", "tren"), "2023-09-16-170000165", "2026-11-01"),
)


def test_no_arguments() -> None:
    """Nothing given means no bound and the default start."""
    assert parse_arguments({}, GLOBAL) == Arguments()


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        (ARTICLE, Link),
        (f"{ARTICLE}?page=2", Link),
        ("https://indeks.kompas.com?site=global&page=2", IndexQuery),
        ("https://indeks.kompas.com/?site=news&date=2026-11-01", IndexQuery),
        ("https://www.kompas.com/global", FrontPage),
        ("http://www.kompas.com/global/?utm_source=x", FrontPage),
        ("https://internasional.kompas.com/", FrontPage),
        ("https://INTERNASIONAL.kompas.com", FrontPage),
        ("https://kompas.com/global", FrontPage),
        (f"{ARTICLE},dengan,koma", Link),
        (ARTICLE.replace("www.", ""), Link),
        (ARTICLE.replace("www.", "amp."), Link),
    ],
)
def test_starts(url: str, kind: type) -> None:
    """Articles, pages of the index and the front page are starts; several go with commas."""
    (start,) = parse_arguments({"start_urls": url}, GLOBAL).starts
    assert isinstance(start, kind)
    assert parse_arguments({"start_urls": f"{url}, {url},,"}, GLOBAL).starts == (start, start)


@pytest.mark.parametrize(
    "said",
    [
        ARTICLE.removeprefix("https://"),
        ARTICLE.replace("www.", "m."),
        ARTICLE.replace("www.", "amp."),
        ARTICLE.replace("www.", ""),
        ARTICLE.removeprefix("https://www."),
        *(ARTICLE.replace("/read/", f"/{name}/") for name in ("copy", "komentar", "image")),
        f"{ARTICLE.replace('/read/', '/image/')}?page=2",
        parse_address(ARTICLE).id,  # type: ignore[union-attr]  # it is one
    ],
)
def test_what_a_person_pastes_is_a_start(said: str) -> None:
    """Without a scheme, of the site for phones, beside an article, by its id; with others too."""
    starts = parse_arguments({"start_urls": f"{said},{said}"}, GLOBAL).starts
    address = parse_address(ARTICLE)
    assert address is not None
    assert [start.id for start in starts if isinstance(start, Link)] == [address.id] * 2


def test_the_archive_of_a_day_is_that_of_the_index() -> None:
    """What the section's own page of a day lists stands in the index, too."""
    (start,) = parse_arguments({"start_urls": "kompas.com/global/search/2024-11-05"}, GLOBAL).starts
    assert start == IndexQuery(site="global", day=date(2024, 11, 5))


@pytest.mark.parametrize(
    "url",
    ["https://internasional.kompas.com", "http://kompas.com/global/?x=y"],
)
def test_every_form_of_the_front_page_is_one(url: str) -> None:
    """What is asked for is the section's own address of it."""
    assert parse_arguments({"start_urls": url}, GLOBAL).starts == (FrontPage(GLOBAL.front),)


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


def test_the_last_day_there_is_bounds_nothing() -> None:
    """``until=9999-12-31`` is what people write for "no end"."""
    given = parse_arguments({"until": "9999-12-31"}, GLOBAL)
    assert given.newest is None
    assert given.wants("9999-12-31-235959970")


def test_since_may_be_the_day_that_has_begun_east_of_jakarta() -> None:
    """Whoever writes the local date of the Pacific names tomorrow."""
    tomorrow = datetime.now(WIB).date() + timedelta(days=1)
    assert parse_arguments({"since": str(tomorrow)}, GLOBAL).since == tomorrow


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"max_article": "3"}, "accepted are max_articles, refresh, since, start_urls, until"),
        ({"since": "01/11/2026"}, "YYYY-MM-DD"),
        ({"since": "2026-02-30"}, "YYYY-MM-DD"),
        ({"until": "20261101"}, "YYYY-MM-DD"),
        ({"since": "2026-11-02", "until": "2026-11-01"}, "earlier day first"),
        ({"since": "9999-12-31"}, "lies in the future: give a day up to today"),
        ({"max_articles": "-1"}, "whole number from 1"),
        ({"max_articles": "0"}, "whole number from 1"),
        ({"max_articles": "many"}, "whole number from 1"),
        ({"max_articles": "²"}, "whole number from 1"),
        ({"max_articles": "9" * 5000}, "whole number from 1"),
        ({"start_urls": ""}, "start_urls is empty"),
        ({"start_urls": "https://www.kompas.com/tren"}, "front page https://www.kompas.com/global"),
        ({"start_urls": "https://example.org/global"}, "not an address of the section"),
        ({"start_urls": "https://indeks.kompas.com/?site=money"}, "not an address of the section"),
        ({"start_urls": "https://indeks.kompas.com/?site=global&page=0"}, "not an address"),
        ({"start_urls": ARTICLE.replace("global", "tren")}, "not an address of the section"),
        ({"start_urls": "2023-09-16-170000165"}, "2023-09-16-170000165 is not an address"),
        ({"start_urls": "https://www.kompas.com/global/search/2024-02-30"}, "not an address"),
        ({"start_urls": "https://www.kompas.com/tren/search/2024-11-05"}, "not an address"),
        ({"start_urls": "kompas.com.example.org/global"}, "not an address of the section"),
        ({"start_urls": "http://["}, "not an address of the section"),
        ({"start_urls": f"{ARTICLE},x,http://["}, r"http://\[ is not an address of the section"),
        ({"start_urls": "https://www.kompas.com"}, "not an address of the section"),
        ({"start_urls": ", ,"}, "start_urls is empty"),
        *[({"refresh": said}, "neither an article") for said in REFUSED_TO_REFRESH],
    ],
)
def test_refused(given: dict[str, str], says: str) -> None:
    """Anything else is one line that says what is accepted."""
    with pytest.raises(ArgumentError, match=says) as caught:
        parse_arguments(given, GLOBAL)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("said", "ids", "days"),
    [
        ("7d", [], 7),
        ("2023-09-16-170000170", ["2023-09-16-170000170"], None),
        (f"{ARTICLE}, 2023-09-17-170000170,3d,10d", [ID_OF_ARTICLE, "2023-09-17-170000170"], 10),
        ("1d,internasional.kompas.com/read/2018/03/29/10534231/a,b,c", ["2018-03-29-10534231"], 1),
    ],
)
def test_refresh(said: str, ids: list[str], days: int | None) -> None:
    """Ids, addresses in any form and days, in any order; nothing else is read then."""
    given = parse_arguments({"refresh": said}, GLOBAL)
    assert [start.id for start in given.starts if isinstance(start, Link)] == ids
    assert not given.wants_newest
    oldest = datetime.now(WIB) - timedelta(days=days) if days else None
    assert (given.refresh_from or "")[:13] == (f"{oldest:%Y-%m-%d-%H}" if oldest else "")


NAMES = st.sampled_from(["start_urls", "max_articles", "since", "until", "refresh"])


@hypothesis.given(
    st.dictionaries(NAMES, st.text() | st.dates().map(str) | st.text().map("https://".__add__))
)
def test_any_text_is_taken_or_refused(given: dict[str, str]) -> None:
    """No text makes anything but an ArgumentError, of one line."""
    try:
        said = str(parse_arguments(given, GLOBAL).newest)
    except ArgumentError as error:
        said = str(error)
    assert len(said.splitlines()) == 1


def test_id_of_a_job_of_scrapyd() -> None:
    """Scrapyd gives every crawl the id of its job as an argument; it changes nothing."""
    assert parse_arguments({"_job": "26d1b1a6d6f111e0be5c001e648c57f8"}, GLOBAL) == Arguments()


def test_several_articles_are_looked_at_again() -> None:
    """Ids, addresses and days, with commas between."""
    chosen = parse_arguments({"refresh": f"2023-09-16-170000170, {ARTICLE},7d,2d"}, GLOBAL)
    assert [link.id for link in chosen.starts if isinstance(link, Link)] == (
        ["2023-09-16-170000170"] * 2
    )
    week = datetime.now(WIB) - timedelta(days=7)
    assert (chosen.refresh_from or "")[:10] == f"{week:%Y-%m-%d}"
