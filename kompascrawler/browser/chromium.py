"""Which Chromium to run, and what keeps one from starting."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from kompascrawler.browser.request import BrowserMissing

_SYSTEM_SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
_SYSTEM_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# What to do if there is no Chromium, none with windows, no Playwright, no sandbox.
INSTALL = (
    "install one with `playwright install --only-shell chromium`, or on Debian with "
    "`apt install chromium-headless-shell`, or name one: BROWSER_EXECUTABLE=/path"
)
INSTALL_HEADED = (
    "BROWSER_HEADED needs one with windows: install it with `playwright install chromium`, or on "
    "Debian with `apt install chromium`, or name one: BROWSER_EXECUTABLE=/path"
)
INSTALL_PLAYWRIGHT = "Playwright is not installed: in the checkout, pip install '.[browser]'"
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
