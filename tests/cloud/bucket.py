"""Object storage of the tests: moto's, as a process on loopback, and one that fails as told."""

import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
def failing(status: int, code: str, *, seconds: float = 0) -> Iterator[str]:
    """Answer everything with a status, after a time; the answer quotes the key, as S3 does."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            time.sleep(seconds)
            quoted = f"<AWSAccessKeyId>{KEY}</AWSAccessKeyId><StringToSign>{SECRET}</StringToSign>"
            body = f"<Error><Code>{code}</Code>{quoted}</Error>".encode()
            with suppress(OSError):  # whoever waited may have gone
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    for method in ("GET", "PUT", "POST", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
