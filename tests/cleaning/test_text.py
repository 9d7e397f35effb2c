"""Characters, white space and figures of a text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.cleaning.text import content_hash, count_text_words, tidy


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", None),  # Persian
        ("\u0915\u094d\u200d\u0937", None),  # Hindi
        ("ke\u200crja", "kerja"),
        ("\U0001f468\u200d\U0001f469", None),
        ("ka\x1fta\x7f \x92satu\x01", "kata satu"),
    ],
)
def test_characters_that_shape_a_script_stay(text: str, expected: str | None) -> None:
    """Joiners and non-joiners are part of such words; control characters are of none."""
    assert tidy(text) == (expected or text)
