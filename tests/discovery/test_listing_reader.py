"""Runs over a simulated listing: nothing is missed, nothing is asked for twice."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kompascrawler.discovery.listing_reader import ListingReader
from kompascrawler.discovery.scheduler import readers_of
from kompascrawler.discovery.tasks import Arguments, IndexQuery
from kompascrawler.discovery.walk import EMPTY_DAYS
from kompascrawler.sections import Sections, SortedLinks
from kompascrawler.store.ledger import DOUBTFUL_FILE, MOST, Doubtful
from kompascrawler.store.model import Discovery, Link
from kompascrawler.store.store import Store

from .simulation import GLOBAL, TODAY, Listing, Run, article_ids


def reader_of(store: Store) -> ListingReader:
    """Return a reader of Global's listings."""
    (reader,) = readers_of(store, Sections((GLOBAL,)), Arguments(), today=TODAY)
    return reader


def test_first_run_finds_everything_newest_first(tmp_path: Path) -> None:
    """A first run reads the index from its first page to its end."""
    listing = Listing(article_ids(130))
    run = Run(tmp_path, listing).go()
    assert sorted(run.fetched, reverse=True) == listing.ids
    assert run.fetched[:12] == listing.ids[:12]
    assert [query.page for query in listing.asked[:7]] == [1, 2, 3, 4, 5, 6, 7]
    # Then the end is made sure of: page 8 twice, and the days below by day.
    assert len(listing.asked) <= 7 + 2 + 3 + 1 + EMPTY_DAYS


def test_nothing_new_asks_for_nothing(tmp_path: Path) -> None:
    """A run that finds the front page known reads no listing and no article."""
    listing = Listing(article_ids(60))
    Run(tmp_path, listing).go()
    listing.asked.clear()
    run = Run(tmp_path, listing).go()
    assert (run.fetched, listing.asked) == ([], [])


@pytest.mark.parametrize(
    ("count", "pages"),
    [(1, []), (14, []), (15, [1]), (39, [1, 2, 3]), (40, [1, 2, 3, 1, 2])],
)
def test_news_costs_index_pages_only_beyond_terkini(
    tmp_path: Path, count: int, pages: list[int]
) -> None:
    """Up to 14 new articles are found on Terkini Lainnya alone; more lead to the index.

    Where the last new one ends a page, the next page proves nothing: the day's own listing does.
    """
    ids = article_ids(100)
    Run(tmp_path, Listing(ids[count:])).go()
    listing = Listing(ids)
    run = Run(tmp_path, listing).go()
    assert sorted(run.fetched, reverse=True) == ids[:count]
    assert [query.page for query in listing.asked] == pages


def test_the_five_between_terkini_and_page_two_are_found(tmp_path: Path) -> None:
    """The block has 15 articles and the index pages 20: page 1 is read before page 2."""
    ids = article_ids(45)
    Run(tmp_path, Listing(ids[25:])).go()
    run = Run(tmp_path, Listing(ids)).go()
    assert sorted(run.fetched, reverse=True) == ids[:25]


@settings(max_examples=40)
@given(
    counts=st.lists(st.integers(0, 70), min_size=1, max_size=5),
    cuts=st.lists(st.integers(1, 60), max_size=5),
    limits=st.lists(st.none() | st.integers(1, 40), max_size=5),
    has_days=st.booleans(),
    sites=st.sampled_from([("global", "news", "all"), ("news", "all"), ("all",)]),
)
def test_cut_runs_leave_no_hole(
    *,
    counts: list[int],
    cuts: list[int],
    limits: list[int | None],
    has_days: bool,
    sites: tuple[str, ...],
) -> None:
    """However runs are cut short while articles appear, one whole run finds all, each once."""
    ids = article_ids(sum(counts))
    fetched: list[str] = []
    with TemporaryDirectory() as folder:
        shown = 0
        for number, count in enumerate(counts):
            shown += count
            listing = Listing(ids[len(ids) - shown :], sites=sites, has_days=has_days)
            arguments = Arguments(max_articles=limits[number] if number < len(limits) else None)
            patience = cuts[number] if number < len(cuts) else 10_000
            fetched += Run(Path(folder), listing, arguments, patience).go().fetched
        listing = Listing(ids, sites=sites, has_days=has_days)
        fetched += Run(Path(folder), listing).go().fetched
        assert Store(Path(folder), "run").gaps() == []
    assert sorted(fetched, reverse=True) == ids


