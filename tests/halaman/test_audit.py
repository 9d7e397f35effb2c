"""The sample that goes through the browser too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.halaman.audit import first_difference, is_sampled
from tests.halaman.parts import part

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
