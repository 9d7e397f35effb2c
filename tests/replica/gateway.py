"""Where requests arrive: the site behind its faults, the log, the control address. No I/O."""

from tests.replica.control import Control, is_control
from tests.replica.exchange import Reply, Request, Served
from tests.replica.faults import Faults
from tests.replica.request_log import RequestLog


class Gateway:
    """A site with its faults and its log; the proxy brings the requests."""

    def __init__(self, site: Served) -> None:
        self.site = site
        self.faults = Faults()
        self.log = RequestLog()
        self._control = Control(site, self.faults, self.log)

    def opens(self, host: str) -> int | None:
        """Return the status that a CONNECT for the host gets, or None: the connection breaks."""
        connection = Request(method="CONNECT", host=host, path="")
        if not self.site.serves(host):
            self.log.add(connection, 502)
            return 502
        if self.faults.refuses(host):
            self.log.add(connection, 0)
            return None
        return 200

    def answer(self, request: Request) -> Reply:
        """Answer a request; one for a host that is not the site's gets 502."""
        if is_control(request):
            return self._control.answer(request)
        if not self.site.serves(request.host):
            reply = Reply(status=502, body=b"not a host of the replica")
        elif request.scheme == "http" and self.faults.refuses(request.host):
            reply = Reply(cut=0)
        else:
            reply = self.faults.answer(request, self.site.answer)
        self.log.add(request, 0 if reply.cut == 0 else reply.status)
        return reply
