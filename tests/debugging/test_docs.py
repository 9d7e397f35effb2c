"""What docs/debug.md shows is what happens."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from kompascrawler.debugging.command_line import PageService
from kompascrawler.debugging.shell import Helpers
from tests.crawls import ROOT

DOCS = (ROOT / "docs" / "debug.md").read_text()


def test_the_worked_example(tmp_path: Path) -> None:
    """The commands that plant and find a broken selector show what the manual says they do."""
    example = DOCS.partition("```console\n")[2].partition("```")[0].splitlines()
    commands = [line.removeprefix("$ ") for line in example if line.startswith("$ ")]
    expected = [line for line in example if not line.startswith("$ ")]
    for name in ("kompascrawler", "tests/pages/by_hand"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    shutil.copy(ROOT / "scrapy.cfg", tmp_path)
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        ["bash", "-euc", "\n".join(commands).replace("python -m", f"{sys.executable} -m")],
        cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    shown = "".join(f"{line}\n" for line in expected).split("…\n")
    pattern = r"(?:.*\n)*".join(map(re.escape, shown))
    assert re.match(pattern, done.stdout), done.stdout


def test_every_helper_is_in_the_table() -> None:
    """The manual lists what the shell lists."""
    settings = {"DATA_DIR": "x", "SECTION": "global", "USER_AGENT": "x", "HALAMAN_ROUTE": "auto"}
    named = set(re.findall(r"^\| `(\w+)\(", DOCS, re.MULTILINE))
    assert named == Helpers(PageService(settings), {}).all().keys()
