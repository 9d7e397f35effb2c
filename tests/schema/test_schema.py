"""The committed JSON Schema and the lines it describes."""

import json
from dataclasses import fields
from typing import Any

import jsonschema
import pytest

from kompascrawler.items import Article, Block, Embed, Image, Related
from kompascrawler.store.records import to_line
from tests.schema.json_schema import CONSTRAINTS, SCHEMA_FILE, article_schema, schema_text
from tests.store.synthetic import make_article


def full_article(**changes: Any) -> Article:
    """Return a record in which every list holds something and few fields are null."""
    values: dict[str, Any] = {
        "updated_at": "2026-11-14T08:00:00+07:00",
        "authors": ["Penulis Satu"],
        "tags": ["kota"],
        "section": "Global",
        "dateline": "KOTA",
        "blocks": [Block(type="paragraph", text="Satu kalimat.", page=1)],
        "images": [Image(url="https://asset.kompas.com/a.jpg", caption=None, credit="Kredit")],
        "embeds": [Embed(type="youtube", url="https://www.youtube.com/embed/x")],
        "related": [Related(id=None, title="Judul", url="/tag/kota")],
        "removed": {"baca_juga": 2},
        "duplicate_of": "2026-11-12-080000170",
        "similarity": 0.9,
        "first_seen_at": "2026-11-22T18:45:00+00:00",
    }
    return make_article(1, **values | changes)


def check(article: Article) -> None:
    """Validate the line of a record with a validator that is not ours."""
    schema = json.loads(SCHEMA_FILE.read_text())
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(json.loads(to_line(article)))


def test_the_committed_schema_is_up_to_date() -> None:
    """``make schema`` would change nothing."""
    assert SCHEMA_FILE.read_text() == schema_text()


def test_the_schema_is_a_schema() -> None:
    """It follows draft 2020-12."""
    jsonschema.Draft202012Validator.check_schema(json.loads(SCHEMA_FILE.read_text()))


def test_every_key_is_required_in_the_order_of_the_record() -> None:
    """The schema lists the keys as the file does."""
    names = [field.name for field in fields(Article)]
    schema = article_schema()
    assert list(schema["properties"]) == schema["required"] == names


def test_every_field_is_described() -> None:
    """A reader of the schema needs no other document."""
    schema = article_schema()
    for part in (schema, *schema["$defs"].values()):
        assert all(field.get("description") for field in part["properties"].values())


def test_every_constraint_is_about_a_field() -> None:
    """A field that was renamed takes its constraints with it."""
    schema = article_schema()
    parts = {"Article": schema} | schema["$defs"]
    for name, constraints in CONSTRAINTS.items():
        assert set(constraints) <= set(parts[name]["properties"])


@pytest.mark.parametrize(
    "changes", [{}, {"updated_at": None, "dateline": None, "duplicate_of": None, "images": []}]
)
def test_a_line_is_valid(changes: dict[str, Any]) -> None:
    """What is published follows the schema, with and without the fields that may be null."""
    check(full_article(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "170000170"},
        {"url": "https://www.kompas.com/global/read/2026/11/12/1/x?page=2"},
        {"title": ""},
        {"published_at": "2026-11-12T10:00:00Z"},
        {"authors": None},
        {"text": ""},
        {"content_hash": ""},
        {"similarity": 1.5},
        {"revision": 0},
        {"crawled_at": "2026-11-12 10:00"},
        {"blocks": [Block(type="paragraph", text="x", page=0)]},
    ],
)
def test_a_wrong_line_is_not_valid(changes: dict[str, Any]) -> None:
    """The schema refuses what the record does not promise."""
    with pytest.raises(jsonschema.ValidationError):
        check(full_article(**changes))


def test_an_unknown_key_is_not_valid() -> None:
    """Nothing stands in a line that the schema does not know."""
    line = json.loads(to_line(full_article())) | {"more": 1}
    with pytest.raises(jsonschema.ValidationError, match="more"):
        jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text())).validate(line)
