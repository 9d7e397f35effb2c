"""A forward proxy on loopback that ends TLS itself and forwards nothing: the player answers.

Needs h11; import this module only where the replica is really played.
"""

import asyncio
import contextlib
import gzip
from collections.abc import Callable
from ssl import SSLContext
from urllib.parse import urlsplit

import h11

from kompascrawler.replica.exchange import Reply, Request
from kompascrawler.replica.stage import Stage

_LARGEST_REQUEST = 1 << 20
_MOST_CONNECTIONS = 256
_IDLE_SECONDS = 120.0
_SMALLEST_ZIPPED = 500

_Broken = (ConnectionError, h11.RemoteProtocolError, TimeoutError, OSError, EOFError)


class Proxy:
    """Serves connections; one task each, all of them ended by ``refuse``."""

    def __init__(self, stage: Stage, context_of: Callable[[str], SSLContext]) -> None:
        """``context_of`` gives the TLS context that proves to be a host."""
        self._stage = stage
        self._context_of = context_of
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(_MOST_CONNECTIONS)
        self._server: asyncio.Server | None = None

    async def listen(self, port: int = 0) -> int:
        """Take connections on 127.0.0.1; return the port (0 asks for any free one)."""
        self._server = await asyncio.start_server(self._welcome, "127.0.0.1", port)
        return int(self._server.sockets[0].getsockname()[1])

    async def refuse(self) -> None:
        """Take no more connections (the kernel refuses them) and break those there are."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a connection until it ends, however it ends."""
        task = asyncio.current_task()
        assert task is not None  # asyncio runs this as a task
        self._tasks.add(task)
        try:
            # _Broken: the client is gone, was killed, or speaks no HTTP.
            with contextlib.suppress(*_Broken):
                async with self._room:
                    await self._serve(reader, writer)
            with contextlib.suppress(*_Broken):
                writer.close()
                await writer.wait_closed()
        except asyncio.CancelledError:
            writer.transport.abort()  # a TLS farewell would wait for the client's
        finally:
            self._tasks.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection: plain requests, or a tunnel and the requests inside it."""
        talk = _Talk(reader, writer)
        while (head := await talk.request()) is not None:
            if head.method == b"CONNECT":
                host = head.target.decode("ascii", "replace").rpartition(":")[0].lower()
                if await self._open(talk, host):
                    await self._serve_tunnel(reader, writer, host)
                return
            if not await self._answer(talk, head, tunnel=None):
                return

    async def _open(self, talk: "_Talk", host: str) -> bool:
        """Answer a CONNECT; return whether the tunnel stands."""
        status = self._stage.opens(host)
        if status is None:
            talk.abort()
        else:
            await talk.send_connect(status)
        return status == 200

    async def _serve_tunnel(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str
    ) -> None:
        await writer.start_tls(self._context_of(host))
        talk = _Talk(reader, writer)
        while (head := await talk.request()) is not None:
            if not await self._answer(talk, head, tunnel=host):
                return

    async def _answer(self, talk: "_Talk", head: h11.Request, *, tunnel: str | None) -> bool:
        """Answer one request; return whether the connection goes on."""
        headers = {name.decode(): value.decode("latin-1") for name, value in head.headers}
        body = await talk.body()
        try:
            request = _request(head, headers, body, tunnel)
        except ValueError:  # an address that urlsplit cannot take apart
            reply = Reply(status=400)
        else:
            # Rendering a page takes milliseconds: no thread is worth its switching.
            reply = self._stage.answer(request)
        if reply.delay:
            await asyncio.sleep(reply.delay)
        await talk.send(reply, zipped="gzip" in headers.get("accept-encoding", ""))
        return talk.goes_on()


def _request(
    head: h11.Request, headers: dict[str, str], body: bytes, tunnel: str | None
) -> Request:
    """Take a request's address apart: absolute form outside a tunnel, a path inside."""
    target = urlsplit(head.target.decode("latin-1"))
    host = tunnel or target.hostname or headers.get("host", "").partition(":")[0]
    return Request(
        method=head.method.decode(),
        scheme="https" if tunnel else "http",
        host=host.lower(),
        path=target.path or "/",
        query=target.query,
        user_agent=headers.get("user-agent", ""),
        body=body,
    )


class _Talk:
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
        if zipped and sent is None and len(body) >= _SMALLEST_ZIPPED:
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers["Content-Encoding"] = "gzip"
        if reply.status != 204:  # has no body, not even an empty one
            headers |= {"Content-Type": reply.content_type, "Content-Length": str(len(body))}
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
