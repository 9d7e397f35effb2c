"""Counts of a run by the names that they have among Scrapy's statistics."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from kompascrawler.outcome.counts import Engine, RunCounts


def counted(stats: Mapping[str, Any]) -> RunCounts:
    """Return the counts that ``stats`` tell; names that are not ours are Scrapy's."""
    counts = RunCounts(engine=Engine.of(stats))
    own = {field.metadata["stat"]: field.name for field in fields(counts) if field.metadata}
    for name, value in stats.items():
        part, *path = name.split("/")
        if name in own:
            setattr(counts, own[name], value)
        elif "/".join((part, *path[:-1])) in own:  # "pages/missing/author"
            getattr(counts, own["/".join((part, *path[:-1]))])[path[-1]] = value
        else:
            _count(getattr(counts, part, None), path, value)
    return counts


def _count(part: Any, path: list[str], value: Any) -> None:
    if isinstance(part, Counter):
        part[path[0]] = value
    elif part is not None:
        name, *key = path
        if name not in {field.name for field in fields(part)}:  # "halaman/all", "drift/title/hits"
            name, key = _FLAT[type(part).__name__], path
        if isinstance(getattr(part, name), Counter):
            _add(getattr(part, name), key or ["no reason"], value)
        else:
            setattr(part, name, value)


def _add(counter: Counter[Any], key: list[str], value: int) -> None:
    """Count a key: a word, or one for each step of the path, an HTTP status as a number."""
    words = tuple(int(word) if word.isdecimal() else word for word in key)
    counter[words if len(words) > 1 else words[0]] += value


_FLAT = {"HalamanTally": "routes", "DriftTally": "measured"}
