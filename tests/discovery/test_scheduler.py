"""The frontier hands out each article once, newest first, within the limit."""

from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.discovery.scheduler import Frontier
from kompascrawler.store.model import Link


def links(*ids: str) -> list[Link]:
    """Links with these identities."""
    return [Link(article, f"https://x/{article}") for article in ids]


@given(st.lists(st.lists(st.text("abc", max_size=2), max_size=6), max_size=6), st.integers(1, 5))
def test_each_once_and_newest_first(batches: list[list[str]], window: int) -> None:
    """Whatever is added, every identity comes once, and the newest of those waiting first."""
    frontier, taken = Frontier(), []
    for batch in batches:
        frontier.add(links(*batch))
        for link in frontier.take(window):
            taken.append(link.id)
            frontier.conclude(link.id, stored=True)
    while more := frontier.take(window):
        assert [link.id for link in more] == sorted((link.id for link in more), reverse=True)
        for link in more:
            taken.append(link.id)
            frontier.conclude(link.id, stored=True)
    assert sorted(taken) == sorted({article for batch in batches for article in batch})


def test_limit_counts_new_records_only() -> None:
    """An article that failed makes room for another; a stored one does not."""
    frontier = Frontier(limit=2)
    frontier.add(links("1", "2", "3", "4"))
    assert [link.id for link in frontier.take(10)] == ["4", "3"]
    assert frontier.is_full
    frontier.conclude("4", stored=False)
    frontier.conclude("3", stored=True)
    assert [link.id for link in frontier.take(10)] == ["2"]
    frontier.conclude("2", stored=True)
    assert frontier.take(10) == []


def test_window_bounds_what_is_under_way() -> None:
    """No more articles than the window are out at once."""
    frontier = Frontier()
    frontier.add(links("1", "2", "3"))
    assert len(frontier.take(2)) == 2
    assert frontier.take(2) == []
    assert (frontier.open_count, len(frontier)) == (2, 1)


def test_named_article_is_handed_out_once() -> None:
    """A start page's article counts as handed out, under whichever form it is named again."""
    frontier = Frontier()
    assert [frontier.take_by_name(link) for link in links("1", "1")] == [True, False]
    frontier.add(links("1"))
    assert frontier.take(5) == []


def test_named_articles_keep_to_the_limit() -> None:
    """More start pages than records wanted are not asked for."""
    frontier = Frontier(limit=1)
    assert [frontier.take_by_name(link) for link in links("1", "2")] == [True, False]
