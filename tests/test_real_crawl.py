"""The saved real pages, crawled from the front page to finished JSON Lines."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from kompascrawler.replica import SavedPages
from kompascrawler.replica.player import play
from kompascrawler.schema import article_schema
from tests.crawls import crawl, records


@pytest.mark.parametrize(("section", "count"), [("global", 92), ("any", 212)])
def test_every_real_page_becomes_a_valid_record(
    real_pages: Path, tmp_path: Path, section: str, count: int
) -> None:
    """All saved articles are found, stored and published; each line is valid by the schema."""
    with play(SavedPages(real_pages / "pages")) as replica:
        assert crawl(replica.env, tmp_path, SECTION=section).status == 0
    found = records(tmp_path)
    assert len({record["id"] for record in found}) == len(found) == count
    validator = jsonschema.Draft202012Validator(article_schema())
    for record in found:
        validator.validate(record)
        assert (record["section"] == "Global") is ("/global/" in record["url"])
        assert record["revision"] == 1


def test_the_hand_read_pages_come_out_of_a_crawl(real_pages: Path, tmp_path: Path) -> None:
    """What a crawl publishes scores as what the parser returns: text F1 of 0.998 or more."""
    with play(SavedPages(real_pages / "pages")) as replica:
        crawl(replica.env, tmp_path / "data", SECTION="any")
    lines = "\n".join(json.dumps(record) for record in records(tmp_path / "data"))
    (tmp_path / "all.jsonl").write_text(lines)
    score = [sys.executable, str(real_pages / "gold" / "score.py"), str(tmp_path / "all.jsonl")]
    limits = ["--page1-only", "--min-f1", "0.998", "--min-coverage", "1", "--min-fields", "1"]
    done = subprocess.run([*score, *limits], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
