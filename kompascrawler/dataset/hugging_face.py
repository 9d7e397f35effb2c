"""A folder that Hugging Face `datasets` load as it is: Parquet by month, and a card."""

from pathlib import Path
from typing import Any, Final

from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.selection import Selection, Track, need
from kompascrawler.dataset.writers import write_months
from kompascrawler.store.files import replace

_CARD: Final = "README.md"
_MADE_BY: Final = "<!-- written by kompascrawler -->"
_TEXT: Final = """\
---
pretty_name: Kompas.com Global
language:
- id
license: other
configs:
- config_name: default
  data_files: data/*.parquet
dataset_info:
  config_name: default
  features:
{features}
---
{made_by}

# Kompas.com Global

Articles of the world news section of Kompas.com, {what}. `data/` has a file of Parquet for
each month of publication. As of number {number} of the data folder's manifest.

    datasets.load_dataset("{folder}", split="train")

`published_date` is the day of publication in Jakarta (WIB). Rows with the same content as an
earlier article name it in `duplicate_of`; `halaman.complete` tells whether all pages of an article
are there.
The texts are Kompas.com's: what you may do with them is between you and Kompas.com.
"""


def is_ours(folder: Path) -> bool:
    """Tell whether a folder was written by an export."""
    card = folder / _CARD
    return card.is_file() and _MADE_BY in card.read_text(encoding="utf-8", errors="replace")


def write(dataset: Dataset, folder: Path, selection: Selection, after: int, track: Track) -> int:
    """Write the months with news after a number, and the card; return how many rows."""
    from kompascrawler.dataset import arrow  # noqa: PLC0415 - of the extra

    what = "all revisions" if selection.revisions else "each in its latest revision"
    card = _TEXT.format(
        features="\n".join(f"  {line}" for line in _features(arrow.SCHEMA)),
        made_by=_MADE_BY,
        what=what + (", complete ones only" if selection.complete else ""),
        number=selection.as_of,
        folder=folder.name,
    )
    replace(folder / _CARD, card.encode())  # first: what is begun is ours
    file = folder / "data" / "{}.parquet"
    return write_months(dataset, file, selection, after=after, track=track)


def _features(columns: Any) -> list[str]:
    """Return the columns of a schema or a struct as the card's header has them."""
    lines = []
    for column in columns:
        kind, *inner = _type(column.type)
        lines += [f"- name: {column.name}", f"  {kind}", *(f"  {line}" for line in inner)]
    return lines


def _type(kind: Any) -> list[str]:
    types = need("pyarrow.types", "parquet")
    if types.is_struct(kind):
        return ["struct:", *_features(kind)]
    if types.is_list(kind):
        first, *inner = _type(kind.value_type)
        name = first.removeprefix("dtype: ") if not inner else ""
        return [f"list: {name}".rstrip(), *inner]
    names = {"double": "float64", "bool": "bool", "date32[day]": "date32"}
    return [f"dtype: {names.get(str(kind), str(kind))}"]
