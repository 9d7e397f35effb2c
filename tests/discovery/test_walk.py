"""How far a listing reaches, whatever strangers stand in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.discovery.walk import span

from .simulation import article_ids

STRANGERS = ["2099-12-31-120000170", "2021-02-17-193100370", "2020-05-05-101010170"]


@pytest.mark.parametrize("ids", [[], ["2026-11-20-120000170"], article_ids(20)])
def test_in_order(ids: list[str]) -> None:
    """A listing in order reaches from its first to its last."""
    reached = span(ids)
    assert reached == ((ids[0], ids[-1]) if ids else None)


@given(
    st.integers(6, 25),
    st.dictionaries(st.integers(0, 25), st.sampled_from(STRANGERS), max_size=2),
)
def test_strangers_do_not_stretch_it(count: int, strangers: dict[int, str]) -> None:
    """Up to two strangers anywhere never make the span larger than it is."""
    ids = article_ids(count)
    shown = list(ids)
    for place, stranger in strangers.items():
        shown.insert(place, stranger)
    reached = span(shown)
    assert reached is not None
    assert ids[-1] <= reached.oldest <= reached.newest <= ids[0]


@given(st.lists(st.sampled_from(article_ids(40)), min_size=1, unique=True))
def test_any_order_is_within_what_is_listed(ids: list[str]) -> None:
    """The span's ends are on the listing, whatever its order."""
    reached = span(ids)
    assert reached is not None
    assert {reached.newest, reached.oldest} <= set(ids)
