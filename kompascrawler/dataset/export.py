"""The data set in one of many formats: whole, or what is new since the last export.

And its data card: what it holds and lacks, as Markdown for Hugging Face.
"""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import msgspec

from kompascrawler.dataset import tables
from kompascrawler.dataset.dataset import Dataset, schema
from kompascrawler.dataset.lines import Refused, Selection, Track, need
from kompascrawler.dataset.statistics import OPTIONAL, PROOFS, Statistics, share, statistics
from kompascrawler.items import SCHEMA_VERSION
from kompascrawler.store import disk
from kompascrawler.terminal import counted, first_of

FORMATS: Final[Mapping[str, tables.Write]] = {
    "parquet": tables.write_file,
    "hf": tables.write_file,
    "sqlite": tables.write_sqlite,
    "csv": tables.write_csv,
    "xlsx": tables.write_excel,
    "jsonl": tables.write_lines,
    "jsonl.zst": tables.write_compressed_lines,
}
"""By the ending of a file's name; ``hf`` is a folder."""
_BY_LINE: Final = ("csv", "jsonl", "jsonl.zst")
"""Formats that take further lines at their end."""
_BY_DAY: Final = ("hf", "sqlite")
"""Formats in which a day can be put in the place of what is there of it."""
_CARD: Final = "README.md"
_MARK: Final = "<!-- written by kompascrawler -->\n"
_SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
_NAMES: Final = ("n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M")
"""How Hugging Face calls the sizes between these limits."""
_SHOWN: Final = 30
"""Days that the card names one by one."""


class _Cursor(msgspec.Struct):
    """Up to where an export that is appended to has got: ``<OUT>.cursor.json``."""

    number: int
    bytes: int
    """Of a file that takes lines at its end; what is behind them is what a crash left."""
    asked: dict[str, str]


def format_of(out: Path, given: str | None) -> str:
    """Return the format that was asked for, or that the name says. Raises Refused."""
    named = [form for form in FORMATS if out.name.endswith(f".{form}")]
    if given in FORMATS or (named and not given):
        return given or named[0]
    cause = f"--format {given}" if given else f"{out}: the name says no format; --format"
    raise Refused(f"{cause}: there are {', '.join(FORMATS)}")


class Export:
    """One export. Raises DatasetError, OSError and sqlite3.Error; OUT is then as it was."""

    def __init__(
        self, dataset: Dataset, out: Path, form: str, selection: Selection, track: Track = iter
    ) -> None:
        self._dataset, self._out, self._form, self._track = dataset, out, form, track
        self.number: Final = dataset.number if selection.as_of is None else selection.as_of
        """Of the last file that counts; what is cited, and where ``--append`` goes on."""
        self._selection = replace(selection, as_of=self.number)
        self._cursor_file = out.with_name(f"{out.name}.cursor.json")
        self._refuse_place(out.resolve(), dataset.data_dir.resolve())

    def _refuse_place(self, out: Path, data_dir: Path) -> None:
        if out.is_relative_to(data_dir):
            raise Refused(f"{out} lies in the data folder, where only crawls write: name another")
        if not out.parent.is_dir():
            raise Refused(f"{out.parent} is no folder: make it first")
        if out.exists() and out.is_dir() != (self._form == "hf"):
            raise Refused(f"{out} is {'a folder' if out.is_dir() else 'a file'}: name another")
        about = out / _CARD
        is_ours = about.is_file() and _MARK in about.read_text(encoding="utf-8", errors="replace")
        if out.is_dir() and any(out.iterdir()) and not is_ours:
            raise Refused(f"{out} holds other things than an export: name another folder")

    def run(self, *, append: bool) -> int:
        """Write all, in the place of what stands there, or what is new; return how many rows."""
        cursor = self._cursor() if append else None
        if not append:
            self._cursor_file.unlink(missing_ok=True)
        if self._form == "hf":
            rows = self._write_folder(cursor)
        elif cursor is None:
            with disk.drafted(self._out) as draft:
                draft.unlink(missing_ok=True)
                rows = self._write(draft, self._selection)
        else:
            rows = self._add(cursor)
        if self._form == "sqlite":
            tables.write_metadata(self._out)
        disk.sync_folder(self._out.absolute().parent)
        if append:
            self._write_cursor()
        return rows

    def _write(self, path: Path, selection: Selection, days: list[str] | None = None) -> int:
        found = self._dataset.by_day(selection, days=days, track=self._track)
        return tables.write_days(FORMATS[self._form], path, self._dataset, found)

    def _write_folder(self, cursor: _Cursor | None) -> int:
        rows = "a row a revision" if self._selection.revisions else "a row an article"
        features = "".join(f"  {line}\n" for line in _features(schema()))
        about = card(
            statistics(self._dataset, selection=self._selection),
            files="data/*.parquet",
            rows=rows + (", complete ones only" if self._selection.complete else ""),
            header=f"dataset_info:\n  config_name: default\n  features:\n{features}",
            mark=_MARK,
        )
        disk.make_folder(self._out)
        disk.replace(self._out / _CARD, f"{about}\n\n".encode())
        months, after = self._out / "data" / "{}.parquet", cursor.number if cursor else 0
        return tables.write_months(
            self._dataset, months, self._selection, after=after, track=self._track
        )

    def _add(self, cursor: _Cursor) -> int:
        later = replace(self._selection, after=cursor.number)
        if self._form not in _BY_LINE:
            return self._write(self._out, self._selection, self._dataset.days(later))
        os.truncate(self._out, cursor.bytes)
        rows = self._write(self._out, later)
        disk.sync_file(self._out)
        return rows

    def _cursor(self) -> _Cursor | None:
        self._refuse_append()
        try:
            cursor = msgspec.json.decode(self._cursor_file.read_bytes(), type=_Cursor)
        except FileNotFoundError:
            if self._out.exists():
                cause = f"{self._out} was not made with --append: move it away first"
                raise Refused(cause) from None
            return None
        except ValueError as error:
            cause = f"{self._cursor_file} is damaged ({error}): remove it and {self._out}"
            raise Refused(cause) from error
        if cursor.asked != self._asked():
            asked = ", ".join(f"{name} {value}" for name, value in cursor.asked.items())
            raise Refused(f"{self._out} was exported with other options: {asked}")
        if not self._out.exists():
            return None
        if self._form in _BY_LINE and self._out.stat().st_size < cursor.bytes:
            raise Refused(f"{self._out} was cut since: remove it, and {self._cursor_file}")
        return cursor

    def _refuse_append(self) -> None:
        if self._form not in (*_BY_LINE, *_BY_DAY):
            raise Refused(f"--append: a {self._form} file is always whole; leave it out, or use hf")
        if self._form in _BY_LINE and not self._selection.revisions:
            raise Refused(f"--append to {self._form} needs --revisions, which are further lines")

    def _asked(self) -> dict[str, str]:
        names = ("since", "until", "complete", "revisions")
        asked = {name: str(getattr(self._selection, name) or "") for name in names}
        asked |= {"format": self._form, "columns": str(len(tables.COLUMNS))}
        return {name: value for name, value in asked.items() if value}

    def _write_cursor(self) -> None:
        size = self._out.stat().st_size if self._form in _BY_LINE else 0
        cursor = _Cursor(number=self.number, bytes=size, asked=self._asked())
        disk.replace(self._cursor_file, msgspec.json.encode(cursor) + b"\n")


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


