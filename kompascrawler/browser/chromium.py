"""Which Chromium to run, and what keeps one from starting."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from kompascrawler.browser.errors import BrowserMissing

_SYSTEM_SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
_SYSTEM_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = (
    "install one with `playwright install --only-shell chromium`, or on Debian with "
    "`apt install chromium-headless-shell`, or name one: BROWSER_EXECUTABLE=/path"
)
"""What to do where none is found."""
INSTALL_PLAYWRIGHT = "Playwright is not installed: pip install 'kompascrawler[browser]'"
"""What to do where Playwright is missing."""
ALLOW_SANDBOX = "docs/operate.md, section The browser's sandbox, says what to allow"
"""What to do where a Chromium that is not root's cannot start."""
NO_SANDBOX = (
    "Chromium may not build its sandbox here: kernel or container deny it user namespaces or "
    f"chroot; {ALLOW_SANDBOX}"
)
"""That, and why."""
_DENIED = re.compile(r"No usable sandbox|FATAL:[^\n]*\b(sandbox|zygote_host)/")
"""Last words of such a Chromium, seen where clone fails with EPERM, with ENOSYS, and chroot."""


def find_chromium(
    explicit: str | None,
    own: Path,
    *,
    headed: bool = False,
    which: Callable[[str], str | None] = shutil.which,
) -> str:
    """Return the path of the Chromium to run: explicit, a headless shell, any other.

    ``own`` is where Playwright keeps its full Chromium (whether it is there or not). A shown
    browser is never a headless shell. Raises ``BrowserMissing`` with what to do.
    """
    if explicit:
        if found := which(explicit):
            return found
        raise BrowserMissing(f"BROWSER_EXECUTABLE={explicit} is no program; {INSTALL}")
    for path in _candidates(own, headed=headed, which=which):
        return path
    raise BrowserMissing(f"no Chromium is installed: {INSTALL}")


def is_sandbox_denied(message: str) -> bool:
    """Tell whether a Chromium ended at its start because it could not build its sandbox.

    ``message`` holds its output, as Playwright passes it on.
    """
    return _DENIED.search(message) is not None


def _candidates(own: Path, *, headed: bool, which: Callable[[str], str | None]) -> Iterator[str]:
    if not headed:
        yield from map(str, _own_shells(own))
        yield from filter(None, map(which, _SYSTEM_SHELLS))
    if own.is_file():
        yield str(own)
    yield from filter(None, map(which, _SYSTEM_BROWSERS))


def _own_shells(own: Path) -> list[Path]:
    """Return Playwright's headless shell of the same revision, if it is installed.

    It lies beside the full browser: ``chromium-1255/<system>/chrome`` and
    ``chromium_headless_shell-1255/<system>/chrome-headless-shell``.
    """
    folder = own.parents[1]
    shell = folder.with_name(folder.name.replace("chromium-", "chromium_headless_shell-"))
    return [path for path in sorted(shell.glob("*/*headless*shell*")) if path.is_file()]
