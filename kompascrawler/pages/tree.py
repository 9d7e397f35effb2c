"""Bytes of a page → tree, once, whatever the bytes are."""

from lxml import etree

from kompascrawler.pages.errors import PageRefused


def parse(body: bytes, encoding: str | None = None) -> etree._Element:
    """Return the root of the page's tree.

    ``encoding`` is what the answer's header declares, if anything (``as_utf8``). Elements may
    nest 2,048 deep instead of 255, below which libxml2 drops what it reads without a word: a
    writer's program leaves inline elements unclosed, paragraph by paragraph. Raises PageRefused
    (``empty``) when there is no markup.
    """
    try:
        root = etree.fromstring(
            # NULs are no characters of a text: HTML ignores them, libxml2 puts U+FFFD for them.
            as_utf8(body, encoding).replace(b"\0", b""),
            etree.HTMLParser(encoding="utf-8", huge_tree=True),
        )
    except (etree.ParserError, etree.XMLSyntaxError):
        root = None
    if root is None:
        raise PageRefused("empty", "the page holds no markup")
    return root


def as_utf8(body: bytes, encoding: str | None) -> bytes:
    """Return the bytes of a page in UTF-8, given the encoding that the header declares.

    Kompas serves UTF-8 (every captured page), and bytes that are valid UTF-8 are read as such
    whatever is declared: another encoding almost never looks like it. Otherwise the declared
    one counts where it fits; bytes that fit nothing are left, and the parser puts U+FFFD for
    them (so that the usual page is not decoded twice).
    """
    if encoding is None or encoding.lower().replace("_", "-") in {"utf-8", "utf8"}:
        return body
    for candidate in ("utf-8", encoding):
        try:
            return body.decode(candidate).encode()
        except (LookupError, UnicodeError):
            continue
    return body
