"""A record as a line."""

import json
from dataclasses import fields, is_dataclass
from typing import Any, Literal, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itemadapter import ItemAdapter

from kompascrawler.items import Article
from kompascrawler.store.records import to_line
from tests.store.synthetic import make_article

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
PLAIN: dict[type, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(0, 9999),
    float: st.floats(0, 1),
    bool: st.booleans(),
    type(None): st.none(),
}


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Return what a field of the record can hold."""
    if isinstance(kind, type) and is_dataclass(kind):
        return st.builds(kind, **{field.name: values_of(field.type) for field in fields(kind)})
    match get_origin(kind), get_args(kind):
        case (None, _):
            return PLAIN[kind]
        case (origin, choices) if origin is Literal:
            return st.sampled_from(choices)
        case (origin, (part,)) if origin is list:
            return st.lists(values_of(part), max_size=2)
        case (origin, (key, value)) if origin is dict:
            return st.dictionaries(values_of(key), values_of(value), max_size=2)
        case (_, choices):
            return st.one_of([values_of(choice) for choice in choices])


ARTICLES = values_of(Article)


@given(ARTICLES)
def test_a_line_holds_the_whole_record_in_order(article: Article) -> None:
    """What is read back is what itemadapter makes of the record, keys in the same order."""
    line = to_line(article)
    expected = ItemAdapter(article).asdict()
    assert json.loads(line) == expected
    assert list(json.loads(line)) == list(expected)


@given(ARTICLES)
def test_a_record_is_one_line(article: Article) -> None:
    """The only line feed is the last byte."""
    assert to_line(article).index(b"\n") == len(to_line(article)) - 1


def test_text_stays_readable() -> None:
    """Characters outside ASCII are written as they are, in UTF-8."""
    assert "“Señor” – 東京".encode() in to_line(make_article(1, title="“Señor” – 東京"))


@pytest.mark.parametrize("fields", [{"similarity": float("nan")}, {"title": "\ud800"}])
def test_what_json_cannot_hold_is_refused(fields: dict[str, Any]) -> None:
    """No line is made that another program could not read."""
    with pytest.raises(ValueError, match=r"not JSON compliant|surrogates"):
        to_line(make_article(1, **fields))


def test_foreign_objects_are_refused() -> None:
    """A value that belongs to no record is a mistake of the caller."""
    with pytest.raises(TypeError, match="set is no part of a record"):
        to_line(make_article(1, tags={"a"}))
