"""Whether the body of an answer came whole: Scrapy takes what can be unpacked of a part of one."""

import sys
import zlib
from collections.abc import Callable, Mapping
from typing import Final

import brotli  # type: ignore[import-untyped] # it has no types
from scrapy.exceptions import ResponseDataLossError
from scrapy.http import Response

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_MEMBER: Final = b"\x1f\x8b"
"""How a member of a gzip file begins."""
_MOST_MEMBERS: Final = 8
"""Members that are looked at; sites send one, and each costs a copy of the rest."""


class BrokenBodyError(ResponseDataLossError):
    """A body that broke off."""

    def __init__(self, response: Response, why: str) -> None:
        super().__init__(f"{response.url}: {why}")
        self.response = response


class CompressionError(BrokenBodyError):
    """A compressed body that ends early, or whose checksum is wrong."""


def check_body(response: Response, most: int) -> None:
    """Raise CompressionError for a page that cannot be unpacked to its end.

    What unpacks to more than ``most`` bytes is Scrapy's to refuse.
    """
    encodings = response.headers.getlist("Content-Encoding") or [b""]
    outermost = encodings[-1].rpartition(b",")[2].strip().lower()
    is_whole = _CHECKS.get(outermost)
    if is_whole is None or response.status != 200 or not response.body:
        return
    try:
        if is_whole(response.body, most or sys.maxsize):
            return
    except (zlib.error, brotli.error, zstd.ZstdError):
        pass
    raise CompressionError(response, outermost.decode("latin-1"))


def _is_gzip(body: bytes, most: int) -> bool:
    for _ in range(_MOST_MEMBERS):
        unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
        most -= len(unpacking.decompress(body, most))
        if most <= 0 or not unpacking.eof:
            return most <= 0
        body = unpacking.unused_data
        if not body.startswith(_MEMBER):
            break
    return True


def _is_deflated(body: bytes, most: int) -> bool:
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):  # some servers send the second kind
        unpacking = zlib.decompressobj(bits)
        try:
            return len(unpacking.decompress(body, most)) == most or unpacking.eof
        except zlib.error:
            continue
    return False


def _is_brotli(body: bytes, most: int) -> bool:
    unpacking = brotli.Decompressor()
    size = len(unpacking.process(body, output_buffer_limit=most))
    return size >= most or unpacking.is_finished()


def _is_zstd(body: bytes, most: int) -> bool:
    unpacking = zstd.ZstdDecompressor()
    return len(unpacking.decompress(body, max_length=most)) >= most or unpacking.eof


_CHECKS: Final[Mapping[bytes, Callable[[bytes, int], bool]]] = {
    b"gzip": _is_gzip,
    b"x-gzip": _is_gzip,
    b"deflate": _is_deflated,
    b"br": _is_brotli,
    b"zstd": _is_zstd,
}
