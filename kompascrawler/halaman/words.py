"""Words as the site counts them, to prove that a body is whole."""

import re

_TAG = re.compile(rb"<[^<>]*>")
_OF_WORDS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'-")
_BLANKED = bytes(code if code in _OF_WORDS else 32 for code in range(256))


def count_words(markup: bytes) -> int:
    """Count the words of a raw body by the site's own rule, PHP's ``str_word_count(strip_tags())``.

    Runs of ASCII letters, ``'`` and ``-``; numbers are none, entities are not decoded
    (SITE.md section 2).

    >>> count_words(b"<p>Tikus-tikus&nbsp;di <b>New</b> York pada 2020 - kata AS.</p>")
    9
    """
    return len(_TAG.sub(b"", markup).translate(_BLANKED).split())
