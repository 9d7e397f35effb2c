"""Days that are closed by their own listing."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from kompascrawler.discovery.coverage import LONGEST_OUTAGE, MOST_DAYS, due_days
from kompascrawler.discovery.tasks import Arguments, IndexQuery
from kompascrawler.identity import WIB
from kompascrawler.store.ledger import Day, Ledger
from kompascrawler.store.store import Store

from .simulation import GLOBAL, Listing, Run, article_ids

TODAY = date(2026, 11, 20)
DAYS = [TODAY - timedelta(days=back) for back in range(60)]


def line(day: date, looked: date | None = None, **known: object) -> Day:
    """Return a line of the ledger of a day that was looked at at noon."""
    at = looked and datetime(looked.year, looked.month, looked.day, 12, tzinfo=WIB).isoformat()
    return replace(Day(day=day, section="global", looked_at=at), **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lines", "due"),
    [
        ([], []),
        ([line(DAYS[0])], []),
        ([line(DAYS[1])], [DAYS[1]]),
        ([line(DAYS[1], DAYS[1])], [DAYS[1]]),
        ([line(DAYS[1], DAYS[0])], []),
        ([line(DAYS[2], DAYS[1]), line(DAYS[1])], [DAYS[1]]),
        ([line(DAYS[3])], [DAYS[1], DAYS[2], DAYS[3]]),
        ([line(DAYS[1], DAYS[0], doubt="x", listed=3)], []),
        ([line(DAYS[2], DAYS[1], doubt="x", listed=3)], [DAYS[1], DAYS[2]]),
        ([line(DAYS[59])], DAYS[1 : MOST_DAYS + 1]),
    ],
)
def test_which_days_are_due(lines: list[Day], due: list[date]) -> None:
    """Those that are over and not looked at since, and those between runs, newest first."""
    assert due_days({one.day: one for one in lines}, TODAY, None) == due


def looked_at_ages(line_of_look: Day, ages: int) -> list[int]:
    """Return at which ages (days) a day is looked at, with a run a day and the same result."""
    looks, known = [], {line_of_look.day: line_of_look}
    for age in range(1, ages):
        today = line_of_look.day + timedelta(days=age)
        if line_of_look.day in due_days(known, today, None):
            looks.append(age)
            result = line(line_of_look.day, today, doubt=line_of_look.doubt)
            known = {day: line(day, today, closed=True) for day in DAYS[:30]} | {
                line_of_look.day: replace(result, closed=not result.doubt and age >= 8)
            }
    return looks


def test_a_day_is_looked_at_twice() -> None:
    """When it is over, and a week later."""
    assert looked_at_ages(line(DAYS[29]), 29) == [1, 8]


def test_a_listing_that_never_answers_is_asked_ever_more_rarely() -> None:
    """An index without days must not cost requests in every run."""
    assert looked_at_ages(line(DAYS[29], doubt="it lists nothing"), 29) == [1, 2, 4, 8, 16]


def test_what_is_before_the_collection_is_out() -> None:
    """Days before ``since`` are no days of ours."""
    lines = {day: line(day) for day in DAYS[1:5]}
    assert due_days(lines, TODAY, DAYS[3]) == DAYS[1:4]
    assert len(due_days({DAYS[59]: line(DAYS[59])}, TODAY, None)) < LONGEST_OUTAGE.days


def run_on(folder: Path, listing: Listing, day: date, **options: object) -> Run:
    """Run on a day; return the run, with only its own questions in ``listing.asked``."""
    listing.asked.clear()
    return Run(folder, listing, today=day, **options).go()  # type: ignore[arg-type]


def closing_of(folder: Path, day: date) -> Day:
    """Return what the ledger says of a day."""
    return Ledger(folder, "global").read()[day]


def test_a_missing_article_is_found_and_fetched(tmp_path: Path) -> None:
    """One that no listing showed in time is fetched when the day is over; price: two pages."""
    ids = article_ids(100)
    day = date.fromisoformat(ids[30][:10])
    of_day = [one for one in ids if one.startswith(str(day))]
    hidden = of_day[7]
    Run(tmp_path, Listing([one for one in ids[30:] if one != hidden]), today=day).go()
    listing = Listing(ids)
    run = run_on(tmp_path, listing, day + timedelta(days=1))
    assert hidden in run.fetched
    assert [query for query in listing.asked if query.day == day] == [
        IndexQuery(site="global", day=day, page=page) for page in range(1, len(of_day) // 20 + 2)
    ]
    closing = closing_of(tmp_path, day)
    assert (closing.listed, closing.have, closing.missing) == (len(of_day), len(of_day), ())
    assert not closing.closed
    assert run_on(tmp_path, listing, day + timedelta(days=1)).listing.asked == []


def test_a_day_is_closed_a_week_later(tmp_path: Path) -> None:
    """What came out late is found then, and the day is not read again."""
    listing = Listing(article_ids(60))
    day = date.fromisoformat(listing.ids[0][:10])
    late = f"{day}-235000170"
    for age in range(12):
        if age == 5:
            listing.ids = [late, *listing.ids]
            listing.front = Listing([]).newest  # type: ignore[method-assign]
            listing.newest = Listing([]).newest  # type: ignore[method-assign]
        run_on(tmp_path, listing, day + timedelta(days=age))
        was_read = any(query.day == day for query in listing.asked)
        assert was_read == (age in (1, 8)) or age == 0
    assert closing_of(tmp_path, day).closed
    assert closing_of(tmp_path, day).missing == ()


def test_what_cannot_be_had_is_named(tmp_path: Path) -> None:
    """An article that is not stored at the end of the run stands in the ledger."""
    listing = Listing(article_ids(60))
    day = date.fromisoformat(listing.ids[30][:10])
    hidden = [one for one in listing.ids if one.startswith(str(day))][3]
    Run(tmp_path, Listing([one for one in listing.ids if one != hidden]), today=day).go()
    run_on(tmp_path, listing, day + timedelta(days=1), arguments=Arguments(), fails={hidden})
    closing = closing_of(tmp_path, day)
    assert (closing.missing, closing.listed - closing.have) == ((hidden,), 1)


def test_a_listing_that_lacks_stored_articles_is_doubted(tmp_path: Path) -> None:
    """It may be an old one; two looks that say the same are believed: the articles are gone."""
    ids = article_ids(40)
    day = date.fromisoformat(ids[30][:10])
    Run(tmp_path, Listing(ids), today=day).go()
    fewer = Listing([one for one in ids if one != ids[30]])
    run_on(tmp_path, fewer, day + timedelta(days=1))
    assert closing_of(tmp_path, day).doubt == "it does not list 1 that are stored"
    run_on(tmp_path, fewer, day + timedelta(days=2))
    assert closing_of(tmp_path, day).doubt is None


@pytest.mark.parametrize("front", ["healthy", "dead", "old"])
def test_an_index_that_is_old_at_every_look_is_found_out(tmp_path: Path, front: str) -> None:
    """The front page's archive is read as well: an article is stored that is newer than all listed.

    Where that cannot be had, the day stays open; where it agrees twice, it is believed.
    """
    ids = article_ids(60)
    day = date.fromisoformat(ids[30][:10])
    of_day = [one for one in ids if one.startswith(str(day))]
    Run(tmp_path, Listing([of_day[2], *of_day[5:]]), today=day).go()
    dead = (GLOBAL.front,) if front == "dead" else ()
    listing = Listing(ids, sites=(*GLOBAL.index_sites, GLOBAL.front), dead=dead)
    ask = listing.index

    def index(query: IndexQuery) -> list[str]:
        is_old = query.day == day and (query.kind == "index" or front == "old")
        old = Listing([one for one in ids if one not in of_day[:5]], listing.sites)
        return old.index(query) if is_old else ask(query)

    listing.index = index  # type: ignore[method-assign]
    listing.newest = listing.front = Listing([]).newest  # type: ignore[method-assign]
    for age in (1, 8, 9):
        run_on(tmp_path, listing, day + timedelta(days=age))
    closing = closing_of(tmp_path, day)
    assert closing.closed == (front != "dead")
    assert ("looks old" in (closing.doubt or "")) == (front == "dead")
    assert closing.have == closing.listed == len(of_day) - (0 if front == "healthy" else 5)


def test_an_index_without_days_is_doubted(tmp_path: Path) -> None:
    """Where it lists the newest articles instead, nothing is believed."""
    listing = Listing(article_ids(90), has_days=False)
    day = date.fromisoformat(listing.ids[0][:10])
    for age in range(3):
        run_on(tmp_path, listing, day + timedelta(days=age))
    assert not closing_of(tmp_path, day).closed


@pytest.mark.parametrize("fails", [True, False])
def test_the_archive_by_day_stands_in_for_the_index(tmp_path: Path, *, fails: bool) -> None:
    """A dead index host, or one that lists nothing, leaves the front page's own archive."""
    ids = article_ids(120)
    day = date.fromisoformat(ids[45][:10])
    old = [one for one in ids if one < f"{day}~"][5:]
    Run(tmp_path, Listing(old), today=day).go()
    dead = GLOBAL.index_sites if fails else ()
    listing = Listing(ids, sites=(GLOBAL.front,), dead=dead)
    run = run_on(tmp_path, listing, day + timedelta(days=1))
    assert sorted(old + run.fetched, reverse=True) == ids
    assert closing_of(tmp_path, day).have == closing_of(tmp_path, day).listed
    assert Store(tmp_path, "run").gaps() == []


