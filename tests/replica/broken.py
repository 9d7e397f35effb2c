"""Faults that break an answer or blow it up: what must harm no reader of pages.

Registered among ``FAULTS``. What changes a page leaves other answers (robots.txt) alone.
"""

import gzip
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Final

import brotli  # type: ignore[import-untyped] # it has no types
from backports import zstd

from tests.replica.exchange import Answer, FaultAnswer, Options, Reply, Request, redirect

_MB: Final = 1 << 20
_BODY: Final = b'<div class="read__content">'
_DATES: Final = re.compile(
    rb'(content_PublishedDate" content=|published_time" content=|"date(?:Published|Modified)": )'
    rb'"[^"]*"'
)
_ABSURD: Final = ("0000-00-00 00:00:00", "99999-12-31T99:99:99+99:99", "kemarin", "-1", "9" * 400)


COMMANDS: Final = "\x1b]52;c;aGFjaw==\x07\x1b[2J\x9b31m\u202e".encode()
"""Fills the clipboard, rings, clears the screen, colours it, turns the direction of the text."""


_CODINGS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


@lru_cache
def _bomb(megabytes: int) -> bytes:
    """Return gzip members that unpack to so many MB together, a thousandth of that in size."""
    return gzip.compress(bytes(16 * _MB), mtime=0) * (megabytes // 16)


def _gzip_bomb(request: Request, answer: Answer, options: Options) -> Reply:
    del request, answer
    body = _bomb(int(options.get("megabytes", 1024)))
    return Reply(body=body, headers={"Content-Encoding": "gzip"})


def _huge(request: Request, answer: Answer, options: Options) -> Reply:
    """Answer the page with blanks behind it, not compressed; its length may stay untold."""
    reply = answer(request)
    body = reply.body + b" " * (int(options.get("megabytes", 50)) * _MB)
    is_chunked = bool(options.get("is_chunked", False))
    return replace(
        reply, body=body, headers={"Content-Encoding": "identity"}, is_chunked=is_chunked
    )


def _truncated(request: Request, answer: Answer, options: Options) -> Reply:
    """Break off in the middle of a body whose length was not announced."""
    reply = answer(request)
    cut = max(1, int(len(reply.body) * float(options.get("share", 0.5))))
    return replace(reply, cut=cut, is_chunked=True)


def _broken_coding(request: Request, answer: Answer, options: Options) -> Reply:
    """Compress the page, and cut it or (``share`` 1) change a byte near its end; all is sent."""
    reply, name = answer(request), str(options.get("coding", "gzip"))
    packed = bytearray(_CODINGS[name](reply.body))
    share = float(options.get("share", 0.5))
    packed[-6] ^= 0xFF
    body = bytes(packed[: int(len(packed) * share)])
    return replace(reply, body=body, headers={"Content-Encoding": name})


def _cut_page(request: Request, answer: Answer, options: Options) -> Reply:
    """Answer a part of the page, as if it were all of it."""
    reply = answer(request)
    return replace(reply, body=reply.body[: int(len(reply.body) * float(options["share"]))])


def _nul_bytes(request: Request, answer: Answer, options: Options) -> Reply:
    del options
    reply = answer(request)
    return replace(reply, body=reply.body.replace(b"<p>", b"<p>\0").replace(b" ", b" \0", 50))


def _wrong_charset(request: Request, answer: Answer, options: Options) -> Reply:
    """Announce another encoding than the page has; the empty option announces none at all."""
    charset = str(options.get("charset", "utf-16"))
    content_type = f"text/html; charset={charset}" if charset else ""
    return replace(answer(request), content_type=content_type)


def _in_body(markup: bytes) -> FaultAnswer:
    """Return a fault that puts markup at the beginning of an article's body."""

    def fault(request: Request, answer: Answer, options: Options) -> Reply:
        del options
        reply = answer(request)
        return replace(reply, body=reply.body.replace(_BODY, _BODY + markup, 1))

    return fault


def _costly(request: Request, answer: Answer, options: Options) -> Reply:
    """Give the body of an article an element with so many attributes that reading it takes minutes.

    libxml2 looks through those before for each of them.
    """
    attributes = "".join(f" a{number}" for number in range(int(options.get("count", 150_000))))
    return _in_body(f"<div{attributes}>".encode())(request, answer, options)


def _long(request: Request, answer: Answer, options: Options) -> Reply:
    """Give the body of an article so many MB of paragraphs."""
    paragraphs = b"<p>Isi berita ini.</p>" * (int(options.get("megabytes", 14)) * _MB // 22)
    return _in_body(paragraphs)(request, answer, options)


def _absurd_dates(request: Request, answer: Answer, options: Options) -> Reply:
    """Put dates that there are not for those of the page's head."""
    del options
    reply, absurd = answer(request), iter(_ABSURD * 4)
    body = _DATES.sub(lambda found: found[1] + f'"{next(absurd)}"'.encode(), reply.body)
    return replace(reply, body=body)


def _many_articles(request: Request, answer: Answer, options: Options) -> Reply:
    """Put links to articles that there are not, of days to come, above the first one listed.

    The option ``year`` gives the first of their years, 2100 without it.
    """
    reply, year = answer(request), int(options.get("year", 2100))
    links = "".join(
        f'<a class="article__link" href="https://www.kompas.com/global/read/{year + n // 1000}/01'
        f'/01/{n % 1000 + 100_000:06d}070/x">x</a>'
        for n in range(int(options.get("count", 10_000)))
    ).encode()
    mark = b'<a class="article__link"'
    return replace(reply, body=reply.body.replace(mark, links + mark, 1))


def _long_robots(request: Request, answer: Answer, options: Options) -> Reply:
    """Answer robots.txt with so many MB of blank lines behind a rule; other pages as they are."""
    if request.path != "/robots.txt":
        return answer(request)
    rules = f"User-agent: *\nDisallow: {options.get('disallow', '/')}\n".encode()
    body = rules + b"\n" * (int(options.get("megabytes", 32)) * _MB)
    if options.get("is_bomb"):
        headers = {"Content-Encoding": "gzip"}
        return Reply(body=gzip.compress(body), headers=headers, content_type="text/plain")
    headers = {"Content-Encoding": "identity"}
    return Reply(body=body, headers=headers, content_type="text/plain", is_chunked=True)


def _commands(request: Request, answer: Answer, options: Options) -> Reply:
    """Put commands to a terminal in front of every text and into every address of a page."""
    del options
    reply = answer(request)
    if reply.content_type.startswith("text/html"):
        body = re.sub(rb"(?<=>)(?=[A-Z])", COMMANDS, reply.body)
        body = re.sub(rb'(content="|title": "|/read/[0-9/]+/)', rb"\1" + COMMANDS, body)
        reply = replace(reply, body=body)
    return reply


def _partial(request: Request, answer: Answer, options: Options) -> Reply:
    """Say that the answer is a part of what was asked for; what it holds is whole."""
    return replace(answer(request), status=int(options.get("status", 206)))


def _retry_after(request: Request, answer: Answer, options: Options) -> Reply:
    """Answer that we ask too often, and when we may ask again: seconds, or any text."""
    del request, answer
    headers = {"Retry-After": str(options.get("value", 1))}
    return Reply(status=int(options.get("status", 429)), body=b"<html></html>", headers=headers)


def _redirect_to(request: Request, answer: Answer, options: Options) -> Reply:
    """Lead to the option ``location``; ``{path}`` stands for the path asked for."""
    del answer
    return redirect(str(options["location"]).replace("{path}", request.path), status=302)


BROKEN: Final[dict[str, FaultAnswer]] = {
    "gzip_bomb": _gzip_bomb,
    "huge": _huge,
    "truncated": _truncated,
    "broken_coding": _broken_coding,
    "cut_page": _cut_page,
    "costly": _costly,
    "long": _long,
    "nul_bytes": _nul_bytes,
    "wrong_charset": _wrong_charset,
    "long_robots": _long_robots,
    "commands": _commands,
    "partial": _partial,
    "nested": _in_body(b"<div>" * 10_000),
    "huge_attribute": _in_body(b'<a title="' + b"x" * (2 * _MB) + b'">'),
    "absurd_dates": _absurd_dates,
    "many_articles": _many_articles,
    "retry_after": _retry_after,
    "redirect_to": _redirect_to,
}
"""Every such fault by name. Options: ``megabytes`` (gzip_bomb, huge), ``is_chunked`` (huge),
``share`` (truncated, broken_coding, cut_page), ``coding`` (broken_coding), ``charset``
(wrong_charset), ``count`` (many_articles), ``value`` and ``status`` (retry_after), ``location``
(redirect_to)."""
