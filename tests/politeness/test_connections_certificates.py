"""Certificates of a trusted authority that do not prove the host's name are refused."""

from pathlib import Path
from typing import Any

import pytest
from OpenSSL.crypto import X509
from twisted.python.failure import Failure

from kompascrawler.politeness.connections import check_name
from tests.crawls import AT_ONCE, scrapy
from tests.replica.certificates import ODD, Certificates
from tests.replica.serve import serve
from tests.replica.site import Site

REFUSED = "its certificate does not prove that name"


@pytest.mark.parametrize("odd", sorted(ODD))
@pytest.mark.parametrize("host", ["www.kompas.com", "203.0.113.9", "2001:db8::9"])
def test_odd(host: str, odd: str) -> None:
    """Whatever is odd in a certificate, it is refused, and the reason told."""
    reasons: list[Failure] = []
    _, certificate = Certificates().odd("www.kompas.com", odd)
    check = check_name(host, reasons.append)
    assert check(None, X509.from_cryptography(certificate), 0, 0, 1) is False
    assert len(reasons) == 1


def test_chain() -> None:
    """OpenSSL's own word on a certificate stands; those above the host's name no host."""
    _, certificate = Certificates().odd("www.kompas.com", "no_names")
    check = check_name("www.kompas.com", lambda _: pytest.fail("told"))
    assert check(None, X509.from_cryptography(certificate), 0, 1, 1) is True
    assert check(None, X509.from_cryptography(certificate), 20, 0, 0) is False


@pytest.mark.parametrize(
    "settings", [{"DOWNLOAD_HANDLERS": "{}"}, {"DOWNLOAD_VERIFY_CERTIFICATES": False}]
)
def test_page(settings: dict[str, Any]) -> None:
    """No handler of Scrapy's takes it either; only who wants no proof needs none."""
    with serve(Site(seed=5, articles=1)) as replica:
        replica.faults.add("certificate", odd="no_names")
        fetched = scrapy(
            *("fetch", "https://www.kompas.com/global"),
            env=replica.env,
            settings=AT_ONCE | {"ROBOTSTXT_OBEY": False} | settings,
        )
        is_checked = "DOWNLOAD_VERIFY_CERTIFICATES" not in settings
        assert (REFUSED in fetched.errors) is is_checked
        assert ("<html" in fetched.output, bool(replica.log)) == (not is_checked,) * 2


@pytest.mark.parametrize(
    "command",
    [("doctor", "--live"), ("shell", "https://www.kompas.com/global", "-c", "print(response)")],
)
def test_tools(tmp_path: Path, command: tuple[str, ...]) -> None:
    """The tools for people ask nothing of such a host, also not for its robots.txt."""
    with serve(Site(seed=5, articles=1)) as replica:
        replica.faults.add("certificate", odd="malformed_names")
        done = scrapy(*command, env=replica.env, settings=AT_ONCE | {"DATA_DIR": tmp_path})
        assert replica.log == []
        assert command[0] == "shell" or done.status != 0
