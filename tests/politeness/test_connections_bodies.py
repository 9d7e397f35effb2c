"""Half a body is told from a whole one, in every coding."""

import gzip
import sys
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped] # it has no types
import pytest
from backports import zstd
from scrapy.http import HtmlResponse, Request, Response
from scrapy.utils.test import get_crawler

from kompascrawler.politeness.connections import UNPACKED, UnpackingMiddleware, unpack
from kompascrawler.run.requests import BrokenBodyError

PAGE = b"".join(b"<p>%d</p>" % number for number in range(2_000))
PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": lambda body: zlib.compress(body, wbits=-15),
    "br": brotli.compress,
    "zstd": zstd.compress,
}


def is_whole(coding: str, body: bytes, *, status: int = 200, most: int = 1 << 20) -> bool:
    """Tell whether an answer passes."""
    headers = {"Content-Encoding": coding} if coding else {}
    try:
        unpack(Response("https://x/", status=status, headers=headers, body=body), most)
    except BrokenBodyError:
        return False
    return True


@pytest.mark.parametrize("coding", PACK)
def test_every_beginning_of_a_body(coding: str) -> None:
    """Only the whole one passes, whatever most there is."""
    packed = PACK[coding](PAGE)
    for length in {1, 2, 11, len(packed) // 2, len(packed) - 9, len(packed) - 1}:
        assert not is_whole(coding, packed[:length]), length
    for most in (0, 1 << 20, sys.maxsize):
        assert is_whole(coding, packed, most=most)
    large = PACK[coding](PAGE * 50)
    assert is_whole(coding, large[:-1], most=100), "Scrapy refuses it"


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_checksums(coding: str) -> None:
    """Bytes that have changed on their way are noticed."""
    packed = bytearray(PACK[coding](PAGE))
    packed[-2] ^= 1
    assert not is_whole(coding, bytes(packed))


@pytest.mark.parametrize("tail", [b"", bytes(8), b"x"])
def test_members_of_a_gzip_body(tail: bytes) -> None:
    """It may have several; what follows the last one is no part of it."""
    members = gzip.compress(PAGE) * 2
    assert is_whole("gzip", members + tail)
    assert not is_whole("gzip", members[:-1])


def test_members_without_end() -> None:
    """200,000 of them take no time: the first few are looked at."""
    assert is_whole("gzip", gzip.compress(b"") * 200_000)


@pytest.mark.parametrize(
    ("coding", "body", "status"),
    [("", b"x", 200), ("aes128gcm", b"x", 200), ("gzip", b"", 200), ("gzip", b"x", 404)],
)
def test_what_is_not_looked_at(coding: str, body: bytes, status: int) -> None:
    """No coding, an unknown one, no body, an error: others judge them."""
    assert is_whole(coding, body, status=status)


def test_several_codings() -> None:
    """The last one applied is the one that can be told."""
    packed = brotli.compress(gzip.compress(PAGE))
    assert is_whole("gzip, br", packed)
    assert not is_whole("gzip, br", packed[:-1])


@pytest.mark.parametrize("by", ["us", "Scrapy"])
@pytest.mark.parametrize("coding", [*PACK, "gzip, br", "of members"])
def test_what_the_spider_gets(coding: str, by: str) -> None:
    """The page: as it was unpacked, or as Scrapy unpacks what was not."""
    packed = {
        "gzip, br": brotli.compress(gzip.compress(PAGE)),
        "of members": gzip.compress(PAGE[:99]) + gzip.compress(PAGE[99:]),
    }
    headers = {
        "Content-Encoding": "gzip" if coding == "of members" else coding,
        "Content-Type": "text/html; charset=utf-8",
    }
    body = packed[coding] if coding in packed else PACK[coding](PAGE)
    answer = Response("https://x/", headers=headers, body=body)
    unpacked = unpack(answer, 1 << 20)
    assert unpacked == (None if coding in packed else PAGE)
    request = Request("https://x/", meta={UNPACKED: unpacked if by == "us" else None})
    middleware = UnpackingMiddleware.from_crawler(get_crawler())
    got = middleware.process_response(request, answer)
    assert isinstance(got, HtmlResponse)
    assert (got.body, got.headers.get("Content-Encoding"), request.meta) == (PAGE, None, {})
