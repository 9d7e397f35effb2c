"""Bodies of answers are unpacked, whole or not at all: Scrapy takes what it can of a part."""

import sys
import zlib
from collections.abc import Callable, Mapping
from typing import Final

import brotli  # type: ignore[import-untyped] # it has no types
from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import ResponseDataLossError
from scrapy.http import Response
from scrapy.responsetypes import responsetypes
from typing_extensions import override

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_MEMBER: Final = b"\x1f\x8b"
"""How a member of a gzip file begins."""
_MOST_MEMBERS: Final = 8
"""Members that are looked at; sites send one, and each costs a copy of the rest."""
UNPACKED: Final = "unpacked"
"""Key in ``Request.meta``: the body of the answer that was received last, as it was packed once."""


class BrokenBodyError(ResponseDataLossError):
    """A body that broke off."""

    def __init__(self, response: Response, why: str) -> None:
        super().__init__(f"{response.url}: {why}")
        self.response = response


class CompressionError(BrokenBodyError):
    """A compressed body that ends early, or whose checksum is wrong."""


def unpack(response: Response, most: int) -> bytes | None:
    """Return the body of a page; None where Scrapy is to unpack it: it is not packed, or oddly.

    What unpacks to more than ``most`` bytes is Scrapy's to refuse. Raises CompressionError for a
    page that cannot be unpacked to its end.
    """
    encodings = response.headers.getlist("Content-Encoding") or [b""]
    inner, _, outermost = encodings[-1].rpartition(b",")
    outermost = outermost.strip().lower()
    unpacking = _UNPACKING.get(outermost)
    if unpacking is None or response.status != 200 or not response.body:
        return None
    try:
        body, is_whole = unpacking(response.body, most or sys.maxsize)
    except (zlib.error, brotli.error, zstd.ZstdError):
        is_whole = False
    if not is_whole:
        raise CompressionError(response, outermost.decode("latin-1"))
    return None if inner or len(encodings) > 1 else body


class UnpackingMiddleware(HttpCompressionMiddleware):
    """Scrapy's own, which takes what has been unpacked already by who had to see whether it can."""

    @override
    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        body: bytes | None = request.meta.pop(UNPACKED, None)
        if body is None:
            return super().process_response(request, response)
        headers = response.headers.copy()
        del headers["Content-Encoding"]
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        return response.replace(cls=kind, body=body, headers=headers)


_Unpacked = tuple[bytes | None, bool]
"""A body, and whether it came whole; no body where Scrapy is to unpack it."""


def _gzip(body: bytes, most: int) -> _Unpacked:
    """Only the first members are looked at; where there are more than one, Scrapy unpacks them."""
    found = None
    for number in range(_MOST_MEMBERS):
        unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
        unpacked = unpacking.decompress(body, most)
        most -= len(unpacked)
        if most <= 0 or not unpacking.eof:
            return None, most <= 0
        found = None if number else unpacked
        body = unpacking.unused_data
        if not body.startswith(_MEMBER):
            break
    return found, True


def _deflate(body: bytes, most: int) -> _Unpacked:
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):  # some servers send the second kind
        unpacking = zlib.decompressobj(bits)
        try:
            unpacked = unpacking.decompress(body, most)
        except zlib.error:
            continue
        return _ended(unpacked, most, is_end=unpacking.eof)
    return None, False


def _brotli(body: bytes, most: int) -> _Unpacked:
    unpacking = brotli.Decompressor()
    unpacked = unpacking.process(body, output_buffer_limit=most)
    return _ended(unpacked, most, is_end=unpacking.is_finished())


def _zstd(body: bytes, most: int) -> _Unpacked:
    unpacking = zstd.ZstdDecompressor()
    unpacked = unpacking.decompress(body, max_length=most)
    return _ended(unpacked, most, is_end=unpacking.eof)


def _ended(unpacked: bytes, most: int, *, is_end: bool) -> _Unpacked:
    return (None, True) if len(unpacked) >= most else (unpacked, is_end)


_UNPACKING: Final[Mapping[bytes, Callable[[bytes, int], _Unpacked]]] = {
    b"gzip": _gzip,
    b"x-gzip": _gzip,
    b"deflate": _deflate,
    b"br": _brotli,
    b"zstd": _zstd,
}
