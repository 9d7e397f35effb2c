"""Serves a site as a forward proxy in a thread: the way in for tests, demo and command."""

import asyncio
import tempfile
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar

from tests.replica.certificates import Certificates
from tests.replica.control import CONTROL_PATH
from tests.replica.exchange import Served
from tests.replica.faults import Faults
from tests.replica.gateway import Gateway
from tests.replica.proxy import Proxy
from tests.replica.request_log import Line

SECONDS_TO_STOP = 10.0
"""Longest that the end of a replica may take."""

SiteT = TypeVar("SiteT", bound=Served)
_T = TypeVar("_T")


class Replica(Generic[SiteT]):
    """A site that is being served; every method may be called from any thread."""

    def __init__(
        self,
        site: SiteT,
        gateway: Gateway,
        proxy: Proxy,
        loop: asyncio.AbstractEventLoop,
        ca_file: Path,
    ) -> None:
        self.site = site
        self.ca_file = ca_file
        """Certificate of the authority that vouches for every host (PEM)."""
        self.port = 0
        """Port on 127.0.0.1."""
        self._gateway = gateway
        self._proxy = proxy
        self._loop = loop

    @property
    def proxy_url(self) -> str:
        """Address of the proxy."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def control_url(self) -> str:
        """Address that publishes, revises and deletes (``control.py``)."""
        return f"{self.proxy_url}{CONTROL_PATH}"

    @property
    def env(self) -> dict[str, str]:
        """What a process needs in its environment to see the replica instead of the network."""
        proxy = self.proxy_url
        return {
            "http_proxy": proxy,
            "https_proxy": proxy,
            "HTTP_PROXY": proxy,
            "HTTPS_PROXY": proxy,
            "no_proxy": "",
            "NO_PROXY": "",
            "SSL_CERT_FILE": str(self.ca_file),
            "REPLICA_CONTROL": self.control_url,
        }

    @property
    def log(self) -> list[Line]:
        """Every request so far, the oldest first."""
        return list(self._gateway.log.lines)

    @property
    def faults(self) -> Faults:
        """The faults in force."""
        return self._gateway.faults

    def publish(self, n: int) -> int:
        """Make ``n`` newer articles visible; return how many there were."""
        return self.site.publish(n)

    def listen(self, port: int = 0) -> None:
        """Take connections: on ``port``, or where it listened before, or on any free port."""
        self.port = self._run(self._proxy.listen(port or self.port))

    def refuse(self) -> None:
        """Refuse every connection (and break the open ones) until ``listen``."""
        self._run(self._proxy.refuse())

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(SECONDS_TO_STOP)


@contextmanager
def serve(site: SiteT, *, port: int = 0) -> Iterator[Replica[SiteT]]:
    """Serve a site on 127.0.0.1 as long as the context lasts; port 0 takes any free one."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="replica", daemon=True)
    with tempfile.TemporaryDirectory(prefix="replica-") as folder:
        certificates = Certificates()
        ca_file = Path(folder) / "ca.pem"
        certificates.write_authority(ca_file)
        gateway = Gateway(site)
        replica = Replica(site, gateway, Proxy(gateway, certificates.context), loop, ca_file)
        thread.start()
        try:
            replica.listen(port)
            yield replica
        finally:
            replica.refuse()
            loop.call_soon_threadsafe(loop.stop)
            thread.join(SECONDS_TO_STOP)
            loop.close()
