"""A page of the archive, indeks.kompas.com, as a question that leads to its other pages."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Self
from urllib.parse import parse_qs, urlencode, urlsplit

INDEX_HOST = "indeks.kompas.com"
_PAGE = re.compile(r"0*[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexQuery:
    """One page of one listing of the archive (SITE.md section 8)."""

    site: str
    """The ``site`` parameter: which channels are listed."""
    day: date | None = None
    """Only articles of this WIB day; None: the whole archive, newest first."""
    page: int = 1
    """Page of the listing, from 1, of 20 articles each."""

    @property
    def url(self) -> str:
        """Address of the page."""
        parameters = {"site": self.site}
        if self.day is not None:
            parameters["date"] = self.day.isoformat()
        return f"https://{INDEX_HOST}/?{urlencode(parameters | {'page': str(self.page)})}"

    @property
    def is_newest(self) -> bool:
        """Tell whether the page begins with the newest articles of all."""
        return self.day is None and self.page == 1

    def next_page(self) -> Self:
        """Return the page that continues this one; the site writes no page count (SITE.md)."""
        return replace(self, page=self.page + 1)


def parse_index_url(url: str) -> IndexQuery | None:
    """Return which page of the archive ``url`` means, or None when it means none.

    >>> parse_index_url("https://indeks.kompas.com?site=global&page=2")
    IndexQuery(site='global', day=None, page=2)
    """
    try:
        parts = urlsplit(url)
        parameters = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        day = date.fromisoformat(parameters["date"]) if "date" in parameters else None
    except ValueError:
        return None
    page = parameters.get("page", "1")
    if parts.scheme not in ("http", "https") or parts.hostname != INDEX_HOST:
        return None
    if parts.path not in ("", "/") or not _PAGE.fullmatch(page):
        return None
    return IndexQuery(site=parameters.get("site", "all"), day=day, page=int(page))
