"""Characters of a text, and figures of a finished one."""

import hashlib
import itertools
import re
import unicodedata
from typing import Final

CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
"""Characters that are no text, white space aside."""
_UNSEEN = re.compile("[\u00ad\u200b\u200c\u2060\ufeff]")
"""Soft hyphen, zero-width blank and its kin; a zero-width joiner holds emoji together."""
_SHAPED = re.compile("[\u0590-\u1fff\ua800-\ud7ff]")
"""Letters of scripts that a zero-width non-joiner shapes, as Persian and Hindi."""


def _shaping(unseen: re.Match[str]) -> str:
    """Return an unseen character where it is part of a word, else nothing."""
    before = unseen.string[max(0, unseen.start() - 1) : unseen.start()]
    return "\u200c" if unseen[0] == "\u200c" and _SHAPED.match(before) else ""


_BEYOND = re.compile("[^\x00-\u02ff\u2000-\u20cf]")
"""Every mark on a letter, and no character of a text in Indonesian; told fast.

By what is left out: four times as fast as by what is sought, and compiled in a thirtieth.
"""
_HEAPED = re.compile(r"[^\w\s\x00-\x7f]{31,}")
"""Where marks may be heaped on one letter: none of them counts as a part of a word."""
_MOST_MARKS: Final = 30
"""Marks on one letter (Unicode's own bound for texts that are normalised as a stream): putting
them in order takes the square of their number."""


def _without_heaps(found: re.Match[str]) -> str:
    kept, marks = [], 0
    for character in found[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def tidy(text: str) -> str:
    r"""Return text in NFC, without unseen characters, with single blanks; line feeds stay.

    No-break blanks (``&nbsp;``) are blanks (docs/site.md, section 19). Quotes, dashes, spelling and
    the paper's own spacing are left as they are.

    >>> tidy("Kuala\xa0Lumpur  \n\u200b hari ini ")
    'Kuala Lumpur\nhari ini'
    """
    if not text.isprintable():
        text = CONTROLS.sub("", text)
    if not text.isascii():
        text = _UNSEEN.sub(_shaping, text)
        if _BEYOND.search(text):
            text = _HEAPED.sub(_without_heaps, text)
        text = unicodedata.normalize("NFC", text)
    if "\n" not in text:
        return " ".join(text.split())
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


_SENTENCES = re.compile(r"(?<=[.!?…])[\"”')\]]*\s+(?=[\"“'(\[]?[A-Z0-9])")


def sentences_in(line: str) -> list[str]:
    """Return the sentences of a line, each with the blanks behind it.

    >>> sentences_in('Ia pergi ke Kompas.com. "Ya." Lalu pulang.')
    ['Ia pergi ke Kompas.com. ', '"Ya." ', 'Lalu pulang.']
    """
    starts = [0, *(found.end() for found in _SENTENCES.finditer(line)), len(line)]
    return [line[start:end] for start, end in itertools.pairwise(starts)]


_LETTER = re.compile(r"[^\W_]")
_MARKS = re.compile(r"[^\x00-\x7f\w]+")
_ASCII_MARKS = bytes(code for code in range(128) if not chr(code).isalnum())


def count_text_words(text: str) -> int:
    r"""Count the runs of characters without white space that hold a letter or a digit.

    >>> count_text_words("Pada 2020 - kata AS, \"ya\".")
    5
    """
    runs = text.split()
    without = [run for run in runs if not run[0].isalnum() and not _LETTER.search(run)]
    return len(runs) - len(without)


def content_hash(text: str) -> str:
    """Return the SHA-256 (hex) of a text's letters and digits in lower case.

    Punctuation, blanks and case do not count, so that a republication with other quotes is the
    same content.

    >>> content_hash("Ya, benar.") == content_hash("ya BENAR")
    True
    """
    small = text.lower()
    if not small.isascii():
        small = _MARKS.sub("", small)
    letters = small.encode().translate(None, _ASCII_MARKS)
    return hashlib.sha256(letters).hexdigest()
