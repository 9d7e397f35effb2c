"""What somebody finds first in a data folder: ``README.md``, and typed tables in ``parquet/``.

Runs that publish keep both current; an idle run never comes here.
"""

import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import msgspec

import kompascrawler
from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.selection import Selection
from kompascrawler.dataset.writers import COLUMNS, write_months
from kompascrawler.store.files import replace

_README: Final = Path(kompascrawler.__file__).parent / "schema" / "data-folder.md"
CURSOR: Final = "parquet.cursor.json"
"""Up to which number the tables are."""


class _Cursor(msgspec.Struct):
    number: int
    columns: tuple[str, ...]


def refresh(data_dir: Path, every: float) -> None:
    """Write what has changed; Parquet only with its extra, and when ``every`` seconds are over.

    0: never. Raises StoreError and OSError.
    """
    _write_readme(data_dir / "README.md")
    if every and find_spec("pyarrow") and not 0 <= _age(data_dir / CURSOR) < every:
        write_parquet(data_dir)


def write_parquet(data_dir: Path) -> None:
    """Write the months whose files have changed. Raises StoreError, OSError and MissingExtra."""
    dataset, path, after = Dataset(data_dir), data_dir / CURSOR, 0
    with suppress(OSError, ValueError):
        cursor = msgspec.json.decode(path.read_bytes(), type=_Cursor)
        after = cursor.number if cursor.columns == COLUMNS else 0
    months = data_dir / "parquet" / "month={}.parquet"
    number = dataset.number
    write_months(dataset, months, Selection(as_of=number), after=after, track=iter)
    now = _Cursor(number=number, columns=COLUMNS)
    replace(path, msgspec.json.encode(now) + b"\n")


def _age(path: Path) -> float:
    """Return seconds since a file was written; infinite for one that is not there."""
    return time.time() - path.stat().st_mtime if path.exists() else float("inf")


def _write_readme(path: Path) -> None:
    """Write the file where there is none, or an earlier one of ours."""
    wanted = _README.read_bytes()
    there = path.read_bytes() if path.exists() else b""
    if there != wanted and there.split(b"\n")[0] in (b"", wanted.split(b"\n")[0]):
        replace(path, wanted)
