"""What a request is for, told by its address: redirects keep the kind of where they lead."""

from urllib.parse import parse_qs, urlsplit

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure
from w3lib.encoding import http_content_type_encoding

from kompascrawler.discovery.links import INDEX_HOST
from kompascrawler.identity import parse_address
from kompascrawler.sections import SECTIONS

_FRONTS = frozenset[str]().union(*(section.front_forms for section in SECTIONS.values()))


HAS_NEXT_ROUTE = "has_next_route"
"""Key in ``Request.meta``: whether an article is requested in another form where this fails. A
refusal of one form is no refusal of the host."""
WAITS = (429, 503)
"""Statuses that ask us to wait, whatever was requested."""


def kind_of(url: str) -> str:
    """Return ``robots``, ``index``, ``article``, ``halaman``, ``front``, or ``other``.

    ``halaman`` is a page of an article that is asked for by its number.

    >>> kind_of("https://www.kompas.com/global/read/2023/09/16/170000170/?page=2")
    'halaman'
    """
    parts = urlsplit(url)
    if parts.path == "/robots.txt":
        return "robots"
    if parts.hostname == INDEX_HOST:
        return "index"
    if parse_address(url):
        page = parse_qs(parts.query).get("page", [""])[-1]
        return "halaman" if page.isascii() and page.isdecimal() else "article"
    return "front" if f"{parts.hostname}{parts.path.rstrip('/')}" in _FRONTS else "other"


def is_robots(request: Request) -> bool:
    """Tell whether a request is that of Scrapy's middleware for robots.txt, or a redirect of it."""
    return bool(request.meta.get("dont_obey_robotstxt"))


def ruled_host(request: Request) -> str:
    """Return the host whose robots.txt a request is for, wherever that was redirected to."""
    asked: list[str] = request.meta.get("redirect_urls", [request.url])
    return urlsplit(asked[0]).hostname or ""


def request_of(failure: Failure) -> Request:
    """Return the request that failed."""
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
    return request


def declared_encoding(response: Response) -> str | None:
    """Return the encoding that the answer's header states; the page itself is not asked here."""
    content_type = response.headers.get("Content-Type") or b""
    return http_content_type_encoding(content_type.decode("latin-1"))
