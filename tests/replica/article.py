"""An article page of the replica, in any layout. Pure.

Structure as captured (SITE.md sections 2 to 6), down to the broken nesting.
"""

# ruff: noqa: E501  # markup stands in lines as long as the site writes them

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from tests.replica import chrome
from tests.replica.behaviours import BEHAVIOURS
from tests.replica.body import declared_words
from tests.replica.content import Written, content, write
from tests.replica.head import head, shown_time
from tests.replica.layouts import Layout
from tests.replica.listing import Entry, index_pager, missed, terkini
from tests.replica.pager import pager
from tests.replica.scripts import pages_script
from tests.replica.story import Story

_COMMENTS = """        <div id="komentar" class="row mt2 comment ga--comment clearfix">
            <div class="comment__promo__content"><p>Tulis komentarmu dengan tagar <span>#JernihBerkomentar</span></p></div>
        </div>"""


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
    layout = written.layout
    words = declared_words(story, written.pages, layout.promo)
    latest = index_pager(story.channel.name.lower()) if story.channel.pages_terkini else None
    return f"""<!DOCTYPE html>
{layout.html}
{head(story, layout, page=showing.says, words=words)}

    <body class="theme--{story.channel.name.lower()} page--read">
{chrome.above(around.padding)}
{_title(story, layout)}
<!-- read-->
<div class="row col-offset-fluid clearfix js-giant-wp-sticky-parent">
    <div class="col-bs10-7 js-read-article">
{_header(story, layout)}
{_article(written, showing)}
{_COMMENTS}
{terkini(around.newest, latest)}
    </div>
    <div class="col-bs10-3">
{missed(around.missed)}
    </div>
</div>
{chrome.below(around.padding)}
</body>
</html>"""


def _article(written: Written, showing: Showing) -> str:
    """Return the article from its lead photo to its tags."""
    story, layout, pages = written
    return f"""        <!-- photo artikel-->
        {layout.lead_photo(story)}
        <!-- (ads.kiosked) -->
        <!-- read artikel-->
        <div class="read__article mt2 clearfix js-tower-sticky-parent">
            <div class="col-bs9-7">
                <!-- read credit-->
                {layout.side_credit(story)}
                <!-- read content-->
                <div class="read__content">{content(written, showing.text)}
                {layout.below_body}
                {pager(story, pages, showing.says)}
                {pages_script(BEHAVIOURS[story.behaviour], len(pages))}
                {_topic(story)}
                {_sources(story)}
                {layout.tag_box(story)}
            </div>
        </div>"""


def _title(story: Story, layout: Layout) -> str:
    item = 'class="breadcrumb__item" itemprop="itemListElement"'
    link = 'class="breadcrumb__link" itemprop="item"'
    return f"""<div class="row clearfix"><div class="container clearfix">
<h3 class="breadcrumb clearfix">
    <ul class="breadcrumb__wrap" itemscope itemtype="http://schema.org/BreadcrumbList">
        <li {item}><a {link} href="https://www.kompas.com"><span itemprop="name">{layout.home}</span></a><meta itemprop="position" content="1" /></li>
        <li {item}><a {link} href="{story.channel.base}"><span itemprop="name">{story.channel.name}</span></a><meta itemprop="position" content="2" /></li>
    </ul>
</h3>
        <!-- read title-->
        <h1 class="read__title">{escape(story.title, quote=False)}</h1>
    </div>
</div>"""


def _header(story: Story, layout: Layout) -> str:
    time = layout.time_line(shown_time(story), story.updated_at is not None)
    comments = story.url.replace("/read/", "/komentar/")
    return f"""        <!-- read header-->
        <div class="read__header col-offset-fluid clearfix">
            <div class="col-bs10-10">
                <div class="read__time">{time}</div>
            </div>
            <div class="col-bs10-10">
                {layout.top_credit(story)}
                <span class="social--text">Bagikan:</span>
                <div class="comment__read__text"><a href="{comments}">Komentar <div class="comment__counter"></div></a></div>
            </div>
        </div>"""


def _topic(story: Story) -> str:
    """Return the link to the topic page; it has the pager's class and is none (SITE.md section 2)."""
    if story.topic is None:
        return ""
    address = (
        f"https://www.kompas.com/topik-pilihan/list/6178/{story.topic.lower().replace(' ', '-')}"
    )
    return f"""<div class="read__paging__footnote paging__footnote next-topic">
	<span>Baca tentang</span>
	<h5><ul><li><a class="read__topic__link" href="{address}">{story.topic}</a></li></ul></h5>
</div>"""


def _sources(story: Story) -> str:
    if not story.sources:
        return ""
    links = ",".join(
        f'<a href="http://www.example.com/{source.lower().replace(" ", "")}" target="_blank">'
        f"{source}</a>"
        for source in story.sources
    )
    return (
        '<div class="read__credit bottom clearfix"><div class="read__credit__item">'
        f"<span>Sumber</span> {links}</div></div>"
    )
