"""Who waits for the end of which host's probe."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Final

_STEP: Final = 1.0
"""Seconds between two looks whether there is still something to wait for."""


class Probes:
    """The probes that are under way, by host."""

    def __init__(self) -> None:
        self._ends: dict[str, asyncio.Event] = {}

    def begin(self, host: str) -> None:
        """Take note that a host is probed."""
        self._ends[host] = asyncio.Event()

    def end(self, host: str) -> None:
        """Let everybody go on who waits for a host's probe; there may be none."""
        if ended := self._ends.pop(host, None):
            ended.set()

    async def wait(self, host: str, limit: float, *, meanwhile: Callable[[], None]) -> None:
        """Wait until a host's probe has ended, for so many seconds at most.

        ``meanwhile`` is called from time to time; what it raises ends the waiting.
        """
        ended, latest = self._ends[host], monotonic() + limit
        while not ended.is_set() and monotonic() < latest:
            meanwhile()
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), _STEP)
