"""A dataclass out of plain JSON, its types checked. Lenient about new fields."""

from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

_T = TypeVar("_T")
_Read = Callable[[Any], Any]


def typed(kind: type[_T], values: Any) -> _T:
    """Return a dataclass of a dict; fields that it does not know are left out.

    A field that has a default may be missing: it is younger than the dict. Raises ValueError,
    which names the field, for a value of another type.
    """
    made: _T = _reader(cast("Any", kind))(values)
    return made


@cache
def _reader(kind: Any) -> _Read:
    """Return what checks a value against a type."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return _part_reader(kind)
    if origin is list:
        return _list_reader(_reader(arguments[0]))
    if origin is dict:
        return _dict_reader(_reader(arguments[1]))
    if origin in (UnionType, Union):  # with None, and nothing else
        (inner,) = (_reader(argument) for argument in arguments if argument is not type(None))
        return lambda value: None if value is None else inner(value)
    if origin is Literal:
        return _plain_reader(arguments.__contains__, " or ".join(map(repr, arguments)))
    accepted = (int, float) if kind is float else (kind,)
    return _plain_reader(lambda value: type(value) in accepted, kind.__name__)


def _plain_reader(is_right: Callable[[Any], bool], name: str) -> _Read:
    def read(value: Any) -> Any:
        if not is_right(value):
            raise ValueError(f"{_shown(value)} is no {name}")
        return value

    return read


def _list_reader(inner: _Read) -> _Read:
    def read(value: Any) -> Any:
        if type(value) is not list:
            raise ValueError(f"{_shown(value)} is no list")
        return [inner(one) for one in value]

    return read


def _dict_reader(inner: _Read) -> _Read:
    def read(value: Any) -> Any:
        if type(value) is not dict:
            raise ValueError(f"{_shown(value)} is no object")
        return {key: inner(one) for key, one in value.items()}

    return read


def _part_reader(kind: Any) -> _Read:
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields(kind)}
    required = [
        field.name
        for field in fields(kind)
        if field.default is MISSING and field.default_factory is MISSING
    ]

    def read(value: Any) -> Any:
        if type(value) is not dict:
            raise ValueError(f"{_shown(value)} is no object")
        if missing := [name for name in required if name not in value]:
            raise ValueError(f"{missing[0]} is missing")
        found = {}
        for name in readers.keys() & value.keys():
            try:
                found[name] = readers[name](value[name])
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from None
        return kind(**found)

    return read


def _shown(value: Any) -> str:
    """Return the beginning of a value."""
    shown = repr(value)
    return shown if len(shown) <= 40 else f"{shown[:40]}…"
