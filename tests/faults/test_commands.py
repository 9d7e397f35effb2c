"""Each fault of the data set's commands: a line that says what to do, a status, nothing lost."""

import argparse
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest
from scrapy.settings import Settings

from kompascrawler import settings
from kompascrawler.command import LazyCommand
from kompascrawler.dataset.repair import repair
from kompascrawler.dataset.verify import verify
from tests.dataset.folders import NUMBERS, publish
from tests.faults.commands import COMMANDS, FINE, GIVEN, USAGE, CommandRow
from tests.store.published import published_ids

GIVES: Final = {
    "follow": "2026-11-12-", "export": "2026-11-12-000001170", "data-card": "| Articles | 7 |",
    "replay --warc": "passed over: too large",
}  # fmt: skip
"""What a command that reads everything gives somewhere."""


def run(name: str, data_dir: Path, port: object) -> int:
    """Run a command in this process; return its exit status."""
    command: LazyCommand = import_module(
        f"kompascrawler.commands.{name.partition(' ')[0]}"
    ).Command()
    command.settings = Settings()
    command.settings.setmodule(settings)
    command.settings.set("DATA_DIR", str(data_dir))
    parser = argparse.ArgumentParser()
    command.add_options(parser)
    places = {
        "OUT": str(data_dir.with_name("out")), "DATA": str(data_dir), "PORT": str(port),
        "ELSEWHERE": str(data_dir.with_name("elsewhere")),
    }  # fmt: skip
    given = list(GIVEN.get(name, ()))
    for word, place in places.items():
        given = [one.replace(word, place) for one in given]
    options, arguments = parser.parse_known_args(given)
    try:
        command.run(arguments, options)
    except SystemExit as end:
        return int(str(end.code))
    return command.exitcode


@pytest.mark.parametrize(
    ("row", "name"),
    [(row, name) for row in COMMANDS for name in row.statuses],
    ids=lambda one: one.name if isinstance(one, CommandRow) else one,
)
def test_row(
    row: CommandRow, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The status, one line on standard error, and afterwards every article is there."""
    data_dir = tmp_path / "data"
    publish(data_dir, "run", *NUMBERS)
    whole = published_ids(data_dir).keys()
    with row.plant(data_dir) as port:
        status = run(name, data_dir, port)
    said = capsys.readouterr()
    told = [line for line in said.err.splitlines() if ": data folder " not in line]
    assert (status, "Traceback" in said.err) == (row.statuses[name], False), said
    if status != FINE:
        # These two give what they have found as their answer.
        is_told = name in ("verify", "replay --warc") and said.out
        lines = [said.out.splitlines()[-1]] if is_told else told
        assert len(lines) == 1
        assert row.says in f"{lines[0]}{said.out}"
        assert [path.name for path in tmp_path.iterdir() if path.name != "elsewhere"] in (
            ["data"],
            [],
        )
    elif name in GIVES and row.name not in ("Lock held", "Another folder"):
        out = tmp_path / "out.csv"
        assert GIVES[name] in (out.read_text() if out.exists() else said.out)
    if status == USAGE or not data_dir.exists():
        return
    repair(data_dir, "repair")
    assert verify(data_dir).findings == []
    if row.name not in ("Damaged file", "Lost file", "Another folder"):
        assert published_ids(data_dir).keys() == whole


def test_an_article_is_taken_down_where_there_are_several_sections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where there is one."""
    publish(tmp_path / "data", "run", *NUMBERS)
    monkeypatch.setattr(settings, "SECTION", "global,money")
    assert run("forget", tmp_path / "data", 0) == FINE
    assert verify(tmp_path / "data").findings == []
