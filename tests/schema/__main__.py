"""Write anew what is generated from the code (``make schema``): ``python -m tests.schema``."""

from tests.configuration import document
from tests.schema.duckdb import SQL_FILE, macros
from tests.schema.json_schema import SCHEMA_FILE, schema_text

if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
    SQL_FILE.write_text(macros(), encoding="utf-8")
    document.DOCUMENT.write_text(document.text(), encoding="utf-8")
