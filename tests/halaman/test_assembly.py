"""What is asked for after each answer, and what comes of it."""

from dataclasses import replace

import pytest

from kompascrawler.halaman.assembly import (
    MOST_PAGES,
    Assembly,
    NextRequest,
    RouteChoice,
    is_page_one_again,
)
from kompascrawler.halaman.joining import Part
from tests.halaman.parts import Answer, assemble, names, paragraph, part

WHOLE = part("a", "b", "c", declared=3, pages=3, asked_for_all=True)
FIRST = part("a", declared=3, pages=3, asked_for_all=True)
UNKNOWN = part("a", declared=3, asked_for_all=True)
HIDING = part("a", declared=3, pages=3, asked_for_all=True, hides_pages=True)
EMPTY = part(declared=3, asked_for_all=True)
AGAIN, B, C = part("a", declared=3), part("b", declared=3), part("c", declared=3)
SHOWN: list[Answer] = [[part("a", "b", "c", declared=3)]]
ALL_SHOWN = {"browser": [part("a", "b", "c", declared=3)]}


@pytest.mark.parametrize(
    ("first", "answers", "asked", "expected"),
    [
        # expected: route, pages expected, pages fetched, complete, names of the paragraphs
        (WHOLE, {}, [], ("all", 3, 3, True, "abc")),
        (part("a", declared=1), {}, [], ("single", 1, 1, True, "a")),
        (part("a"), {}, [], ("single", 1, 1, None, "a")),
        # Too many words are no sign that a page is missing.
        (part("a", "b", declared=1), {}, [], ("single", 1, 1, False, "ab")),
        (FIRST, {2: B, 3: C}, [2, 3], ("numbered", 3, 3, True, "abc")),
        # Nobody says how many pages there are: page by page, until the words are there.
        (UNKNOWN, {2: B, 3: C}, [2, 3], ("numbered", 3, 3, True, "abc")),
        (UNKNOWN, {2: part("b", pages=3), 3: C}, [2, 3], ("numbered", 3, 3, True, "abc")),
        # A page in the middle or at the end is missing: the browser may have it.
        (FIRST, {2: 500, 3: C} | ALL_SHOWN, [2, 3, "browser"], ("browser", 3, 3, True, "abc")),
        (FIRST, {2: 404, 3: C, "browser": 0}, [2, 3, "browser"], ("numbered", 3, 2, False, "ac")),
        (FIRST, {2: B, 3: 404, "browser": 0}, [2, 3, "browser"], ("numbered", 3, 2, False, "ab")),
        (FIRST, {2: 500, 3: 500, "browser": 0}, [2, 3, "browser"], ("all", 3, 1, False, "a")),
        (UNKNOWN, {2: 500} | ALL_SHOWN, [2, "browser"], ("browser", 1, 1, True, "abc")),
        # A host that asks us to wait is asked for nothing else, in a browser neither.
        (FIRST, {2: 503}, [2], ("all", 3, 1, False, "a")),
        (FIRST, {2: 500, 3: 503}, [2, 3], ("all", 3, 1, False, "a")),
        (UNKNOWN, {2: 503}, [2], ("single", 1, 1, False, "a")),
        # What plain requests do not give.
        (FIRST, {2: AGAIN} | ALL_SHOWN, [2, "browser"], ("browser", 3, 3, True, "abc")),
        (UNKNOWN, {2: AGAIN} | ALL_SHOWN, [2, "browser"], ("browser", 1, 1, True, "abc")),
        (UNKNOWN, {2: 404} | ALL_SHOWN, [2, "browser"], ("browser", 1, 1, True, "abc")),
        (HIDING, ALL_SHOWN, ["browser"], ("browser", 3, 3, True, "abc")),
        (EMPTY, ALL_SHOWN, ["browser"], ("browser", 1, 1, True, "abc")),
        (HIDING, {"browser": [AGAIN, B, C]}, ["browser"], ("browser", 3, 3, True, "abc")),
        # A page that is there and has no text: a script may write it. First the others.
        (FIRST, {2: part(), 3: C} | ALL_SHOWN, [2, 3, "browser"], ("browser", 3, 3, True, "abc")),
        (FIRST, {2: part(), 3: 404, "browser": 0}, [2, 3, "browser"], ("all", 3, 1, False, "a")),
        # The browser shows no more, or fails: the better of the two.
        (FIRST, {2: AGAIN, "browser": [AGAIN]}, [2, "browser"], ("all", 3, 1, False, "a")),
        (FIRST, {2: AGAIN, "browser": 0}, [2, "browser"], ("all", 3, 1, False, "a")),
        (FIRST, {2: B, 3: AGAIN, "browser": [AGAIN]}, [2, 3, "browser"],
         ("numbered", 3, 2, False, "ab")),
    ],
)  # fmt: skip
def test_steps(
    first: Part,
    answers: dict[NextRequest, Answer],
    asked: list[NextRequest],
    expected: tuple[object, ...],
) -> None:
    """The cheapest route that gives the whole article, and the best there is where none does."""
    assembly, steps = assemble(first, answers)
    record = assembly.record()
    halaman = record.halaman
    found = (halaman.route, halaman.pages_expected, halaman.pages_fetched, halaman.complete)
    assert (steps, found) == (asked, expected[:4])
    assert "".join(name for name, _ in names(record)) == expected[4]


