"""The data card: what a data set holds and lacks, as Markdown for Hugging Face."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from kompascrawler.dataset.statistics import OPTIONAL, Statistics
from kompascrawler.items import SCHEMA_VERSION
from kompascrawler.outcome.terminal import counted

_SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
_NAMES: Final = ("n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M")
"""How Hugging Face calls the sizes between these limits."""
PROOFS: Final = {
    "text": "complete: the text is, word by word, the one that page 1 declares",
    "words": "complete: as many words as the site declares",
    "pages": "complete: all pages of the pager",
    "incomplete": "not complete",
    "unknown": "not known: the site declares nothing",
}
_SHOWN: Final = 30
"""Days that are named one by one."""
_HEAD: Final = """\
---
pretty_name: Kompas.com Global
language:
- id
license: other
size_categories:
- {size}
task_categories:
- text-generation
- text-classification
- summarization
configs:
- config_name: default
  data_files: {files}
{header}---
{mark}
# Kompas.com Global

Articles of the world news section of [Kompas.com](https://www.kompas.com/global) in Indonesian,
{rows}: title, text in paragraphs, times, credits, tags, pictures, links. Counts are of the latest
revision of each article that the site has not deleted, as of number {number} of the manifest:
`kompascrawler export --as-of {number}` gives the same rows again. Days are those of Jakarta (WIB,
UTC+7). Schema {schema}."""
_USE: Final = """\
## Licence and use

The texts and pictures are Kompas.com's and its agencies'; this collection gives no right to them.
What you may do with them is between you and Kompas.com. Do not publish the texts; where you quote,
name Kompas.com and the address. Names of people stand in the texts: the law on personal data
applies.

- Leave out rows with `duplicate_of` where each content should count once, and take those with
  `halaman.complete` where a cut text would harm.
- Remove from your copies what has `deleted_at`: the site has deleted it, or a publisher asked.
- Split by `published_date`, not at random: articles of one event share sentences."""


def card(
    found: Statistics,
    *,
    files: str = "parquet/*.parquet",
    rows: str = "a row an article",
    header: str = "",
    mark: str = "",
) -> Iterator[str]:
    """Yield the parts of the card. ``header`` is added to its YAML, ``mark`` stands below it."""
    size = _NAMES[sum(found.articles >= limit for limit in _SIZES)]
    yield _HEAD.format(
        size=size, number=found.number, schema=SCHEMA_VERSION,
        files=files, rows=rows, header=header, mark=mark,
    )  # fmt: skip
    yield _table(("Counts", ""), _counts(found))
    yield _table(("Section", "Articles"), _ranked(found.sections.most_common()))
    proofs = ((said, found.total(one)) for one, said in PROOFS.items())
    yield _table(("Completeness", "Articles", "Share"), _shares(proofs, found.articles))
    empty = ((f"`{name}`", found.empty[name]) for name in OPTIONAL)
    yield _table(("Empty field", "Articles", "Share"), _shares(empty, found.articles))
    changed = _ranked(found.changed.most_common())
    yield _table(("Field that a later revision changed", "Revisions"), changed)
    yield "## Gaps"
    yield from _gaps(found)
    yield _USE


def _counts(found: Statistics) -> Iterator[tuple[str, str]]:
    days = f"{min(found.days)} to {max(found.days)}" if found.days else "none"
    yield "Articles", f"{found.articles:,}"
    yield "Days of publication", days
    yield "With the content of an earlier article (`duplicate_of`)", f"{found.duplicates:,}"
    yield "Later revisions", f"{found.revisions.total():,}"
    yield "Deleted by the site", f"{found.deletions.total() - found.taken_down:,}"
    yield "Taken down on request", f"{found.taken_down:,}"
    versions = ", ".join(f"{name} ({count:,})" for name, count in sorted(found.versions.items()))
    yield "Lines by version of the schema", versions or "none"


def _gaps(found: Statistics) -> Iterator[str]:
    if found.coverage:
        yield from _coverage(found)
    bare = [first if first == last else f"{first} to {last}" for first, last in found.gaps()]
    yield f"Days without an article, between the first and the last day: {_named(bare)}."


def _coverage(found: Statistics) -> Iterator[str]:
    looked, listed, stored = found.recall()
    share = f" ({100 * stored / listed:.2f} %)" if listed else ""
    yield (
        f"The site's listings were compared for {counted(looked, 'day')}: they named {listed:,}\n"
        f"articles, of which {stored:,} are stored{share}. Of other days it is not known."
    )
    lacking = [f"{day} ({len(one.missing)})" for day, one in found.coverage.items() if one.missing]
    yield f"Days with missing articles: {_named(lacking)}."


def _named(days: list[str]) -> str:
    more = len(days) - _SHOWN
    return ", ".join([*days[:_SHOWN], *([f"and {more:,} more"] if more > 0 else [])]) or "none"


def _ranked(counts: Iterable[tuple[str, int]]) -> Iterator[tuple[str, str]]:
    return ((_cell(name), f"{count:,}") for name, count in counts)


def _shares(counts: Iterable[tuple[str, int]], of: int) -> Iterator[tuple[str, str, str]]:
    for name, count in counts:
        yield name, f"{count:,}", f"{100 * count / of:.1f} %" if of else "-"


def _cell(text: str) -> str:
    """Return a text that strangers wrote as Markdown shows it in a table."""
    return re.sub(r"([\\|`*_\[\]<>&])", r"\\\1", " ".join(text.split()))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    ruler = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ruler, *rows))
