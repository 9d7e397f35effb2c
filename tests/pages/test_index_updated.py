"""What a listing marks as updated ("Diperbarui"), in the looks that listings have."""

from datetime import datetime

import pytest

from kompascrawler.identity import WIB
from kompascrawler.pages.index import updated_items
from tests.replica.exchange import Request
from tests.replica.site import Site

TIME = "Diperbarui 18/04/2026, 10:03 WIB"
A, B = (f"https://www.kompas.com/global/read/2026/04/1{n}/100000070/x" for n in (7, 8))


@pytest.mark.parametrize("layout", ["2020", "2023-11", "2026"])
def test_listings_of_the_replica(layout: str) -> None:
    """Front page, index and Terkini Lainnya name the one that was revised, with the time."""
    site = Site(seed=3, articles=8, layout=layout)
    story = site.revise(site.stories[4].id, ("updated",))
    other = site.stories[0].url
    for url in ("https://www.kompas.com/global", "https://indeks.kompas.com/?site=global", other):
        body = site.answer(Request.get(url)).body
        assert story.updated_at is not None
        minute = story.updated_at.replace(second=0, microsecond=0)
        assert updated_items(body, "utf-8") == {story.url: minute}


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        (f'<a class="article-link" href="{A}"><p>{TIME}</p></a>', {A: True}),
        (f'<li><a class="article__link" href="{A}">x</a><i>Diperbarui</i></li>', {A: False}),
        (f'<div><div><div><p>Kompas.com - {TIME}</p></div></div></div>'
         f'<div><a class="article__link" href="{A}">x</a></div>', {}),
        (f'<p>{TIME}</p><a class="article__link" href="{A}">x</a>'
         f'<a class="article__link" href="{B}">y</a>', {}),
        (f'<li><a href="{A}">x</a><i>{TIME}</i></li>', {}),
        (f'<li><a class="article__link" href="{A}">x</a><i>18/04/2026, 10:03 WIB</i></li>', {}),
        ("", {}),
    ],
)  # fmt: skip
def test_which_item_a_mark_stands_in(markup: str, found: dict[str, bool]) -> None:
    """The one whose link is its neighbour; none where several are, or where it is the page's."""
    page = f"<html><body><main><section>{markup}</section></main></body></html>"
    time = datetime(2026, 4, 18, 10, 3, tzinfo=WIB)
    expected = {href: time if has_time else None for href, has_time in found.items()}
    assert updated_items(page.encode(), "utf-8") == expected
