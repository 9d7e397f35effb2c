"""Bytes of a page → tree, once, whatever the bytes are."""

from lxml import etree

from kompascrawler.pages.errors import PageRefused


def parse(body: bytes, encoding: str | None = None) -> etree._Element:
    """Return the root of the page's tree.

    ``encoding`` is what the answer's header declares, if anything. Kompas serves UTF-8 (every
    captured page), and bytes that are valid UTF-8 are read as such whatever is declared: another
    encoding almost never looks like it. Otherwise the declared one counts where it fits; bytes
    that fit nothing, and NULs, become U+FFFD (libxml2 does that by itself, so that the usual
    page is not decoded twice). Raises PageRefused (``empty``) when there is no markup.
    """
    if encoding and encoding.lower().replace("_", "-") not in {"utf-8", "utf8"}:
        body = _as_utf8(body, encoding)
    try:
        root = etree.fromstring(body, etree.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError):
        root = None
    if root is None:
        raise PageRefused("empty", "the page holds no markup")
    return root


def _as_utf8(body: bytes, encoding: str) -> bytes:
    for candidate in ("utf-8", encoding):
        try:
            return body.decode(candidate).encode()
        except (LookupError, UnicodeError):
            continue
    return body
