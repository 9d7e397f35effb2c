"""Object storage of the tests: moto's, as a process on loopback, and one that fails as told."""

import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY, SECRET = "AKIDOFTHETESTS", "secret/of+the/tests"
_SERVER = """
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
input()
"""


def environment(address: str) -> dict[str, str]:
    """Return what leads clients of S3 to an address, with keys of the tests."""
    return {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "true",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",  # the replica's way leads through a proxy
    }


@contextmanager
def moto() -> Iterator[str]:
    """Run the server; give its address."""
    with subprocess.Popen(
        [sys.executable, "-c", _SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


def create(address: str, bucket: str) -> None:
    """Create a bucket."""
    request = urllib.request.Request(f"{address}/{bucket}", method="PUT")
    urllib.request.urlopen(request, timeout=30).close()


@contextmanager
def forwarding(address: str, act: Callable[[int], object]) -> Iterator[str]:
    """Pass requests on; ``act`` gets the number of each step: before the server, and after it."""
    steps, lock = iter(range(1, 10**6)), threading.Lock()

    def step() -> None:
        with lock:
            act(next(steps))

    class Handler(_Quiet):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            step()
            there = HTTPConnection(address.removeprefix("http://"), timeout=30)
            there.request(self.command, self.path, body, dict(self.headers))
            with there.getresponse() as response:
                content = response.read()
            step()
            with suppress(OSError):
                self.send_response(response.status)
                for name, value in response.getheaders():
                    if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                        self.send_header(name, value)
                length = response.getheader("Content-Length") if self.command == "HEAD" else None
                self.send_header("Content-Length", length or str(len(content)))
                self.end_headers()
                self.wfile.write(content)

    with _served(Handler) as here:
        yield here


@contextmanager
def failing(status: int, code: str, *, seconds: float = 0) -> Iterator[str]:
    """Answer everything with a status, after a time; the answer quotes the key, as S3 does."""

    class Handler(_Quiet):
        def answer(self) -> None:
            time.sleep(seconds)
            quoted = f"<AWSAccessKeyId>{KEY}</AWSAccessKeyId><StringToSign>{SECRET}</StringToSign>"
            body = f"<Error><Code>{code}</Code>{quoted}</Error>".encode()
            with suppress(OSError):  # whoever waited may have gone
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

    with _served(Handler) as address:
        yield address


class _Quiet(BaseHTTPRequestHandler):
    def answer(self) -> None:
        """Answer a request of any method."""
        raise NotImplementedError

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _served(handler: type[_Quiet]) -> Iterator[str]:
    for method in ("GET", "HEAD", "PUT", "POST", "DELETE"):
        setattr(handler, f"do_{method}", handler.answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
