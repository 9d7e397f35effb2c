"""The saved real pages, crawled from the front page to finished JSON Lines.

Only the first page of each article was saved, so no other route than the first is tried: a browser
that looks for the others page by page finds nothing, and needs minutes for that.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.crawls import crawl, records
from tests.replica import SavedPages
from tests.replica.serve import serve
from tests.schema.json_schema import article_schema

pytestmark = pytest.mark.xdist_group("real crawl")  # one worker, so that a crawl serves two tests


# The saved articles lie years apart: no page of the index joins the next one, so each is named.
INDEX_PAGES = ",".join(f"https://indeks.kompas.com/?site=all&page={page}" for page in range(1, 13))


def _crawled(
    real_pages: Path, data_dir: Path, section: str, *arguments: str
) -> list[dict[str, Any]]:
    with serve(SavedPages(real_pages / "pages")) as replica:
        # What the pages link to was mostly not saved: articles fail by the hundred. Nor was a page
        # of the index, which is all that is wrong.
        chosen = {"SECTION": section, "HALAMAN_ROUTE": "all", "MAX_FAILED_SHARE": 1}
        told = crawl(replica.env, data_dir, *arguments, **chosen).verdict
    assert (told["status"], told["also"]) == (7, [])
    assert "of the index could not be read" in told["cause"]
    return records(data_dir)


@pytest.fixture(scope="module")
def every_record(real_pages: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return what a crawl of all channels publishes."""
    return _crawled(
        real_pages, tmp_path_factory.mktemp("any"), "any", f"-astart_urls={INDEX_PAGES}"
    )


def _check(found: list[dict[str, Any]], count: int) -> None:
    assert len({record["id"] for record in found}) == len(found) == count
    validator = jsonschema.Draft202012Validator(article_schema())
    for record in found:
        validator.validate(record)
        assert (record["section"] == "Global") is ("/global/" in record["url"])
        assert record["revision"] == 1


def test_every_real_page_becomes_a_valid_record(every_record: list[dict[str, Any]]) -> None:
    """All saved articles are found, stored and published; each line is valid by the schema."""
    _check(every_record, 230)


def test_by_default_only_the_section_becomes_records(real_pages: Path, tmp_path: Path) -> None:
    """Of the saved articles those of Global are stored, and no other."""
    found = _crawled(real_pages, tmp_path, "global")
    _check(found, 92)
    assert {record["section"] for record in found} == {"Global"}


def test_the_hand_read_pages_come_out_of_a_crawl(
    real_pages: Path, every_record: list[dict[str, Any]], tmp_path: Path
) -> None:
    """What a crawl publishes scores as what the parser returns: text F1 of 0.998 or more."""
    lines = "\n".join(json.dumps(record) for record in every_record)
    (tmp_path / "all.jsonl").write_text(lines)
    score = [sys.executable, str(real_pages / "gold" / "score.py"), str(tmp_path / "all.jsonl")]
    limits = ["--page1-only", "--min-f1", "0.998", "--min-coverage", "1", "--min-fields", "1"]
    done = subprocess.run([*score, *limits], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
