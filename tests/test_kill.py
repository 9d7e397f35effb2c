"""A crawl that is killed at any moment loses nothing, doubles nothing and tears no line."""

import os
import random
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.crawls import AT_ONCE, ROOT, crawl, scrapy_command
from tests.replica.serve import serve
from tests.replica.site import Site
from tests.store.published import drafts, published_files, published_ids

FASTEST_START = 0.6
"""Seconds in which no run has sent its first request yet, on a fast machine."""


def kill_crawls(data_dir: Path, *, kills: int, articles: int, seed: int) -> None:
    """Kill a crawl again and again while the site publishes; let the last one end; look."""
    chance = random.Random(seed)
    settings = AT_ONCE | {"DATA_DIR": data_dir, "PUBLISH_EVERY_ITEMS": 3, "DOWNLOAD_DELAY": 0.02}
    command = scrapy_command("crawl", "kompas_global", settings=settings)
    seen: dict[str, str] = {}
    ends: Counter[int] = Counter()
    with serve(Site(seed=seed, articles=articles)) as replica:
        for _ in range(kills):
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=os.environ | replica.env,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            time.sleep(FASTEST_START + chance.expovariate(1.0))
            process.send_signal(signal.SIGKILL)
            ends[process.wait()] += 1
            files = published_files(data_dir)
            assert seen.items() <= files.items(), "a published file changed or went away"
            seen = files
            replica.publish(chance.randrange(5))
        assert crawl(replica.env, data_dir).status == 0
        assert published_ids(data_dir) == {story.id: 1 for story in replica.site.stories}
    assert seen.items() <= published_files(data_dir).items()
    assert drafts(data_dir) == []
    assert ends[-signal.SIGKILL] >= kills // 2, f"too few runs were still going: {ends}"


def test_twelve_kills(tmp_path: Path) -> None:
    """At random moments: 0 lost, 0 doubled, 0 torn lines."""
    kill_crawls(tmp_path / "data", kills=12, articles=180, seed=20)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_two_hundred_kills(tmp_path: Path, seed: int) -> None:
    """The same 200 times, 40 a site."""
    kill_crawls(tmp_path / "data", kills=40, articles=600, seed=seed)
