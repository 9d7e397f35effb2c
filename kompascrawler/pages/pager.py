"""The pager of an article (Halaman): what it says, and how a browser walks its pages.

How the site would bring pages by script was never captured, so what brings them is told by its
label and by where it leads.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final

from lxml import etree

from kompascrawler.pages.markup import BODY, TITLE, classes_of, text_of

BOX: Final = "read__paging"
LINK: Final = "paging__link"
"""Class of its links, and of those of the pager of a Terkini Lainnya block."""
ACTIVE: Final = f"{LINK}--active"
"""Class of the link to the page that is shown."""
_MOST: Final = 200
"""Links of a pager that are looked at; the longest seen has 11."""
_NUMBER = re.compile(r"[0-9]{1,3}")
_ADDRESS = re.compile(r"[?&]page=(\d{1,3})\b")


class Pager:
    """The links to an article's pages, as one of its pages has them; none where there is no box."""

    def __init__(self, box: etree._Element | None) -> None:
        self._links = [*islice(box.iter("a"), _MOST)] if box is not None else []

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
        active = (_page_of(a) for a in self._links if ACTIVE in classes_of(a))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkPlan:
    """What the walker looks for and how long it waits."""

    body: str = f".{BODY}"
    """What holds the text of the page shown; several are one text."""
    title: str = f"h1.{TITLE}"
    """Headline; a second one means that the site has appended another article."""
    declared: str = 'meta[name="content_total_pages"]'
    """Where the head states the number of pages (since 2023-11)."""
    numbered: str = f".{BOX} a.{LINK}"
    """Links whose label is a page's number."""
    next: str = f".{BOX}__footnote a.next, .{BOX} .{LINK}--next"
    """What brings the next page, whatever its label."""
    next_labels: tuple[str, ...] = (
        "halaman selanjutnya",
        "halaman berikutnya",
        "selanjutnya",
        "berikutnya",
        "lanjut",
        "baca selengkapnya",
        "muat lagi",
        "muat lainnya",
        "next",
    )
    """Labels, lower case, of links and buttons that bring the next page, wherever they stand."""
    not_next: str = ".latest, .comment, nav, header, footer"
    """Parts of the page whose "next" is none of the article's: Terkini Lainnya has one."""
    locked: str = "-locked"
    """Class of a page that an overlay (a login) locks; it may hide the text."""
    most_pages: int = 30
    """Pages after which a walk stops; the longest article seen has 10 (docs/site.md, section 2)."""
    look_every: float = 0.05
    """Seconds between two looks at a page that is changing."""
    stable: float = 0.1
    """Seconds after which a text is taken that is the same, whatever else changes."""
    at_rest: float = 0.05
    """The same where nothing at all of the document changes and its words are declared: text that
    comes later is lost, but then the record says so."""
    counted: str = 'meta[name="content_total_words"]'
    """Where the head states how many words the article has."""
    patience: float = 1.5
    """Seconds of an idle page without a request or a change after which nothing more comes."""
    second_patience: float = 3.5
    """The same when a step is taken once more."""
    longest_load: float = 5.0
    """Seconds after which a document that never loads is taken as it is."""
    longest_step: float = 20.0
    """Seconds after which a page that never rests is taken as it is."""
    document_hosts: tuple[str, ...] = ("kompas.com",)
    """Hosts (with all below them) whose articles are walked."""
    data_hosts: tuple[str, ...] = ("www.kompas.com", "internasional.kompas.com")
    """Hosts that an article's page may ask besides its own."""
    kinds: frozenset[str] = frozenset({"document", "script", "xhr", "fetch"})
    """Kinds of sub-request (Playwright's names) that bring text. Everything else is blocked."""


PLAN: Final = WalkPlan()
"""The plan for the layouts of 2020 and later."""
