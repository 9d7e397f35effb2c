"""Connections lead to public addresses, to a host with a certificate, and to whole bodies."""

import logging
import sys
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies

from OpenSSL import SSL
from OpenSSL.crypto import X509
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from scrapy.responsetypes import responsetypes
from scrapy.utils.url import add_http_if_no_scheme
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.python.failure import Failure
from twisted.web.iweb import IPolicyForHTTPS
from typing_extensions import override
from zope.interface import implementer  # type: ignore[import-untyped] # it has no types

from kompascrawler.run.requests import BrokenBodyError, is_robots
from kompascrawler.run.unpacking import CODINGS
from kompascrawler.run.unpacking import unpack as unpack_coding

logger = logging.getLogger(__name__)


class PublicResolver(CachingThreadedResolver):
    """Takes a name whose address is not public (10…, 127…, 169.254…) for one that is not found.

    A site's name that leads there is a mistake or an attack; a proxy's was chosen by the operator.
    """

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        proxies = (urlsplit(add_http_if_no_scheme(url)).hostname for url in getproxies().values())
        self._chosen = frozenset(name for name in proxies if name)

    @override
    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:
        found = super().getHostByName(name, timeout)
        return found if name in self._chosen else found.addCallback(_checked, name)


def _checked(address: str, name: str) -> str:
    found = ip_address(address)
    # Multicast counts as global in Python, and so does an address of 6to4, which holds any other.
    is_special = found.is_multicast or found.is_reserved or getattr(found, "sixtofour", None)
    if is_special or not found.is_global:
        said = f"{name} leads to {address}, which is no public address"
        allow = "TWISTED_DNS_RESOLVER=scrapy.resolver.CachingThreadedResolver"
        logger.warning("%s: refused (%s allows it)", said, allow)
        raise DNSLookupError(said)
    return address


UNPACKED: Final = "unpacked"
"""Key in ``Request.meta``: the body of the answer that was received last, as it was packed once."""


def unpack(response: Response, most: int) -> bytes | None:
    """Return the body of a page; None where Scrapy is to unpack it: it is not packed, or oddly.

    Whole or not at all: Scrapy takes what it can of a part. What unpacks to more than ``most``
    bytes is Scrapy's to refuse. Raises BrokenBodyError.
    """
    encodings = response.headers.getlist("Content-Encoding") or [b""]
    inner, _, outermost = encodings[-1].decode("latin-1").rpartition(",")
    outermost = outermost.strip().lower()
    if outermost not in CODINGS or response.status != 200 or not response.body:
        return None
    found = unpack_coding(response.body, outermost, most or sys.maxsize)
    is_large = found is not None and len(found.content) >= (most or sys.maxsize)
    if found is None or not (found.is_whole or is_large):
        raise BrokenBodyError(response, "compressed, and broken")
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


_CHECKED: Final = SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT


class CheckingHandler(HTTP11DownloadHandler):
    """Scrapy's handler of http and https, with bodies and the names of certificates checked by us.

    Twisted 26.10.0 refuses a certificate only where service-identity raises VerificationError. It
    logs everything else (no subjectAltName, a malformed one), and takes the certificate as proof.
    What Scrapy raises for a body that broke off does not hold it, and it is to be kept.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._contextFactory: Any  # zope's interfaces, which mypy does not know
        if crawler.settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"):
            self._contextFactory = _Policy(self._contextFactory)
        self._largest = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._refuses_parts, self._fail_on_dataloss = self._fail_on_dataloss, False

    @override
    async def download_request(self, request: Request) -> Response:
        response = await super().download_request(request)
        if self._refuses_parts and "dataloss" in response.flags:
            raise BrokenBodyError(response, "the answer broke off")
        if not is_robots(request):  # read as far as it can be
            request.meta[UNPACKED] = unpack(response, self._largest)
        return response


@implementer(IPolicyForHTTPS)
class _Policy:
    def __init__(self, policy: Any) -> None:
        self._policy = policy

    def creatorForNetloc(self, hostname: bytes, port: int) -> "_Creator":  # noqa: N802 - Twisted
        """Return what makes connections to a host."""
        return _Creator(self._policy.creatorForNetloc(hostname, port), hostname.decode("ascii"))


@implementer(IOpenSSLClientConnectionCreator)
class _Creator:
    def __init__(self, creator: Any, host: str) -> None:
        self._creator = creator
        self._host = host

    def clientConnectionForTLS(self, tls: Any) -> SSL.Connection:  # noqa: N802 - Twisted
        """Return a connection that only a certificate of the host may open."""
        connection: SSL.Connection = self._creator.clientConnectionForTLS(tls)
        connection.set_verify(_CHECKED, check_name(self._host, tls.failVerification))
        return connection


def check_name(
    host: str, fail: Callable[[Failure], None]
) -> Callable[[Any, X509, int, int, int], bool]:
    """Return OpenSSL's callback for each certificate of a chain; ``fail`` is told why it failed."""
    is_address = isIPAddress(host) or isIPv6Address(host)
    name = IPAddress_ID(host) if is_address else DNS_ID(host)

    def check(_: Any, certificate: X509, __: int, depth: int, is_trusted: int) -> bool:
        if depth or not is_trusted:  # only the last one names the host
            return bool(is_trusted)
        try:
            verify_service_identity(extract_patterns(certificate), [name], [])
        except Exception as error:  # noqa: BLE001 - there must be no way past it
            logger.warning("%s: its certificate does not prove that name: %r", host, error)
            fail(Failure())  # type: ignore[no-untyped-call] # Twisted's
            return False
        return True

    return check
