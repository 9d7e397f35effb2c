"""Chromium and Playwright's driver: which program, started with a guard, measured, ended.

Playwright is imported when a driver is made: without it, the doctor still says what to install.
"""

import asyncio
import logging
import os
import re
import shlex
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Final, NamedTuple

from scrapy.settings import BaseSettings

from kompascrawler.browser import guard
from kompascrawler.browser.request import BrowserMissing

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright

logger = logging.getLogger(__name__)

NOWHERE: Final = "http://127.0.0.1:9"
"""A proxy that leads nowhere (port 9 is "discard"), for requests that bypass us."""
FLAGS: Final = (
    # The browser finds no name and no address, not even by what passes a proxy (UDP, QUIC, DNS).
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
)
"""Close the ways that no route sees."""
_SYSTEM_SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
_SYSTEM_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# What to do if there is no Chromium, none with windows, no sandbox.
INSTALL = (
    "install one with `playwright install --only-shell chromium`, or on Debian with "
    "`apt install chromium-headless-shell`, or name one: BROWSER_EXECUTABLE=/path"
)
INSTALL_HEADED = (
    "BROWSER_HEADED needs one with windows: install it with `playwright install chromium`, or on "
    "Debian with `apt install chromium`, or name one: BROWSER_EXECUTABLE=/path"
)
ALLOW_SANDBOX = "docs/operate.md, section The browser's sandbox, says what to allow"
NO_SANDBOX = (
    "Chromium cannot build its sandbox here: kernel or container forbid user namespaces or "
    f"chroot; {ALLOW_SANDBOX}"
)
_DENIED = re.compile(r"No usable sandbox|FATAL:[^\n]*\b(sandbox|zygote_host)/")
"""Last words of such a Chromium, seen where clone fails with EPERM, with ENOSYS, and chroot."""
_WORDS = re.compile(r"^\[pid=\d+\]\[err\] (.*\S)", re.MULTILINE)
"""Chromium's output in Playwright's message about a failed start."""
_QUERY = re.compile(r"(://[^\s?]*\?)\S+")
"""The query of an address may hold the key to a remote browser."""
_MOST_SHOWN = 200


def find_chromium(
    explicit: str | None,
    own: Path,
    *,
    headed: bool = False,
    which: Callable[[str], str | None] = shutil.which,
) -> str:
    """Return the path of the Chromium to run: explicit, a headless shell, any other.

    ``own`` is where Playwright would keep its full Chromium. A headed browser is never a
    headless shell. Raises ``BrowserMissing`` with advice.
    """
    if explicit:
        if found := which(explicit):
            return found
        raise BrowserMissing(f"BROWSER_EXECUTABLE={explicit} is not a program; {INSTALL}")
    # Playwright's headless shell of the same revision is beside its full browser, for example
    # ``chromium-1255/…/chrome`` and ``chromium_headless_shell-1255/…/chrome-headless-shell``.
    folder = own.parents[1]
    shells = folder.with_name(folder.name.replace("chromium-", "chromium_headless_shell-"))
    own_shells = [str(path) for path in sorted(shells.glob("*/*headless*shell*")) if path.is_file()]
    programs = [] if headed else [*own_shells, *map(which, _SYSTEM_SHELLS)]
    programs += [str(own) if own.is_file() else None, *map(which, _SYSTEM_BROWSERS)]
    for path in filter(None, programs):
        return path
    raise BrowserMissing(f"no Chromium is installed: {INSTALL_HEADED if headed else INSTALL}")


def is_sandbox_denied(message: str) -> bool:
    """Tell whether Chromium could not build its sandbox; ``message`` holds its output."""
    return _DENIED.search(message) is not None


def last_words(message: str) -> str:
    r"""Return why a browser did not start: the last line of its output, else Playwright's first.

    >>> last_words("launch: closed\n[pid=7][err] no libnss3.so\nCall log:")
    'no libnss3.so'
    >>> last_words("connect_over_cdp: Invalid URL\nCall log:")
    'connect_over_cdp: Invalid URL'
    """
    written = _WORDS.findall(message)
    words = written[-1] if written else message.partition("\n")[0]
    return _QUERY.sub(r"\1…", words)[:_MOST_SHOWN]


_NODE: Final = "PLAYWRIGHT_NODEJS_PATH"
"""Environment variable that names what runs the driver's JavaScript."""
_SECONDS_BETWEEN_LOOKS: Final = 0.02
_LOOKS_AT_FILES: Final = 100


class Pids(NamedTuple):
    """The two processes above the browser."""

    guard: int
    driver: int


