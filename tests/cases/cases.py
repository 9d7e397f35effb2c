"""Committed test cases: a rewritten page, where it is from, and the record it must give."""

import difflib
import gzip
import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.cases.audit import leftovers
from tests.cases.rewrite import Rewriter
from tests.cases.shape import differences, expectation, features

FOLDER: Final = Path(__file__).with_name("saved")
"""Where the committed cases lie."""
PAGE: Final = "page.html.gz"
NOTE: Final = "case.json"
EXPECTED: Final = "expected.json"
_NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_LONGEST_NAME: Final = 60
_SHOWN: Final = 5


class CaseError(ValueError):
    """A case that cannot be made or read; the message is one line and says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as it lies on disk."""

    name: str
    page: bytes
    """The rewritten page."""
    note: dict[str, Any]
    """``address`` (rewritten), ``encoding`` (of the answer's header), ``layout``, ``features``,
    ``remark`` of whoever made it, ``digest``: SHA-256 of the page."""
    expected: dict[str, Any]
    """What ``shape.expectation`` must give: layout, missing fields and record, or a refusal."""

    @property
    def today(self) -> dict[str, Any]:
        """What the page gives today."""
        return expectation(self.note["address"], self.page, self.note["encoding"])

    @property
    def changes(self) -> list[str]:
        """Lines of a unified diff from what is expected to what is given, field by field."""
        return list(_changes(self.name, flat(self.expected), flat(self.today)))


def check_name(name: str) -> None:
    """Raise CaseError for what cannot be a case's name, which is one of a folder too."""
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        raise CaseError(
            f"{name!r} is no name of a case: small letters, digits and single - or _ between"
            f" them, {_LONGEST_NAME} at most"
        )


def check_folder(folder: Path) -> None:
    """Raise CaseError where there is no folder for cases."""
    if not folder.is_dir():
        raise CaseError(f"no folder {folder}: cases are made in a checkout")


def make_case(
    name: str, address: str, page: bytes, *, encoding: str | None = None, remark: str = ""
) -> Case:
    """Return a case made of a page of the site; its expectation is what it gives today.

    Raises CaseError for a name that is none, and where the rewritten page has not the shape of
    the original or still holds words of it in a row: then nothing may be committed.
    """
    check_name(name)
    rewriter = Rewriter(name)
    rewritten, url = rewriter.page(page), rewriter.address(address)
    before, after = expectation(address, page, encoding), expectation(url, rewritten, encoding)
    if changed := differences(before, after):
        raise CaseError(f"rewritten, the page gives another record: {', '.join(changed)} differ")
    if left := leftovers(page, rewritten, rewriter.stayed):
        shown = "; ".join(left[:_SHOWN])
        raise CaseError(f"rewritten, the page still holds {len(left)} runs of its words: {shown}")
    note = {
        "address": url,
        "encoding": encoding,
        "layout": after.get("layout"),
        "features": features(after),
        "remark": remark,
        "digest": digest(rewritten),
    }
    return Case(name=name, page=rewritten, note=note, expected=after)


def digest(page: bytes) -> str:
    """Return what a case's page is known by: the SHA-256 of its bytes, hex."""
    return hashlib.sha256(page).hexdigest()


def write_case(case: Case, folder: Path) -> Path:
    """Put a case on disk, whole or not at all, in place of one of its name; return its folder."""
    place = folder / case.name
    with tempfile.TemporaryDirectory(dir=folder, prefix=".draft-") as made:
        draft = Path(made) / case.name
        if place.exists():
            shutil.copytree(place, draft)  # the gold of a case outlives its page
        draft.mkdir(exist_ok=True)
        (draft / PAGE).write_bytes(gzip.compress(case.page, 9, mtime=0))
        (draft / NOTE).write_text(_json(case.note), encoding="utf-8")
        write_expected(case, draft)
        if place.exists():
            place.rename(Path(made) / "before")
        draft.rename(place)
    return place


def write_expected(case: Case, place: Path) -> None:
    """Write what a case gives today as what is expected of it."""
    (place / EXPECTED).write_text(_json(case.today), encoding="utf-8")


def names_of(folder: Path) -> list[str]:
    """Return the names of the cases in a folder, sorted."""
    return sorted(note.parent.name for note in folder.glob(f"*/{NOTE}"))


def read_case(folder: Path, name: str) -> Case:
    """Return a case. Raises CaseError where there is none, or its page is not the one described."""
    place = folder / name
    try:
        case = Case(
            name=name,
            page=gzip.decompress((place / PAGE).read_bytes()),
            note=json.loads((place / NOTE).read_bytes()),
            expected=json.loads((place / EXPECTED).read_bytes()),
        )
    except FileNotFoundError as error:
        if name in names_of(folder):
            raise CaseError(f"the case {name} lacks {error.filename}: add it anew") from error
        known = ", ".join(names_of(folder)) or "none"
        raise CaseError(f"no case {name!r} in {folder}; there are: {known}") from error
    except (OSError, EOFError, ValueError) as error:
        raise CaseError(f"the case {name} cannot be read: {error}") from error
    if digest(case.page) != case.note.get("digest"):
        raise CaseError(f"{place / PAGE} is not the page that {NOTE} describes: add it anew")
    return case


def flat(expected: dict[str, Any]) -> dict[str, Any]:
    """Return an expectation with the record's fields beside the others."""
    rest = {name: value for name, value in expected.items() if name != "article"}
    return {**rest, **expected.get("article", {})}


def _changes(name: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    for field in dict.fromkeys([*before, *after]):
        old, new = (_lines(side.get(field)) if field in side else [] for side in (before, after))
        yield from difflib.unified_diff(
            old, new, f"{name}: {field} expected", f"{name}: {field} today", n=1, lineterm=""
        )


def _lines(value: object) -> list[str]:
    """Return a field's value in lines, a paragraph of the text a line."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
    return text.split("\n")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
