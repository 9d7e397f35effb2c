"""Name lookup that does not lead into private networks."""

import logging
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.url import add_http_if_no_scheme
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError
from typing_extensions import override

logger = logging.getLogger(__name__)


class PublicResolver(CachingThreadedResolver):
    """Takes a name whose address is not public (10…, 127…, 169.254…) for one that is not found.

    A site's name that leads there is a mistake or an attack. Where a proxy is in use it looks
    the site up itself; its own name may lead anywhere, since the operator chose it.
    """

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        proxies = (urlsplit(add_http_if_no_scheme(url)).hostname for url in getproxies().values())
        self._chosen = frozenset(name for name in proxies if name)

    @override
    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:
        found = super().getHostByName(name, timeout)
        return found if name in self._chosen else found.addCallback(_checked, name)


def _is_public(address: str) -> bool:
    """Tell whether an address is a machine's of the public network.

    Multicast counts as global in Python, and so does an address of 6to4, which holds any other.
    """
    found = ip_address(address)
    is_special = found.is_multicast or found.is_reserved or getattr(found, "sixtofour", None)
    return found.is_global and not is_special


def _checked(address: str, name: str) -> str:
    if not _is_public(address):
        said = f"{name} leads to {address}, which is no public address"
        allow = "TWISTED_DNS_RESOLVER=scrapy.resolver.CachingThreadedResolver"
        logger.warning("%s: refused (%s allows it)", said, allow)
        raise DNSLookupError(said)
    return address
