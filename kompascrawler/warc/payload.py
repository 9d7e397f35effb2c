"""The body of an answer, out of what some program has written of it. Pure.

Programs differ: bodies in chunks and compressed as they were sent (wget), or unpacked, the headers
then renamed (Common Crawl, browsertrix), or not. So bodies are looked at, headers only hint.
"""

import re
import sys
import zlib
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import brotli  # type: ignore[import-untyped] # it has no types

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_PIECE: Final = 1 << 16
_CHUNK: Final = re.compile(rb"(?:\r?\n)?([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_MAGIC: Final = b"\x1f\x8b"
_ERRORS: Final = (zlib.error, brotli.error, zstd.ZstdError, EOFError)
_GZIP, _ZLIB, _RAW = (zlib.MAX_WBITS | 16, zlib.MAX_WBITS, -zlib.MAX_WBITS)

Unpacker = tuple[Callable[[], Any], str, Callable[[Any], bool]]
"""What makes one, its method that takes a piece, and whether it has come to the end."""


def _zlib(form: int) -> Unpacker:
    return lambda: zlib.decompressobj(form), "decompress", lambda one: one.eof


_UNPACKERS: Final[dict[str, tuple[Unpacker, ...]]] = {
    "gzip": (_zlib(_GZIP),),
    "x-gzip": (_zlib(_GZIP),),
    "deflate": (_zlib(_ZLIB), _zlib(_RAW)),  # some servers send the second kind
    "br": ((brotli.Decompressor, "process", lambda one: one.is_finished()),),
    "zstd": ((zstd.ZstdDecompressor, "decompress", lambda one: one.eof),),
}


class Body(NamedTuple):
    """A body as far as it can be unpacked."""

    content: bytes
    is_whole: bool


def unpacked(body: bytes, header: Callable[[str], str | None], most: int) -> Body:
    """Return a body out of chunks and compression, if it has them; at most some ``most`` bytes.

    ``header`` gives an HTTP header.
    """
    stated = header("Content-Length") or ""
    is_whole = not stated.isdecimal() or len(body) >= int(stated)
    if "chunked" in (header("Transfer-Encoding") or "").lower() and _CHUNK.match(body):
        body, is_whole = _joined(body)
    codings = [one.strip() for one in (header("Content-Encoding") or "").lower().split(",")]
    if codings == [""] and body.startswith(_MAGIC):
        codings = ["gzip"]
    for coding in reversed(codings):
        for unpacker in _UNPACKERS.get(coding, ()):
            found = _unpacked(body, unpacker, most)
            if found is not None and (found.is_whole or unpacker is _UNPACKERS[coding][0]):
                body, is_whole = found.content, is_whole and found.is_whole
                break
    return Body(body, is_whole)


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


def _unpacked(body: bytes, unpacker: Unpacker, most: int) -> Body | None:
    """Return a body unpacked, as far as that goes; None where it was not packed that way."""
    make, method, is_done = unpacker
    one, pieces, left = make(), list[bytes](), most
    for start in range(0, len(body), _PIECE):
        try:
            pieces.append(getattr(one, method)(body[start : start + _PIECE]))
        except _ERRORS:
            break
        left -= len(pieces[-1])
        if left <= 0 or is_done(one):
            break
    content = b"".join(pieces)
    return Body(content, left > 0 and is_done(one)) if content else None
