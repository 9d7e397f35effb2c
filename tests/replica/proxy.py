"""A forward proxy on loopback that ends TLS itself and forwards nothing: the gateway answers.

Needs h11; import this module only where the replica is really served.
"""

import asyncio
import contextlib
from collections.abc import Callable
from ssl import SSLContext
from urllib.parse import urlsplit

import h11

from tests.replica.connection import Connection
from tests.replica.exchange import Reply, Request
from tests.replica.gateway import Gateway

_MOST_CONNECTIONS = 256

_Broken = (ConnectionError, h11.RemoteProtocolError, TimeoutError, OSError, EOFError)


class Proxy:
    """Serves connections; one task each, all of them ended by ``refuse``."""

    def __init__(
        self, gateway: Gateway, context_of: Callable[[str, str | None], SSLContext]
    ) -> None:
        """``context_of`` gives the TLS context that proves to be a host, or does not."""
        self._gateway = gateway
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
        connection = Connection(reader, writer)
        while (head := await connection.request()) is not None:
            if head.method == b"CONNECT":
                host = head.target.decode("ascii", "replace").rpartition(":")[0].lower()
                if await self._open(connection, host):
                    await self._serve_tunnel(reader, writer, host)
                return
            if not await self._answer(connection, head, tunnel=None):
                return

    async def _open(self, connection: Connection, host: str) -> bool:
        """Answer a CONNECT; return whether the tunnel stands."""
        status = self._gateway.opens(host)
        if status is None:
            connection.abort()
        else:
            await connection.send_connect(status)
        return status == 200

    async def _serve_tunnel(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str
    ) -> None:
        await writer.start_tls(self._context_of(host, self._gateway.faults.odd_certificate(host)))
        connection = Connection(reader, writer)
        while (head := await connection.request()) is not None:
            if not await self._answer(connection, head, tunnel=host):
                return

    async def _answer(
        self, connection: Connection, head: h11.Request, *, tunnel: str | None
    ) -> bool:
        """Answer one request; return whether the connection goes on."""
        headers = {name.decode(): value.decode("latin-1") for name, value in head.headers}
        body = await connection.body()
        try:
            request = _request(head, headers, body, tunnel)
        except ValueError:  # an address that urlsplit cannot take apart
            reply = Reply(status=400)
        else:
            # Rendering a page takes milliseconds: no thread is worth its switching.
            reply = self._gateway.answer(request)
        if reply.delay:
            await asyncio.sleep(reply.delay)
        await connection.send(reply, zipped="gzip" in headers.get("accept-encoding", ""))
        return connection.goes_on()


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
        headers=headers,
        body=body,
    )
