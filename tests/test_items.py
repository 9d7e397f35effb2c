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
    with pytest.raises(TypeError, match="object is unsupported"):
        to_line(make_article(1, tags=[object()]))


@given(ARTICLES)
def test_a_line_gives_the_record_back(article: Article) -> None:
    """All of it, of the same types."""
    assert Article.from_json(to_line(article)) == article


def test_what_is_younger_or_newer_than_the_line() -> None:
    """A field with a default may be missing; one of a later version is left out, at any depth."""
    values = make_article(1).to_dict()
    del values["similarity"]
    values |= {"later": 1, "halaman": values["halaman"] | {"later": [2]}}
    assert Article.from_dict(values) == make_article(1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": 1984}, r"`str`, got `int` - at `\$.title`"),
        ({"title": None}, r"`str`, got `null` - at `\$.title`"),
        ({"word_count": True}, r"`int`, got `bool` - at `\$.word_count`"),
        ({"word_count": "7"}, r"`int`, got `str` - at `\$.word_count`"),
        ({"similarity": "1"}, r"`float \| null`, got `str` - at `\$.similarity`"),
        ({"tags": "kopi"}, r"`array`, got `str` - at `\$.tags`"),
        ({"tags": ["kopi", None]}, r"`str`, got `null` - at `\$.tags\[1\]`"),
        ({"removed": {"dateline": 1.5}}, r"`int`, got `float` - at `\$.removed\[\.\.\.\]`"),
        ({"removed": []}, r"`object`, got `array` - at `\$.removed`"),
        (
            {"blocks": [{"type": "poem", "text": "", "page": 1}]},
            r"value 'poem' - at `\$.blocks\[0\].type`",
        ),
        ({"images": [{"url": ""}]}, r"field `caption` - at `\$.images\[0\]`"),
        ({"halaman": []}, r"`object`, got `array` - at `\$.halaman`"),
    ],
)
def test_what_is_no_record(change: dict[str, Any], message: str) -> None:
    """The field is named, and the type that it holds."""
    with pytest.raises(ValueError, match=message):
        Article.from_dict(make_article(1).to_dict() | change)


@pytest.mark.parametrize("line", ["", "7", "[]", "null", "{}", '{"id": "x"', "nonsense"])
def test_what_is_no_record_at_all(line: str) -> None:
    """Whatever the line holds, the error is the same."""
    with pytest.raises(ValueError, match=r"."):
        Article.from_json(line)
