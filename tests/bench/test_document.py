"""Sections of docs/benchmarks.md."""

from pathlib import Path

import pytest

from tests.bench.document import write

TEXT = "# Title\n\n<!-- a -->\n\nold\n\n<!-- end of a -->\n\n<!-- b -->\nkept\n<!-- end of b -->\n"


def test_a_section_is_written_whole_and_others_stay(tmp_path: Path) -> None:
    r"""What is new may hold backslashes (``\1``), which are none of a pattern."""
    path = tmp_path / "benchmarks.md"
    path.write_text(TEXT, encoding="utf-8")
    write("a", [r"new \1", "| 1.02 |"], path)
    expected = TEXT.replace("old", "new \\1\n| 1.02 |")
    assert path.read_text(encoding="utf-8") == expected


def test_a_section_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """And the file stays as it is."""
    path = tmp_path / "benchmarks.md"
    path.write_text(TEXT, encoding="utf-8")
    with pytest.raises(ValueError, match="no section c"):
        write("c", ["new"], path)
    assert path.read_text(encoding="utf-8") == TEXT
