"""Runs of `scrapy` in a process of its own, against the replica."""

import json
import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from kompascrawler.store.database import FILE_NAME

ROOT = Path(__file__).resolve().parents[1]
TIME_LIMIT = 240
"""Seconds after which a run counts as hanging."""
AT_ONCE = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "RETRY_TIMES": 0,
    "REVISIT_AFTER": "",
    "PARQUET_EVERY_SECONDS": 0,
}
"""Settings for a replica that needs no politeness, whose articles have any age, and for what nobody
reads as a table."""

COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
"""Environment of what is measured: modules are compiled once, as where the program is installed."""


class Finished(NamedTuple):
    """How a command ended."""

    status: int
    output: str
    errors: str

    @property
    def verdict(self) -> dict[str, Any]:
        """The last line of standard output."""
        told: dict[str, Any] = json.loads(self.output.splitlines()[-1])
        return told


def scrapy_command(*args: str, settings: Mapping[str, Any] | None = None) -> list[str]:
    """Return the command line of `scrapy` in this environment."""
    options = [f"-s{name}={value}" for name, value in (settings or {}).items()]
    return [sys.executable, "-m", "scrapy", *args, *options]


def scrapy(
    *args: str,
    env: Mapping[str, str] | None = None,
    settings: Mapping[str, Any] | None = None,
    lacking: str | None = None,
    largest_file: int | None = None,
) -> Finished:
    """Run `scrapy` in the project to its end, without a library or with a bound on files."""
    command = scrapy_command(*args, settings=settings)
    if lacking is not None:
        script = f"import sys, scrapy.cmdline as c; sys.modules[{lacking!r}] = None; c.execute()"
        command[1:3] = ["-c", script]
    limits = (largest_file or 0, largest_file or 0)
    limited = partial(resource.setrlimit, resource.RLIMIT_FSIZE, limits) if largest_file else None
    # What is left of a compiled module would be taken for all of it.
    compiling = {"PYTHONDONTWRITEBYTECODE": "1"} if largest_file else {}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **(env or {}), **compiling},
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        check=False,
        preexec_fn=limited,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def crawl(env: Mapping[str, str], data_dir: Path, *args: str, **settings: Any) -> Finished:
    """Run `scrapy crawl kompas_global` into a data folder, without waiting between requests."""
    chosen = AT_ONCE | {"DATA_DIR": data_dir} | settings
    return scrapy("crawl", "kompas_global", *args, env=env, settings=chosen)


def make_all_due(data_dir: Path) -> None:
    """Let the waiting times of all failures and of all hosts left alone be over."""
    with closing(sqlite3.connect(data_dir / FILE_NAME)) as db, db:
        db.execute("UPDATE link SET next_try = 0")
        db.execute("UPDATE breaker SET next_probe = '2020-01-01T00:00:00+00:00'")


def records(data_dir: Path) -> list[dict[str, Any]]:
    """Return every published record, oldest article and revision first."""
    return sorted(_lines(data_dir), key=lambda record: (record["id"], record["revision"]))


def _lines(data_dir: Path) -> Iterator[dict[str, Any]]:
    for path in data_dir.glob("articles/*/*.jsonl"):
        for line in path.read_text().splitlines():
            yield json.loads(line)
