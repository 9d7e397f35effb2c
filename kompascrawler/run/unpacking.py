"""Bodies of answers out of their chunks and compression, as far as that goes. Pure.

Archives differ: bodies as they were sent (wget), or unpacked with the headers renamed (Common
Crawl, browsertrix), or unpacked with the old headers. So bodies are looked at, headers only hint.
"""

import re
import sys
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any, Final, NamedTuple

import brotli  # type: ignore[import-untyped] # it has no types

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_PIECE: Final = 1 << 16
_CHUNK: Final = re.compile(rb"(?:\r?\n)?([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_MEMBER: Final = b"\x1f\x8b"
"""How a member of a gzip file begins."""
_MOST_MEMBERS: Final = 8
"""Members that are unpacked; sites send one, and each costs a copy of the rest."""
_ERRORS: Final = (zlib.error, brotli.error, zstd.ZstdError)


class Body(NamedTuple):
    """A body as far as it can be had."""

    content: bytes
    is_whole: bool
    members: int = 1
    """Members of a gzip file that it stood in, as far as they were looked at."""


class _Brotli:
    """Brotli's decompressor, with the methods of zlib's and zstd's."""

    def __init__(self) -> None:
        self._decompressor = brotli.Decompressor()

    @property
    def eof(self) -> bool:
        return bool(self._decompressor.is_finished())

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return bytes(self._decompressor.process(data, output_buffer_limit=max_length))


_GZIP: Final = partial(zlib.decompressobj, zlib.MAX_WBITS | 16)
_RAW: Final = partial(zlib.decompressobj, -zlib.MAX_WBITS)
CODINGS: Final[dict[str, tuple[Callable[[], Any], ...]]] = {
    "gzip": (_GZIP,),
    "x-gzip": (_GZIP,),
    "deflate": (zlib.decompressobj, _RAW),  # some servers send the second
    "br": (_Brotli,),
    "zstd": (zstd.ZstdDecompressor,),
}


def unpacked(body: bytes, header: Callable[[str], str | None], most: int = sys.maxsize) -> Body:
    """Return a body out of its chunks and codings, about ``most`` bytes; ``header`` gives one."""
    stated = header("Content-Length") or ""
    is_whole = not stated.isdecimal() or len(body) >= int(stated)
    if "chunked" in (header("Transfer-Encoding") or "").lower() and _CHUNK.match(body):
        body, is_whole, _ = _joined(body)
    codings = [one.strip() for one in (header("Content-Encoding") or "").lower().split(",")]
    if codings == [""] and body.startswith(_MEMBER):
        codings = ["gzip"]
    for coding in reversed(codings):
        if found := unpack(body, coding, most):
            is_all = found.is_whole and found.members < _MOST_MEMBERS
            body, is_whole = found.content, is_whole and is_all
    return Body(body, is_whole)


def unpack(body: bytes, coding: str, most: int) -> Body | None:
    """Return a body out of a coding; None where it is in none that is known, or in another."""
    found = [one for form in CODINGS.get(coding, ()) if (one := _unpacked(body, form, most))]
    return max(found, key=lambda one: one.is_whole, default=None)


def _unpacked(body: bytes, make: Callable[[], Any], most: int) -> Body | None:
    pieces, left, members, is_done = list[bytes](), most, 0, False
    try:
        while members < _MOST_MEMBERS and left > 0:
            one, start = make(), 0
            members, is_done = members + 1, False
            while start < len(body) and left > 0 and not is_done:
                pieces.append(one.decompress(body[start : start + _PIECE], max_length=left))
                left -= len(pieces[-1])
                start, is_done = start + _PIECE, one.eof
            body = one.unused_data + body[start:] if make is _GZIP and is_done else b""
            if not body.startswith(_MEMBER):
                break
    except _ERRORS:
        is_done = False
    content = b"".join(pieces)
    return Body(content, is_done, members) if content or is_done else None


def _joined(body: bytes) -> Body:
    """Return a body out of its chunks; whole if the last of them is there."""
    pieces, at = list[bytes](), 0
    while match := _CHUNK.match(body, at):
        size, start = int(match[1], 16), match.end()
        if size == 0:
            return Body(b"".join(pieces), is_whole=True)
        pieces.append(body[start : start + size])
        at = start + size
    return Body(b"".join(pieces), is_whole=False)
