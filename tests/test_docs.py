"""What README.md and the manual say is so."""

import json
import re
import subprocess
from dataclasses import asdict
from pathlib import Path

import pytest

from kompascrawler.cleaning import clean
from kompascrawler.discovery.tasks import ArgumentError, parse_arguments
from kompascrawler.outcome.cards import ExitStatus
from kompascrawler.pages import article_page
from kompascrawler.sections import SECTIONS
from tests.replica import Request, Site
from tests.replica.pinned import PINNED

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
RUNS = (ROOT / "docs" / "runs.md").read_text()


def table(text: str, heading: str) -> dict[str, str]:
    """Return the first and second column of the table below a heading."""
    part = text.partition(f"{heading}\n")[2]
    rows = re.findall(r"^\| `?([^|`]+)`? \| ([^|]*) \|", part.partition("\n#")[0], re.MULTILINE)
    return {name.strip(): value.strip() for name, value in rows}


def test_every_argument_is_in_the_table() -> None:
    """The arguments that are accepted are those that are explained."""
    with pytest.raises(ArgumentError) as caught:
        parse_arguments({"x": "y"}, SECTIONS["global"])
    accepted = set(str(caught.value).partition("accepted are ")[2].split(", "))
    named = set(
        re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`[^|]+) \|", RUNS, re.MULTILINE)))
    )
    assert accepted <= named


def test_every_exit_status_is_in_the_table() -> None:
    """The exit statuses are those that are explained."""
    rows = " ".join(table(RUNS, "## Exit status"))
    assert {int(name) for name in re.findall(r"\d+", rows)} == set(ExitStatus)


def test_the_record_shown_is_the_record_of_its_page() -> None:
    """The example has the keys of schema 1.1 in order, and the values of the pinned article."""
    example = json.loads(README.partition("```json\n")[2].partition("```")[0])
    url = f"{PINNED.url}?page=all"
    body = Site(articles=1).answer(Request.get(url)).body
    record = asdict(clean(article_page(url, body).to_item()))
    assert list(example) == list(record)
    shortened = {"text", "blocks", "images", "related", "first_seen_at", "crawled_at", "run_id"}
    for name in record.keys() - shortened:
        assert example[name] == record[name], name
    assert record["text"].startswith(example["text"].removesuffix("…"))


def test_every_target_of_make_is_listed() -> None:
    """`make help` and `make` alone list the targets."""
    shown = subprocess.run(["make", "-C", ROOT], capture_output=True, text=True, check=True).stdout
    told = README + (ROOT / "docs" / "development.md").read_text()
    for target in ("demo", "crawl", "check", "image", "soak", "bench", "quality", "browser"):
        assert f"make {target}" in shown
        assert f"make {target}" in told


def test_links_lead_somewhere() -> None:
    """Every relative link of a document leads to a file or folder."""
    for document in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text()):
            assert link.startswith("https://") or (document.parent / link).exists(), link


def test_the_readme_is_short() -> None:
    """The README is read in one go; the rest is the manual's."""
    assert 150 <= len(README.splitlines()) <= 200
