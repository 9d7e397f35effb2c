"""The suffix that pages of a divided article add to their titles and descriptions."""

import re

_SUFFIX = re.compile(r"\s*[-|]?\s*\bHalaman (?:all|\d{1,2})(?: - Kompas\.com)?$| - Kompas\.com$")


def without_suffix(title: str) -> str:
    """Take `` Halaman all - Kompas.com`` and its kin off a title or description.

    Seen on 173 of 273 records of 2022, in og:title and description (SITE.md section 2).

    >>> without_suffix("Gempa di Laut Halaman 2 - Kompas.com")
    'Gempa di Laut'
    """
    return _SUFFIX.sub("", title)
