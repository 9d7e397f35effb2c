"""The committed JSON Schema and the lines it describes."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kompascrawler.items import Article, Block, Capture, Embed, Image, Related
from kompascrawler.store.records import to_line
from tests.schema.json_schema import CONSTRAINTS, SCHEMA_FILE, article_schema, schema_text
from tests.store.synthetic import make_article

PUBLISHED = sorted((Path(__file__).parent / "published").glob("*.json"))
"""The schemas of earlier versions."""


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
        "capture": Capture(file="warc/00000001-run.warc.gz", offset=1984, digest="sha1:AAAA"),
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
    "changes",
    [
        {},
        {"updated_at": None, "dateline": None, "duplicate_of": None, "images": [], "capture": None},
    ],
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


@pytest.mark.parametrize(
    "changes",
    [
        {"later": 1},
        {"schema_version": "1.9"},
        {"blocks": [{"type": "verse", "text": "Isi.", "page": 1, "later": []}]},
        {"deleted_at": "2026-11-23T00:00:00+00:00", "text": ""},
    ],
)
def test_a_line_of_a_later_version_is_valid(changes: dict[str, Any]) -> None:
    """Fields and values are added; of what the site has deleted no text is left."""
    line = json.loads(to_line(full_article())) | changes
    jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text())).validate(line)


@pytest.mark.parametrize("published", PUBLISHED, ids=lambda path: path.name)
def test_a_version_only_adds_to_those_before(published: Path) -> None:
    """Every key and every value that was ever published still is what it was, in its order."""
    earlier, now = json.loads(published.read_text()), article_schema()
    for name, part in ({"Article": earlier} | earlier["$defs"]).items():
        ours = now if name == "Article" else now["$defs"][name]
        kept = [key for key in ours["properties"] if key in part["properties"]]
        assert kept == list(part["properties"])
        for key, field in part["properties"].items():
            assert types_of(field) == types_of(ours["properties"][key])
            assert values_of(field) <= values_of(ours["properties"][key])


def types_of(field: dict[str, Any]) -> list[str | None]:
    """Return the types that a field may have."""
    return [one.get("type") or one.get("$ref") for one in field.get("anyOf", [field])]


def values_of(field: dict[str, Any]) -> set[str]:
    """Return the values that a field is known to have, where they can be listed."""
    variants = field.get("anyOf", [field])
    return {value for one in variants for value in one.get("enum", one.get("examples", []))}
