"""Write the JSON Schema of the record anew: ``python -m kompascrawler.schema``."""

from kompascrawler.schema import SCHEMA_FILE, schema_text

if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
