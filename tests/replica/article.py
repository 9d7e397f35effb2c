"""An article page of the replica, in any layout of ``templates/``. Pure."""

import re
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from markupsafe import Markup

from tests.replica import chrome
from tests.replica.behaviours import BEHAVIOURS
from tests.replica.body import counted_markup
from tests.replica.content import content, write
from tests.replica.counting import site_words
from tests.replica.listing import Entry
from tests.replica.pager import pager
from tests.replica.scripts import pages_script
from tests.replica.story import Story
from tests.replica.templating import render


class Surroundings(NamedTuple):
    """What of the rest of the site shows on an article page."""

    newest: Sequence[Entry]
    """The articles of Terkini Lainnya."""
    missed: Sequence[Entry]
    """Those of the right column's box."""
    padding: chrome.Padding


class Showing(NamedTuple):
    """Which Halaman an answer shows; "all" is the whole article."""

    text: str
    """The one whose text it holds: "1", "2", … or "all"."""
    says: str
    """The one that head and pager say it is."""


def article_page(story: Story, showing: Showing, around: Surroundings) -> str:
    """Return an article's page as the site serves it."""
    written = write(story)
    layout, pages, page = written.layout, written.pages, showing.says
    counted = [*counted_markup(story, pages), layout.promo]
    return render(
        layout.page_template,
        story=story,
        page=page,
        count=len(pages),
        # On ?page=all title and description end so; on ?page=2 that is inferred.
        suffix="" if page == "1" else f" Halaman {page}",
        # An update hides the time of first publication: only the address keeps it.
        shown=story.updated_at or story.published_at,
        words=sum(map(site_words, counted)),
        brand_safety=_brand_safety(counted),
        content=Markup(content(written, showing.text)),
        pager=pager(story, pages, page),
        script=Markup(pages_script(BEHAVIOURS[story.behaviour], len(pages))),
        newest=around.newest,
        missed=around.missed,
        above=chrome.above(around.padding),
        below=chrome.below(around.padding),
    )


def _brand_safety(counted: Sequence[str]) -> Markup:
    """Return the text of the whole article as a script of page 1 holds it since 2023.

    One line without tags, its entities escaped once more (docs/site.md, section 11.1): it is the
    very string whose words the site counts.
    """
    text = " ".join(re.sub(r"<[^>]*>", "", html) for html in counted)
    return Markup(escape(" ".join(text.split()), quote=True))
