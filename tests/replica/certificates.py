"""Certificates of the replica: an authority made at start, and one certificate a host.

Needs trustme; import this module only where the replica is really served.
"""

import ssl
from pathlib import Path

import trustme


class Certificates:
    """Makes a TLS context for each host, once."""

    def __init__(self) -> None:
        self._authority = trustme.CA(organization_name="kompascrawler replica")
        self._contexts: dict[str, ssl.SSLContext] = {}

    def write_authority(self, path: Path) -> None:
        """Write the authority's certificate, for ``SSL_CERT_FILE``."""
        self._authority.cert_pem.write_to_path(str(path))

    def context(self, host: str) -> ssl.SSLContext:
        """Return the server context that proves to be ``host``."""
        if host not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            self._authority.issue_cert(host).configure_cert(context)
            context.set_alpn_protocols(["http/1.1"])
            self._contexts[host] = context
        return self._contexts[host]
