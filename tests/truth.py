"""What a data folder holds, held against what the replica published: nothing else will do."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from tests.replica.story import Story
from tests.schema.json_schema import SCHEMA_FILE

Record = dict[str, Any]

DOCUMENTED = re.compile(
    r"articles/published_date=\d{4}-\d\d-\d\d/\d{8}-[A-Za-z0-9][\w.-]*\.jsonl|manifest\.jsonl"
    r"|README\.md|(parquet|publish)\.cursor\.json|parquet/month=\d{4}-\d\d\.parquet"
    r"|coverage\.jsonl|under_way\.jsonl|doubtful\.json"
    r"|set_aside/published_date=\d{4}-\d\d-\d\d/\d{8}-[A-Za-z0-9][\w.-]*\.jsonl(\.again)*"
    r"|set_aside/(state\.sqlite3(-wal|-shm)?|manifest\.jsonl)(\.again)*"
    r"|state\.sqlite3(-wal|-shm)?|lock"
    r"|rejected/[\w-]+\.(html\.gz|json)"
    r"|runs/[A-Za-z0-9][\w.-]*\.json"
    r"|drift/[A-Za-z0-9][\w.-]*/\d+\.(html\.gz|json)"
)
"""Every file that docs/data.md, "The data folder", allows."""


def is_settled(record: Record) -> bool:
    """Tell whether a record has all its paragraphs, as far as the site says."""
    halaman = record["halaman"]
    return halaman["complete"] is not False and halaman["route"] != "declared"


def revisions(data_dir: Path) -> dict[str, list[Record]]:
    """Return the published revisions of each article; raises for a torn line or a wrong folder."""
    found: dict[str, list[Record]] = defaultdict(list)
    for path in sorted((data_dir / "articles").rglob("[!.]*.jsonl")):
        content = path.read_text(encoding="utf-8")
        assert content.endswith("\n"), f"torn last line in {path}"
        for line in content.splitlines():
            record = json.loads(line)
            assert path.parent.name == f"published_date={record['id'][:10]}", path
            found[record["id"]].append(record)
    for records in found.values():
        records.sort(key=lambda record: int(record["revision"]))
    return dict(found)


def differences(data_dir: Path, stories: Iterable[Story]) -> list[str]:
    """Say how the published records differ from what the site published; nothing: not at all.

    Each article once and whole; before it, where some of its pages could not be had at first,
    revisions that say so. A revision that was lost with its file was not the last.
    """
    found, wanted = revisions(data_dir), {story.id: story for story in stories}
    said = [f"{article_id} is lost" for article_id in wanted.keys() - found.keys()]
    said += [f"{article_id} was never published" for article_id in found.keys() - wanted.keys()]
    is_mended = '"set_aside"' in (data_dir / "manifest.jsonl").read_text()
    for article_id in sorted(found.keys() & wanted.keys()):
        how = _faults(found[article_id], wanted[article_id], is_mended=is_mended)
        said += [f"{article_id} {one}" for one in how]
    return said


def doubled(data_dir: Path) -> int:
    """Return how many lines say again what an earlier one has said."""
    return sum(
        len(records) - len({record["revision"] for record in records})
        + sum(is_settled(record) for record in records[:-1])
        for records in revisions(data_dir).values()
    )  # fmt: skip


def undocumented(data_dir: Path) -> list[str]:
    """Return the files in a data folder that no documentation speaks of."""
    names = (str(p.relative_to(data_dir)) for p in data_dir.rglob("*") if not p.is_dir())
    return sorted(name for name in names if not DOCUMENTED.fullmatch(name))


def _faults(records: list[Record], story: Story, *, is_mended: bool) -> Iterable[str]:
    """Say what is wrong with an article's revisions, oldest first."""
    numbers = [record["revision"] for record in records]
    expected = sorted(set(numbers)) if is_mended else list(range(1, len(records) + 1))
    if numbers != expected:
        yield f"has the revisions {numbers}"
    for record in records:
        for error in _validator().iter_errors(record):
            yield f"does not follow the schema: {error.message[:200]}"
    for record in records[:-1]:
        if is_settled(record):
            yield f"was whole in revision {record['revision']} and came again"
    last = records[-1]
    if not is_settled(last):
        yield "is not whole"
    elif last["text"].split("\n\n") != [block.text for block in story.blocks]:
        yield "has another text"
    for name, truth in (("title", story.title), ("url", story.url)):
        if last[name] != truth:
            yield f"has the {name} {last[name]!r}"


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA_FILE.read_text()))