def test_limit_takes_the_newest(tmp_path: Path) -> None:
    """``max_articles`` takes that many, the newest, and the next run goes on below them."""
    ids = article_ids(90)
    first = Run(tmp_path, Listing(ids), Arguments(max_articles=30)).go()
    second = Run(tmp_path, Listing(ids), Arguments(max_articles=30)).go()
    assert sorted(first.fetched, reverse=True) == ids[:30]
    assert sorted(second.fetched, reverse=True) == ids[30:60]


def test_since_is_the_floor_of_later_runs(tmp_path: Path) -> None:
    """What lies below the first run's ``since`` was never asked for, and is no gap."""
    listing = Listing(article_ids(200))
    since = Arguments(since=date(2026, 11, 18))
    first = Run(tmp_path, listing, since).go()
    assert sorted(first.fetched) == sorted(i for i in listing.ids if i >= "2026-11-18")
    assert Run(tmp_path, listing).go().fetched == []


def test_a_lower_since_reaches_deeper(tmp_path: Path) -> None:
    """A later run with an earlier ``since`` reads what lies between."""
    listing = Listing(article_ids(300))
    Run(tmp_path, listing, Arguments(since=date(2026, 11, 18))).go()
    deeper = Run(tmp_path, listing, Arguments(since=date(2026, 11, 15))).go()
    assert sorted(deeper.fetched) == sorted(
        i for i in listing.ids if "2026-11-15" <= i < "2026-11-18"
    )


def test_since_above_the_known_leaves_a_gap(tmp_path: Path) -> None:
    """A ``since`` above what is stored skips days; the next run finds them."""
    ids = article_ids(300)
    old = [i for i in ids if i < "2026-11-14"]
    Run(tmp_path, Listing(old), today=date(2026, 11, 13)).go()
    recent = Run(tmp_path, Listing(ids), Arguments(since=date(2026, 11, 18))).go()
    rest = Run(tmp_path, Listing(ids)).go()
    assert sorted(recent.fetched) == sorted(i for i in ids if i >= "2026-11-18")
    assert sorted(rest.fetched) == sorted(i for i in ids if "2026-11-14" <= i < "2026-11-18")


def test_window_asks_the_index_for_its_days_only(tmp_path: Path) -> None:
    """``since`` and ``until`` before today read those days and nothing else."""
    listing = Listing(article_ids(300))
    window = Arguments(since=date(2026, 11, 15), until=date(2026, 11, 16))
    run = Run(tmp_path, listing, window).go()
    wanted = [i for i in listing.ids if "2026-11-15" <= i < "2026-11-17"]
    assert sorted(run.fetched, reverse=True) == wanted
    assert {query.day for query in listing.asked} == {date(2026, 11, 15), date(2026, 11, 16)}


def test_window_is_no_reason_to_fetch_between(tmp_path: Path) -> None:
    """After a window in the past, a run without bounds reads from the top as a first run does."""
    listing = Listing(article_ids(200))
    window = Arguments(since=date(2026, 11, 16), until=date(2026, 11, 16))
    first = Run(tmp_path, listing, window).go().fetched
    second = Run(tmp_path, listing).go().fetched
    assert sorted(first + second, reverse=True) == listing.ids


