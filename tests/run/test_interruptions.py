"""What signals do to a run."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from kompascrawler.run.interruptions import Interruptions

HANDLED = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGXCPU")


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    """Put back what this process does at each signal."""
    before = {
        number: signal.getsignal(number) for number in map(signal.Signals.__getitem__, HANDLED)
    }
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def interruptions() -> Interruptions:
    """Return what has begun to handle signals."""
    begun = Interruptions()
    begun.begin()
    return begun


def send(number: signal.Signals) -> None:
    """Send this process a signal."""
    os.kill(os.getpid(), number)


def test_the_first_names_the_run_and_each_is_told(interruptions: Interruptions) -> None:
    """Also one that came before anybody listened; none once the run has told how it went."""
    told: list[int] = []
    assert interruptions.signal is None
    send(signal.SIGTERM)
    with interruptions.telling(told.append):
        send(signal.SIGINT)
    interruptions.end()
    send(signal.SIGINT)
    assert told == [1, 2]
    assert interruptions.signal == "SIGTERM"


def test_the_end_is_not_cut_short(interruptions: Interruptions) -> None:
    """While nobody is told, a signal is only noted."""
    send(signal.SIGINT)
    send(signal.SIGINT)
    assert interruptions.signal == "SIGINT"


def test_what_comes_by_itself_counts_once(interruptions: Interruptions) -> None:
    """A terminal that closes and a limit of the kernel are no impatience."""
    told: list[int] = []
    with interruptions.telling(told.append):
        for number in (signal.SIGHUP, signal.SIGHUP, signal.SIGXCPU, signal.SIGXCPU):
            send(number)
    assert (told, interruptions.signal) == ([1], "SIGHUP")


def test_nohup_is_obeyed() -> None:
    """SIGHUP that was ignored before stays ignored."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    interruptions = Interruptions()
    interruptions.begin()
    send(signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    assert interruptions.signal is None


def test_the_third_kills() -> None:
    """Whatever the process does."""
    code = (
        "import os, signal; from kompascrawler.run.interruptions import Interruptions\n"
        "Interruptions().begin()\n"
        "for _ in range(3): os.kill(os.getpid(), signal.SIGTERM)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGTERM
