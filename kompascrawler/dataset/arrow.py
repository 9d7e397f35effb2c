"""The articles as Arrow has them: one pinned schema, made of the record's own dataclasses.

``removed`` is a list of pairs, since Hugging Face `datasets` know no maps.
"""

from collections.abc import Iterable, Iterator
from dataclasses import is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from kompascrawler.dataset.lines import need
from kompascrawler.items import Article

if TYPE_CHECKING:
    import pyarrow as pa

PUBLISHED_DATE: Final = "published_date"
"""The column that no field gives: the day of publication (WIB)."""
TIMES: Final = {
    "published_at": "Asia/Jakarta",
    "updated_at": "Asia/Jakarta",
    "first_seen_at": "UTC",
    "crawled_at": "UTC",
    "deleted_at": "UTC",
}
"""Fields that are times, with the zone in which they are shown."""
_SIMPLE: Final = {str: "string", int: "int32", float: "float64", bool: "bool_"}
"""Type of a field → function of pyarrow."""


@cache
def schema() -> "pa.Schema":
    """Return the columns of every table: the fields in their order, then the day.

    Raises MissingExtra.
    """
    arrow = need("pyarrow", "parquet")
    made: pa.Schema = arrow.schema([*_columns(arrow, Article), (PUBLISHED_DATE, arrow.date32())])
    return made


def _columns(arrow: Any, kind: Any) -> Iterator[tuple[str, Any]]:
    for name, hint in get_type_hints(kind).items():
        is_time = kind is Article and name in TIMES
        yield name, arrow.timestamp("ms", TIMES[name]) if is_time else _type(arrow, hint)


def _type(arrow: Any, hint: Any) -> Any:
    """Return the Arrow type of a field; every one may be null there."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (UnionType, Union):
        return _type(arrow, next(kind for kind in arguments if kind is not NoneType))
    if origin is Literal:
        return _type(arrow, type(arguments[0]))
    if origin is list:
        return arrow.list_(_type(arrow, arguments[0]))
    if origin is dict:
        return arrow.list_(arrow.struct([("rule", arrow.string()), ("times", arrow.int32())]))
    if is_dataclass(hint):
        return arrow.struct(list(_columns(arrow, hint)))
    return getattr(arrow, _SIMPLE[hint])()


def row(article: Article) -> dict[str, Any]:
    """Return a record as Arrow takes it. Raises ValueError for a time or a day that is none."""
    values: dict[str, Any] = msgspec.to_builtins(article)
    for name in TIMES.keys() & values.keys():
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    removed = article.removed.items()
    values["removed"] = [{"rule": rule, "times": times} for rule, times in removed]
    values[PUBLISHED_DATE] = date.fromisoformat(article.id[:10])
    return values


def table(days: Iterable[Iterable[Article]]) -> "pa.Table":
    """Return the records of many days as one table. Raises MissingExtra."""
    arrow, columns = need("pyarrow", "parquet"), schema()
    batches = (arrow.RecordBatch.from_pylist(list(map(row, day)), schema=columns) for day in days)
    made: pa.Table = arrow.Table.from_batches(batches, schema=columns)
    return made
