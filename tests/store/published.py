"""What a reader sees in a data folder, checked line by line."""

import hashlib
import json
from collections import Counter
from pathlib import Path


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
