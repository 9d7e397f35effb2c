"""The ledger of days: appended, the last line counts, what is no line spoils nothing."""

from datetime import date
from pathlib import Path

import pytest

from kompascrawler.store.ledger import FILE_NAME, Day, Ledger
from kompascrawler.store.model import StoreError

FIRST, SECOND = date(2026, 11, 24), date(2026, 11, 25)
LOOKED = Day(
    day=FIRST, section="global", listed=3, have=2, missing=("2026-11-24-100000170",),
    looked_at="2026-11-24T17:10:00+00:00",
)  # fmt: skip


def test_the_last_line_of_a_day_counts(tmp_path: Path) -> None:
    """A day that was looked at again has one state; other sections have theirs."""
    ledger = Ledger(tmp_path, "global")
    assert ledger.read() == {}
    ledger.append([Day(day=FIRST, section="global"), Day(day=SECOND, section="global")])
    Ledger(tmp_path, "any").append([Day(day=FIRST, section="any", closed=True)])
    ledger.append([LOOKED])
    assert ledger.read() == {FIRST: LOOKED, SECOND: Day(day=SECOND, section="global")}


@pytest.mark.parametrize(
    "junk",
    [
        '{"day": "2026-11-2',
        "[]",
        "null",
        '{"day": "2026-13-01", "section": "global"}',
        '{"day": 5, "section": "global"}',
        '{"day": "2026-11-24", "section": "global", "listed": 1, "have": 1, "missing": [],'
        ' "looked_at": "yesterday", "closed": true}',
        "\x00\x00",
    ],
)
def test_a_torn_or_edited_line_spoils_nothing(tmp_path: Path, junk: str) -> None:
    """It says nothing of any day, and the next line stands whole."""
    ledger = Ledger(tmp_path, "global")
    ledger.append([LOOKED])
    with (tmp_path / FILE_NAME).open("a") as file:
        file.write(junk)
    assert ledger.read() == {FIRST: LOOKED}
    ledger.append([Day(day=SECOND, section="global")])
    assert set(ledger.read()) == {FIRST, SECOND}


def test_fields_of_later_versions_pass(tmp_path: Path) -> None:
    """A line may hold more than this program knows."""
    ledger = Ledger(tmp_path, "global")
    ledger.append([LOOKED])
    path = tmp_path / FILE_NAME
    path.write_text(path.read_text().replace("{", '{"later": [1], ', 1))
    assert ledger.read() == {FIRST: LOOKED}


def test_a_ledger_that_cannot_be_read(tmp_path: Path) -> None:
    """The message says what to do."""
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(StoreError, match="What to do"):
        Ledger(tmp_path, "global").read()
