"""The process that reads what may not end."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from kompascrawler.pages import PageRefused
from kompascrawler.run.reader import Reader, ReaderFailed


def run(work: Callable[[Reader], Awaitable[Any]], seconds: float = 60.0) -> Any:
    """Do something with a reader, and end it."""

    async def ending() -> Any:
        reader = Reader(seconds)
        try:
            return await work(reader)
        finally:
            await reader.close()

    return asyncio.run(ending())


def test_one_process_is_kept() -> None:
    """It gives back results, and what was raised."""

    async def work(reader: Reader) -> None:
        first = await reader.call(os.getpid)
        with pytest.raises(PageRefused, match="no markup"):
            await reader.call(_refuse)
        assert await reader.call(os.getpid) == first != os.getpid()

    run(work)


def _refuse() -> None:
    raise PageRefused("empty", "the page holds no markup")


def test_what_takes_too_long_is_stopped() -> None:
    """Code that lets nobody else run is; the next call has another process."""

    async def work(reader: Reader) -> None:
        with pytest.raises(ReaderFailed, match="longer than 5 seconds"):
            await reader.call(time.sleep, 1_000_000)
        with pytest.raises(ReaderFailed, match="died"):
            await reader.call(os._exit, 1)
        with pytest.raises(ReaderFailed, match="memory"):
            await reader.call(bytes, 1 << 30)

    run(work, seconds=5.0)


def test_a_run_that_ends_ends_the_process() -> None:
    """Whoever is cancelled waits no longer."""

    async def work(reader: Reader) -> None:
        asking = asyncio.ensure_future(reader.call(time.sleep, 1_000_000))
        await asyncio.sleep(0.1)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    run(work)
