"""SIGINT and SIGTERM during a run: the first ends it, the second hurries it, the third kills it."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_KILLS = 3


class Interruptions:
    """What signals came.

    Scrapy's own handlers do not tell which signal it was; they wait, at the first, for every
    request that has left the scheduler, and drop everything, unpublished, at the second.
    """

    def __init__(self) -> None:
        self._react: Callable[[int], None] | None = None
        self._first: signal.Signals | None = None
        self._count = 0

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Handle signals while the context lasts."""
        before = [(number, signal.signal(number, self._handle)) for number in _SIGNALS]
        try:
            yield
        finally:
            for number, handler in before:
                signal.signal(number, handler)

    @contextmanager
    def telling(self, react: Callable[[int], None]) -> Iterator[None]:
        """Call a function at each signal, at any point of the code, with how many there were.

        Called at once where one came before.
        """
        self._react = react
        if self._count:
            react(self._count)
        try:
            yield
        finally:
            self._react = None

    def _handle(self, number: int, _: FrameType | None) -> None:
        self._count += 1
        self._first = self._first or signal.Signals(number)
        if self._count >= _KILLS:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        elif self._react is not None:
            self._react(self._count)

    @property
    def signal(self) -> str | None:
        """Name of the first signal; None if none came."""
        return self._first.name if self._first else None
