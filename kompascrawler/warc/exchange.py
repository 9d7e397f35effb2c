"""A request and its answer as WARC records; what a browser has rendered, too."""

import zlib
from base64 import b32encode
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Final, NamedTuple
from uuid import uuid4

from warcio.recordloader import ArcWarcRecord  # type: ignore[import-untyped] # no types
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped] # no types
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped] # no types

from kompascrawler.warc.reading import WALKED

_VERSION: Final = "1.1"
_MAKER: Final = WARCWriter(None, warc_version=_VERSION)
_OF_TRANSFER: Final = frozenset({"content-length", "transfer-encoding", "connection"})
"""Headers that are not true of a body that was taken out of its chunks."""
_MOST_HEADERS: Final = 16_384
"""Characters of headers that are kept; readers give up at 32 KB, and lose the records behind."""
_FAST, _SMALL = 1, 6
"""Levels of compression: of bodies that are compressed already, and of others (13 ms at 9)."""

Headers = Sequence[tuple[str, str]]


class Exchange(NamedTuple):
    """A request and its answer."""

    url: str
    method: str
    asked: Headers
    status: str
    """Number and words: ``200 OK``."""
    answered: Headers
    body: bytes
    """As it was sent: compressed, but not chunked."""
    notes: Mapping[str, str]
    role: str
    article_id: str | None
    is_part: bool = False
    """Whether the body broke off."""

    @property
    def is_packed(self) -> bool:
        """Whether the body is compressed."""
        return any(name.lower() == "content-encoding" for name, _ in self.answered)

    def answer(self, digest: bytes, earlier: tuple[str, str] | None) -> ArcWarcRecord:
        """Return the answer; ``earlier``: address and date of one with the same payload."""
        head = {"WARC-Date": _MAKER.curr_warc_date(), "WARC-Payload-Digest": labelled(digest)}
        if self.is_part:
            head["WARC-Truncated"] = "disconnect"
        sent = [*_headers_kept(self.answered), ("Content-Length", str(len(self.body)))]
        about = {
            "http_headers": StatusAndHeaders(self.status, sent, protocol="HTTP/1.1"),
            "warc_headers_dict": head,
        }
        if earlier is None:
            body = BytesIO(self.body)
            return _MAKER.create_warc_record(self.url, "response", body, len(self.body), **about)
        return _MAKER.create_revisit_record(
            self.url, head.pop("WARC-Payload-Digest"), *earlier, **about
        )

    def request(self, date: str, answer: str) -> ArcWarcRecord:
        """Return what was sent; ``answer`` is the name of the answer's record."""
        path = "/" + self.url.partition("://")[2].partition("/")[2].partition("#")[0]
        line = f"{self.method} {path} HTTP/1.1"
        return _MAKER.create_warc_record(
            self.url,
            "request",
            http_headers=StatusAndHeaders(line, list(self.asked), is_http_request=True),
            warc_headers_dict={"WARC-Date": date, "WARC-Concurrent-To": answer},
        )

    def about(self, date: str, answer: str) -> ArcWarcRecord:
        """Return our notes, under an address of their own: under the page's they are served."""
        text = "".join(f"{name}: {value}\r\n" for name, value in self.notes.items()).encode()
        return _MAKER.create_warc_record(
            f"urn:kompascrawler:notes:{uuid4()}",
            "metadata",
            BytesIO(text),
            len(text),
            warc_content_type="application/warc-fields",
            warc_headers_dict={"WARC-Date": date, "WARC-Concurrent-To": answer},
        )


def rendered(url: str, document: bytes, digest: bytes, walk: str) -> ArcWarcRecord:
    """Return a document that a browser has rendered; ``walk`` is what it saw."""
    return _MAKER.create_warc_record(
        url,
        "resource",
        BytesIO(document),
        len(document),
        warc_content_type="text/html; charset=utf-8",
        warc_headers_dict={"WARC-Payload-Digest": labelled(digest), WALKED: walk},
    )


def warcinfo(name: str, software: str) -> ArcWarcRecord:
    """Return what stands at the beginning of a file."""
    about = {"software": software, "format": f"WARC File Format {_VERSION}"}
    return _MAKER.create_warcinfo_record(name, about)


def member(record: ArcWarcRecord, *, is_packed: bool) -> bytes:
    """Return a record as a member of a gzip file."""
    plain = BytesIO()
    WARCWriter(plain, gzip=False, warc_version=_VERSION).write_record(record)
    level = _FAST if is_packed else _SMALL
    packer = zlib.compressobj(level, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return packer.compress(plain.getvalue()) + packer.flush()


def labelled(digest: bytes) -> str:
    """Return a SHA-1 as WARC files have it."""
    return f"sha1:{b32encode(digest).decode()}"


def _headers_kept(headers: Headers) -> Iterator[tuple[str, str]]:
    """Yield what is true of the body, as far as every reader goes."""
    left = _MOST_HEADERS
    for name, value in headers:
        left -= len(name) + len(value) + 4
        if left >= 0 and name.lower() not in _OF_TRANSFER:
            yield name, value
