"""Things several tests share."""

import gzip
import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Under `nohup`, and in some services, SIGHUP is ignored, and every crawl that a test starts would
# ignore it too: tests that hang up on one need it as a terminal has it.
signal.signal(signal.SIGHUP, signal.SIG_DFL)

# Timing decides no test: not how long an example takes, nor how long it takes to make them. CI
# looks at the same examples every time; at home each run looks at new ones.
settings.register_profile(
    "calm",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
)
settings.load_profile("calm")

MEMORY = Path("/dev/shm")
ENOUGH = 2 * 2**30
"""Bytes of memory that the files of the tests, and a browser beside them, fit into."""

SHARED = Path(__file__).resolve().parents[2] / "shared" / "kompas"


def pytest_configure() -> None:
    """Keep temporary files in memory, where there is room: the store syncs each article to disk.

    A TMPDIR that was given is kept to.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    room = os.statvfs(MEMORY)
    if room.f_bavail * room.f_frsize >= ENOUGH and not room.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


@pytest.fixture(scope="session")
def real_pages() -> Path:
    """Folder of the real pages (gzip) and their manifest; absent outside our own machines."""
    if not (SHARED / "pages").is_dir():
        pytest.skip(f"the real pages are not here ({SHARED / 'pages'})")
    return SHARED


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a disk of 1 MB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"no right to mount a small disk: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def nobody() -> Callable[[], AbstractContextManager[None]]:
    """Return what makes us, for a while, a user who may do nothing; only root can."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")

    @contextmanager
    def being_nobody() -> Iterator[None]:
        os.seteuid(65534)
        try:
            yield
        finally:
            os.seteuid(0)

    return being_nobody


def remount(disk: Path, options: str) -> None:
    """Change a mounted disk: its ``size``, ``ro`` or ``rw``."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(disk)], check=True)


def read_page(path: Path) -> bytes:
    """Return a saved page, unzipped when its name ends in ``.gz``."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
