"""What is handed out when: start pages first, each article once and newest first."""

from collections import Counter
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast
from unittest.mock import Mock

from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.discovery.coverage import News
from kompascrawler.discovery.listing_reader import ListingReader
from kompascrawler.discovery.scheduler import Frontier, Scheduler
from kompascrawler.discovery.tasks import FrontPage, IndexQuery, Task
from kompascrawler.sections import SortedLinks
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


class Reader:
    """A listing reader of one page of news, which remembers what it is told."""

    front, reaches = FrontPage("https://x/global"), ""

    def __init__(self, *starts: Task) -> None:
        self.starts = starts
        # Every article is of the section, and every page of the index lists it.
        self.section = SimpleNamespace(owns=bool, lists=bool, front=self.front.url)
        self.abandoned: list[IndexQuery] = []
        self.deadly: list[Link] = []

    def begin(self) -> list[Link]:
        return links("1", "2")

    def begin_last(self) -> list[Link]:
        return self.deadly

    def read_front(self, page: SortedLinks) -> list[Link]:
        return page.articles

    def next_query(self, *, may_ask_newest: bool) -> IndexQuery:
        return INDEX

    def abandon(self, query: IndexQuery) -> None:
        self.abandoned.append(query)


FRONT, INDEX = Reader.front, IndexQuery(site="global")
(NAMED,) = links("9")
NOTHING = SortedLinks([], Counter())


def scheduler_of(reader: Reader) -> Scheduler:
    """Return a scheduler with a window of three."""
    return Scheduler([cast("ListingReader", reader)], Frontier(), window=3)


def test_start_pages_come_first_and_once() -> None:
    """Everything else waits until each of them has ended, whichever way."""
    scheduler = scheduler_of(Reader(FRONT, NAMED, INDEX, NAMED, FRONT))
    assert scheduler.begin() == [FRONT, NAMED, INDEX]
    assert list(scheduler.next()) == []
    scheduler.front_read(FRONT, NOTHING)
    scheduler.index_failed(INDEX)
    assert list(scheduler.next()) == []
    scheduler.article_ended(NAMED, stored=True)
    assert list(scheduler.next()) == [*links("2", "1"), INDEX]


def test_one_index_page_at_a_time() -> None:
    """The next is handed out when that one has ended."""
    scheduler = scheduler_of(Reader())
    scheduler.begin()
    assert list(scheduler.next()) == [*links("2", "1"), INDEX]
    assert list(scheduler.next()) == []
    scheduler.index_failed(INDEX)
    assert list(scheduler.next()) == [INDEX]


def test_what_is_held_back_has_ended_in_this_run() -> None:
    """An index page leaves its gap open, an article makes room and does not come again."""
    reader = Reader()
    scheduler = scheduler_of(reader)
    scheduler.begin()

    def is_blocked(url: str) -> bool:
        return url != FRONT.url and not reader.abandoned

    assert list(scheduler.next(is_blocked)) == [INDEX]  # the next page in its place
    assert reader.abandoned == [INDEX]
    scheduler.index_failed(INDEX)
    assert list(scheduler.next(FRONT.url.__eq__)) == []


def test_what_runs_died_on_comes_last_and_alone() -> None:
    """After every other article and after the index, one at a time."""
    reader = Reader()
    reader.deadly = links("4", "3")
    scheduler = scheduler_of(reader)
    scheduler.begin()
    assert list(scheduler.next()) == [*links("2", "1"), INDEX]
    assert list(scheduler.next(FRONT.url.__eq__)) == []
    scheduler.index_failed(INDEX)
    for link in links("2", "1"):
        assert list(scheduler.next()) == []
        scheduler.article_ended(link, stored=True)
    for link in reader.deadly[:]:
        assert list(scheduler.next()) == [link]
        assert list(scheduler.next()) == []
        scheduler.article_ended(link, stored=False)


def test_looks_at_stored_articles_come_last_of_all() -> None:
    """One at a time, after what runs died on; news that a look shows come before the next one."""
    reader, looks = Reader(), links("8", "1", "7")
    reader.deadly = links("4")
    scheduler = Scheduler(
        [cast("ListingReader", reader)],
        Frontier(),
        window=3,
        next_look=lambda: looks.pop(0) if looks else None,
    )
    scheduler.begin()
    assert list(scheduler.next()) == [*links("2", "1"), INDEX]
    assert list(scheduler.next(FRONT.url.__eq__)) == []
    scheduler.index_failed(INDEX)
    for link in links("2", "1"):
        assert list(scheduler.next()) == []
        scheduler.article_ended(link, stored=True)
    for name in ("4", "8"):
        assert list(scheduler.next()) == links(name)
        assert list(scheduler.next()) == []
        if name == "8":
            scheduler.front_read(FRONT, SortedLinks(links("9"), Counter()))
        scheduler.article_ended(*links(name), stored=False)
    assert list(scheduler.next()) == links("9")
    scheduler.article_ended(*links("9"), stored=True)
    assert list(scheduler.next()) == links("7")  # 1 was requested in this run


def test_a_run_that_has_what_it_wants_looks_at_nothing() -> None:
    """``max_articles`` ends it."""
    looks = links("8", "7")
    scheduler = Scheduler(
        [cast("ListingReader", Reader())],
        Frontier(1),
        window=3,
        next_look=lambda: looks.pop(0) if looks else None,
    )
    scheduler.begin()
    (news,) = scheduler.next()
    assert isinstance(news, Link)
    scheduler.article_ended(news, stored=True)
    assert (list(scheduler.next()), looks) == ([], [])


def test_what_sections_know_of_news_together() -> None:
    """When any of them found something last, and which are silent."""
    told = {"global": News(7, None), "money": News(3, "nothing new for 90 hours")}
    readers = [
        Mock(**{"section.name": name, "finish.return_value": news}) for name, news in told.items()
    ]
    together = Scheduler(readers, Frontier(), window=1).finish(datetime.now(UTC))
    assert together == News(7, "money: nothing new for 90 hours")
    alone = Scheduler(readers[1:], Frontier(), window=1).finish(datetime.now(UTC))
    assert alone == told["money"]
