"""Signals during a run: the first ends it, the second aborts its requests, the third kills it."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGXCPU)
_REPEATED = (signal.SIGHUP, signal.SIGXCPU)
"""Signals that nobody sends out of impatience: a closing terminal sends SIGHUP twice, and the
kernel sends SIGXCPU every second. They end a run, and count no further."""
_KILLS = 3


class Interruptions:
    """What signals came.

    Scrapy's own handlers wait, at the first, for every request that has left the scheduler, and
    drop everything, unpublished, at the second.
    """

    def __init__(self) -> None:
        self._react: Callable[[int], None] | None = None
        self._first: signal.Signals | None = None
        self._count = 0

    def begin(self) -> None:
        """Handle signals from now on."""
        for number in _SIGNALS:
            # Whoever started us wants no end by an ignored SIGHUP (``nohup``).
            if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._handle)

    @staticmethod
    def end() -> None:
        """Ignore signals from now on: the run has told how it went, and its process is ending."""
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    @contextmanager
    def telling(self, react: Callable[[int], None]) -> Iterator[None]:
        """Call a function at each signal, at once where one came before, with their number."""
        self._react = react
        if self._count:
            react(self._count)
        try:
            yield
        finally:
            self._react = None

    def _handle(self, number: int, _: FrameType | None) -> None:
        if number in _REPEATED and self._count:
            return
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


INTERRUPTIONS: Final = Interruptions()
"""Those of this process, noted from the moment that it is told to ``begin``."""
