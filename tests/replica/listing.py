"""Lists of links: Terkini Lainnya, the right-hand box, the index, the front page. Pure.

Markup as in SITE.md sections 3 and 8, broken nesting included.
"""

# ruff: noqa: E501  # markup stands in lines as long as the site writes them

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from tests.replica.markup import attribute

Markup = Literal["2020", "2024"]
"""Which of the two known looks listings have: ``article__list`` or ``articleItem``."""


class Entry(NamedTuple):
    """An article as a listing shows it."""

    url: str
    title: str
    section: str
    published: datetime


def terkini(entries: Sequence[Entry], pager: str | None) -> str:
    """Return the "Terkini Lainnya" block of an article page.

    ``pager`` is the pager below it; without one the block has the older heading, as on
    nasional, regional and megapolitan in 2020.
    """
    if pager is None:
        heading = (
            '<h2 class="title clearfix"><div class="title__content">Terkini Lainnya</div></h2>'
        )
    else:
        heading = """<div class="title clearfix">
                <h2 class="title__content">Terkini Lainnya</h2>
            </div>"""
    return f"""        <!-- terkini-->
        <div class="row mt2 clearfix">
            {heading}
            <div class="latest ga--latest mt2 clearfix">
                {"".join(map(_list_item, entries))}
            </div>
            {pager or ""}
        </div>"""


def index_pager(site: str) -> str:
    """Return the pager that leads from a list of the newest to the index."""

    def link(page: int, label: str, more: str = "") -> str:
        return (
            f'<div class="paging__item"><a class="paging__link{more}" '
            f'href="https://indeks.kompas.com?site={site}&page={page}"'
            f"{' rel=' + chr(34) + 'next' + chr(34) if more else ''}>{label}</a></div>"
        )

    return (
        '<div class="text-center mt2 clearfix"><div class="paging__wrap clearfix">'
        '<div class="paging__item"><a class="paging__link paging__link--active" '
        'href="javascript:void(0)">1</a></div>'
        f"{link(2, '2')}{link(3, '3')}{link(2, 'Next', ' paging__link--next')}</div></div>"
    )


def missed(entries: Sequence[Entry]) -> str:
    """Return the box of the right column, which reuses the classes of Terkini Lainnya."""
    items = "".join(
        f"""                <div class="article__list clearfix">
            <div class="article__list__title">
                <h3 class="article__title article__title--medium">
                    <a class="article__link" href="{entry.url}">{attribute(entry.title)}</a>
                </h3>
            </div>
            <div class="clearfix"></div>
        </div>
"""
        for entry in entries
    )
    return f"""<div class="row clearfix">
    <div class="title clearfix">
        <h2 class="title__content">Mungkin Anda melewatkan ini</h2>
    </div>
    <div class="latest ga--latest mt2 clearfix">
{items}    </div>
</div>"""


def index_list(entries: Sequence[Entry], markup: Markup) -> str:
    """Return the list of an index page; empty beyond the end."""
    if markup == "2020":
        return f'<div class="latest--indeks mt2 clearfix">{"".join(map(_list_item, entries))}</div>'
    return f'<div class="articleList -list">{"".join(map(_item_2024, entries))}</div>'


def front_list(headlines: Sequence[Entry], newest: Sequence[Entry], markup: Markup) -> str:
    """Return the middle of a front page: headlines and the newest articles."""
    if markup == "2020":
        items = "".join(map(_list_item, newest))
        return (
            f"{''.join(map(_headline_2020, headlines))}"
            f'<div class="latest ga--latest mt2 clearfix">{items}</div>'
        )
    return f"{''.join(map(_headline_2024, headlines))}{index_list(newest, markup)}"


def _list_item(entry: Entry) -> str:
    title = attribute(entry.title)
    return f"""<div class="article__list clearfix">
  <div class="article__list__asset clearfix">
        <div class="article__asset"><a href="{entry.url}" target="_parent"><img class="lozad" data-src="https://asset.kompas.com/crops/0/177x117/data/photo/x.jpg" alt="{title}"/></a></div>
  </div>
  <div class="article__list__title">
    <h3 class="article__title article__title--medium"><a class="article__link" href="{entry.url}" target="_parent">{title}</a></div>
  </h3>
  <div class="article__list__info">
    <div class="article__subtitle article__subtitle--inline ">{entry.section}</div>
    <div class="article__date">{entry.published:%d/%m/%Y, %H:%M} WIB</div>
  </div>
  <div class="clearfix"></div>
</div>
"""


def _item_2024(entry: Entry) -> str:
    return f"""<div class="articleItem">
 <a class="article-link" href="{entry.url}">
  <div class="articleItem-wrap"><div class="articleItem-img"><img src="https://asset.kompas.com/x.jpg" alt=""></div>
   <div class="articleItem-box"><h2 class="articleTitle">{attribute(entry.title)}</h2>
    <div class="articlePost"><ul><li><div class="articlePost-subtitle">{entry.section.upper()}</div></li><li><div class="articlePost-date">{entry.published:%d/%m/%Y}</div></li></ul></div>
   </div></div></a></div>
"""


def _headline_2020(entry: Entry) -> str:
    return f"""<li class="headline__big__item">
    <a class="headline__big__link" href="{entry.url}">
        <div class="headline__subtitle">Headline</div>
        <h1 class="headline__big__title">{attribute(entry.title)}</h1>
    </a>
</li>
"""


def _headline_2024(entry: Entry) -> str:
    return f"""<div class="hlItem">
 <a class="hlItem-link" href="{entry.url}">
  <div class="hlImg"><img src="https://asset.kompas.com/x.jpg" alt=""></div>
  <div class="hlBox"><h1 class="hlTitle">{attribute(entry.title)}</h1></div>
 </a>
</div>
"""
