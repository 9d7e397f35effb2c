"""The crawl itself ends early: by a signal, or by a crash of ours."""

import signal
from pathlib import Path

import psutil
import pytest

from tests.browser.crawls import asked, wait_for
from tests.replica.serve import serve
from tests.replica.site import Site
from tests.world import World

pytestmark = pytest.mark.usefixtures("chromium")


@pytest.mark.parametrize(
    ("numbers", "status"),
    [
        ((signal.SIGTERM,), 143),
        ((signal.SIGINT, signal.SIGINT), 130),
        ((signal.SIGKILL,), -signal.SIGKILL),
    ],
    ids=["SIGTERM", "SIGINT twice", "SIGKILL"],
)
def test_nothing_is_left(tmp_path: Path, numbers: tuple[int, ...], status: int) -> None:
    """In the middle of an article: driver, browser and their files go with the crawl."""
    with serve(Site(seed=5, articles=1, halaman="script_pager")) as replica:
        replica.faults.add("slow", path="/halaman/", seconds=600.0)
        world = World(tmp_path, replica)
        run = world.begin()
        wait_for(lambda: asked(replica, "/halaman/"))
        below = psutil.Process(run.process.pid).children(recursive=True)
        assert world.leftovers()
        run.process.send_signal(numbers[0])
        for number in numbers[1:]:  # two at the same moment are one
            wait_for(lambda: "Ending the run" in Path(run.errors.name).read_text())
            run.process.send_signal(number)
        assert world.end(run).status == status
    assert not psutil.wait_procs(below, timeout=10)[1]
    assert not world.leftovers()
