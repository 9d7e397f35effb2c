"""Memory of a crawl that meets large pages: one is read at a time, and with a bound."""

import time
from pathlib import Path

import pytest

from tests.replica.serve import serve
from tests.replica.site import Site
from tests.world import Run, Trouble, World

MOST = 600
"""MB that a run and all that it has started may have."""
PAGES = 12


@pytest.mark.soak
def test_twelve_large_pages(tmp_path: Path) -> None:
    """12 pages of 14 MB: the run takes less than 600 MB, and says of each why it is refused."""
    with serve(Site(seed=5, articles=PAGES)) as replica:
        world = World(tmp_path, replica)
        orders = [{"name": "long", "path": "/read/", "megabytes": 14}]
        run = world.begin(Trouble(orders=orders))
        peak = peak_memory(run)
        done = world.end(run)
    refused = list(world.data_dir.glob("rejected/*.json"))
    print(f"{peak:.0f} MB at most; {len(refused)} pages refused")
    assert done.status in (0, 7), done
    assert peak < MOST


def peak_memory(run: Run) -> float:
    """Return the most MB of a run and its processes together, looked at 20 times a second."""
    peak = 0.0
    while run.process.poll() is None:
        peak = max(peak, sum(map(memory, family(run.process.pid))))
        time.sleep(0.05)
    return peak


def family(pid: int) -> list[int]:
    """Return a process and all that it has started."""
    found = [pid]
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in text(path).split():
            found += family(int(child))
    return found


def memory(pid: int) -> float:
    """Return the MB of a process, what it shares counted in part."""
    kilobytes = [
        line.split()[1]
        for line in text(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
        if line.startswith("Pss:")
    ]
    return sum(map(int, kilobytes)) / 1024


def text(path: Path) -> str:
    """Return what the kernel tells; nothing of a process that has just ended."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
