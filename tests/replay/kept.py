"""A data folder whose pages were kept, and replays of it in this process."""

import argparse
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from scrapy.settings import Settings

from kompascrawler.commands.replay import Command
from kompascrawler.pages.elements import KINDS
from kompascrawler.pages.read import ReadFields
from kompascrawler.replay.command_line import replay
from tests.crawls import crawl
from tests.replica.serve import serve
from tests.replica.site import Site

NO_BROWSER: Final = {"BROWSER_EXECUTABLE": "/nowhere"}
SHARES: Final = dict.fromkeys(
    (
        *("normal", "ten_pages", "all_is_first", "all_first_numbers_work", "out_of_order"),
        *("numbers_are_first", "missing_404", "missing_500", "script_pager"),
    ),
    1.0,
)
"""Pages at once, by number, declared only, and missing ones."""


def fill(data_dir: Path, articles: int, shares: Any = SHARES, **settings: Any) -> None:
    """Crawl so many articles into a folder, and keep their pages."""
    with serve(Site(seed=5, articles=articles, halaman=shares)) as replica:
        crawl(replica.env, data_dir, WARC_ENABLED=True, PUBLISH_EVERY_ITEMS=25, **settings)


def copied(folder: Path, to: Path) -> Path:
    """Return a copy of a data folder that may be changed."""
    return Path(shutil.copytree(folder, to / "data"))


def command(data_dir: Path | str, *given: str) -> tuple[Command, list[str], argparse.Namespace]:
    """Return the command with its arguments and options."""
    made, parser = Command(), argparse.ArgumentParser()
    made.settings = Settings()
    made.settings.setmodule("kompascrawler.settings")
    made.settings.set("DATA_DIR", str(data_dir))
    for option in made.options:
        parser.add_argument(option.name, **option.about)
    parser.add_argument("arguments", nargs="*")
    # In this process, which has the planted faults.
    opts = parser.parse_args(given if "--scheduler" in given else ("--workers", "1", *given))
    return made, opts.arguments, opts


def report(
    capsys: pytest.CaptureFixture[str], data_dir: Path | str, *given: str, status: int = 0
) -> dict[str, Any]:
    """Return what a replay tells programs."""
    assert replay(*command(data_dir, "--json", *given)) == status
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


@contextmanager
def planted(name: str) -> Iterator[None]:
    """Have a fault in what reads pages: topics are not found, or headings not told from text."""
    with pytest.MonkeyPatch.context() as patch:
        if name == "topic":
            patch.setattr(ReadFields, "topic", None)
        else:
            for tag in ("h2", "h3"):
                patch.setitem(KINDS, tag, None)
        yield


def affected(name: str, record: dict[str, Any]) -> bool:
    """Tell whether a fault concerns a record."""
    if name == "topic":
        return record["topic"] is not None
    return any(block["type"] == "heading" for block in record["blocks"])


def endless(*_: object) -> None:
    """Take the place of what reads an article, and end too late."""
    time.sleep(60)
