"""The inside of ``read__content``: the text, the advertisements, the end. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from tests.replica.behaviours import BEHAVIOURS
from tests.replica.body import body_pages
from tests.replica.layouts import LAYOUTS, Layout
from tests.replica.scripts import body_script
from tests.replica.story import Story
from tests.replica.templating import render

_ADS = {3: "paragraph.4", 8: "paralax"}


class Written(NamedTuple):
    """An article with the markup of its pieces."""

    story: Story
    layout: Layout
    pages: Sequence[Sequence[str]]


def write(story: Story) -> Written:
    """Return an article with its markup."""
    layout = LAYOUTS[story.layout]
    pages = body_pages(
        story, blank_before_tag=layout.blank_before_tag, wraps_video=layout.wraps_video
    )
    return Written(story, layout, pages)


def content(written: Written, text: str) -> str:
    """Return the content of ``read__content`` and its end; a script's data where one writes it."""
    end = "\n                </div>"
    if BEHAVIOURS[written.story.behaviour].script == "body":
        return end + body_script(_inside(written, "all"))
    return _inside(written, text) + end


def _inside(written: Written, page: str) -> str:
    """Return the inside of ``read__content``: the text, the advertisements, the end."""
    story, layout, pages = written
    is_last = page in ("all", str(len(pages)))
    shown = [html for one in pages for html in one] if page == "all" else pages[int(page) - 1]
    text, promo = Markup(_with_ads(shown)), layout.promo if is_last else ""
    return render(layout.body_template, story=story, text=text, promo=promo)


def _with_ads(pieces: Sequence[str]) -> str:
    lines = []
    for number, html in enumerate(pieces, start=1):
        ad = f'<span class="ads-on-body"><!-- (ads.{_ADS.get(number)}) --></span>'
        lines.append(html + (ad if number in _ADS else ""))
    return "\n".join(lines)


def part_of_body(story: Story, number: int) -> str:
    """Return a Halaman as a script of the page fetches it.

    All that the body holds of it, or, where it is put below the pages shown, its text alone; one
    that comes on scroll begins with the anchor that "Show All" leads to (docs/site.md, section 2).
    """
    written = write(story)
    script = BEHAVIOURS[story.behaviour].script
    if script == "swap":
        return _inside(written, str(number))
    anchor = f'<a name="page{number}"></a>' if script == "scroll" else ""
    promo = written.layout.promo if number == len(written.pages) else ""
    return f"{anchor}{_with_ads(written.pages[number - 1])}{promo}"
