"""A site on gateway: its faults, the log of every request, the control address. No I/O."""

import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import ClassVar
from urllib.parse import parse_qs

from tests.replica.exchange import Reply, Request, Served
from tests.replica.faults import Faults
from tests.replica.robots import is_forbidden

CONTROL_HOST = "replica.invalid"
"""Host of the control address; only the gateway knows it, nothing is ever looked up."""
_LONGEST_LOG = 200_000


@dataclass(frozen=True, slots=True)
class Line:
    """One request, as the log keeps it."""

    host: str
    path: str
    query: str
    status: int
    """Status answered; 0 where the connection was broken before."""
    user_agent: str
    time: float
    """When it was answered, seconds since 1970."""
    is_forbidden: bool
    """Whether robots.txt forbids the address."""
    scheme: str = "https"

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.scheme}://{self.host}{self.path}{'?' if self.query else ''}{self.query}"


@dataclass
class Gateway:
    """A site with its faults and its log; the proxy brings the requests."""

    site: Served
    faults: Faults = field(default_factory=Faults)
    log: deque[Line] = field(default_factory=lambda: deque(maxlen=_LONGEST_LOG))

    def opens(self, host: str) -> int | None:
        """Return the status that a CONNECT for the host gets, or None: the connection breaks."""
        connection = Request(method="CONNECT", host=host, path="")
        if not self.site.serves(host):
            self._note(connection, 502)
            return 502
        if self.faults.refuses(host):
            self._note(connection, 0)
            return None
        return 200

    def answer(self, request: Request) -> Reply:
        """Answer a request; one for a host that is not the site's gets 502."""
        if request.host == CONTROL_HOST:
            return self._control(request)
        if not self.site.serves(request.host):
            reply = Reply(status=502, body=b"not a host of the replica")
        elif request.scheme == "http" and self.faults.refuses(request.host):
            reply = Reply(cut=0)
        else:
            reply = self.faults.answer(request, self.site.answer)
        self._note(request, 0 if reply.cut == 0 else reply.status)
        return reply

    def _note(self, request: Request, status: int) -> None:
        self.log.append(
            Line(
                host=request.host,
                path=request.path,
                query=request.query,
                status=status,
                user_agent=request.user_agent,
                time=time.time(),
                is_forbidden=is_forbidden(request.path, request.query),
                scheme=request.scheme,
            )
        )

    def _control(self, request: Request) -> Reply:
        command = self._COMMANDS.get((request.method, request.path))
        if command is None:
            known = ", ".join(f"{method} {path}" for method, path in self._COMMANDS)
            return _json({"error": f"the control address knows: {known}"}, status=404)
        try:
            return _json(command(self, request))
        except (ValueError, TypeError, KeyError) as error:
            return _json({"error": str(error)}, status=400)

    def _publish(self, request: Request) -> object:
        n = int(parse_qs(request.query).get("n", ["1"])[0])
        return {"published": self.site.publish(n)}

    def _show_log(self, _: Request) -> object:
        return [asdict(line) for line in list(self.log)]

    def _order_faults(self, request: Request) -> object:
        orders = json.loads(request.body)
        orders = orders if isinstance(orders, list) else [orders]
        self.faults.load(orders)
        return {"ordered": len(orders)}

    def _clear_faults(self, _: Request) -> object:
        self.faults.clear()
        return {"ordered": 0}

    _COMMANDS: ClassVar[dict[tuple[str, str], Callable[["Gateway", Request], object]]] = {
        ("POST", "/publish"): _publish,
        ("GET", "/log"): _show_log,
        ("POST", "/faults"): _order_faults,
        ("DELETE", "/faults"): _clear_faults,
    }


def _json(value: object, status: int = 200) -> Reply:
    return Reply(status=status, body=json.dumps(value).encode(), content_type="application/json")
