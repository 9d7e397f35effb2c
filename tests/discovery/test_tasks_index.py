"""Pages of the index as addresses and back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.discovery.tasks import IndexQuery, parse_index_url
from kompascrawler.sections import MOST_ARTICLES, SECTIONS, sort_links


@given(st.sampled_from(["global", "news", "all"]), st.none() | st.dates(), st.integers(1, 9999))
def test_round_trip(site: str, day: date | None, page: int) -> None:
    """An address that we make means what it was made from."""
    query = IndexQuery(site=site, day=day, page=page)
    assert parse_index_url(query.url) == query


@pytest.mark.parametrize(
    "url",
    [
        "https://www.kompas.com/global",
        "https://indeks.kompas.com/api/next_previous?xml_path=2020/10/16/1",
        "https://indeks.kompas.com/?site=global&page=x",
        "https://indeks.kompas.com/?site=global&page=-1",
        "https://indeks.kompas.com/?site=global&date=yesterday",
        "https://indeks.kompas.com/?site=global&page=0",
        "https://indeks.kompas.com/?site=global&page=1_0",
        f"https://indeks.kompas.com/?site=global&page={'9' * 5000}",
        "ftp://indeks.kompas.com/?site=global",
        "http://[x",
        "//[",
    ],
)
def test_no_page_of_the_index(url: str) -> None:
    """Other addresses, and parameters that make no sense, are none."""
    assert parse_index_url(url) is None


def test_without_parameters_it_lists_all() -> None:
    """The bare address is the first page of everything."""
    assert parse_index_url("http://indeks.kompas.com") == IndexQuery(site="all")


@given(st.text() | st.text().map("https://indeks.kompas.com".__add__))
def test_any_text_is_a_page_of_the_index_or_none(text: str) -> None:
    """No text makes the parser raise, and what it gives has an address and a next page."""
    query = parse_index_url(text)
    assert query is None or parse_index_url(query.next_page().url) == query.next_page()


def test_kinds() -> None:
    """Articles of the section come once and in order; the rest is counted by kind."""
    found = sort_links(
        [
            "https://www.kompas.com/global/read/2020/10/16/101742570/b",
            "https://internasional.kompas.com/read/2020/10/16/111742570/a",
            "http://www.kompas.com/global/read/2020/10/16/101742570/other-slug?page=2",
            "https://www.kompas.com/tren/read/2020/10/16/101742565/x",
            "https://video.kompas.com/watch/123/x",
            "https://foto.kompas.com/photo/read/x",
            "https://www.kompas.com/tag/rusia",
            "https://www.kompas.com/",
            "https://[broken",
            "javascript:void(0)",
        ],
        SECTIONS["global"],
    )
    assert [link.id for link in found.articles] == ["2020-10-16-101742570", "2020-10-16-111742570"]
    assert found.others == {"other_section": 1, "video": 1, "photo": 1, "tag": 1, "other": 3}


def test_years_to_come() -> None:
    """An address of a year that has not come leads to no article."""
    hrefs = [
        f"https://www.kompas.com/global/read/{year}/01/01/101742570/x" for year in (2020, 2999)
    ]
    found = sort_links(hrefs, SECTIONS["global"])
    assert [link.id for link in found.articles] == ["2020-01-01-101742570"]
    assert found.others == {"future": 1}


def test_more_than_any_listing_has() -> None:
    """Of ten thousand links the first are taken; the rest is counted."""
    hrefs = [
        f"https://www.kompas.com/global/read/2020/01/01/100000{n:04}70/x" for n in range(10_000)
    ]
    found = sort_links(hrefs, SECTIONS["global"])
    assert (len(found.articles), found.others["beyond"]) == (MOST_ARTICLES, 9_500)
    assert found.articles[0].id == "2020-01-01-100000000070"
