"""How a browser walks the pages of an article: selectors, labels, limits. Pure data.

The pager's markup is that of SITE.md section 2; how the site would bring pages by script was
never captured, so what brings them is told by its label and by where it leads.
"""

from dataclasses import dataclass
from typing import Final

from kompascrawler.pages.pager import BOX, LINK
from kompascrawler.pages.read import ReadPage


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkPlan:
    """What the walker looks for and how long it waits."""

    body: str = f".{ReadPage.BODY}"
    """What holds the text of the page shown; several are one text."""
    title: str = f"h1.{ReadPage.TITLE}"
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
    most_pages: int = 30
    """Pages after which a walk stops; the longest article seen has 10 (SITE.md section 2)."""
    look_every: float = 0.1
    """Seconds between two looks at a page that is changing."""
    patience: float = 1.0
    """Seconds without a request and without a change after which nothing more is to come."""
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
