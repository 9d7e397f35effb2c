"""Pages of the archive as addresses and back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.discovery.links import IndexQuery, parse_index_url


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
def test_no_page_of_the_archive(url: str) -> None:
    """Other addresses, and parameters that make no sense, are none."""
    assert parse_index_url(url) is None


def test_without_parameters_it_lists_all() -> None:
    """The bare address is the first page of everything."""
    assert parse_index_url("http://indeks.kompas.com") == IndexQuery(site="all")


@given(st.text() | st.text().map("https://indeks.kompas.com".__add__))
def test_any_text_is_a_page_of_the_archive_or_none(text: str) -> None:
    """No text makes the parser raise, and what it gives has an address and a next page."""
    query = parse_index_url(text)
    assert query is None or parse_index_url(query.next_page().url) == query.next_page()
