"""Bytes of a page → tree, once, whatever the bytes are."""

from lxml import etree

from kompascrawler.pages.errors import PageRefused


def parse(body: bytes, encoding: str | None = None) -> etree._Element:
    """Return the root of the page's tree.

    ``encoding`` is what the answer's header declares, if anything. Kompas serves UTF-8 (every
    captured page), so bytes that are valid UTF-8 are read as such whatever is declared: another
    encoding almost never looks like it. Otherwise the declared one counts where it fits, and
    bytes that fit nothing become U+FFFD. Raises PageRefused (``empty``) when there is no markup.
    """
    if b"\0" in body:
        body = body.replace(b"\0", b"")  # the parser would stop at the first one
    if not _is_utf8(body):
        body = _decode(body, encoding).encode()
    try:
        root = etree.fromstring(body, etree.HTMLParser(encoding="utf-8", remove_pis=True))
    except (etree.ParserError, etree.XMLSyntaxError):
        root = None
    if root is None:
        raise PageRefused("empty", "the page holds no markup")
    return root


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _decode(body: bytes, encoding: str | None) -> str:
    try:
        return body.decode(encoding or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return body.decode("utf-8", "replace")
