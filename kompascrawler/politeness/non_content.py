"""Pages that stand where content was requested, told from their bytes; no callback gets them.

None was ever captured on kompas.com (docs/site.md, section 9): the marks are those of the products,
and the words of such pages elsewhere. What looks like a page of the site itself is content,
whatever is wrong with it.
"""

import logging
import re
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from kompascrawler.components import Component, counts_of
from kompascrawler.run.requests import is_robots

NonContentKind = Literal["challenge", "consent", "login", "maintenance", "empty"]
"""What a page is instead of content: a test whether we are human, a question for consent, a
demand to log in, a notice that the site is being worked on, nothing at all."""
REFUSING: Final[tuple[NonContentKind, ...]] = ("challenge", "consent", "login")
"""Kinds that say that the site does not want us, or wants us to be a person."""


class Sign(NamedTuple):
    """What tells that a page is no content."""

    kind: NonContentKind
    mark: str
    """Why, for a person: words, a name in the markup, a header."""


OF_ARTICLES: Final = (b"read__content", b"content_PublishedDate", b"NewsArticle", b"kcm-read-")
"""What every article page holds one of, with its text or without (214 captured pages)."""
FEWEST_LINKS: Final = 3
"""Links to articles from which on a page is a listing; the captured front pages have 41 and 85."""

HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "cf-mitigated": ("challenge",),  # Cloudflare, with every challenge page
    "x-amzn-waf-action": ("challenge", "captcha"),  # AWS WAF
}
"""Headers, lower case, whose value alone tells a challenge page."""
CHALLENGE_MARKS: Final = (
    b"_cf_chl_opt", b"cf-challenge", b"cf-turnstile",  # Cloudflare (not /cdn-cgi/ alone: it adds a
    b"challenges.cloudflare.com",  # script of that folder to ordinary pages)
    b"g-recaptcha", b"google.com/recaptcha", b"h-captcha", b"hcaptcha.com",
    b"captcha-delivery.com",  # DataDome
    b"px-captcha",  # HUMAN
    b"_incapsula_resource",  # Imperva
    b"awswaf.com", b"awswafcaptcha",
    b"sec-if-cpt-container", b"akamai.com/challenge",
    b"geetest", b"ddos-guard", b"sucuri_cloudproxy",
)  # fmt: skip
"""What the scripts and forms of the products for such tests are called, lower case."""
WORDS: Final[Mapping[NonContentKind, re.Pattern[str]]] = {
    "challenge": re.compile(
        r"just a moment|checking your browser|attention required|access denied|captcha"
        r"|security (?:check|verification)|verify(?:ing)? (?:that )?you are (?:a )?human"
        r"|are you (?:a )?(?:robot|human)|unusual traffic|request (?:was |is )?blocked"
        r"|you have been blocked|enable javascript and cookies|akses ditolak"
        r"|bukan (?:sebuah )?robot|verifikasi (?:keamanan|bahwa anda)"
        r"|memeriksa (?:browser|peramban)|pemeriksaan keamanan|tunggu sebentar"
    ),
    "consent": re.compile(
        r"before you continue|cookie (?:consent|settings|preferences)|consent to (?:the )?use"
        r"|we (?:value|respect) your privacy|(?:accept|setujui|terima) semua cookie"
        r"|accept all cookies|sebelum (?:anda )?melanjutkan|persetujuan (?:privasi|cookie|pengguna)"
        r"|pengaturan (?:cookie|privasi)|kami menghargai privasi"
    ),
    "maintenance": re.compile(
        r"(?:under|scheduled|site|system|down for) maintenance|maintenance (?:mode|break|page)"
        r"|we(?:'|’)ll be (?:right )?back|be back (?:soon|shortly)|temporarily (?:down|unavailable)"
        r"|(?:sedang |masih )dalam (?:proses )?(?:pemeliharaan|perbaikan|perawatan)"
        r"|(?:situs|website|sistem|server|layanan) (?:sedang|dalam) (?:\w+ )?"
        r"(?:pemeliharaan|perbaikan|perawatan|gangguan)|segera kembali|pemeliharaan sistem"
    ),
}
"""What such pages say at their beginning, lower case, in the order in which they are told."""
LOGIN_WORDS: Final = re.compile(r"\b(?:log ?in|sign ?in|masuk|login)\b")
"""What the title of a page that demands a login says, where it shows articles, too."""

_ARTICLE_LINK = re.compile(rb"/read/(?:xml/)?[0-9]{4}/[0-9]{2}/[0-9]{2}/[0-9]+")
_PASSWORD = re.compile(rb"<input\b[^<>]*\btype=[\"']?password", re.IGNORECASE)
_TITLE = re.compile(rb"<title\b[^<>]*>([^<]*)", re.IGNORECASE)
_NOT_SHOWN = re.compile(rb"(?is)<!--.*?(?:-->|\Z)|<(script|style|head)\b.*?(?:</\1\s*>|\Z)")
_TAG = re.compile(rb"<[^<>]*>")
_SETS_A_COOKIE = re.compile(rb"document\.cookie\s*=")
_ASKS_AGAIN = re.compile(rb"location(?:\.reload\(|\.href\s*=|\.replace\(|\s*=)")
_BEGINNING: Final = 1_500
"""Characters of the text shown in which such a page has said what it is."""
_LARGEST: Final = 256 * 1024
"""Bytes that are looked at; the challenge pages of the products have some 10 KB."""


