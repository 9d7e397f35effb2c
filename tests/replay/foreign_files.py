"""WARC files as other programs write them, of pages of the replica."""

import gzip
import zlib
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped] # it has no types
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped] # no types
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped] # no types

from tests.replica import Request, Site
from tests.replica.story import Story

DATE = "2026-11-20T10:00:00Z"
HTML = ("Content-Type", "text/html; charset=UTF-8")
Headers = list[tuple[str, str]]
Shape = Callable[[bytes], tuple[bytes, Headers, dict[str, str]]]
"""What a program makes of a body: payload, headers of HTTP, and headers of WARC."""


def site_of(articles: int = 4, **options: Any) -> Site:
    """Return a site whose pages declare the text of all."""
    return Site(seed=7, articles=articles, layout="2026", **options)


def page_of(site: Site, story: Story, query: str = "") -> bytes:
    """Return a page of an article."""
    return site.answer(Request.get(f"{story.url}{query}")).body


def chunked(body: bytes) -> bytes:
    """Return a body in chunks."""
    pieces = [body[start : start + 1000] for start in range(0, len(body), 1000)]
    return b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in [*pieces, b""])


def wget(body: bytes) -> tuple[bytes, Headers, dict[str, str]]:
    """As it was sent: in chunks, and compressed if it was asked for (``--compression=auto``)."""
    headers = [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")]
    return chunked(gzip.compress(body)), headers, {}


def plain_wget(body: bytes) -> tuple[bytes, Headers, dict[str, str]]:
    """As it was sent: in chunks only."""
    return chunked(body), [("Transfer-Encoding", "chunked")], {}


def browsertrix(body: bytes) -> tuple[bytes, Headers, dict[str, str]]:
    """Unpacked by the browser; the headers that say otherwise are renamed."""
    headers = [("x-orig-content-encoding", "br"), ("x-orig-transfer-encoding", "chunked")]
    return body, headers, {"WARC-Page-ID": "5d", "WARC-Resource-Type": "document"}


def common_crawl(body: bytes) -> tuple[bytes, Headers, dict[str, str]]:
    """Unpacked, with the headers renamed and the length that is right now."""
    headers = [("X-Crawl-Content-Encoding", "gzip"), ("X-Crawl-Content-Length", "1234")]
    about = {"WARC-Identified-Payload-Type": "text/html"}
    return body, [*headers, ("Content-Length", str(len(body)))], about


def cc_news(body: bytes) -> tuple[bytes, Headers, dict[str, str]]:
    """Unpacked, with the headers of what was sent, length included (CC-NEWS of some years)."""
    packed = gzip.compress(body)
    length = ("Content-Length", str(len(packed)))
    return body, [("Content-Encoding", "gzip"), length, ("Transfer-Encoding", "chunked")], {}


def pywb(body: bytes) -> tuple[bytes, Headers, dict[str, str]]:
    """Unpacked, as an archive serves it."""
    return body, [("X-Archive-Orig-Content-Encoding", "gzip")], {}


def with_brotli(body: bytes) -> tuple[bytes, Headers, dict[str, str]]:
    """Compressed by Brotli, as our own crawl keeps it."""
    return brotli.compress(body, quality=1), [("Content-Encoding", "br")], {}


def deflated(body: bytes) -> tuple[bytes, Headers, dict[str, str]]:
    """Deflated without a head, as some servers send it."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush(), [("Content-Encoding", "deflate")], {}


SHAPES: tuple[Shape, ...] = (
    *(wget, plain_wget, browsertrix, common_crawl, cc_news, pywb, with_brotli, deflated),
)


class Warc:
    """A WARC file that is made record by record."""

    def __init__(self, *, compressed: bool = True, version: str = "1.0", bracketed: bool = False):
        self._out = BytesIO()
        self._writer = WARCWriter(self._out, gzip=compressed, warc_version=version)
        self._form = "<{}>" if bracketed else "{}"
        self.starts: dict[str, int] = {}
        """Where the record of an address begins, the last one."""

    def add(
        self,
        url: str,
        body: bytes,
        shape: Shape = browsertrix,
        *,
        kind: str = "response",
        status: str = "200 OK",
        date: str = DATE,
        **about: str,
    ) -> None:
        """Add an answer; ``about`` are headers of the record, with _ for -."""
        payload, headers, more = shape(body)
        extra = {name.replace("_", "-"): value for name, value in about.items()}
        self.starts[url] = self._out.tell()
        http = StatusAndHeaders(status, [HTML, *headers], protocol="HTTP/1.1")
        record = self._writer.create_warc_record(
            self._form.format(url),
            kind,
            payload=BytesIO(payload),
            length=len(payload),
            http_headers=http if kind in ("response", "request") else None,
            warc_content_type="text/html" if kind == "resource" else "",
            warc_headers_dict={"WARC-Date": date, **more, **extra},
        )
        self._writer.write_record(record)

    def add_revisit(self, url: str, digest: str, earlier: str, date: str = DATE) -> None:
        """Add an answer that is equal to an earlier one, headers only."""
        self.starts[url] = self._out.tell()
        http = StatusAndHeaders("200 OK", [HTML], protocol="HTTP/1.1")
        record = self._writer.create_revisit_record(
            url, digest, earlier, DATE, http_headers=http, warc_headers_dict={"WARC-Date": date}
        )
        self._writer.write_record(record)

    @property
    def content(self) -> bytes:
        """All of it."""
        return self._out.getvalue()

    def write(self, path: Path) -> str:
        """Write the file; return its path."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.content)
        return str(path)


def whole(site: Site, story: Story, warc: Warc, shape: Shape, pages: Iterable[str] = ()) -> None:
    """Add the pages of an article: ``?page=all``, or those that are given."""
    for query in pages or ("?page=all",):
        warc.add(f"{story.url}{query}", page_of(site, story, query), shape)


def scattered(folder: Path) -> list[str]:
    """Write articles whose pages lie in several files, in saved pages, and before what they equal.

    Return their identities.
    """
    site = Site(seed=7, articles=60, layout="2020")
    files = [Warc(compressed=number != 1) for number in range(3)]
    stories = site.stories[::5]  # of several days
    for number, story in enumerate(stories):
        queries = [f"?page={one}" if one > 1 else "" for one in range(1, len(story.pages) + 1)]
        for place, query in enumerate(queries):
            page, url = page_of(site, story, query), f"{story.url}{query}"
            if number % 4 == 3:
                (folder / "saved").mkdir(parents=True, exist_ok=True)
                (folder / "saved" / f"{story.id}{place}.html").write_bytes(page)
                continue
            digest = f"sha256:{story.id}{place}"
            if number % 4 == 2:
                files[0].add_revisit(url, digest, url, "2026-12-24T00:00:00Z")
            files[(number + place) % 3].add(url, page, wget, WARC_Payload_Digest=digest)
    files[1].add(stories[0].url, b"", status="404 Not Found")
    for number, file in enumerate(files):
        file.write(folder / f"{number}.warc{'' if number == 1 else '.gz'}")
    return sorted(story.id for story in stories)
