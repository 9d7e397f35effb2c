"""What docs/drift.md says is so."""

import re
from pathlib import Path

from kompascrawler.drift.judge import FEWEST
from kompascrawler.drift.measures import FALSE_ALARM, LEARNED, LISTINGS, MEASURES, OF_TEMPLATE

DOC = (Path(__file__).parents[2] / "docs" / "drift.md").read_text()
TEXT = " ".join(DOC.split())


def test_every_cause_is_explained_and_no_other() -> None:
    """In a table, with what to do."""
    part = DOC.partition("## The causes\n")[2].partition("\n#")[0]
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| [^|]+ \|$", part, re.MULTILINE)
    measured = dict.fromkeys(measure.cause for measure in MEASURES.values())
    assert rows == ["Cause", *measured, "index markup changed", "front markup changed"]


def test_every_measure_is_named() -> None:
    """In the table of what is measured."""
    part = DOC.partition("## What is measured\n")[2].partition("\n#")[0]
    table = " ".join(line for line in part.splitlines() if line.startswith("|"))
    assert MEASURES.keys() | LISTINGS.keys() <= set(re.findall(r"`(\w+)`", table))


def test_the_figures_are_those_of_the_code() -> None:
    """How many pages, how seldom."""
    assert OF_TEMPLATE.hits == OF_TEMPLATE.of == 1000
    assert "1,000 of 1,000 pages" in TEXT
    assert FALSE_ALARM == 1e-6
    assert "once in a million" in TEXT
    assert f"Fewer than {FEWEST} article pages" in TEXT
    assert f"{LEARNED} pages at least" in TEXT
