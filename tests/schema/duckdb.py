"""The types of a published line in DuckDB's words, generated from the record's own dataclasses.

Whoever reads the files without them lets the reader guess types from the first files that it
meets: what is null in all of those (``duplicate_of``, ``updated_at``) DuckDB then takes for null
everywhere, without a word.
"""

from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from kompascrawler.items import SCHEMA_VERSION, Article
from tests.crawls import ROOT

SQL_FILE: Final = ROOT / "kompascrawler" / "schema" / f"article-{SCHEMA_VERSION}.duckdb.sql"
"""The committed macros."""

_TIMES: Final = frozenset(
    {"published_at", "updated_at", "deleted_at", "first_seen_at", "crawled_at"}
)
_SIMPLE: Final = {str: "VARCHAR", int: "INTEGER", float: "DOUBLE", bool: "BOOLEAN"}
_MACROS: Final = """\
-- The published articles for DuckDB, with the types of schema {version}. `make schema` writes this.
--   from articles('data')    each article once, in its newest revision; deleted ones are left out
--   from revisions('data')   every line

create or replace macro revisions(data_dir) as table
select * from read_json(
    data_dir || '/articles/*/*.jsonl',
    format = 'newline_delimited',
    hive_partitioning = true,
    hive_types = {{published_date: DATE}},
    columns = {{
        {columns}
    }}
)
-- Files that were compacted lie beside the new one for a while.
qualify row_number() over (partition by published_date, id, revision) = 1;

create or replace macro articles(data_dir) as table
from revisions(data_dir)
qualify row_number() over (partition by published_date, id order by revision desc) = 1
    and deleted_at is null;
"""


def macros() -> str:
    """Return the macros as they stand in ``SQL_FILE``."""
    hints = get_type_hints(Article)
    columns = ",\n        ".join(
        f"{name}: '{'TIMESTAMPTZ' if name in _TIMES else _type(hint)}'"
        for name, hint in hints.items()
    )
    return _MACROS.format(version=SCHEMA_VERSION, columns=columns)


def _type(hint: Any) -> str:
    """Return DuckDB's type for that of a field; every one may be null there."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (UnionType, Union):
        return _type(next(kind for kind in arguments if kind is not NoneType))
    if origin is Literal:
        return _type(type(arguments[0]))
    if origin is list:
        return f"{_type(arguments[0])}[]"
    if origin is dict:
        return f"MAP({', '.join(map(_type, arguments))})"
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        members = (f'"{field.name}" {_type(hints[field.name])}' for field in fields(hint))
        return f"STRUCT({', '.join(members)})"
    return _SIMPLE[hint]
