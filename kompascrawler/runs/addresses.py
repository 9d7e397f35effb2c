"""The addresses of ``NOTIFY_URLS``, as Apprise writes them. Pure.

They hold passwords and tokens: nothing shows more of one than its kind (``mailto``, ``slack``, …).
"""

import re
from collections.abc import Sequence

# As Apprise itself tells addresses apart: a comma may be part of one.
_BETWEEN = re.compile(r"[\s,;]+(?=[A-Za-z0-9]{1,32}://)")
_KIND = re.compile(r"([A-Za-z0-9]{1,32})://")


def addresses(given: str | Sequence[str]) -> list[str]:
    """Return the addresses of ``NOTIFY_URLS``: a list, or a text with commas or blanks between.

    >>> addresses("json://one/, mailto://b?to=x@y.org,z@y.org json://two/")
    ['json://one/', 'mailto://b?to=x@y.org,z@y.org', 'json://two/']
    """
    texts = [given] if isinstance(given, str) else given
    found = [piece.strip(" \t\r\n,;") for text in texts for piece in _BETWEEN.split(text)]
    return [piece for piece in found if piece]


def are_addresses(given: object) -> bool:
    """Tell whether a setting can be ``NOTIFY_URLS``; only sending shows whether they are good."""
    if not isinstance(given, str | list | tuple) or not all(isinstance(one, str) for one in given):
        return False
    return all(map(_KIND.match, addresses(given)))


def kind_of(address: str) -> str:
    """Return what may be shown of an address.

    >>> kind_of("slack://secret/token"), kind_of("secret")
    ('slack', 'no address')
    """
    match = _KIND.match(address)
    return match.group(1).lower() if match else "no address"
