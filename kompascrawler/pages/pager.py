"""The pager of an article (Halaman): which pages it leads to, names and shows."""

import re
from functools import cached_property
from typing import Final

from lxml import etree

from kompascrawler.pages.words import text_of

BOX: Final = "read__paging"
LINK: Final = "paging__link"
"""Class of its links, and of those of the pager of a Terkini Lainnya block."""
ACTIVE: Final = f"{LINK}--active"
"""Class of the link to the page that is shown."""
_NUMBER = re.compile(r"[0-9]{1,3}")
_ADDRESS = re.compile(r"[?&]page=(\d{1,3})\b")


class Pager:
    """The links to an article's pages, as one of its pages has them; none where there is no box."""

    def __init__(self, box: etree._Element | None) -> None:
        self._links = [*box.iter("a")] if box is not None else []

    @property
    def hrefs(self) -> list[str]:
        """Every address, that of all pages ("Show All") too."""
        return [href for a in self._links if (href := a.get("href"))]

    @cached_property
    def addressed(self) -> list[int]:
        """Numbers of the pages that its links lead to."""
        return [number for a in self._links if (number := _page_of(a))]

    @cached_property
    def printed(self) -> list[int]:
        """Numbers of pages that it shows as labels."""
        texts = [text_of(a) for a in self._links]
        return [int(text) for text in texts if _NUMBER.fullmatch(text)]

    @property
    def shown(self) -> int | None:
        """Number of the page that it marks as the one that is shown."""
        active = (_page_of(a) for a in self._links if ACTIVE in (a.get("class") or ""))
        return next(active, None)

    @property
    def hides_pages(self) -> bool:
        """Whether it shows numbers of pages without an address (unseen on the site)."""
        return bool({*self.printed} - {*self.addressed, 1})

    @property
    def leads_on(self) -> bool:
        """Whether it leads to a later page or names one."""
        return max([*self.addressed, *self.printed], default=1) > 1


def _page_of(link: etree._Element) -> int | None:
    """Return the page that a link leads to; None for "Show All" and no address."""
    found = _ADDRESS.search(link.get("href") or "")
    return int(found[1]) if found else None
