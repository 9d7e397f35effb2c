"""A process that is kept for work which may not end: only another process can stop C code.

python -m kompascrawler.run.reader    # started by ``Reader``; ends with its standard input
"""

import asyncio
import pickle
import resource
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO, Final, TypeVar

T = TypeVar("T")
_SIZE: Final = 8
"""Bytes before each message that tell its length."""
_MOST_MEMORY: Final = 256 * 1024 * 1024
"""Bytes of memory that the process may have: work that wants more fails."""


class ReaderFailed(Exception):  # noqa: N818 - what happened; the work is at fault
    """The work did not end in time, or ended the process that did it."""


class Reader:
    """Runs functions in a process of its own, one at a time, each for so many seconds at most."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._process: Process | None = None

    async def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Return what a function of a module returns, or raise what it raises.

        Raises ReaderFailed. Cancelled, it ends the process too.
        """
        try:
            process = self._process = self._process or await _start()
            asking = _ask(process, pickle.dumps((self._seconds, function, arguments)))
            is_error, result = await asyncio.wait_for(asking, self._seconds)
        except TimeoutError:
            await self.close()
            raise ReaderFailed(f"it took longer than {self._seconds:g} seconds") from None
        except (EOFError, ConnectionError):
            await self.close()
            raise ReaderFailed("the process that read it died") from None
        except asyncio.CancelledError:
            await self.close()
            raise
        if isinstance(result, MemoryError):
            await self.close()
            raise ReaderFailed("it took more memory than it may")
        if is_error:
            raise result
        value: T = result
        return value

    async def close(self) -> None:
        """End the process; the next call starts another."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.communicate()  # its pipes are closed with it


async def _start() -> Process:
    # In a session of its own: Ctrl-C is for the run, which ends this process itself.
    command = (sys.executable, "-m", __name__)
    return await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True
    )


async def _ask(process: Process, work: bytes) -> tuple[bool, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(len(work).to_bytes(_SIZE) + work)
    await process.stdin.drain()
    size = int.from_bytes(await process.stdout.readexactly(_SIZE))
    answer: tuple[bool, Any] = pickle.loads(await process.stdout.readexactly(size))  # noqa: S301 - ours
    return answer


def _serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Do what is asked for, until nobody asks any more."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    while size := requests.read(_SIZE):
        seconds, function, arguments = pickle.loads(requests.read(int.from_bytes(size)))  # noqa: S301 - ours
        # Where the run has died, nobody else ends what does not end.
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime + seconds) + 2
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
        try:
            answer = pickle.dumps((False, function(*arguments)))
        except Exception as error:  # noqa: BLE001 - raised again by whoever asked
            answer = pickle.dumps((True, error))
        answers.write(len(answer).to_bytes(_SIZE) + answer)
        answers.flush()


if __name__ == "__main__":
    _serve(sys.stdin.buffer, sys.stdout.buffer)
