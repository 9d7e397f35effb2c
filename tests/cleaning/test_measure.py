"""Figures of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.cleaning.measure import content_hash, count_text_words


@pytest.mark.parametrize(
    ("text", "words"), [("", 0), ("- \u2013 ...", 0), ("Rp 5 juta", 3), ('"ya" (x) _', 2)]
)
def test_words(text: str, words: int) -> None:
    """A run counts when it holds a letter or a digit."""
    assert count_text_words(text) == words


@given(
    st.lists(st.text(st.characters(categories=["Ll", "Nd"]), min_size=1)),
    st.text(" \n.,-\u2013\u201c\u00b0"),
)
def test_the_hash_sees_words_only(words: list[str], marks: str) -> None:
    """Blanks, punctuation and symbols between words change nothing."""
    assert content_hash(" ".join(words)) == content_hash(f"{marks} ".join(words) + marks)


def test_the_hash_sees_every_letter() -> None:
    """Another letter is another content."""
    assert content_hash("caf\u00e9") != content_hash("cafe")
