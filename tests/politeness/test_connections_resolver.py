"""Names that lead into private networks are not followed, unless the operator chose them."""

import pytest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet import defer
from twisted.internet.error import DNSLookupError

from kompascrawler.politeness.connections import PublicResolver
from tests.crawls import AT_ONCE, scrapy
from tests.replica.serve import serve
from tests.replica.site import Site

NO_PROXY = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "")


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> PublicResolver:
    """Return a resolver for which every name leads to the address that it begins with."""

    def look_up(_: object, name: str, __: object = ()) -> "defer.Deferred[str]":
        return defer.succeed(name.partition("/")[0])

    monkeypatch.setattr(CachingThreadedResolver, "getHostByName", look_up)
    return PublicResolver(None, 10, 1.0)  # type: ignore[arg-type]  # a reactor looks nothing up


def looked_up(resolver: PublicResolver, name: str) -> str | None:
    """Return the address found for a name, or None where it counts as not found."""
    found: list[str] = []
    resolver.getHostByName(name).addCallbacks(found.append, lambda why: why.trap(DNSLookupError))
    return found[0] if found else None


@pytest.mark.parametrize(
    "address",
    [
        *("10.1.2.3", "127.0.0.1", "169.254.169.254", "192.168.1.1", "0.0.0.0", "100.64.0.1"),
        *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.0.2.1"),
        *("::1", "fe80::1", "fd00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"),
        *("2002:7f00:1::1", "2001:db8::1"),
    ],
)
def test_private(resolver: PublicResolver, address: str) -> None:
    """An address that is private, reserved or of many machines is none."""
    assert looked_up(resolver, f"{address}/www.kompas.com") is None


@pytest.mark.parametrize("address", ["202.61.113.35", "2606:4700::6810:1"])
def test_public(resolver: PublicResolver, address: str) -> None:
    """A public one is taken."""
    assert looked_up(resolver, f"{address}/www.kompas.com") == address


def test_in_a_process_of_its_own() -> None:
    """Without a proxy a name of this machine is refused in words; a proxy may have such a name."""
    with serve(Site(seed=5, articles=1)) as replica:
        local = f"http://localhost:{replica.port}/"
        refused = scrapy("fetch", local, env=NO_PROXY, settings=AT_ONCE)
        assert "localhost leads to 127.0.0.1, which is no public address" in refused.errors
        named = dict.fromkeys(NO_PROXY, local)
        fetched = scrapy(
            *("fetch", "--nolog", "https://www.kompas.com/robots.txt"),
            env=replica.env | named,
            settings=AT_ONCE,
        )
        assert "User-Agent: *" in fetched.output
        assert [line.host for line in replica.log] == ["www.kompas.com"] * 2
