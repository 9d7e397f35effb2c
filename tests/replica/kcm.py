"""The article page of 2015, "kcm-read", after the one page captured (SITE.md sections 5 and 6).

It prints an editor and a source, and knows no tags, no topic, no update, no pages and no count
of words. Whatever else may have stood in a text of that time was not seen: bodies here are
paragraphs, parted by breaks. Pure.
"""

# ruff: noqa: E501  # markup stands in lines as long as the site writes them

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from html import escape
from random import Random
from typing import Final

from tests.replica.furniture import MONTHS
from tests.replica.listing import Entry
from tests.replica.markup import attribute
from tests.replica.pieces import Paragraph
from tests.replica.story import Dateline, Story

LAYOUT: Final = "2015"
"""Name of this layout."""
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
# The dash was mostly an em dash until January 2016 (TEXT.md section 3); the page has a hyphen.
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
    return f"""<!DOCTYPE html>
<html lang="en">
<!-- [if lt IE 7 ]><html dir="ltr" lang="en-US" class="no-js ie ie6 lte7 lte8 lte9"><![endif] -->
{_head(story)}
<body class="baca">
<div class="container">
<div class="span8">
    <!-- Konten Baca -->
    <div class="kcm-read mt2 clearfix">
        <div class="kcm-read-content-top">
            <h4 class="orange breadcrump"><h4 class='orange breadcrump'><a href='http://news.kompas.com'>News</a> / <a href='{_plain(story.channel.base)}'>{story.channel.name}</a></h4>
                                    <h2>{escape(story.title, quote=False)}</h2>
            <div class="grey small mb2">
                {_shown(story.published_at)}            </div>
        </div>
                <div class="mb1">
            <!-- wide img -->
            {_photo(story)}
        </div>
{_below_photo(story, related)}    </div>
    <!-- /Konten Baca -->
    <div class="kcm-read-bottom mt2 mb2">
                    </div>
        <div id="komentar"></div>
</div>
</div>
</body>
</html>"""


def _head(story: Story) -> str:
    title, address = attribute(story.title), _plain(story.url)
    return f"""<head>
    <meta name="author" content="Kompas Cyber Media">
    <meta property="og:url" content="{address}" />
    <meta property="og:type" content="article" />
    <meta property="og:title" content="{title}" />
    <meta property="og:image" content="{story.lead_photo.url}" />
    <meta property="og:site_name" content="KOMPAS.com" />
    <meta property="og:description" content="{attribute(story.description)}" />
    <meta charset="utf-8">
    <meta http-equiv="X-UA-Compatible" content="text/html; charset=UTF-8" />
    <meta name="description" content="Kalimat tentang situs ini, yang sama di setiap halaman.">
    <link rel="canonical" href="{address}" />
    <title>{title} - Kompas.com</title>
</head>"""


def _below_photo(story: Story, related: Sequence[Entry]) -> str:
    return f"""                <div class="kcm-read-content-text">
                        <div class="span2">
                <div class="kcm-read-terkait mb2 mr2">
                    <h4><span style="font-size: 15px">Terkait</span></h4>

                    <ul>
                        {_related(related)}
                                                                    </ul>
                </div>
            </div>
                                <div class="span6 nml">
                <span class='kcmread1114'>
<br />{_text(story)}</span>
                <hr class="orange" />

                                            <div class="kcm-read-bottom-topic mb2">

                                    </div>
                <div class="kcm-read-copy mb2">
{_credits(story)}
                </div>
            </div>
        </div>
"""


def _plain(url: str) -> str:
    """Return an address as it was before the site spoke https."""
    return url.replace("https:", "http:")


def _shown(time: datetime) -> str:
    month = MONTHS[time.month - 1]
    return f"{_DAYS[time.weekday()]}, {time.day} {month} {time.year} | {time:%H:%M} WIB"


def _photo(story: Story) -> str:
    image = story.lead_photo
    credit = f'<span class="pb_10 author">{image.credit}</span>' if image.credit else ""
    return (
        f'<div id="533365" class="photo" style="vertical-align: top; max-width: 780px;">'
        f'<img src="{image.url}" alt="" />{credit} {attribute(image.caption or "")}</div>'
    )


def _related(entries: Sequence[Entry]) -> str:
    more = "utm_campaign=related_left&utm_medium=bp&utm_source=news"
    return "\n".join(
        f'<li><a href="{_plain(entry.url)}?{more}">{attribute(entry.title)}</a></li>'
        for entry in entries
    )


def _text(story: Story) -> str:
    paragraphs = [escape(block.text, quote=False) for block in story.blocks]
    if story.dateline:
        dateline = story.dateline.markup.format(place=story.dateline.place)
        paragraphs[story.dateline.paragraph] = dateline + paragraphs[story.dateline.paragraph]
    return "<br /><br />".join(text.replace("\n", "<br />") for text in paragraphs)


def _credits(story: Story) -> str:
    """Return the table below the text; the row of the source leaves a cell open."""
    sources = "".join(
        f"<tr><td>Sumber</td><td>: <a href='http://www.example.com'>{source}</a></tr>"
        for source in story.sources
    )
    return f"""                    <table class="grey" width="400px">
                    <tbody>

                    <tr>
                        <td width="50px">
                            Editor
                        </td>
                        <td>
                            : {", ".join(story.editors)}                        </td>
                    </tr>
                    {sources}                    </tbody>
                    </table>"""
