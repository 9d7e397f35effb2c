"""Which pages an answer holds, and where two texts differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.halaman.completeness import (
    TOLERANCE,
    first_difference,
    has_all_words,
    is_sampled,
    judge,
    judge_joined,
)
from kompascrawler.items import Route
from tests.halaman.parts import part


@pytest.mark.parametrize(
    ("declared", "asked_for_all", "anchors", "words", "expected"),
    [
        # words: declared, counted; expected: pages, pages fetched, route, complete
        (None, False, 1, (300, 300), (1, 1, "single", True)),
        (None, True, 1, (300, 300), (1, 1, "single", True)),
        (None, False, 1, (300, 150), (1, 1, "single", False)),
        (None, False, 1, (None, 150), (1, 1, "single", None)),
        (3, False, 1, (900, 300), (3, 1, "single", False)),
        (3, True, 1, (900, 900), (3, 3, "all", True)),
        (3, True, 1, (900, 300), (3, 1, "all", False)),
        (3, True, 3, (None, 900), (3, 3, "all", True)),
        (3, True, 1, (None, 900), (3, 1, "all", False)),
        (None, True, 2, (400, 400), (2, 2, "all", True)),
    ],
)
def test_verdicts(
    declared: int | None,
    asked_for_all: bool,  # noqa: FBT001 - a column of the table
    anchors: int,
    words: tuple[int | None, int],
    expected: tuple[int, int, str, bool | None],
) -> None:
    """An answer to ``?page=all`` whose words fall short is one page."""
    found = judge(
        pages_declared=declared,
        asked_for_all=asked_for_all,
        anchors=anchors,
        words_declared=words[0],
        words_counted=words[1],
    )
    assert (found.pages_expected, found.pages_fetched, found.route, found.complete) == expected


@pytest.mark.parametrize("sign", [-1, 1])
def test_the_tolerance_is_as_stated(sign: int) -> None:
    """A difference up to the tolerance proves nothing missing, one word more does."""
    assert has_all_words(500, 500 + sign * TOLERANCE)
    assert not has_all_words(500, 500 + sign * (TOLERANCE + 1))


@pytest.mark.parametrize(
    ("route", "pages", "words", "decoded", "expected"),
    [
        # pages: declared, held; words: declared, counted; expected: pages, fetched, complete
        ("numbered", (3, 3), (900, 900), 0, (3, 3, True)),
        ("numbered", (3, 2), (900, 600), 0, (3, 2, False)),
        ("numbered", (3, 2), (900, 900), 0, (3, 2, False)),
        ("numbered", (3, 3), (900, 700), 0, (3, 3, False)),
        ("numbered", (3, 3), (None, 700), 0, (3, 3, True)),
        ("numbered", (None, 2), (600, 600), 0, (2, 2, True)),
        ("browser", (3, 1), (900, 900), 0, (3, 3, True)),
        ("browser", (3, 1), (900, 600), 0, (3, 1, False)),
        ("browser", (3, 1), (None, 600), 0, (3, 1, False)),
        ("browser", (None, 1), (900, 870), 20, (1, 1, True)),
        ("browser", (None, 1), (900, 920), 20, (1, 1, False)),
    ],
)
def test_verdicts_on_joined_pages(
    route: Route,
    pages: tuple[int | None, int],
    words: tuple[int | None, int],
    decoded: int,
    expected: tuple[int, int, bool],
) -> None:
    """Pages and words must both be there; in the browser words tell what pages it has shown."""
    found = judge_joined(
        route=route,
        pages_declared=pages[0],
        pages_held=pages[1],
        words_declared=words[0],
        words_counted=words[1],
        decoded=decoded,
    )
    assert (found.pages_expected, found.pages_fetched, found.complete) == expected


IDS = [f"2026-11-{day:02d}-{number:06d}070" for day in range(1, 21) for number in range(100)]


@pytest.mark.parametrize("share", [0.02, 0.5])
def test_the_sample_has_its_share(share: float) -> None:
    """Of 2,000 articles, within three standard deviations."""
    sampled = sum(is_sampled(article_id, share) for article_id in IDS)
    deviation = (2000 * share * (1 - share)) ** 0.5
    assert abs(sampled - 2000 * share) <= 3 * deviation


@given(st.sampled_from(IDS), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_sample_holds_the_smaller(article_id: str, one: float, other: float) -> None:
    """An article stays in the sample when the share is raised."""
    smaller, larger = sorted((one, other))
    assert is_sampled(article_id, larger) or not is_sampled(article_id, smaller)


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [("abc", "abc", None), ("abc", "abd", 3), ("abc", "ab", 3), ("ab", "abc", 3), ("ab", "ba", 1)],
)
def test_the_first_difference_is_named(ours: str, theirs: str, expected: int | None) -> None:
    """The paragraph from which on the texts differ; nothing where they agree."""
    assert first_difference(part(*ours).record, part(*theirs).record) == expected
