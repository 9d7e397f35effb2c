"""Data folders with published articles, and what can befall them."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kompascrawler.store import manifest
from kompascrawler.store.store import Store
from tests.store.synthetic import make_article

NUMBERS: Final = (1, 6, 2, 3, 7, 11, 4)
"""Articles of four days. Two are published at a time: the first two share a file."""


class Unfit(Exception):  # noqa: N818 - what the folder is for a damage
    """The folder has nothing that the damage can befall."""


def publish(folder: Path, run_id: str, *numbers: int) -> None:
    """Store articles and publish two at a time."""
    store = Store(folder, run_id)
    for place, number in enumerate(numbers, start=1):
        store.put(make_article(number, first_seen_at="2026-11-22T18:00:00+00:00"))
        if place % 2 == 0:
            store.publish()
    store.publish()
    store.close()


def files(folder: Path) -> list[Path]:
    """Return the published files, in the order of publication."""
    return sorted(folder.glob("articles/*/*.jsonl"), key=lambda path: path.name)


def rewritten(path: Path, old: bytes, new: bytes) -> None:
    """Change something in a file, which holds it, once."""
    content = path.read_bytes()
    if old not in content:
        raise Unfit(old)
    path.write_bytes(content.replace(old, new, 1))


def _halve(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def _remove_store(folder: Path) -> None:
    for path in folder.glob("state.sqlite3*"):
        path.unlink()


def _empty_store(folder: Path) -> None:
    _remove_store(folder)
    (folder / "state.sqlite3").touch()


def _overwrite_store(folder: Path) -> None:
    _remove_store(folder)
    (folder / "state.sqlite3").write_bytes(b"\x93garbage" * 1000)


def _remove_both(folder: Path) -> None:
    _remove_store(folder)
    (folder / manifest.FILE_NAME).unlink()


def _manifest(folder: Path) -> Path:
    return folder / manifest.FILE_NAME


Damage = Callable[[Path], object]
OF_FILES: Final[dict[str, Damage]] = {
    "articles deleted": lambda folder: shutil.rmtree(folder / "articles"),
    "a day deleted": lambda folder: shutil.rmtree(files(folder)[0].parent),
    "a file deleted": lambda folder: files(folder)[0].unlink(),
    "the last file deleted": lambda folder: files(folder)[-1].unlink(),
    "a file halved": lambda folder: _halve(files(folder)[0]),
    "a file emptied": lambda folder: files(folder)[0].write_bytes(b""),
    "a line cut off": lambda folder: files(folder)[0].write_bytes(
        files(folder)[0].read_bytes().split(b"\n")[0] + b"\n"
    ),
    "a file edited": lambda folder: rewritten(
        files(folder)[0], b'"language":"id"', b'"language":"en"'
    ),
    "an article renamed": lambda folder: rewritten(files(folder)[0], b'"id":"2026', b'"id":"2027'),
    "nonsense appended": lambda folder: files(folder)[0].write_bytes(
        files(folder)[0].read_bytes() + b"nonsense"
    ),
    "a file renamed": lambda folder: files(folder)[0].rename(
        files(folder)[0].with_name("x-1.jsonl")
    ),
    "a file copied": lambda folder: shutil.copy(
        files(folder)[0], files(folder)[0].with_name("x-1.jsonl")
    ),
    "a strange file": lambda folder: files(folder)[0].with_name("x-1.jsonl").write_text("{}\n"),
}
"""What can befall published files."""
OF_MANIFEST: Final[dict[str, Damage]] = {
    "manifest deleted": lambda folder: _manifest(folder).unlink(),
    "manifest emptied": lambda folder: _manifest(folder).write_bytes(b""),
    "manifest halved": lambda folder: _halve(_manifest(folder)),
    "a sum edited": lambda folder: rewritten(_manifest(folder), b'"sha256": "', b'"sha256": "0'),
    "lines edited": lambda folder: rewritten(_manifest(folder), b'"lines": 2', b'"lines": 7'),
    "a number edited": lambda folder: rewritten(_manifest(folder), b'"number": 2', b'"number": 44'),
    "a line of nonsense": lambda folder: rewritten(_manifest(folder), b"{", b"{{"),
}
"""What can befall the manifest."""
OF_STORE: Final[dict[str, Damage]] = {
    "store deleted": _remove_store,
    "store overwritten": _overwrite_store,
    "store emptied": _empty_store,
    "store and manifest deleted": _remove_both,
}
"""What can befall the store."""
IN_A_SOAK: Final = (
    *("articles deleted", "a day deleted", "the last file deleted", "a file emptied"),
    *("a file halved", "a file edited", *OF_MANIFEST, *OF_STORE),
)
"""What leaves no file of a strange name."""
ALL: Final = OF_FILES | OF_MANIFEST | OF_STORE
