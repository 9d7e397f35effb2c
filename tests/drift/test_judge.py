"""When pages are judged, against what, and what a person's word changes."""

import pytest

from kompascrawler.drift.judge import FEWEST, judge_listings, without_repeats
from kompascrawler.drift.measures import LEARNED
from kompascrawler.drift.rates import Rate
from kompascrawler.pages.checks import Checks
from tests.drift.looking import Life, causes

GOOD: Checks = dict.fromkeys(("layout", "title", "section", "tags", "sources"), True)
BAD: Checks = GOOD | {"title": False}
UNSORTED: Checks = GOOD | {"section": False}


def test_small_runs_wait_for_each_other() -> None:
    """Runs of two pages are judged by the fifth, over the pages of all; then it begins anew."""
    life = Life()
    judged = [life.run([BAD, GOOD]) for _ in range(10)]
    assert [one.is_judged for one in judged] == [False, False, False, False, True] * 2
    assert [one.pages for one in judged[:5]] == [2, 4, 6, 8, 10]
    assert [causes(one) for one in judged] == [set()] * 4 + [{"title gone"}] * 6


def test_runs_without_articles_change_nothing() -> None:
    """They leave no row, and do not judge pages that wait."""
    life = Life()
    life.run([BAD] * 9)
    assert life.run([]).row is None
    assert life.run([BAD]).is_judged


def test_pages_are_judged_once() -> None:
    """After a drift was named, new pages that are as usual raise no alarm."""
    life = Life()
    assert causes(life.run([BAD] * 12)) == {"title gone"}
    assert life.run([GOOD] * 12).causes == []


def test_what_was_named_stands_until_it_is_judged_anew() -> None:
    """Runs with few articles, or none, are not fine while the site is as broken as before."""
    life = Life()
    life.run([BAD] * 12)
    named = [life.run(pages).causes for pages in ([], [BAD], [], [GOOD], [BAD] * 2)]
    assert [found.measure for [found] in named] == ["title"] * 5
    assert named[1][0].text == (
        "title gone: named before (the title on 0 of 12 pages); new pages since: 1, too few to "
        "judge anew"
    )
    assert life.run([], accept=True).accepted == ["title"]
    assert life.run([]).causes == []


def test_what_was_named_is_over_when_pages_show_it() -> None:
    """By a few that would be more than chance; also by such as were refused in an earlier run."""
    for again in (0, 2):
        life = Life()
        life.run([BAD] * 12)
        assert life.run([], again=[GOOD]).causes
        assert not life.run([GOOD] * (2 - again), again=[GOOD] * again).causes
        assert not life.run([]).causes
    assert life.run([], again=[BAD] * 12).causes == []


def test_pages_that_waited_through_a_drift_do_not_name_it_again() -> None:
    """Single good pages add up to its end; the bad ones before them are judged no more."""
    life = Life()
    life.run([BAD] * 12)
    named = [bool(life.run(pages).causes) for pages in ([BAD] * 4, [GOOD], [], [GOOD], [])]
    assert named == [True, True, True, False, False]
    assert life.run([GOOD] * 8).pages == 8
    assert causes(life.run([GOOD] * 2)) == set()
    life.run([BAD] * 12)
    life.run([BAD] * 4)
    assert causes(life.run([GOOD] * 12)) == set()


def test_one_of_two_changes_may_be_over() -> None:
    """The other one stands."""
    life = Life()
    life.run([BAD | UNSORTED | {"title": False}] * 12)
    assert causes(life.run([UNSORTED] * 3)) == {"field missing"}


def test_pages_of_before_the_change_do_not_make_it_stand_longer() -> None:
    """Where they had waited to be judged: the change is in the run that came last."""
    life = Life()
    life.run([GOOD] * 8)
    assert causes(life.run([BAD] * 4)) == {"title gone"}
    assert not life.run([GOOD] * 4).causes


def test_a_change_does_not_become_healthy_by_itself() -> None:
    """It is named again with every ten new pages: what drifted is no part of what is usual."""
    life = Life()
    life.run([GOOD] * 60)
    assert [causes(life.run([BAD] * 10)) for _ in range(40)] == [{"title gone"}] * 40