def test_the_archive_by_day_has_an_end(tmp_path: Path) -> None:
    """A first run with a dead index reads seven days without articles, and no more.

    That the archive ends does not mean that the index does: the next run asks it.
    """
    listing = Listing(article_ids(60), sites=(GLOBAL.front,), dead=GLOBAL.index_sites)
    run = Run(tmp_path, listing).go()
    assert sorted(run.fetched, reverse=True) == listing.ids
    assert len(listing.asked) < 40
    assert Store(tmp_path, "run").gaps()
    Run(tmp_path, Listing(listing.ids)).go()
    assert Store(tmp_path, "run").gaps() == []


def test_sitemaps_tell_of_the_last_days_where_nothing_else_does(tmp_path: Path) -> None:
    """Their links are fetched; they have no order, so that the gap stays open."""
    ids = article_ids(120)
    Run(tmp_path, Listing(ids[50:])).go()
    dead = (*GLOBAL.index_sites, GLOBAL.front)
    listing = Listing(ids, sites=(GLOBAL.sitemaps[1],), dead=dead)
    run = Run(tmp_path, listing).go()
    assert sorted(run.fetched, reverse=True) == ids[:20]
    assert [query.url for query in listing.asked] == [*GLOBAL.sitemaps]
    assert Store(tmp_path, "run").gaps()
    assert sorted(Run(tmp_path, Listing(ids)).go().fetched, reverse=True) == ids[20:50]


def test_a_run_of_named_pages_reads_no_day(tmp_path: Path) -> None:
    """A person who asks for one page, or for old days, gets those."""
    listing = Listing(article_ids(60))
    day = date.fromisoformat(listing.ids[0][:10])
    Run(tmp_path, listing, today=day).go()
    old = Arguments(since=day - timedelta(days=1), until=day - timedelta(days=1))
    run_on(tmp_path, listing, day + timedelta(days=1), arguments=old)
    assert closing_of(tmp_path, day).looked_at is None
