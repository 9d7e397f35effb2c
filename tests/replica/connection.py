"""The HTTP of one connection of the proxy, through h11: requests in, replies out.

Needs h11; import this module only where the replica is really served.
"""

import asyncio
import gzip

import h11

from tests.replica.exchange import Reply

_LARGEST_REQUEST = 1 << 20
_IDLE_SECONDS = 120.0
_SMALLEST_ZIPPED = 500


class Connection:
    """The HTTP of one connection, through h11."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.SERVER)
        self._method = b""

    async def request(self) -> h11.Request | None:
        """Return the next request's head, or None when the client has ended the connection."""
        event = await self._event()
        if not isinstance(event, h11.Request):
            return None
        self._method = event.method
        return event

    async def body(self) -> bytes:
        """Return the body of the request whose head was returned last."""
        parts = bytearray()
        while isinstance(event := await self._event(), h11.Data):
            parts += event.data
            if len(parts) > _LARGEST_REQUEST:
                raise ConnectionError("a request larger than any that the replica takes")
        return bytes(parts)

    async def send_connect(self, status: int) -> None:
        """Answer a CONNECT, after which this connection speaks no HTTP of ours any more."""
        phrase = "Connection established" if status == 200 else "Bad Gateway"
        length = b"" if status == 200 else b"Content-Length: 0\r\nConnection: close\r\n"
        self._writer.write(f"HTTP/1.1 {status} {phrase}\r\n".encode() + length + b"\r\n")
        await self._writer.drain()

    async def send(self, reply: Reply, *, zipped: bool) -> None:
        """Send a reply, or so much of it as its ``cut`` allows."""
        if reply.cut == 0:
            self.abort()
            return
        sent = reply.cut if reply.stall is None else reply.stall
        body, headers = reply.body, dict(reply.headers)
        # What breaks off is sent plain: the bytes that do come can be read.
        is_coded = "Content-Encoding" in headers
        if zipped and not is_coded and sent is None and len(body) >= _SMALLEST_ZIPPED:
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers["Content-Encoding"] = "gzip"
        if reply.content_type:
            headers["Content-Type"] = reply.content_type
        if reply.is_chunked:
            headers["Transfer-Encoding"] = "chunked"
        elif reply.status not in (204, 304):  # have no body, not even an empty one
            headers["Content-Length"] = str(len(body))
        self._write(h11.Response(status_code=reply.status, headers=list(headers.items())))
        if sent is not None:
            self._write(h11.Data(data=body[: min(sent, len(body) - 1)]))
        else:
            self._write(h11.Data(data=body if self._method != b"HEAD" else b""))
            self._write(h11.EndOfMessage())
        await self._writer.drain()
        if reply.stall is not None:
            await self._wait_until_left()

    async def _wait_until_left(self) -> None:
        """Return when the client has ended the connection."""
        while await self._reader.read(65536):
            pass

    def goes_on(self) -> bool:
        """Tell whether another request may follow, and get ready for it."""
        if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            return False
        self._http.start_next_cycle()
        return True

    def abort(self) -> None:
        """Break the connection before anything of an answer."""
        self._writer.transport.abort()
        self._http.send_failed()

    def _write(self, event: h11.Event) -> None:
        data = self._http.send(event)
        if data:
            self._writer.write(data)

    async def _event(self) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            data = await asyncio.wait_for(self._reader.read(65536), _IDLE_SECONDS)
            self._http.receive_data(data)
        return event
