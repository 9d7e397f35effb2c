"""What our commands share."""

import argparse
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from scrapy.utils.project import get_project_settings

from kompascrawler.command import LazyCommand


def run(name: str, *args: str, **settings: Any) -> None:
    """Run a command in this process."""
    command: LazyCommand = import_module(f"kompascrawler.commands.{name}").Command()
    command.settings = get_project_settings()
    command.settings.setdict(settings, priority="cmdline")
    parser = argparse.ArgumentParser()
    parser.add_argument("args", nargs="*")
    command.add_options(parser)
    opts = parser.parse_args(args)
    command.run(opts.args, opts)


@pytest.mark.parametrize("section", ["nope", "any,global", ""])
@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("status", ()),
        ("coverage", ()),
        ("coverage", ("--since", "2026-11-01", "--backfill")),
        ("report", ("out.html",)),
        ("replay", ("--warc", "none.warc.gz")),
    ],
)
def test_a_section_that_is_none(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    name: str,
    args: tuple[str, ...],
    section: str,
) -> None:
    """Whatever command is given it ends with status 2 and a line that says what is accepted."""
    with pytest.raises(SystemExit) as ended:
        run(name, *args, SECTION=section, DATA_DIR=str(tmp_path))
    assert ended.value.code == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert f"{name}: SECTION={section}: accepted is one or more of global, nasional" in last


def test_ctrl_c(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line and a status, whatever the command is at."""
    interrupted = Mock(side_effect=KeyboardInterrupt)
    monkeypatch.setattr("kompascrawler.dataset.command_line.publish", interrupted)
    with pytest.raises(SystemExit) as ended:
        run("publish", DATA_DIR=str(tmp_path))
    said = "publish: interrupted: publish again\n"
    assert (ended.value.code, capsys.readouterr().err.endswith(said)) == (130, True)
