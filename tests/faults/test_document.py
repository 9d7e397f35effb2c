"""The documented matrix is the one that is tested."""

from tests.faults.document import FILE, document
from tests.faults.rows import GROUPS


def test_the_document_is_up_to_date() -> None:
    """``python -m tests.faults`` would change nothing."""
    text = FILE.read_text()
    assert text == document(text)


def test_names_are_unique() -> None:
    """A row is found by the name of its fault."""
    names = [row.name for rows in GROUPS.values() for row in rows]
    assert len(names) == len(set(names))
