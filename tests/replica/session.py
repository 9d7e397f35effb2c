"""A replica for the length of a command, or until somebody interrupts it."""

import os
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Self

from tests.replica.exchange import Served
from tests.replica.serve import serve

_EXPORTS = (
    ("http_proxy", "HTTP_PROXY"),
    ("https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"),
    ("SSL_CERT_FILE",),
    ("REPLICA_CONTROL",),
)


def perform(
    site: Served, *, port: int, command: Sequence[str], publish_every: float | None = None
) -> int:
    """Serve a site for a command and return the command's exit status.

    With ``publish_every`` an article more is published each time so many seconds have passed.

    Without a command print the environment to export and serve until SIGINT or SIGTERM; then
    return 0. Raises OSError when the port cannot be had.
    """
    with (
        _Interruption() as interruption,
        serve(site, port=port) as replica,
        _publishing(replica.publish, publish_every),
    ):
        if command:
            return _run(command, replica.env, interruption)
        print(export_lines(replica.env), flush=True)
        interruption.wait()
        return 0


@contextmanager
def _publishing(publish: Callable[[int], int], seconds: float | None) -> Iterator[None]:
    """Publish while the context lasts, in a thread."""
    if seconds is None:
        yield
        return
    is_over = threading.Event()
    thread = threading.Thread(target=keep_publishing, args=(publish, is_over.wait, seconds))
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def keep_publishing(
    publish: Callable[[int], int], wait: Callable[[float], bool], seconds: float
) -> None:
    """Publish an article after each wait, until a wait says that it is over or no news is left.

    >>> waits = iter([False, False, True])
    >>> keep_publishing(print, lambda seconds: next(waits), 30)
    1
    """
    while not wait(seconds) and publish(1):
        pass


def export_lines(environment: Mapping[str, str]) -> str:
    """Return the shell lines that show a replica to the commands after them.

    >>> print(export_lines({"SSL_CERT_FILE": "/x/ca.pem"}))
    export SSL_CERT_FILE=/x/ca.pem
    """
    lines = []
    for names in _EXPORTS:
        given = [
            f"{name}={shlex.quote(environment[name])}" for name in names if name in environment
        ]
        if given:
            lines.append(f"export {' '.join(given)}")
    return "\n".join(lines)


class _Interruption:
    """Takes SIGINT and SIGTERM, also a second one while everything is being shut down."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._told = threading.Event()
        self._terminated = False

    def __enter__(self) -> Self:
        self._before = {
            number: signal.signal(number, self._handle)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def wait(self) -> None:
        """Return when we have been told to stop."""
        self._told.wait()

    def pass_on(self, child: "subprocess.Popen[bytes]") -> None:
        """Pass SIGTERM on to a command, also one that came while it was being started."""
        self._child = child
        if self._terminated:
            child.terminate()

    def _handle(self, number: int, _: FrameType | None) -> None:
        self._told.set()
        if number != signal.SIGTERM:
            return  # SIGINT comes from the terminal to the command as well
        self._terminated = True
        if self._child is not None:
            self._child.terminate()


def _run(
    command: Sequence[str], environment: Mapping[str, str], interruption: _Interruption
) -> int:
    """Run a command with the environment added to ours; return its exit status.

    As in a shell, one that a signal ended counts as 128 + signal, one that cannot be started
    as 127.
    """
    try:
        child = subprocess.Popen(command, env=os.environ | environment)  # asked for
    except OSError as error:
        print(
            f"python -m tests.replica: cannot run {command[0]}: {error.strerror}", file=sys.stderr
        )
        return 127
    interruption.pass_on(child)
    status = child.wait()
    return status if status >= 0 else 128 - status
