"""Which Chromium is run."""

from pathlib import Path

import pytest

from kompascrawler.browser.chromium import find_chromium, is_sandbox_denied, last_words
from kompascrawler.browser.request import BrowserMissing

OWN = "chromium-1255/chrome-linux64/chrome"
OWN_SHELL = "chromium_headless_shell-1255/chrome-headless-shell-linux64/chrome-headless-shell"
SYSTEM = ("chromium-headless-shell", "chromium", "google-chrome")


@pytest.mark.parametrize(
    ("installed", "headed", "expected"),
    [
        ((OWN, OWN_SHELL, *SYSTEM), False, OWN_SHELL),
        ((OWN, *SYSTEM), False, "chromium-headless-shell"),
        ((OWN, "chromium", "google-chrome"), False, OWN),
        (("chromium", "google-chrome"), False, "chromium"),
        (("google-chrome",), False, "google-chrome"),
        ((OWN, OWN_SHELL, *SYSTEM), True, OWN),
        (SYSTEM, True, "chromium"),
    ],
)
def test_order(tmp_path: Path, installed: tuple[str, ...], *, headed: bool, expected: str) -> None:
    """Headless shells come first, Playwright's own before the system's; shown ones are none."""
    for name in installed:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    def which(name: str) -> str | None:
        return str(tmp_path / name) if (tmp_path / name).is_file() else None

    found = find_chromium(None, tmp_path / OWN, headed=headed, which=which)
    assert found == str(tmp_path / expected)


def test_explicit_wins(tmp_path: Path) -> None:
    """What the operator names is run, whatever else is there."""
    path = find_chromium("/bin/mine", tmp_path / OWN, which=lambda name: name)
    assert path == "/bin/mine"


@pytest.mark.parametrize("explicit", [None, "/bin/mine"])
def test_missing(tmp_path: Path, explicit: str | None) -> None:
    """Without any, the error says how to install one; a wrong name is never replaced."""
    with pytest.raises(BrowserMissing, match="playwright install --only-shell chromium"):
        find_chromium(explicit, tmp_path / OWN, which=lambda _: None)


def test_missing_to_be_seen(tmp_path: Path) -> None:
    """Where only a headless shell is there, a window is asked for in vain: another is needed."""
    with pytest.raises(
        BrowserMissing, match=r"BROWSER_HEADED needs .*`playwright install chromium"
    ):
        find_chromium(None, tmp_path / OWN, headed=True, which={SYSTEM[0]: SYSTEM[0]}.get)


def test_last_words() -> None:
    """The last line of the browser's own says what it died of; it is cut where it is long."""
    lines = ["dbus is missing", "libnss3.so: cannot open", ""]
    told = "launch: closed\n" + "\n".join(f"[pid=20][err] {line}" for line in lines)
    assert last_words(f"{told}\nCall log:\n  - [pid=20] <kill>") == "libnss3.so: cannot open"
    assert len(last_words("x" * 999)) == 200
    assert last_words("no answer of wss://host/a?token=secret at all") == (
        "no answer of wss://host/a?… at all"
    )


@pytest.mark.parametrize(
    ("line", "is_denied"),
    [
        (
            "ERROR:content/browser/zygote_host/zygote_host_impl_linux.cc:128] No usable sandbox!",
            True,
        ),
        ("FATAL:content/browser/zygote_host/zygote_host_impl_linux.cc:221] Check failed", True),
        ("FATAL:sandbox/linux/services/credentials.cc:137] Check failed: . : Function not", True),
        ("FATAL:base/memory/platform_shared_memory_region.cc:9] Check failed: no space", False),
        ("<launching> /srv/sandbox/chromium --headless", False),
    ],
)
def test_denied_sandbox(line: str, *, is_denied: bool) -> None:
    """A Chromium that may not build its sandbox is told from one that dies of something else."""
    assert is_sandbox_denied(f"Target closed\n<launched> pid=20\n[err] {line}\n") is is_denied
