"""Pages of the archive as addresses and back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.discovery.index_query import IndexQuery, parse_index_url


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
        "ftp://indeks.kompas.com/?site=global",
    ],
)
def test_no_page_of_the_archive(url: str) -> None:
    """Other addresses, and parameters that make no sense, are none."""
    assert parse_index_url(url) is None


def test_without_parameters_it_lists_all() -> None:
    """The bare address is the first page of everything."""
    assert parse_index_url("http://indeks.kompas.com") == IndexQuery(site="all")