@pytest.mark.parametrize("share", [10, 20])
def test_a_change_that_comes_in_small_steps_is_named(share: int) -> None:
    """One page in ten or twenty is chance in one run, and none over the runs of a week."""
    life = Life()
    pages = [UNSORTED] + [GOOD] * (share - 1)
    named = [causes(life.run(pages)) for _ in range(12)]
    assert named[0] == set()
    assert named[-1] == {"field missing"}
    assert life.run([GOOD] * 12).causes == []


def test_what_depends_on_the_news_is_learned() -> None:
    """Without a floor nothing is named; then what earlier runs showed is usual, or no more."""
    life = Life()
    without: Checks = GOOD | {"sources": False}
    assert causes(life.run([without] * LEARNED)) == set()
    life = Life()
    life.run([GOOD] * LEARNED)
    assert causes(life.run([without] * 12)) == {"field missing"}


def test_accepted_drift_is_no_drift_any_more() -> None:
    """Also where the run that accepts has no pages of its own."""
    for size, later in ((0, 210), (5, 3), (12, 3)):  # the store remembers 200 runs
        life = Life()
        assert causes(life.run([BAD] * 12)) == {"title gone"}
        assert life.run([BAD] * size, accept=True).accepted == ["title"]
        assert [causes(life.run([BAD] * 12)) for _ in range(later)] == [set()] * later


def test_acceptance_is_of_what_was_named_and_of_nothing_else() -> None:
    """Another change is named as ever; without a drift there is nothing to accept."""
    life = Life()
    assert life.run([GOOD] * 12, accept=True).accepted == []
    life.run([BAD] * 12)
    life.run([BAD] * 12, accept=True)
    assert causes(life.run([BAD | {"tags": False}] * 12)) == {"field missing"}


def test_what_was_accepted_becomes_the_baseline() -> None:
    """After 30 pages of the new look, a change of that is named again."""
    life = Life()
    half = [BAD, GOOD] * 10
    assert causes(life.run(half)) == {"title gone"}
    life.run([], accept=True)
    for _ in range(2):
        assert life.run(half).causes == []
    assert causes(life.run([BAD] * 40)) == {"title gone"}


def test_a_second_change_is_accepted_like_the_first() -> None:
    """What was learned after the first acceptance is usual no more."""
    life = Life()
    life.run([BAD, GOOD] * 10)
    life.run([BAD, GOOD] * 20, accept=True)
    assert causes(life.run([BAD] * 40)) == {"title gone"}
    assert life.run([], accept=True).accepted == ["title"]
    assert life.run([], accept=True).accepted == []
    assert life.run([BAD] * 40).causes == []


def test_suspicious_pages_are_told_before_they_can_be_judged() -> None:
    """So that the page is still there when the cause is named."""
    assert Life().run([BAD] * (FEWEST - 1)).suspected == ["title"]
    assert Life().run([GOOD] * (FEWEST - 1)).suspected == []


def test_the_head_is_told_to_state_what_the_page_lacks() -> None:
    """A renamed class and pages without a title are told apart by the figures."""
    renamed = Life().run([BAD | {"title_elsewhere": True}] * 12).causes[0].text
    missing = Life().run([BAD | {"title_elsewhere": False}] * 12).causes[0].text
    assert "og:title or JSON-LD has it on 12 of 12 others: `h1.read__title` renamed?" in renamed
    assert missing.endswith("og:title or JSON-LD has none either on 12 of 12 others")


def test_the_same_is_said_once() -> None:
    """Articles of fewer than 50 words have fewer than 100; both are accepted together."""
    short = GOOD | {"words_50": False, "words_100": False}
    life = Life()
    named = life.run([short] * 12).causes
    assert [cause.measure for cause in named] == ["words_50", "words_100"]
    assert [cause.measure for cause in without_repeats(named)] == ["words_50"]
    life.run([], accept=True)
    assert life.run([short] * 12).causes == []


@pytest.mark.parametrize(
    ("seen", "named"),
    [
        ({"front": Rate(1, 1), "index": Rate(2, 2)}, []),
        ({"front": Rate(0, 1)}, ["front"]),
        ({"index": Rate(0, 1)}, ["index"]),
        # An answer beyond the end of the archive links to other articles, too.
        ({"index": Rate(3, 4)}, []),
        ({}, []),
    ],
)
def test_listings(seen: dict[str, Rate], named: list[str]) -> None:
    """One that shows nothing is enough, unless another shows what it should."""
    assert [cause.measure for cause in judge_listings(seen)] == named
