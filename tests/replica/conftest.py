"""A site and a replica that several tests of the replica share."""

import ssl
import urllib.request
from collections.abc import Callable, Iterator

import pytest

from tests.replica import Site
from tests.replica.serve import Replica, serve

Opener = Callable[[Replica[Site]], urllib.request.OpenerDirector]


@pytest.fixture(scope="session")
def site() -> Site:
    """Return a site of 400 articles that nobody changes."""
    return Site(seed=1, articles=400)


@pytest.fixture
def replica() -> Iterator[Replica[Site]]:
    """Play a small site."""
    with serve(Site(seed=1, articles=40)) as replica:
        yield replica


@pytest.fixture(scope="session")
def opener() -> Opener:
    """Make a client that goes through a replica's proxy and trusts its authority."""

    def make(replica: Replica[Site]) -> urllib.request.OpenerDirector:
        context = ssl.create_default_context(cafile=str(replica.ca_file))
        proxies = {"http": replica.proxy_url, "https": replica.proxy_url}
        return urllib.request.build_opener(
            urllib.request.ProxyHandler(proxies), urllib.request.HTTPSHandler(context=context)
        )

    return make