def test_late_articles_below_known_ones_are_found(tmp_path: Path) -> None:
    """An article that appears among known ones is found, and the page below it is looked at."""
    ids = article_ids(60)
    late = {ids[14], ids[17]}
    Run(tmp_path, Listing([i for i in ids if i not in late])).go()
    listing = Listing(ids)
    listing.front = listing.newest  # type: ignore[method-assign]  # so long that one is on it
    assert set(Run(tmp_path, listing).go().fetched) == late


def test_an_index_that_answers_nothing_leaves_the_gap(tmp_path: Path) -> None:
    """Where no ``site`` answers, what Terkini shows is taken and the gap stays open."""
    ids = article_ids(50)
    run = Run(tmp_path, Listing(ids, sites=())).go()
    assert sorted(run.fetched, reverse=True) == ids[:15]
    assert [query.site for query in run.listing.asked] == [*GLOBAL.index_sites, GLOBAL.front]
    with_index = Run(tmp_path, Listing(ids)).go()
    assert sorted(with_index.fetched, reverse=True) == ids[15:]


def test_index_is_asked_when_the_front_page_shows_nothing(tmp_path: Path) -> None:
    """A front page without articles of the section is not taken for "nothing new"."""
    listing = Listing(article_ids(30))
    run = Run(tmp_path, listing)
    listing.front = lambda: Listing([]).front()  # type: ignore[method-assign]
    assert sorted(run.go().fetched, reverse=True) == listing.ids
    assert listing.asked[0] == IndexQuery(site="global")


OLD, FUTURE = "2021-02-17-193100370", "2099-12-31-120000170"


@pytest.mark.parametrize(
    "trouble",
    [
        Listing([], blank=[IndexQuery(site="global", page=3)]),
        Listing([], last_page=5),
        Listing([], strangers={3: OLD}),
        Listing([], strangers={19: OLD}),
        Listing([], strangers={14: OLD, 15: "2020-05-05-101010170"}),
        Listing([], strangers={0: FUTURE}),
        Listing([], strangers={0: FUTURE, 19: OLD}),
    ],
    ids=["blank-page", "capped", "old-inside", "old-last", "two-old", "future", "both"],
)
def test_odd_listings_hide_nothing(tmp_path: Path, trouble: Listing) -> None:
    """Whatever stands in a listing or is missing from it, two runs find all articles."""
    ids = article_ids(300)
    strangers = set(trouble.strangers.values())
    first = replace(trouble, ids=ids[100:], blank=list(trouble.blank))
    fetched = Run(tmp_path, first, Arguments(max_articles=60)).go().fetched
    fetched += Run(tmp_path, replace(trouble, ids=ids, blank=list(trouble.blank))).go().fetched
    fetched += Run(tmp_path, Listing(ids)).go().fetched
    assert sorted(set(fetched) - strangers, reverse=True) == ids
    assert len(fetched) == len(set(fetched))


def test_articles_published_during_a_walk_hide_nothing(tmp_path: Path) -> None:
    """20 articles more push every page down by one: a page seen again is no end."""
    ids = article_ids(200)
    listing = Listing(ids[20:])
    ask = listing.index

    def publish_after_page_3(query: IndexQuery) -> list[str]:
        if query == IndexQuery(site="global", page=4):
            listing.ids = ids
        return ask(query)

    listing.index = publish_after_page_3  # type: ignore[method-assign]
    fetched = Run(tmp_path, listing).go().fetched + Run(tmp_path, Listing(ids)).go().fetched
    assert sorted(fetched, reverse=True) == ids


def test_since_does_not_hide_what_lies_between(tmp_path: Path) -> None:
    """New articles before ``since`` on a listing that was read are found by the next run."""
    ids = article_ids(120)
    Run(tmp_path, Listing(ids[30:])).go()
    since = Arguments(since=date.fromisoformat(ids[17][:10]))
    recent = Run(tmp_path, Listing(ids[17:]), since).go().fetched
    rest = Run(tmp_path, Listing(ids)).go().fetched
    assert sorted(recent + rest, reverse=True) == ids[:30]


