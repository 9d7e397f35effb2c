"""Faults that are no answer of the site: of disk, data folder and machine, and errors of ours."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Final

import pytest

from kompascrawler import settings
from kompascrawler.store.database import FILE_NAME
from tests.cloud.bucket import failing
from tests.conftest import remount
from tests.world import Signal, Trouble, World

MORTAL_BROWSER: Final = Path(__file__).with_name("mortal_browser.sh")
"""A browser that is killed 0.3 seconds after its start."""


@contextmanager
def busy_machine(_: World | None = None) -> Iterator[None]:
    """Keep the processors busy with two loops each beside the crawl."""
    loops = range(2 * (os.cpu_count() or 1))
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in loops]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


@contextmanager
def _disk_of_its_own(folder: Path) -> Iterator[None]:
    """Put a folder on a disk of 2 MB for a while, with what it holds."""
    aside = folder.with_name("aside")
    folder.rename(aside)
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a small disk")
    try:
        shutil.copytree(aside, folder, dirs_exist_ok=True)
        yield
        shutil.rmtree(aside)
        shutil.copytree(folder, aside)
    finally:
        subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()
    aside.rename(folder)


@contextmanager
def full_disk(world: World) -> Iterator[None]:
    """Fill the disk that the data folder is on, up to the last few KB."""
    with _disk_of_its_own(world.data_dir):
        filler = world.data_dir.parent / "data" / "filler"
        filler.write_bytes(bytes(shutil.disk_usage(world.data_dir).free - 16_000))
        yield
        filler.unlink()


def failing_bucket(
    status: int, code: str, seconds: float = 0
) -> Callable[[World], AbstractContextManager[None]]:
    """Return what has every request to the bucket answered with a status, after a time."""

    @contextmanager
    def arranged(_: World) -> Iterator[None]:
        with failing(status, code, seconds=seconds) as address, pytest.MonkeyPatch.context() as env:
            env.setenv("AWS_ENDPOINT_URL", address)
            yield

    return arranged


@contextmanager
def read_only(world: World) -> Iterator[None]:
    """Make the disk that the data folder is on one that nothing can be written to."""
    with _disk_of_its_own(world.data_dir):
        remount(world.data_dir, "ro")
        try:
            yield
        finally:
            remount(world.data_dir, "rw")


@contextmanager
def file_for_folder(world: World) -> Iterator[None]:
    """Put a file where the data folder is."""
    aside = world.data_dir.with_name("aside")
    world.data_dir.rename(aside)
    world.data_dir.write_text("")
    yield
    world.data_dir.unlink()
    aside.rename(world.data_dir)


@contextmanager
def fifo_for_lock(world: World) -> Iterator[None]:
    """Put a fifo where the lock is."""
    (world.data_dir / "lock").unlink()
    os.mkfifo(world.data_dir / "lock")
    yield
    (world.data_dir / "lock").unlink()


@contextmanager
def card_of_the_same_name(world: World) -> Iterator[None]:
    """Let the run of before have had the name ``again``."""
    (card,) = (world.data_dir / "runs").glob("*.json")
    card.rename(card.with_name("again.json"))
    yield


def changed_store(
    change: Callable[[Path], None],
) -> Callable[[World], AbstractContextManager[None]]:
    """Return what changes the database file, and puts the old one back afterwards."""

    @contextmanager
    def arrange(world: World) -> Iterator[None]:
        path = world.data_dir / FILE_NAME
        backup = world.data_dir.with_name("backup")
        shutil.copyfile(path, backup)
        change(path)
        yield
        for left in world.data_dir.glob(f"{FILE_NAME}*"):
            left.unlink()
        backup.rename(path)

    return arrange


def mended(
    damage: Callable[[Path], object],
) -> Callable[[World], AbstractContextManager[None]]:
    """Return what damages a data folder, and has `verify --repair` mend it afterwards."""

    @contextmanager
    def arrange(world: World) -> Iterator[None]:
        damage(world.data_dir)
        yield
        _repair(world)

    return arrange


@contextmanager
def older_store(world: World) -> Iterator[None]:
    """Put the store back as it was before a run; `verify --repair` mends it afterwards."""
    backup = world.data_dir.with_name("backup")
    shutil.copyfile(world.data_dir / FILE_NAME, backup)
    assert world.crawl().status == 0
    world.wait()
    for left in world.data_dir.glob(f"{FILE_NAME}*"):
        left.unlink()
    backup.rename(world.data_dir / FILE_NAME)
    yield
    _repair(world)


def _repair(world: World) -> None:
    assert world.scrapy("verify").status == 3
    done = world.scrapy("verify", "--repair")
    assert (done.status, done.output.splitlines()[-1][:6]) == (0, "Sound:"), done.output


def overwrite(path: Path) -> None:
    """Write over a part of the database, as a failing disk does."""
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 8192)


def cut_off(path: Path) -> None:
    """Take the second half of the database away."""
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def make_newer(path: Path) -> None:
    """Let the database be one that a later program has written."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")


@contextmanager
def another_run(world: World) -> Iterator[None]:
    """Have another run going on, in the middle of its work, until the one in question has ended."""
    stop = [Signal(signal.SIGSTOP, requests=2)]
    other = world.begin(Trouble(settings={"DOWNLOAD_DELAY": 0.5}, signals=stop))
    yield
    other.process.send_signal(signal.SIGCONT)
    outcome = world.end(other)
    assert outcome.status == 0, outcome.output


def with_addon(name: str) -> dict[str, str]:
    """Return the settings of a run with an add-on of the tests."""
    return {"ADDONS": json.dumps({**settings.ADDONS, f"tests.faults.breaking.{name}": 900})}
