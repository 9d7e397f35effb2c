"""Bodies of answers are unpacked, whole or not at all: Scrapy takes what it can of a part."""

import sys
from typing import Final

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import ResponseDataLossError
from scrapy.http import Response
from scrapy.responsetypes import responsetypes
from typing_extensions import override

from kompascrawler.run.unpacking import CODINGS
from kompascrawler.run.unpacking import unpack as unpack_coding

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
    inner, _, outermost = encodings[-1].decode("latin-1").rpartition(",")
    outermost = outermost.strip().lower()
    if outermost not in CODINGS or response.status != 200 or not response.body:
        return None
    found = unpack_coding(response.body, outermost, most or sys.maxsize)
    is_large = found is not None and len(found.content) >= (most or sys.maxsize)
    if found is None or not (found.is_whole or is_large):
        raise CompressionError(response, outermost)
    is_plain = not inner and len(encodings) == 1 and found.members == 1
    return found.content if is_plain and not is_large else None


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
