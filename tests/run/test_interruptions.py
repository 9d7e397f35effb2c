"""What signals do to a run."""

import os
import signal
import subprocess
import sys

from kompascrawler.run.interruptions import Interruptions


def send(number: signal.Signals) -> None:
    """Send this process a signal."""
    os.kill(os.getpid(), number)


def test_the_first_names_the_run_and_each_is_told() -> None:
    """Also one that came before anybody listened; afterwards the handlers are as before."""
    before = signal.getsignal(signal.SIGINT)
    interruptions = Interruptions()
    told: list[int] = []
    assert interruptions.signal is None
    with interruptions.listening():
        send(signal.SIGTERM)
        with interruptions.telling(told.append):
            send(signal.SIGINT)
    assert told == [1, 2]
    assert interruptions.signal == "SIGTERM"
    assert signal.getsignal(signal.SIGINT) is before


def test_the_end_is_not_cut_short() -> None:
    """While nobody is told, a signal is only noted."""
    interruptions = Interruptions()
    with interruptions.listening():
        send(signal.SIGINT)
        send(signal.SIGINT)
    assert interruptions.signal == "SIGINT"


def test_what_comes_by_itself_counts_once() -> None:
    """A terminal that closes and a limit of the kernel are no impatience."""
    interruptions = Interruptions()
    told: list[int] = []
    with interruptions.listening(), interruptions.telling(told.append):
        for number in (signal.SIGHUP, signal.SIGHUP, signal.SIGXCPU, signal.SIGXCPU):
            send(number)
    assert (told, interruptions.signal) == ([1], "SIGHUP")


def test_nohup_is_obeyed() -> None:
    """SIGHUP that was ignored before stays ignored."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    interruptions = Interruptions()
    try:
        with interruptions.listening():
            send(signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
    assert interruptions.signal is None


def test_the_third_kills() -> None:
    """Whatever the process does."""
    code = (
        "import os, signal; from kompascrawler.run.interruptions import Interruptions\n"
        "with Interruptions().listening():\n"
        "    for _ in range(3): os.kill(os.getpid(), signal.SIGTERM)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGTERM
