"""The article page of 2015, "kcm-read", after the one page captured (docs/site.md, section 6).

It prints an editor and a source, and knows no tags, no topic, no update, no pages and no count
of words. Whatever else may have stood in a text of that time was not seen: bodies here are
paragraphs, parted by breaks. Pure.
"""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from random import Random
from typing import Final

from markupsafe import Markup

from tests.replica.listing import Entry
from tests.replica.pieces import Paragraph
from tests.replica.story import Dateline, Story
from tests.replica.templating import render

LAYOUT: Final = "2015"
"""Name of this layout."""
# Mostly an em dash until January 2016 (docs/site.md, section 14); the page has a hyphen.
_DASHES = ("-", "—", "—")


def as_of_2015(story: Story) -> Story:
    """Return an article without all that this layout does not show."""
    paragraphs = [p for p in story.pieces if isinstance(p, Paragraph) and p.text]
    return replace(
        story,
        updated_at=None,
        authors=(),
        sources=story.sources[:1],
        topic=None,
        tags=(),
        dateline=story.dateline and _dateline(story.dateline, Random(story.id)),
        pages=(tuple(Paragraph(paragraph.text) for paragraph in paragraphs),),
    )


def _dateline(dateline: Dateline, random: Random) -> Dateline:
    place = "{place}, " if dateline.place else ""
    markup = f"<strong>{place}KOMPAS.com</strong> {random.choice(_DASHES)} "
    return replace(dateline, markup=markup)


def kcm_page(story: Story, related: Sequence[Entry]) -> str:
    """Return an article's page; ``related`` are the articles of the box beside the text."""
    return render("kcm-2015.html.j2", story=story, related=related, text=Markup(_text(story)))


def _text(story: Story) -> str:
    paragraphs = [escape(block.text, quote=False) for block in story.blocks]
    if story.dateline:
        dateline = story.dateline.markup.format(place=story.dateline.place)
        paragraphs[story.dateline.paragraph] = dateline + paragraphs[story.dateline.paragraph]
    return "<br /><br />".join(text.replace("\n", "<br />") for text in paragraphs)