def test_an_article_without_the_block_leads_to_the_index(tmp_path: Path) -> None:
    """Where no page shows Terkini Lainnya, the index tells what is newest."""
    listing = Listing(article_ids(50))
    listing.newest = lambda: Listing([]).newest()  # type: ignore[method-assign]
    assert sorted(Run(tmp_path, listing).go().fetched, reverse=True) == listing.ids


def test_a_cut_window_is_one_gap(tmp_path: Path) -> None:
    """The rest of a window is taken up by the next run with the same bounds, not opened anew."""
    listing = Listing(article_ids(300))
    window = Arguments(since=date(2026, 11, 15), until=date(2026, 11, 17), max_articles=15)
    for _ in range(3):
        Run(tmp_path, listing, window).go()
    assert len(Store(tmp_path, "run").gaps()) == 1


def test_a_since_before_the_index_ends_where_the_index_does(tmp_path: Path) -> None:
    """A window without articles at its lower end is not read down to the year 1."""
    listing = Listing(article_ids(100))
    window = Arguments(since=date(1, 1, 1), until=date(2026, 11, 19))
    Run(tmp_path, listing, window).go()
    assert len(listing.asked) < 40
    assert Store(tmp_path, "run").gaps() == []


MADE_UP = [f"20{year:02}-01-01-120000070" for year in range(25)]


def links(ids: list[str]) -> SortedLinks:
    """Return a page of these articles."""
    return SortedLinks([Link(article, f"https://{article}") for article in ids], Counter())


def test_made_up_addresses_wait_for_a_second_listing(tmp_path: Path) -> None:
    """Of one listing only what fits its days is believed; the same block on each page is one."""
    known, late, news = "2026-11-20-120000070", "2026-11-14-080000070", "2026-11-20-130000070"
    store = Store(tmp_path, "run")
    store.learn(Discovery(links=[Link(known, f"https://{known}")], newest=known, opened=None))
    reader = reader_of(store)
    reader.begin()
    page = links([news, known, late, *MADE_UP])
    assert [link.id for link in reader.read_front(page)] == [news, late]
    assert reader.read_front(page) == []
    assert [link.id for link in reader.read_newest(page)] == MADE_UP
    assert reader.read_newest(page) == []
    store.close()


def test_the_second_listing_may_come_in_a_later_run(tmp_path: Path) -> None:
    """The same one again is no second one, in whatever run; what was found is counted."""
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    Run(tmp_path, Listing(article_ids(3))).go()
    counts: list[tuple[int, int]] = []
    for listing in ("front", "front", "newest", "newest"):
        store = Store(tmp_path, "run")
        reader = reader_of(store)
        reader.begin()
        read = reader.read_front if listing == "front" else reader.read_newest
        found = [link.id for link in read(links([*article_ids(3), *MADE_UP]))]
        assert found == (MADE_UP if counts[1:] and not counts[2:] else [])
        news = reader.finish(now)
        counts.append((news.doubtful, news.confirmed))
        store.close()
    assert counts == [(25, 0), (0, 0), (0, 25), (0, 0)]


def test_what_is_doubtful_is_bounded(tmp_path: Path) -> None:
    """The latest are remembered; a file that was cut off says nothing."""
    doubtful = Doubtful(tmp_path)
    for number in range(3 * MOST):
        assert not doubtful.confirms(f"2001-01-01-{number:06}070", "front")
    doubtful.save()
    kept = Doubtful(tmp_path)
    assert not kept.confirms("2001-01-01-000000070", "newest")
    assert kept.confirms(f"2001-01-01-{3 * MOST - 1:06}070", "newest")
    path = tmp_path / DOUBTFUL_FILE
    path.write_bytes(path.read_bytes()[:-10])
    assert not Doubtful(tmp_path).confirms(f"2001-01-01-{3 * MOST - 1:06}070", "newest")
