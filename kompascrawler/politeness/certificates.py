"""Certificates must prove the host's name: whatever goes wrong in looking, they are refused."""

import logging
from collections.abc import Callable
from typing import Any, Final

from OpenSSL import SSL
from OpenSSL.crypto import X509
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.python.failure import Failure
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped] # it has no types

logger = logging.getLogger(__name__)

_CHECKED: Final = SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT


class CheckingHandler(HTTP11DownloadHandler):
    """Scrapy's handler of http and https, with the names of certificates checked by us.

    Twisted 26.10.0 refuses a certificate where service-identity 26.1.0 raises VerificationError.
    Where it raises anything else (CertificateError: no subjectAltName; ValueError: a malformed
    one), Twisted logs that and takes the certificate as proof. It should refuse it.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._contextFactory: Any  # zope's interfaces, which mypy does not know
        if crawler.settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"):
            self._contextFactory = _Policy(self._contextFactory)


@implementer(IPolicyForHTTPS)
class _Policy:
    """Makes the connections of another policy, and checks the names itself."""

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
    """Return OpenSSL's callback, which gets each certificate of a chain.

    ``fail`` is told why the one that should name ``host`` does not.
    """
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
