"""Certificates of the replica: an authority made at start, and one certificate a host.

Needs trustme; import this module only where the replica is really served.
"""

import ssl
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_NAMES: Final = x509.SubjectAlternativeName.oid
_SERVICE: Final = x509.ObjectIdentifier("1.3.6.1.5.5.7.8.7")

ODD: Final[Mapping[str, Callable[[str], x509.ExtensionType | None]]] = {
    "another_host": lambda _: x509.SubjectAlternativeName([x509.DNSName("www.example.com")]),
    "no_names": lambda _: None,
    "empty_names": lambda _: x509.SubjectAlternativeName([]),
    "malformed_names": lambda _: x509.UnrecognizedExtension(_NAMES, b"\x30\x03\x82\x7fw"),
    "malformed_wildcard": lambda host: x509.SubjectAlternativeName(
        [x509.DNSName(host), x509.DNSName("*.*")]
    ),
    "malformed_service": lambda host: x509.SubjectAlternativeName(
        [x509.DNSName(host), x509.OtherName(_SERVICE, b"\x04\x01x")]
    ),
}
"""Certificates of our authority that do not prove a host's name, by what is odd in them."""


class Certificates:
    """Makes a TLS context for each host, once."""

    def __init__(self) -> None:
        self._authority = trustme.CA(organization_name="kompascrawler replica")
        self.context = cache(self._context)

    def write_authority(self, path: Path) -> None:
        """Write the authority's certificate, for ``SSL_CERT_FILE``."""
        self._authority.cert_pem.write_to_path(str(path))

    def _context(self, host: str, odd: str | None = None) -> ssl.SSLContext:
        """Return the server context that proves to be ``host``, or one of the ``ODD``."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if odd is None:
            self._authority.issue_cert(host).configure_cert(context)
        else:
            self._load_odd(context, host, odd)
        context.set_alpn_protocols(["http/1.1"])
        return context

    def odd(self, host: str, odd: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
        """Return one of the ``ODD`` for a host, and its key."""
        authority = x509.load_pem_x509_certificate(self._authority.cert_pem.bytes())
        signer = serialization.load_pem_private_key(
            self._authority.private_key_pem.bytes(), password=None
        )
        assert isinstance(signer, ec.EllipticCurvePrivateKey)
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)]))
            .issuer_name(authority.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1000))
            .not_valid_after(now + timedelta(days=1000))
        )
        if names := ODD[odd](host):
            builder = builder.add_extension(names, critical=False)
        return key, builder.sign(signer, hashes.SHA256())

    def _load_odd(self, context: ssl.SSLContext, host: str, odd: str) -> None:
        key, certificate = self.odd(host, odd)
        with tempfile.NamedTemporaryFile(suffix=".pem") as file:
            file.write(
                key.private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            )
            file.write(certificate.public_bytes(serialization.Encoding.PEM))
            file.flush()
            context.load_cert_chain(file.name)
