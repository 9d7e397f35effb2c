"""Figures of a finished text."""

import hashlib
import re

_WORD = re.compile(r"\S*[^\W_]\S*")
_LETTERS = re.compile(r"[\W_]+")


def count_text_words(text: str) -> int:
    r"""Count the runs of characters without white space that hold a letter or a digit.

    >>> count_text_words("Pada 2020 - kata AS, \"ya\".")
    5
    """
    return len(_WORD.findall(text))


def content_hash(text: str) -> str:
    """Return the SHA-256 (hex) of a text's letters and digits in lower case.

    Punctuation, blanks and case do not count, so that a republication with other quotes is the
    same content.

    >>> content_hash("Ya, benar.") == content_hash("ya BENAR")
    True
    """
    return hashlib.sha256(_LETTERS.sub("", text.lower()).encode()).hexdigest()
