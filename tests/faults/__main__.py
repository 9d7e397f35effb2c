"""``python -m tests.faults``: write the tables of ``docs/faults.md`` anew from the rows."""

from tests.faults.document import FILE, document

FILE.write_text(document(FILE.read_text()))
