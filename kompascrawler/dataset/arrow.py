"""The articles as Arrow has them: one pinned schema, made of the record's own dataclasses.

``removed`` is a list of pairs, since Hugging Face `datasets` know no maps. Of the extra parquet.
"""

from collections.abc import Iterable, Iterator
from dataclasses import is_dataclass
from datetime import date, datetime
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from kompascrawler.dataset.lines import need
from kompascrawler.items import Article

if TYPE_CHECKING:
    import pyarrow  # noqa: ICN001 - the module is `pa`

pa = need("pyarrow", "parquet")

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
_SIMPLE: Final = {str: pa.string(), int: pa.int32(), float: pa.float64(), bool: pa.bool_()}


def _type(hint: Any) -> Any:
    """Return the Arrow type of a field; every one may be null there."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (UnionType, Union):
        return _type(next(kind for kind in arguments if kind is not NoneType))
    if origin is Literal:
        return _type(type(arguments[0]))
    if origin is list:
        return pa.list_(_type(arguments[0]))
    if origin is dict:
        return pa.list_(pa.struct([("rule", pa.string()), ("times", pa.int32())]))
    if is_dataclass(hint):
        return pa.struct(list(_columns(hint)))
    return _SIMPLE[hint]


def _columns(kind: Any) -> Iterator[tuple[str, Any]]:
    for name, hint in get_type_hints(kind).items():
        is_time = kind is Article and name in TIMES
        yield name, pa.timestamp("ms", TIMES[name]) if is_time else _type(hint)


SCHEMA: Final = pa.schema([*_columns(Article), (PUBLISHED_DATE, pa.date32())])
"""The columns of every table: the fields in their order, then the day."""


def row(article: Article) -> dict[str, Any]:
    """Return a record as Arrow takes it. Raises ValueError for a time or a day that is none."""
    values: dict[str, Any] = msgspec.to_builtins(article)
    for name in TIMES.keys() & values.keys():
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    removed = article.removed.items()
    values["removed"] = [{"rule": rule, "times": times} for rule, times in removed]
    values[PUBLISHED_DATE] = date.fromisoformat(article.id[:10])
    return values


def table(days: Iterable[Iterable[Article]]) -> "pyarrow.Table":
    """Return the records of many days as one table."""
    batches = (pa.RecordBatch.from_pylist(list(map(row, day)), schema=SCHEMA) for day in days)
    made: pyarrow.Table = pa.Table.from_batches(batches, schema=SCHEMA)
    return made
