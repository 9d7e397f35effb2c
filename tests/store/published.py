"""What a reader sees in a data folder, checked line by line."""

import hashlib
import json
from collections import Counter
from pathlib import Path

from kompascrawler.store import manifest


def published_files(data_dir: Path) -> dict[str, str]:
    """Return the published files, below the data folder, with the SHA-256 of each."""
    return {
        str(path.relative_to(data_dir)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((data_dir / "articles").rglob("[!.]*.jsonl"))
    }


def published_ids(data_dir: Path) -> Counter[str]:
    """Return how often each article stands in the files; a torn line or wrong folder raises."""
    ids: Counter[str] = Counter()
    for name in published_files(data_dir):
        path = data_dir / name
        content = path.read_text()
        assert content.endswith("\n"), f"torn last line in {name}"
        for line in content.splitlines():
            article_id = json.loads(line)["id"]
            assert path.parent.name == f"published_date={article_id[:10]}"
            ids[article_id] += 1
    return ids


def drafts(data_dir: Path) -> list[Path]:
    """Return what publishing has left over."""
    return list((data_dir / "articles").rglob(".*"))


def check_manifest(data_dir: Path) -> None:
    """Hold the manifest to its promise: each file once, numbered in a row, as it is on the disk."""
    entries = list(manifest.read(data_dir))
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    stated = {entry.file: entry.sha256 for entry in entries}
    assert len(stated) == len(entries)
    assert stated == published_files(data_dir)
    assert all(Path(entry.file).name.startswith(f"{entry.number:08}-") for entry in entries)
