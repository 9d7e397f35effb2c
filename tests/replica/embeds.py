"""Markup of what other sites show inside a body (SITE.md section 6). Pure."""

from collections.abc import Callable

from tests.replica.markup import attribute
from tests.replica.pieces import Embedded

CREDIT = "Litbang Kompas.com"
"""Credit of every infographic."""


def embed(piece: Embedded, *, video_in_div: bool) -> str:
    """Return an embed's markup; videos stand in a ``div`` (2023) or in a paragraph (2020)."""
    if piece.embed.type == "youtube":
        return _youtube(piece, in_div=video_in_div)
    return _OTHERS[piece.embed.type](piece)


def _youtube(piece: Embedded, *, in_div: bool) -> str:
    frame = (
        f'<iframe src="{piece.embed.url}" frameborder="0" width="100%"  allowfullscreen="true" '
        f'webkitallowfullscreen="true" height="301px"'
    )
    if not in_div:
        return f"<p>{frame}></iframe></p>"
    code = piece.embed.url.rpartition("/")[2]
    return f'<div id="{code}f" class="video">{frame} data-youtube="{code}"></iframe></div>'


def _twitter(piece: Embedded) -> str:
    handle = piece.embed.url.split("/")[3]
    return (
        f'<blockquote class="twitter-tweet">\n<p lang="en" dir="ltr">{piece.words} '
        f'<a href="https://t.co/{handle}">pic.twitter.com/{handle}</a></p>\n&mdash; Akun '
        f'(@{handle}) <a href="{piece.embed.url}">November 16, 2026</a></blockquote>\n'
        '<script async src="//platform.twitter.com/widgets.js" charset="utf-8"></script>'
    )


def _instagram(piece: Embedded) -> str:
    return (
        '<blockquote class="instagram-media" style="background: #FFF; border: 0;" '
        f'data-instgrm-captioned="" data-instgrm-permalink="{piece.embed.url}" '
        'data-instgrm-version="13">\n<div style="padding: 16px;">\n<div style="padding: 19% 0;">'
        f'&nbsp;</div>\n<p><a href="{piece.embed.url}" target="_blank">{piece.words}</a></p>\n'
        "</div>\n</blockquote>"
    )


def _tiktok(piece: Embedded) -> str:
    return (
        f'<blockquote class="tiktok-embed" style="max-width: 605px;" cite="{piece.embed.url}" '
        f'data-video-id="{piece.embed.url.rpartition("/")[2]}"><section><p>{piece.words}</p>'
        "</section></blockquote>"
    )


def _infographic(piece: Embedded) -> str:
    return (
        f'<div id="3872" class="photo-infographic" style="max-width:100%;" >\n'
        f'    <img class="img-infografis" src="{piece.embed.url}" '
        f'data-title="{attribute(piece.words)}" >\n'
        f'    <span class="pb_10 author">{CREDIT}</span> \n    {piece.words}\n</div>'
    )


_OTHERS: dict[str, Callable[[Embedded], str]] = {
    "twitter": _twitter,
    "instagram": _instagram,
    "tiktok": _tiktok,
    "infographic": _infographic,
}
