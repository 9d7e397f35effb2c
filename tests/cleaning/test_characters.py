"""Characters and white space."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.cleaning.characters import tidy


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\u00a0b  c\t d ", "a b c d"),
        ("a\u200bb\ufeffc\u2060d", "abcd"),
        ("e\u0301", "\u00e9"),
        ("satu \n \n dua", "satu\ndua"),
        ("( AS) \u201ckata\u201d - \u2013", "( AS) \u201ckata\u201d - \u2013"),
    ],
)
def test_tidied(text: str, expected: str) -> None:
    """Unseen characters go, the paper's own spacing inside brackets and its quotes stay."""
    assert tidy(text) == expected


@given(st.text())
def test_tidying_twice_changes_nothing(text: str) -> None:
    """The result is tidy, and in NFC."""
    once = tidy(text)
    assert tidy(once) == once
    assert unicodedata.is_normalized("NFC", once)
