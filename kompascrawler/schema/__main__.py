"""Write what is generated from the record anew: ``python -m kompascrawler.schema``."""

from kompascrawler.schema import SCHEMA_FILE, schema_text
from kompascrawler.schema.duckdb import SQL_FILE, macros

if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
    SQL_FILE.write_text(macros(), encoding="utf-8")
