"""The Halaman pager of an article page and the line above it (SITE.md section 2). Pure."""

import re
from collections.abc import Sequence
from html import escape, unescape

from tests.replica.behaviours import BEHAVIOURS
from tests.replica.story import Story

NOWHERE = "javascript:void(0)"
"""Address of a link that only a script follows."""


def pager(story: Story, pages: Sequence[Sequence[str]], page: str) -> str:
    """Return what stands below the body of a Halaman to reach the others.

    ``?page=all`` shows none (whether the site does is not known).
    """
    kind = BEHAVIOURS[story.behaviour].pager
    if len(pages) == 1 or page == "all":
        return '<div id="next_previous_inject"></div>'
    if kind == "none":
        return '<span class="js-autoNext-holder"></span>'
    if kind == "next":
        return _teaser(NOWHERE, "Halaman berikutnya")
    numbers = [1, *range(2, len(pages) + 1)]
    if kind == "shuffled":
        numbers[1:] = reversed(numbers[1:])
    above = "" if BEHAVIOURS[story.behaviour].script else _next_page(story, pages, int(page))
    return f"<!-- pagging -->\n{above}{_numbered(story, numbers, page)}"


def _numbered(story: Story, numbers: Sequence[int], page: str) -> str:
    """Return the links to the pages; "Show All" only where no script follows them."""
    behaviour = BEHAVIOURS[story.behaviour]
    links = "".join(
        f'<div class="paging__item"><a class="paging__link '
        f'{"paging__link--active" if str(n) == page else ""}" '
        f'href="{NOWHERE if behaviour.pager == "no_addresses" else f"{story.url}?page={n}"}">'
        f"{n}</a></div>"
        for n in numbers
    )
    return f"""<div class="read__paging clearfix">
    <div class="paging paging--article col-offset-0 clearfix">
        <div class="col-bs12-2 col-offset-0">
            <div class="paging__teaser">Halaman: </div>
        </div>
        <div class="col-bs12-8 col-offset-0">
            <div class="paging__wrap clearfix">{links}</div>
        </div>
{"" if behaviour.script else _show_all(story)}            </div>
</div> <span class="js-autoNext-holder"></span>"""


def _show_all(story: Story) -> str:
    return (
        '                    <div class="col-bs12-2 col-offset-0"><a class="paging__link '
        f'paging__link--show" href="{story.url}?page=all#page2">Show All</a></div>\n'
    )


def _next_page(story: Story, pages: Sequence[Sequence[str]], page: int) -> str:
    """Return the line above the pager: the next Halaman's first five words."""
    if page == len(pages):
        return ""
    words = unescape(re.sub(r"<[^>]+>", "", pages[page][0])).split()[:5]
    return _teaser(f"{story.url}?page={page + 1}", f"{escape(' '.join(words))}&#8230;")


def _teaser(address: str, text: str) -> str:
    return f"""<div class="read__paging__footnote paging__footnote clearfix">
	<span>Halaman Selanjutnya</span>
	<h5><a href="{address}" class="next">{text}</a></h5>
</div>
"""
