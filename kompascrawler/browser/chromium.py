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
INSTALL_HEADED = (
    "BROWSER_HEADED wants one with windows: install it with `playwright install chromium`, or on "
    "Debian with `apt install chromium`, or name one: BROWSER_EXECUTABLE=/path"
)
"""What to do where none is found whose window could be shown."""
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
_WORDS = re.compile(r"^\[pid=\d+\]\[err\] (.*\S)", re.MULTILINE)
"""Its output among what Playwright tells of a start that failed."""
_QUERY = re.compile(r"(://[^\s?]*\?)\S+")
"""What follows an address may be the key to a browser that runs elsewhere."""
_MOST_SHOWN = 200


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
    raise BrowserMissing(f"no Chromium is installed: {INSTALL_HEADED if headed else INSTALL}")


def is_sandbox_denied(message: str) -> bool:
    """Tell whether a Chromium ended at its start because it could not build its sandbox.

    ``message`` holds its output, as Playwright passes it on.
    """
    return _DENIED.search(message) is not None


def last_words(message: str) -> str:
    r"""Return why a browser did not start, in one line: its last words, or else Playwright's.

    >>> last_words("launch: closed\n[pid=7][err] no libnss3.so\nCall log:")
    'no libnss3.so'
    >>> last_words("connect_over_cdp: Invalid URL\nCall log:")
    'connect_over_cdp: Invalid URL'
    """
    written = _WORDS.findall(message)
    words = written[-1] if written else message.partition("\n")[0]
    return _QUERY.sub(r"\1…", words)[:_MOST_SHOWN]


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
