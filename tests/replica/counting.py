"""How the site counts the words of an article for ``content_total_words``.

Written apart from the crawler's own count on purpose: one is the oracle of the other.
"""

import re

_WORD = re.compile(r"[A-Za-z'-]+")
_TAG = re.compile(r"<[^>]*>")


def site_words(raw: str) -> int:
    """Return PHP's ``str_word_count(strip_tags(raw))``: runs of ASCII letters, ``'`` and ``-``.

    Entities are not decoded, so that ``&nbsp;`` counts one word; numbers count none
    (docs/site.md, section 2, measured on 26 single-page articles of 2020-2023).

    >>> site_words("<p><strong>SEOUL, KOMPAS.com</strong> - Pada&nbsp;2023, dua-duanya</p>")
    7
    """
    return len(_WORD.findall(_TAG.sub("", raw)))
