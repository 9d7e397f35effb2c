"""One run a data folder."""

import errno
import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kompascrawler.store import lock, store
from kompascrawler.store.lock import FILE_NAME, Holder, Locked, RunLock, holder, last_holder
from kompascrawler.store.model import StoreError

HOLD = """
import subprocess, sys
from pathlib import Path
from kompascrawler.store.lock import RunLock
RunLock.take(Path(sys.argv[1]), "20261122T120000Z-9f3a")
child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=sys.stdin, close_fds=False)
print(child.pid, flush=True)
child.wait()
"""


@contextmanager
def held(data_dir: Path) -> Iterator["subprocess.Popen[str]"]:
    """Have another process hold the lock; it has a child of its own, which outlives it."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline()
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_the_second_is_told_who_holds_it(tmp_path: Path) -> None:
    """Run, process, machine, since when; so is whoever only looks."""
    with held(tmp_path) as process:
        with pytest.raises(Locked) as caught:
            RunLock.take(tmp_path, "second")
        seen = holder(tmp_path)
    assert seen == caught.value.holder
    assert seen is not None
    assert (seen.run_id, seen.pid) == ("20261122T120000Z-9f3a", process.pid)
    assert seen.host
    assert str(seen.since).endswith("+00:00")
    assert len(str(caught.value).splitlines()) == 1


def test_a_run_is_named_where_processes_have_no_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on macOS."""
    monkeypatch.setattr(lock, "_PROCESSES", tmp_path / "none")
    with held(tmp_path) as process:
        assert (seen := holder(tmp_path)) is not None
        assert seen.pid == process.pid


def test_a_command_is_no_run_that_has_left_no_card(tmp_path: Path) -> None:
    """It is named while it holds the folder; afterwards the last run is."""
    RunLock.take(tmp_path, "a-run").release()
    before = last_holder(tmp_path)
    with store.held(tmp_path, "publish-20261127T000000Z"):
        assert (seen := holder(tmp_path)) is not None
        assert seen.run_id == "publish-20261127T000000Z"
    assert last_holder(tmp_path) == before
    assert holder(tmp_path) is None


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_file(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """It is named at once; nobody waits for a fifo that nobody writes to."""
    make(tmp_path / FILE_NAME)
    for look in (holder, last_holder, lambda folder: RunLock.take(folder, "run")):
        with pytest.raises(StoreError, match="lock"):
            look(tmp_path)


def test_the_lock_ends_with_the_process(tmp_path: Path) -> None:
    """Killed, and with a child that lives on: the lock is never stale and never inherited."""
    with held(tmp_path) as process:
        process.kill()
        process.wait()
        assert holder(tmp_path) is None
        RunLock.take(tmp_path, "next").release()


def test_a_new_folder_is_made(tmp_path: Path) -> None:
    """Nobody holds a folder that is not there."""
    assert holder(tmp_path / "a" / "b") is None
    lock = RunLock.take(tmp_path / "a" / "b", "first")
    assert str(holder(tmp_path / "a" / "b")).startswith(f"run first (process {os.getpid()} on ")
    lock.release()
    lock.release()
    assert holder(tmp_path / "a" / "b") is None


def test_who_looks_keeps_nobody_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shared lock for an instant is told from a run."""
    RunLock.take(tmp_path, "first").release()
    with (tmp_path / FILE_NAME).open("rb") as reader:
        fcntl.flock(reader, fcntl.LOCK_SH)
        monkeypatch.setattr("time.sleep", lambda _: fcntl.flock(reader, fcntl.LOCK_UN))
        lock = RunLock.take(tmp_path, "second")
    found = holder(tmp_path)
    lock.release()
    assert found is not None
    assert found.run_id == "second"


@pytest.mark.parametrize("mode", [fcntl.LOCK_EX, fcntl.LOCK_SH])
def test_a_backup_is_not_taken_for_the_latest_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    """Whoever holds the lock when the run that signed has ended: it is not that run."""
    with held(tmp_path) as process:
        process.kill()
        process.wait()
    monkeypatch.setattr("time.sleep", lambda _: None)
    with (tmp_path / FILE_NAME).open("rb") as backup:
        fcntl.flock(backup, mode)
        with pytest.raises(Locked, match=r"another process holds .* no crawl") as caught:
            RunLock.take(tmp_path, "second")
        assert caught.value.holder == Holder()
        assert holder(tmp_path) in (Holder(), None)  # a shared lock keeps no reader out


@pytest.mark.parametrize("words", ["", "{", "[1]", '{"colour": 1}', "\x00"])
def test_a_holder_that_has_not_said_who_it_is(tmp_path: Path, words: str) -> None:
    """Damaged words are no error: the kernel knows that the folder is held."""
    lock = RunLock.take(tmp_path, "first")
    (tmp_path / FILE_NAME).write_text(words)
    assert holder(tmp_path) == Holder()
    assert str(Holder()).startswith("a process that is no crawl, or has just begun")
    lock.release()


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
def test_a_file_system_without_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Is told as such, with a way out."""

    def flock(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(fcntl, "flock", flock)
    with pytest.raises(StoreError, match=r"has no locks .* What to do: name a folder"):
        RunLock.take(tmp_path, "first")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """Is no lock that somebody holds."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="What to do") as caught:
        RunLock.take(tmp_path / "file" / "data", "first")
    assert not isinstance(caught.value, Locked)
