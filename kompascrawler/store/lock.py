"""One run a data folder: a kernel lock on ``DATA_DIR/lock``, held as long as the process lives.

The kernel lets go of it when the process ends, however it ends: it is never stale. The file
stays, and says who holds it. No child inherits it (Python's files close at ``exec``). Readers
ask for it, if at all, for an instant and in shared mode (``holder``). Functions raise StoreError.
"""

import errno
import json
import os
import socket
import stat
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from kompascrawler.store.disk import explained, make_folder
from kompascrawler.store.model import StoreError

try:
    import fcntl
except ImportError as error:
    systems = "kompascrawler crawls on Linux and macOS; on Windows use WSL or Docker"
    raise ImportError(systems) from error

FILE_NAME: Final = "lock"
_WITHOUT_LOCKS: Final = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
_LONGEST: Final = 4096
"""Bytes of the file that are read."""
_PROCESSES: Final = Path("/proc")
"""Has a folder for each process; macOS has none, and nobody is seen to have ended."""
_TRIES, _STEP = 100, 0.01
"""Looks, and seconds between them, until readers that look at the lock have let go of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who holds the lock; what the file does not say is None."""

    run_id: str | None = None
    pid: int | None = None
    host: str | None = None
    """Name of the machine or container whose process it is."""
    since: str | None = None
    """When it was taken, RFC 3339 in UTC."""

    def __str__(self) -> str:
        """Name the holder in a line."""
        if self.run_id is None:
            return "a process that is no crawl, or has just begun (`lslocks` names it)"
        return f"run {self.run_id} (process {self.pid} on {self.host}), since {self.since}"


class Locked(StoreError):  # noqa: N818 - what keeps a run from beginning; no error of anybody
    """Another run holds the data folder."""

    status = 75

    def __init__(self, data_dir: Path, holder: Holder) -> None:
        who = "another run" if holder.run_id else "another process"
        super().__init__(f"{who} holds {data_dir}: {holder}")
        self.holder = holder


class RunLock:
    """The lock of a data folder, held."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._before = b""

    @classmethod
    def take(cls, data_dir: Path, run_id: str) -> Self:
        """Take the lock at once; create the folder where it is missing.

        Raises Locked where another run holds it, StoreError where it cannot be had.
        """
        path = data_dir / FILE_NAME
        with explained("lock the data folder", path), ExitStack() as stack:
            make_folder(data_dir)
            lock = cls(_open(path, os.O_RDWR | os.O_CREAT))
            stack.callback(lock.release)
            if not _take_alone(lock._descriptor, path):
                raise Locked(data_dir, _holder(lock._descriptor))
            lock._before = os.pread(lock._descriptor, _LONGEST, 0)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            signed = Holder(run_id=run_id, pid=os.getpid(), host=socket.gethostname(), since=now)
            lock._write(json.dumps(asdict(signed)).encode())
            stack.pop_all()
        return lock

    def _write(self, content: bytes) -> None:
        """Write over the last one's words, for a disk without space."""
        os.pwrite(self._descriptor, content, 0)
        os.ftruncate(self._descriptor, len(content))

    def hand_back(self) -> None:
        """Let go of the lock, and have it say who held it before: this was no run with a card."""
        with suppress(OSError):
            self._write(self._before)
        self.release()

    def release(self) -> None:
        """Let go of the lock; done twice, the second time does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def holder(data_dir: Path) -> Holder | None:
    """Return who holds a data folder now, or None."""
    path = data_dir / FILE_NAME
    with _looked_at(path) as descriptor:
        # For an instant; who takes the lock at that instant tells readers from runs.
        if descriptor is None or _try(descriptor, fcntl.LOCK_SH, path):
            return None
        return _holder(descriptor)


def last_holder(data_dir: Path) -> Holder | None:
    """Return who took the lock last, held still or not, or None."""
    with _looked_at(data_dir / FILE_NAME) as descriptor:
        return None if descriptor is None else _read(descriptor)


@contextmanager
def _looked_at(path: Path) -> Iterator[int | None]:
    """Give a descriptor to read the lock with, or None."""
    with explained("look at the lock", path), ExitStack() as stack:
        descriptor = None
        with suppress(FileNotFoundError):
            descriptor = _open(path, os.O_RDONLY)
            stack.callback(os.close, descriptor)
        yield descriptor


def _open(path: Path, flags: int) -> int:
    """Open the file of the lock, and nothing else: a fifo or a device might never answer."""
    descriptor = os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC, 0o644)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise StoreError(f"Cannot lock the data folder: {path} is no file. What to do: remove it")


def _take_alone(descriptor: int, path: Path) -> bool:
    """Take the lock for us alone; tell whether that went.

    A shared lock that can be had shows that whoever is in the way only looks, for an instant.
    """
    for _ in range(_TRIES):
        if _try(descriptor, fcntl.LOCK_EX, path):
            return True
        if not _try(descriptor, fcntl.LOCK_SH, path):
            return False
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        time.sleep(_STEP)
    return False


def _try(descriptor: int, mode: int, path: Path) -> bool:
    """Take the lock in a mode without waiting; tell whether that went."""
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in _WITHOUT_LOCKS:
            raise
        raise StoreError(
            f"Cannot lock the data folder ({path}): its file system has no locks"
            f" ({error.strerror}). What to do: name a folder on a local disk with -s DATA_DIR=…"
        ) from error
    return True


def _holder(descriptor: int) -> Holder:
    """Return who holds the lock: who has signed, unless that process is seen to have ended.

    Then it is one that does not sign, a backup for example.
    """
    signed = _read(descriptor)
    is_here = signed.pid is not None and signed.host == socket.gethostname()
    is_seen = is_here and _PROCESSES.is_dir()
    return Holder() if is_seen and not (_PROCESSES / str(signed.pid)).exists() else signed


def _read(descriptor: int) -> Holder:
    """Return who has signed; nobody known where the words are not whole (yet)."""
    with suppress(ValueError, TypeError):
        return Holder(**json.loads(os.pread(descriptor, _LONGEST, 0)))
    return Holder()
