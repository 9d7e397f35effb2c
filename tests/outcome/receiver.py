"""A web server of the tests that takes what `json://` addresses of Apprise are sent."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """What came in, and whether it is answered."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.address = ""
        """Without a path: `/in` takes messages, everything else refuses them."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Listen on loopback."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.received.append(json.loads(body))
            receiver.may_answer.wait()
            self.send_response(200 if self.path == "/in" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    receiver.address = f"json://user:secret@127.0.0.1:{server.server_port}"
    try:
        yield receiver
    finally:
        receiver.may_answer.set()
        server.shutdown()
        server.server_close()
