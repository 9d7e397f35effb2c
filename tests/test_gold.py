"""The hand-read pages, scored by the program that lies beside them."""

import csv
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from kompascrawler.cleaning import clean
from kompascrawler.pages import article_page
from tests.conftest import read_page

FIELDS = [
    *("url", "title", "published_at", "updated_at", "authors", "editors", "sources", "tags"),
    *("section", "related_urls", "related_titles", "image_url", "image_caption", "image_credit"),
]


def test_the_hand_read_pages_are_matched(real_pages: Path, tmp_path: Path) -> None:
    """1.0 on every field, no paragraph lost or damaged, no junk, text F1 of 0.998 or more."""
    with (real_pages / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        addresses = {row["file"]: row["url"] for row in csv.DictReader(manifest, delimiter="\t")}
    output = tmp_path / "records.jsonl"
    with output.open("w", encoding="utf-8") as lines:
        for gold in sorted((real_pages / "gold").glob("*.json")):
            name = f"{gold.stem}.html.gz"
            page = article_page(addresses[name], read_page(real_pages / "pages" / name))
            lines.write(json.dumps(asdict(clean(page.to_item())), ensure_ascii=False) + "\n")
    score = [sys.executable, str(real_pages / "gold" / "score.py"), str(output), "--page1-only"]
    score += ["--min-f1", "0.998", "--min-coverage", "1", "--min-clean", "1", "--max-lost", "0"]
    score += ["--max-damaged", "0", "--max-leaks", "0", "--min", "paragraph_strict=1"]
    for field in FIELDS:
        score += ["--min", f"{field}=1"]
    done = subprocess.run(score, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
