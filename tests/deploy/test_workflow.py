"""The workflow of GitHub Actions."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.crawls import ROOT

PATH = ROOT / ".github" / "workflows" / "ci.yml"
WORKFLOW: dict[str, Any] = yaml.safe_load(PATH.read_text())
PROGRAMS = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        ("check-jsonschema", "--builtin-schema", "vendor.github-workflows"),
        ("zizmor", "--offline", "--quiet", "--config", ".github/zizmor.yml"),
    ],
    ids=["schema", "audit"],
)
def test_checkers_find_nothing(command: tuple[str, ...]) -> None:
    """It is valid by GitHub's schema, and an audit of its security has nothing to say."""
    done = subprocess.run(
        [PROGRAMS / command[0], *command[1:], PATH],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_may_only_read() -> None:
    """No job may write to the repository, and none keeps the right to."""
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert all("permissions" not in job for job in WORKFLOW["jobs"].values())


def test_pythons_are_those_that_are_supported() -> None:
    """The oldest of the matrix is the oldest that pyproject.toml takes."""
    (oldest,) = re.findall(r'requires-python = ">=(.+)"', (ROOT / "pyproject.toml").read_text())
    assert WORKFLOW["jobs"]["check"]["strategy"]["matrix"]["python"][0] == oldest


def test_runs_what_is_here() -> None:
    """The targets of make and the scripts that it names exist."""
    steps = [step for job in WORKFLOW["jobs"].values() for step in job["steps"]]
    commands = "\n".join(step.get("run", "") for step in steps)
    makefile = (ROOT / "Makefile").read_text()
    targets = [name for line in re.findall(r"make ([a-z ]+)", commands) for name in line.split()]
    scripts = re.findall(r"\.ci/[\w-]+", commands)
    assert set(targets) == {"setup", "axe", "pywb", "lint", "types", "test"}
    assert all(f"\n{target}:" in makefile for target in targets)
    assert scripts
    assert all((ROOT / script).is_file() for script in scripts)