@pytest.mark.parametrize(
    ("wish", "first", "asked"),
    [
        ("all", FIRST, []),
        ("numbered", FIRST, [2]),
        ("numbered", HIDING, []),
        ("numbered", EMPTY, []),
        ("browser", FIRST, ["browser"]),
        ("browser", part("a", declared=1), []),
    ],
)
def test_a_forced_route_is_the_only_one(
    wish: RouteChoice, first: Part, asked: list[NextRequest]
) -> None:
    """Nothing but the route is tried, and articles of one page need none."""
    assert assemble(first, {2: AGAIN, "browser": SHOWN[0]}, wish)[1] == asked


def test_page_one_again_is_noticed_and_not_joined() -> None:
    """It is counted, and what it holds stands in the record once."""
    assembly, _ = assemble(FIRST, {2: AGAIN, "browser": 0})
    assert (assembly.repeats, names(assembly.record())) == (1, [("a", 1)])


@pytest.mark.parametrize(
    ("beginning", "expected"),
    [
        (paragraph("a"), True),
        ("KOMPAS.com - Kapal itu tiba.", True),
        ("SEOUL, KOMPAS.com – Kapal itu tiba.", True),
        ("Kapal itu tiba.", False),
        ("Kapal itu, kata KOMPAS.com, tiba.", False),
    ],
)
def test_page_one_is_known_by_its_beginning(beginning: str, expected: bool) -> None:  # noqa: FBT001
    """By its first paragraph, and by the dateline, which no later page has."""
    page = part("b")
    blocks = [replace(page.record.blocks[0], text=beginning)]
    answer = replace(page, record=replace(page.record, blocks=blocks))
    assert is_page_one_again(answer, FIRST) is expected


def test_a_page_without_text_is_not_page_one_again() -> None:
    """There is nothing to tell it by."""
    assert not is_page_one_again(part(), FIRST)


def test_blocks_keep_the_number_of_their_page() -> None:
    """Also behind a page that is missing."""
    assembly, _ = assemble(FIRST, {2: 500, 3: C, "browser": 0})
    assert names(assembly.record()) == [("a", 1), ("c", 3)]


def test_pages_stand_by_the_number_that_they_state() -> None:
    """An answer to page 2 that says it is page 3 is page 3."""
    second, third = replace(B, number_stated=2), replace(C, number_stated=3)
    assembly, _ = assemble(FIRST, {2: third, 3: second})
    assert names(assembly.record()) == [("a", 1), ("b", 2), ("c", 3)]


@pytest.mark.parametrize("stated", [1, 2])
def test_a_number_that_is_taken_is_not_believed(stated: int) -> None:
    """Pages that all say the same number stand in the order they were asked for."""
    second, third = (replace(page, number_stated=stated) for page in (B, C))
    assembly, _ = assemble(FIRST, {2: second, 3: third})
    assert names(assembly.record()) == [("a", 1), ("b", 2), ("c", 3)]


def test_pages_without_end_are_not_asked_for() -> None:
    """Where the words never suffice there is a last page all the same."""
    first = part("p1", declared=10_000)
    pages: dict[NextRequest, Answer] = {n: part(f"p{n}") for n in range(2, MOST_PAGES + 1)}
    assert assemble(first, pages)[1] == list(range(2, MOST_PAGES + 1))


def test_a_page_with_nothing_new_is_the_last_where_nobody_knows() -> None:
    """The browser is asked for what the words say is missing."""
    first = part("a", "b", declared=3)
    assert assemble(first, {2: part("b"), "browser": SHOWN[0]})[1] == [2, "browser"]


def test_a_page_with_nothing_new_is_missing_where_it_is_declared() -> None:
    """The next one may be there; the browser may show it."""
    first = part("a", "b", declared=4, pages=3)
    assembly, asked = assemble(first, {2: part("b"), 3: C, "browser": 0})
    assert asked == [2, 3, "browser"]
    assert assembly.record().halaman.complete is False


def test_a_walk_that_was_cut_short_proves_nothing() -> None:
    """Without declared words its pages are not all there are."""
    assembly = Assembly(part("a", pages=2, hides_pages=True))
    assert assembly.begin() == "browser"
    assembly.add_browsed([part("a"), part("b")], walked=2, ended=False)
    assert assembly.record().halaman.complete is False


def test_pages_that_a_browser_shows_twice_count_once() -> None:
    """The walker may come back to where it began."""
    assembly, _ = assemble(HIDING, {"browser": [AGAIN, B, AGAIN, C]})
    assert names(assembly.record()) == [("a", 1), ("b", 2), ("c", 3)]


def test_characters_that_a_browser_decodes_may_be_words_to_the_site() -> None:
    """Their names are missing from the count and prove nothing missing."""
    shown = part(*"abc")
    words = replace(shown.record.halaman, words_counted=270)
    fewer = replace(shown, record=replace(shown.record, halaman=words))
    for decoded, complete in ((0, False), (14, False), (15, True)):
        assembly, _ = assemble(HIDING, {"browser": [replace(fewer, decoded=decoded)]})
        assert assembly.record().halaman.complete is complete