def card(
    found: Statistics,
    *,
    files: str = "parquet/*.parquet",
    rows: str = "a row an article",
    header: str = "",
    mark: str = "",
) -> str:
    """Return the data card. ``header`` is added to its YAML, ``mark`` stands below it."""
    template = Path(__file__).with_name("card.md").read_text(encoding="utf-8").rstrip()
    proofs = ((said, found.total(one)) for one, said in PROOFS.items())
    empty = ((f"`{name}`", found.empty[name]) for name in OPTIONAL)
    versions = ", ".join(f"{name} ({count:,})" for name, count in sorted(found.versions.items()))
    return template.format(
        found=found, schema=SCHEMA_VERSION, files=files, rows=rows, header=header, mark=mark,
        size=_NAMES[sum(found.articles >= limit for limit in _SIZES)],
        days=f"{min(found.days)} to {max(found.days)}" if found.days else "none",
        revisions=found.revisions.total(),
        deleted=found.deletions.total() - found.taken_down,
        versions=versions or "none",
        sections=_rows(_ranked(found.sections)),
        proofs=_rows(proofs, found.articles),
        empty=_rows(empty, found.articles),
        changed=_rows(_ranked(found.changed)),
        gaps="\n\n".join(_gaps(found)),
    )  # fmt: skip


def _rows(counts: Iterable[tuple[str, int]], of: int | None = None) -> str:
    """Return rows of a table: a name, a count and, where it is one of a whole, its share."""
    parts = (
        (name, count, "" if of is None else f" {share(count, of)} |") for name, count in counts
    )
    return "".join(f"\n| {name} | {count:,} |{part}" for name, count, part in parts)


def _ranked(counts: Counter[str]) -> Iterator[tuple[str, int]]:
    """Yield counts of texts that strangers wrote, as Markdown shows them in a table."""
    for name, count in counts.most_common():
        yield re.sub(r"([\\|`*_\[\]<>&])", r"\\\1", " ".join(name.split())), count


def _gaps(found: Statistics) -> Iterator[str]:
    if found.coverage:
        looked, listed, stored = found.recall()
        share = f" ({100 * stored / listed:.2f} %)" if listed else ""
        yield (
            f"The site's listings were compared for {counted(looked, 'day')}: they named"
            f" {listed:,}\narticles, of which {stored:,} are stored{share}. Of other days it is"
            " not known."
        )
        missing = {day: len(one.missing) for day, one in found.coverage.items() if one.missing}
        lacking = [f"{day} ({count})" for day, count in missing.items()]
        yield f"Days with missing articles: {first_of(lacking, _SHOWN) or 'none'}."
    bare = [first if first == last else f"{first} to {last}" for first, last in found.gaps()]
    days = first_of(bare, _SHOWN) or "none"
    yield f"Days without an article, between the first and the last day: {days}."