def sign_of(
    body: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Sign | None:
    """Return what tells that a page is no content, or None: content, or an error that says so.

    ``headers`` have lower-case names. With a status of failure only a challenge page is told. A
    page of the site's own costs the search for one word in its bytes.

    >>> sign_of(b"<title>Just a moment...</title><div>Checking</div>", status=403).kind
    'challenge'
    """
    for name, values in HEADERS.items():
        if headers and headers.get(name, "").strip().lower() in values:
            return Sign("challenge", f"the header {name}")
    if any(mark in body for mark in OF_ARTICLES):
        return None
    sign = _told(body[:_LARGEST])
    return sign if sign and (status < 300 or sign.kind == "challenge") else None


def is_markup(body: bytes) -> bool:
    r"""Tell whether bytes begin as a page does, and not as the plain text of a robots.txt.

    >>> is_markup(b"\n<!DOCTYPE html>"), is_markup(b"User-agent: *")
    (True, False)
    """
    return body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def _told(body: bytes) -> Sign | None:
    found = _TITLE.search(body)
    title = _plain(found[1]) if found else ""
    is_listing = len(_ARTICLE_LINK.findall(body)) >= FEWEST_LINKS
    if _PASSWORD.search(body) and (not is_listing or LOGIN_WORDS.search(title)):
        return Sign("login", "a field for a password")
    if is_listing:
        return None
    lowered = body.lower()
    for mark in CHALLENGE_MARKS:
        if mark in lowered:
            return Sign("challenge", f"{mark.decode()!r} in its markup")
    shown = _plain(_TAG.sub(b" ", _NOT_SHOWN.sub(b" ", body)))[:_BEGINNING]
    said = f"{title} {shown}"
    for kind, words in WORDS.items():
        if match := words.search(said):
            return Sign(kind, f"the words {match[0]!r}")
    if not shown and _SETS_A_COOKIE.search(body) and _ASKS_AGAIN.search(body):
        return Sign("challenge", "a script that sets a cookie and asks again, without a text")
    is_empty = not shown and b"<script" not in lowered
    return Sign("empty", "neither a text nor a script") if is_empty else None


def _plain(markup: bytes) -> str:
    text = markup.decode("utf-8", "replace").replace("&nbsp;", " ").replace("\0", " ")
    return " ".join(text.lower().split())


NON_CONTENT: Final = "non_content"
"""Key in ``Request.meta``: what the answer is instead of content (``NonContentKind``)."""


class NonContentServed(IgnoreRequest):
    """An answer that is no content; errbacks see it as ``failure.value``."""

    def __init__(self, kind: NonContentKind, response: Response) -> None:
        super().__init__(f"{kind} page instead of content")
        self.kind, self.response = kind, response


def non_content_in(response: Response) -> NonContentKind | None:
    """Return what an answer is instead of content, or None."""
    sign = sign_of(response.body, status=response.status, headers=telling_headers(response))
    return sign and sign.kind


def telling_headers(response: Response) -> Mapping[str, str]:
    """Return the headers that may tell a page without content, names in lower case."""
    return {
        name: value.decode("latin-1") for name in HEADERS if (value := response.headers.get(name))
    }


logger = logging.getLogger(__name__)


class NonContentMiddleware(Component):
    """Names what is no content, once for all who come after; bodies are decoded here."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Mark a page without content, which is not requested again in this run."""
        is_rules = is_robots(request) and not is_markup(response.body)
        kind = None if is_rules else non_content_in(response)
        request.meta[NON_CONTENT] = kind
        if kind is not None:
            counts_of(self.crawler).non_content[kind] += 1
            request.meta["dont_retry"] = True
        return response


class NonContentSpiderMiddleware:
    """Hands pages without content to errbacks; a shell and ``scrapy fetch`` show them."""

    def process_spider_input(self, response: Response) -> None:
        """Raise ``NonContentServed`` for what is no content, ``HttpError`` for what is no page."""
        kind, meta = response.meta.get(NON_CONTENT), response.meta
        # As Scrapy marks, for its HttpError, what was asked for whatever it is.
        wanted = meta.get("handle_httpstatus_list") or ()
        if meta.get("handle_httpstatus_all") or response.status in wanted:
            return
        if kind:
            raise NonContentServed(kind, response)
        if 200 < response.status < 300:  # Scrapy takes them for pages, a part (206) included
            raise HttpError(response, f"http {response.status}: no page")

    def process_spider_exception(
        self, response: Response, exception: Exception
    ) -> list[str] | None:
        """Say in one line what came, where nobody hears of it otherwise (``scrapy parse``)."""
        if not isinstance(exception, NonContentServed):
            return None
        logger.warning("Refused: %s (%s)", response.url, exception)
        return []
