"""Nothing leaves the browser but through us, whatever a page tries."""

import json
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from kompascrawler.browser import guard
from kompascrawler.browser.chromium import pids_in
from tests.browser.crawls import TIME_LIMIT, wait_for
from tests.crawls import ROOT

APART = ["unshare", "-Urnm"]
"""Runs a command in user, network and mount namespaces of its own."""


@pytest.fixture(scope="session")
def namespaces() -> None:
    """Skip where the kernel gives no namespaces, or nothing to build a network with."""
    build = "ip link add outside type veth peer name inside && mount --bind /etc /etc"
    try:
        subprocess.run([*APART, "sh", "-c", build], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no namespaces: {error}")


def arrived(layer: str, folder: Path) -> list[str]:
    """Return what arrives from hostile pages past so many of our measures."""
    result = folder / "result"
    command = [*APART, sys.executable, "-m", "tests.browser.isolated", layer, str(result)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: list[str] = json.loads(result.read_text())
    return found


def test_the_pages_would_get_out(chromium: None, namespaces: None, tmp_path: Path) -> None:
    """With a proxy and routes only, UDP, DNS and a proxy's port hear from the page."""
    kinds = {" ".join(line.split()[:2]) for line in arrived("nothing", tmp_path)}
    assert kinds >= {"udp 53", "udp 3478"}


@pytest.mark.parametrize(
    "layer",
    [
        "no namespace",
        *(pytest.param(layer, marks=pytest.mark.soak) for layer in ("flags", "everything")),
    ],
)
def test_nothing_arrives(chromium: None, namespaces: None, tmp_path: Path, layer: str) -> None:
    """Flags hold alone; so does a crawl, with or without a network namespace for its browser."""
    assert arrived(layer, tmp_path) == []


@pytest.mark.parametrize("network", [guard.NO_NETWORK, "shared"])
def test_driver_s_network(namespaces: None, tmp_path: Path, network: str) -> None:
    """The driver and what it starts have a network namespace of their own unless told otherwise."""
    folder = tmp_path / "folder"
    folder.mkdir()
    command = [guard.__file__, str(psutil.Process().pid), str(folder), network, "sleep", "600"]
    with subprocess.Popen([sys.executable, "-IS", *command]) as process:
        pids = wait_for(lambda: pids_in(folder))
        own, driver = (Path(f"/proc/{pid}/ns/net").readlink() for pid in ("self", pids.driver))
        process.terminate()
    assert (own == driver) is (network == "shared")
