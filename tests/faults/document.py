"""``docs/faults.md``, made from the rows that the tests drive."""

from collections.abc import Iterator
from typing import Final

from tests.crawls import ROOT
from tests.faults.commands import COMMANDS, CommandRow
from tests.faults.row import Row
from tests.faults.rows import GROUPS
from tests.world import EVERY

FILE: Final = ROOT / "docs" / "faults.md"
MARK: Final = "<!-- Made by `python -m tests.faults` from tests/faults/rows/ -->"
_HEAD: Final = (
    "| Fault | How it is planted | Exit status | New articles had | Lost | Doubled | Next run |\n"
    "|---|---|---|---|---|---|---|"
)


_COMMANDS: Final = (
    "\n## Commands of the data set\n\n"
    "These rows are calls of `kompascrawler` on a data folder. A call that fails says one line;\n"
    "afterwards every article is there, in the one that was damaged after `verify --repair`.\n\n"
    "| Fault | How it is planted | Exit status |\n|---|---|---|"
)


def tables() -> str:
    """Return the tables of all rows, a heading for each group."""
    groups = [f"\n## {group}\n\n{_HEAD}\n{_lines(rows)}" for group, rows in GROUPS.items()]
    lines = "\n".join(f"| {' | '.join(_cells_of_commands(row))} |" for row in COMMANDS)
    return "\n".join([*groups, f"{_COMMANDS}\n{lines}"])


def document(text: str) -> str:
    """Return the document with its tables made anew: what stands below the mark."""
    head, mark, _ = text.partition(MARK)
    assert mark, f"{FILE} has lost its mark"
    return f"{head}{MARK}\n{tables()}\n"


def _lines(rows: tuple[Row, ...]) -> str:
    return "\n".join(f"| {' | '.join(_cells(row))} |" for row in rows)


def _cells(row: Row) -> Iterator[str]:
    yield row.name
    yield row.planted
    yield f"{row.status:d}" if row.status >= 0 else f"none: signal {-row.status}"
    yield "some" if row.had is None else f"{row.had} of {row.new}"
    # That these are 0 is what every row is tested for.
    yield "0"
    yield "0"
    yield f"completes, {_time(row.wait)} later"


def _cells_of_commands(row: CommandRow) -> Iterator[str]:
    yield row.name
    yield row.planted
    statuses = dict.fromkeys(row.statuses.values())
    yield "; ".join(
        f"{status:d}: {', '.join(name for name, one in row.statuses.items() if one == status)}"
        for status in statuses
    )


def _time(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if seconds <= EVERY * 2 else f"{minutes // 60} hours"
