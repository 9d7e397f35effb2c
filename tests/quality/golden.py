"""What cases should give, as a person read it off the original page: ``gold.json`` of a case."""

import json
from pathlib import Path
from typing import Any, Final

from tests.cases import Rewriter

GOLD: Final = "gold.json"
_TEXTS: Final = ("title", "dateline_place")
_LISTS: Final = ("authors", "editors", "sources", "tags", "paragraphs", "optional")
_AS_THEY_ARE: Final = ("published_at", "updated_at", "section", "page_count")


def rewritten(gold: dict[str, Any], rewriter: Rewriter, rests_on: str) -> dict[str, Any]:
    """Return what was read off a page in the words of its case; ``rewriter`` has had the page.

    Nothing here looks at a parser: the reader's strings go through the same invented words.
    """
    image = gold["lead_image"]
    return {
        "rests_on": rests_on,
        **{name: gold[name] for name in _AS_THEY_ARE},
        **{name: gold[name] and rewriter.prose(gold[name]) for name in _TEXTS},
        **{name: [rewriter.prose(text) for text in gold[name]] for name in _LISTS},
        "related": [
            {"title": rewriter.prose(link["title"]), "url": rewriter.address(link["url"])}
            for link in gold["related"]
        ],
        "related_optional": [rewriter.address(url) for url in gold.get("related_optional", ())],
        "lead_image": image
        and {name: image[name] and rewriter.prose(image[name]) for name in ("caption", "credit")},
        "junk": [rewriter.prose(entry["text"]) for entry in gold["junk"]],
    }


def read_gold(cases: Path) -> dict[str, dict[str, Any]]:
    """Return the gold of every case that has some, by name."""
    files = sorted(cases.glob(f"*/{GOLD}"))
    return {file.parent.name: json.loads(file.read_bytes()) for file in files}
