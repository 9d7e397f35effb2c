"""The pager of an article."""

import pytest

from kompascrawler.pages.markup import parse
from kompascrawler.pages.pager import Pager

_LINK = '<a class="paging__link{active}" href="{href}">{label}</a>'


def pager(*links: tuple[str, str], active: str = "") -> Pager:
    """Return a pager with links (label, address), one of which it marks as shown."""
    shown = [
        _LINK.format(label=label, href=href, active=" paging__link--active" * (label == active))
        for label, href in links
    ]
    return Pager(parse(f'<div class="read__paging">{"".join(shown)}</div>'.encode()))


def test_what_it_links_to() -> None:
    """Numbers are told by addresses and by labels; "Show All" is none."""
    read = pager(("1", "/x?page=1"), ("2", "/x?a&page=2"), ("Show All", "/x?page=all"), active="1")
    assert (read.addressed, read.printed, read.shown) == ([1, 2], [1, 2], 1)
    assert read.hrefs == ["/x?page=1", "/x?a&page=2", "/x?page=all"]
    assert read.leads_on
    assert not read.hides_pages


@pytest.mark.parametrize(
    ("links", "leads_on", "hides"),
    [
        ([], False, False),
        ([("1", "#")], False, False),
        ([("1", "#"), ("2", "#")], True, True),
        ([("Berikutnya", "/x?page=2")], True, False),
        ([("2020", "/tag"), ("³", "#")], False, False),
    ],
)
def test_pages_without_an_address(
    links: list[tuple[str, str]], *, leads_on: bool, hides: bool
) -> None:
    """A number that leads nowhere is a page that is hidden; that of page 1 is not."""
    read = pager(*links)
    assert (read.leads_on, read.hides_pages) == (leads_on, hides)


def test_no_pager() -> None:
    """A page without one has no links."""
    read = Pager(None)
    assert (read.hrefs, read.addressed, read.printed, read.shown) == ([], [], [], None)


def test_a_box_that_is_not_closed_is_looked_at_up_to_a_bound() -> None:
    """It holds the rest of the page, with any number of links."""
    assert len(pager(*[("2", "/x?page=2")] * 500).hrefs) == 200
