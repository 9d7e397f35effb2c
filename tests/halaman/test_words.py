"""The site's word rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.halaman import count_words


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (b"", 0),
        (b"satu dua", 2),
        (b"satu&nbsp;dua", 3),
        (b"2020 12/3", 0),
        (b"Jum'at anak-anak - ya", 4),
        (b"<p>satu</p><p>dua</p>", 1),
        ("satu caf\u00e9s".encode(), 3),
    ],
)
def test_words(markup: bytes, words: int) -> None:
    """Tags vanish without a blank, entities are not decoded, a lone dash counts."""
    assert count_words(markup) == words


@given(st.lists(st.from_regex(rb"\A[A-Za-z'-]{1,8}\Z"), max_size=30))
def test_every_run_counts_once(runs: list[bytes]) -> None:
    """Runs parted by blanks are counted one by one."""
    assert count_words(b" ".join(runs)) == len(runs)
