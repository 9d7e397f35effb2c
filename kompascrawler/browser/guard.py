"""Runs Playwright's driver and ends everything below it when the driver or the crawler ends.

A program of its own, standard library only, for Linux: ``python guard.py CRAWLER FOLDER NETWORK
DRIVER [ARGUMENT...]``; CRAWLER is the number of the process that starts it, NETWORK "none" or
"shared". It adopts orphans, so that every process of the browser is below it and none is left after
SIGKILL of the crawler, a crash of the driver, or when a renderer hangs. FOLDER, for temporary
files, is removed.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PIDS = "pids"
"""File that names this process and the driver."""
NO_NETWORK = "none"
"""Run the driver in a network namespace of its own if the kernel gives one. It needs no network:
it talks to crawler and browser through pipes."""
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_AWAITED = {signal.SIGTERM, signal.SIGCHLD}
_SECONDS_BETWEEN_LOOKS = 1.0


def descendants(pid: int) -> set[int]:
    """Return the running processes below a process."""
    parents = dict(_parents())
    found = {pid}
    while new := {child for child, parent in parents.items() if parent in found} - found:
        found |= new
    return found - {pid}


def _parents() -> Iterator[tuple[int, int]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            # The process may end while we look.
            with suppress(OSError):
                # The name, in brackets, may hold blanks and brackets itself.
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                if state != "Z":
                    yield int(entry.name), int(parent)


def _leave_the_network(libc: ctypes.CDLL) -> None:
    """Move into a network namespace without any interface; do nothing if that is forbidden."""
    user, group = os.geteuid(), os.getegid()
    # Only root may do it at once; anybody else needs a user namespace first.
    if libc.unshare(_CLONE_NEWNET) and not libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET):
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def main(crawler: str, folder: str, network: str, *command: str) -> int:
    """Run the driver to its end or ours; return its exit status."""
    os.setsid()  # Ctrl-C on the terminal is the crawler's to answer
    libc = ctypes.CDLL(None)
    if network == NO_NETWORK:
        _leave_the_network(libc)
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_BLOCK, _AWAITED)

    def prepare() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _AWAITED)

    os.environ["TMPDIR"] = folder
    # prctl acts on the process that calls it: it must run between fork and exec.
    driver = subprocess.Popen(command, preexec_fn=prepare)  # noqa: PLW1509, S603 - one thread
    os.close(0)
    os.close(1)  # the driver's end is the end of what the crawler reads
    with suppress(FileNotFoundError):
        Path(folder, PIDS).write_text(f"{os.getpid()} {driver.pid}")
    _wait_for_an_end(driver, int(crawler), Path(folder))
    _end_all()
    shutil.rmtree(folder, ignore_errors=True)
    return driver.returncode or 0


def _wait_for_an_end(driver: subprocess.Popen[bytes], crawler: int, folder: Path) -> None:
    # If the crawler ended before we began, our parent is another process. If the folder is gone,
    # nobody waits for the driver.
    while driver.poll() is None and os.getppid() == crawler and folder.exists():
        caught = signal.sigtimedwait(_AWAITED, _SECONDS_BETWEEN_LOOKS)
        if caught is not None and caught.si_signo == signal.SIGTERM:
            return


def _end_all() -> None:
    """Kill all processes below us, again and again: one may fork between look and kill."""
    while below := descendants(os.getpid()):
        for pid in below:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        signal.sigtimedwait(_AWAITED, 0.02)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
