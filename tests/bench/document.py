"""docs/benchmarks.md: each benchmark writes a section of its own, whole, and leaves the others."""

import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests.crawls import ROOT

PATH: Final = ROOT / "docs" / "benchmarks.md"


def machine(*packages: str) -> str:
    """Return what a section says of where it was measured."""
    load = "/".join(f"{one:.1f}" for one in os.getloadavg())
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    versions = ", ".join((f"Python {platform.python_version()}", *packages))
    return f"{datetime.now(UTC):%Y-%m-%d}; {system}, load {load} at the end; {versions}."


def write(section: str, lines: Sequence[str], path: Path = PATH) -> None:
    """Put lines between the two marks of a section. Raises ValueError where there are none."""
    marks = f"<!-- {section} -->", f"<!-- end of {section} -->"
    text = path.read_text(encoding="utf-8")
    said = "\n".join((marks[0], "", *lines, "", marks[1]))
    pattern = f"{re.escape(marks[0])}.*?{re.escape(marks[1])}"
    text, found = re.subn(pattern, lambda _: said, text, flags=re.DOTALL)
    if found != 1:
        raise ValueError(f"{path} has no section {section}")
    path.write_text(text, encoding="utf-8")
