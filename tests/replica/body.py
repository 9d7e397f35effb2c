"""Writes the pieces of a body as the site's markup (docs/site.md, section 6). Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import singledispatch
from random import Random

from kompascrawler.items import Related
from tests.replica import pieces as p
from tests.replica.embeds import CREDIT, embed
from tests.replica.markup import TOPIC_LINK, attribute, inline
from tests.replica.story import Story
from tests.replica.templating import photo_page


@dataclass(frozen=True, slots=True)
class MarkupWriter:
    """How one article is written: its topic links and the habits of its layout."""

    story: Story
    blank_before_tag: bool
    wraps_video: bool
    """Whether a video stands in a ``div`` (2023) or in a paragraph (2020)."""
    random: Random

    def text(self, text: str) -> str:
        """Return plain text as markup."""
        return inline(
            text,
            tags=self.story.tags,
            blank_before_tag=self.blank_before_tag,
            random=self.random,
        )


def body_pages(story: Story, *, blank_before_tag: bool, wraps_video: bool) -> list[list[str]]:
    """Return the markup of every piece, Halaman by Halaman, without advertisements."""
    writer = MarkupWriter(story, blank_before_tag, wraps_video, Random(story.id))
    pages = [[markup(piece, writer) for piece in page] for page in story.pages]
    if story.dateline:
        _put_dateline(story, pages[0], blank_before_tag=blank_before_tag)
    return pages


def counted_markup(story: Story, pages: Sequence[Sequence[str]]) -> list[str]:
    """Return the markup whose words the site counts: of the whole article.

    Photos and embeds do not count, except an infographic's caption and credit: two captured
    pages show 10 and 12 words more for them (docs/site.md, section 2). Nor does the blank that
    the template of 2020 puts before a topic link part a doubled word: the site counts what it
    stores, not what it serves (page 2020-10-18-190712970).
    """
    counted = [
        html if not isinstance(piece, p.Photo | p.Embedded) else _counted_of(piece)
        for page, html_page in zip(story.pages, pages, strict=True)
        for piece, html in zip(page, html_page, strict=True)
    ]
    return [html.replace(f"- {TOPIC_LINK}", f"-{TOPIC_LINK}") for html in counted]


def _counted_of(piece: p.Photo | p.Embedded) -> str:
    if isinstance(piece, p.Embedded) and piece.embed.type == "infographic":
        return f"{CREDIT} {piece.words}"
    return ""


def _put_dateline(story: Story, page: list[str], *, blank_before_tag: bool) -> None:
    """Write the dateline before the text of its paragraph."""
    assert story.dateline is not None  # the caller asked
    paragraphs = [
        number
        for number, piece in enumerate(story.pages[0])
        if isinstance(piece, p.Paragraph) and not piece.bare
    ]
    number = paragraphs[story.dateline.paragraph]
    dateline = story.dateline.markup.format(place=story.dateline.place)
    if blank_before_tag:
        dateline = dateline.replace(TOPIC_LINK, f" {TOPIC_LINK}")
    page[number] = page[number].replace("<p>", f"<p>{dateline}", 1)


@singledispatch
def markup(piece: p.Piece, writer: MarkupWriter) -> str:
    """Return a piece's markup."""
    raise NotImplementedError(type(piece))


@markup.register
def _(piece: p.Paragraph, writer: MarkupWriter) -> str:
    html = writer.text(piece.text)
    if piece.read_more:
        words, url = piece.read_more
        link = f'<a href="{url}" class="inner-link-baca-juga" target="_self">di sini</a>'
        html = f"{html} {words} {link}.".strip()
    if piece.baca_juga:
        html = f"{html} <strong>Baca juga: {_link(piece.baca_juga)}</strong>"
    return html if piece.bare else f"<p>{html}</p>"


@markup.register
def _(piece: p.Heading, writer: MarkupWriter) -> str:
    del writer
    text = piece.text.replace("&", "&amp;")
    return f"<h{piece.level}><strong>{text}</strong></h{piece.level}>"


@markup.register
def _(piece: p.Items, writer: MarkupWriter) -> str:
    items = "\n".join(f"<li>{writer.text(text)}</li>" for text in piece.texts)
    tag = "ol" if piece.numbered else "ul"
    return f"<{tag}>\n{items}\n</{tag}>"


@markup.register
def _(piece: p.Table, writer: MarkupWriter) -> str:
    rows = "".join(
        "<tr>\n" + "\n".join(f"<td>{writer.text(cell)}</td>" for cell in row) + "\n</tr>\n"
        for row in piece.rows
    )
    start = '<table style="width: 100%;" border="1" cellspacing="0">'
    return f"{start}\n<tbody>\n{rows}</tbody>\n</table>"


@markup.register
def _(piece: p.Quote, writer: MarkupWriter) -> str:
    return f"<blockquote>\n<p>{writer.text(piece.text)}</p>\n</blockquote>"


@markup.register
def _(piece: p.Question, writer: MarkupWriter) -> str:
    del writer
    asker = f"\n\t\t<span>- {piece.asker}</span>\n\t"
    return f'<div class="read__question">\n\t\t{piece.text}{asker}</div>'


@markup.register
def _(piece: p.BacaJuga, writer: MarkupWriter) -> str:
    del writer
    link = _link(piece.related, with_class=piece.form != "no_class")
    if piece.form == "emphasis":
        return f"<p><em>Baca juga: {link}</em></p>"
    if piece.form == "nested":
        return f"<p><strong><strong>Baca juga: {link}</strong><br /></strong></p>"
    return f"<p><strong>Baca juga: {link}</strong></p>"


@markup.register
def _(piece: p.Photo, writer: MarkupWriter) -> str:
    code = hashlib.sha1(piece.image.url.encode(), usedforsecurity=False).hexdigest()[:24]
    caption = attribute(piece.image.caption or "")
    credit = f'<span class="pb_10 author">{piece.image.credit}</span>' if piece.image.credit else ""
    photo = (
        f'<div id="{code}" class="photo" data-photolink="{photo_page(writer.story.url, 2)}" '
        f'style="   max-width: 100% ; width:780px " ><img data-width="780px" data-aligment="" '
        f'src="{piece.image.url}" alt="{caption}" />{credit} {caption}</div>'
    )
    return f"<p>{photo}</p>" if writer.random.random() < 0.3 else photo


@markup.register
def _(piece: p.Embedded, writer: MarkupWriter) -> str:
    return embed(piece, video_in_div=writer.wraps_video)


def _link(related: Related, *, with_class: bool = True) -> str:
    class_ = 'class="inner-link-baca-juga" ' if with_class else ""
    title = related.title.replace("&", "&amp;")
    return f'<a href="{related.url}" {class_}target="_self">{title}</a>'