@contextmanager
def guarded(node: str, folder: Path, *, network: str) -> Iterator[None]:
    """Let Playwright start its driver with a guard (``guard.py``) inside this context.

    ``node`` is the Node.js to run if the environment names none; ``folder`` names the processes
    (``pids_in``), too.
    """
    before = os.environ.get(_NODE)
    arguments = [str(os.getpid()), str(folder), network, before or node]
    command = [sys.executable, "-IS", guard.__file__, *arguments]
    with _program(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', folder) as program:
        os.environ[_NODE] = program
        try:
            yield
        finally:
            if before is None:
                del os.environ[_NODE]
            else:
                os.environ[_NODE] = before


@contextmanager
def _program(script: str, folder: Path) -> Iterator[str]:
    # In memory where the folder's disk forbids programs (``docker run --tmpfs /tmp``).
    if not os.statvfs(folder).f_flag & os.ST_NOEXEC:
        path = folder / "driver"
        path.write_text(script)
        path.chmod(0o700)
        yield str(path)
        return
    written = os.memfd_create("driver")
    os.write(written, script.encode())
    # A file that is open for writing cannot be run.
    readable = os.open(f"/proc/self/fd/{written}", os.O_RDONLY)
    os.close(written)
    try:
        yield f"/proc/{os.getpid()}/fd/{readable}"
    finally:
        os.close(readable)


def pids_in(folder: Path) -> Pids | None:
    """Return the processes of a folder, None before they were started."""
    with suppress(OSError, ValueError):  # not written yet, or not to its end
        guard_pid, driver_pid = map(int, (folder / guard.PIDS).read_text().split())
        return Pids(guard_pid, driver_pid)
    return None


def memory(pid: int) -> int:
    """Return the bytes that a process and its children use, shared ones counted once."""
    return sum(map(_proportional_size, {pid, *guard.descendants(pid)}))


def _proportional_size(pid: int) -> int:
    with suppress(OSError):  # ended meanwhile
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) << 10
    return 0


def is_running(pid: int) -> bool:
    """Tell whether a process exists and is no zombie."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def _is_news(record: logging.LogRecord) -> bool:
    # After a driver was killed, asyncio warns of Playwright's tasks; the supervisor reports it.
    message = record.getMessage()
    is_late = "never retrieved" in message or "destroyed but it is pending" in message
    signs = ("/playwright/", "Connection closed while reading from the driver")
    return not (is_late and any(sign in message for sign in signs))


class GuardedProvider:
    """A ``BrowserProvider`` of scrapy-playwright: a guarded driver, and the Chromium we choose."""

    def __init__(self, settings: BaseSettings) -> None:
        logging.getLogger("asyncio").addFilter(_is_news)
        self._executable: str | None = settings["BROWSER_EXECUTABLE"]
        self._cdp_url: str | None = settings["BROWSER_CDP_URL"]
        self._headed = settings.getbool("BROWSER_HEADED")
        self._manager = import_module("playwright.async_api").async_playwright()
        self._playwright: Playwright | None = None
        self.pids: Pids | None = None
        """The driver's processes; None until it was started."""
        self._folder: Path | None = None
        self.program: str | None = self._cdp_url and self._cdp_url.partition("?")[0]
        """Path of the Chromium, or address of a remote one without its query (maybe a key)."""

    async def start(self) -> None:
        """Start the driver."""
        self._folder = Path(mkdtemp(prefix="kompascrawler-browser-"))
        library = import_module("playwright").__path__[0]
        # A remote browser and a window may be at the other end of a network.
        is_local = not self._cdp_url and not self._headed
        network = guard.NO_NETWORK if is_local else "shared"
        try:
            with guarded(f"{library}/driver/node", self._folder, network=network):
                self._playwright = await self._manager.start()
        finally:
            self.pids = pids_in(self._folder)

    async def launch_browser(self) -> "Browser":
        """Start Chromium or connect to one; raise ``BrowserMissing`` if there is none."""
        assert self._playwright is not None
        chromium = self._playwright.chromium
        if self._cdp_url:
            return await chromium.connect_over_cdp(self._cdp_url)
        is_root, headed = os.geteuid() == 0, self._headed
        own = Path(chromium.executable_path)
        self.program = find_chromium(self._executable, own, headed=headed)
        remark = " without its sandbox, because root runs it" if is_root else ""
        logger.info("Starting %s%s", self.program, remark)
        return await chromium.launch(
            executable_path=self.program,
            headless=not headed,
            chromium_sandbox=not is_root,
            args=FLAGS,
            proxy={"server": NOWHERE},
        )

    async def close(self) -> None:
        """Ask the driver to end."""
        await self._manager.__aexit__()

    def kill(self) -> None:
        """Have the guard end the driver, all its children and itself."""
        if self.pids is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pids.guard, signal.SIGTERM)

    async def clean(self) -> None:
        """Wait until the guard has ended, and remove its files if it was killed or never ran."""
        while self.pids and is_running(self.pids.guard):  # noqa: ASYNC110 - no event of ours
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        for _ in range(_LOOKS_AT_FILES):  # the browser of a killed guard writes for a moment more
            if self._folder is None or not self._folder.exists():
                return
            shutil.rmtree(self._folder, ignore_errors=True)
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
