"""Finds the page that a person names: an address, a file or an article. Fetches nothing."""

import gzip
import json
import re
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from w3lib.url import file_uri_to_path

from kompascrawler.identity import ID
from kompascrawler.pages import PageRefused
from kompascrawler.pages.layout import survey
from kompascrawler.pages.markup import parse
from kompascrawler.sections import Scope
from kompascrawler.store.kept import rejected_page
from kompascrawler.store.model import ArticleHistory
from kompascrawler.store.reader import Reader

LARGEST: Final = 64 << 20
"""Most bytes of a page (the largest page seen has 0.6 MB)."""
_ADDRESS = re.compile(r"https?://.*", re.IGNORECASE | re.DOTALL)
_BARE_ADDRESS = re.compile(r"(?:[a-z]+\.)?kompas\.com(?:/.*)?", re.IGNORECASE)
"""An address as browsers show it."""
_ACCEPTED: Final = (
    "an address (https://…), a saved page (.html, .html.gz) or the id of an article"
    " (2023-09-16-170000170)"
)
_UNNAMED = re.compile(r"[0-9a-f]{40}")
"""Name of a refused page whose address names no article (``store.kept``)."""


class NoSuchPage(ValueError):  # noqa: N818 - what happened; the message says what to do
    """There is no such page, or it cannot be read; one line with what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPage:
    """A page that a person named."""

    url: str
    """Its address: from the note beside it, else from the page, else of the file."""
    body: bytes | None = None
    """Decompressed; None for a page that must be fetched."""
    encoding: str | None = None
    """What the note beside it states."""
    remark: str | None = None
    """What a person should know about it."""


def find_page(
    name: str, *, data_dir: Path, section: Scope, history: Callable[[str], ArticleHistory | None]
) -> FoundPage:
    """Return the page that ``name`` stands for, as docs/debug.md says. Raises NoSuchPage."""
    if _ADDRESS.fullmatch(name):
        return FoundPage(url=_with_a_host(name))
    if _BARE_ADDRESS.fullmatch(name) and not Path(name).exists():
        return FoundPage(url=f"https://{name}")
    if is_id(name):
        return _article(name, data_dir, section, history(name))
    if _UNNAMED.fullmatch(name):
        return read_page(rejected_page(data_dir, name))
    if not name:
        raise NoSuchPage(f"nothing is named: give {_ACCEPTED}")
    path = file_uri_to_path(name) if name.startswith("file:") else name
    return read_page(Path(path).expanduser())


def kept_page(
    article_id: str, revision: int | None, *, data_dir: Path, reader: Reader
) -> FoundPage | None:
    """Return the page in a WARC file that a revision was made of; None: the latest that has one.

    Raises StoreError for a damaged file.
    """
    if find_spec("fastwarc") is None:
        return None
    made_of = [
        (one.article, one.role == "article", file, one)
        for file, one in reader.captures(article_id, revision)
        if one.article is not None and one.role in ("article", "rendered")
    ]
    if not made_of:
        return None
    from kompascrawler.replay.captures import read  # noqa: PLC0415 - of the extra

    *_, file, page = max(made_of, key=lambda one: one[:2])
    answer = read(data_dir, file, page)
    at = answer.at.isoformat() if answer.at else "an unknown day"
    return FoundPage(
        url=answer.url,
        body=answer.body,
        encoding=answer.encoding,
        remark=f"as received on {at}, from {data_dir / file.file}",
    )


def _with_a_host(url: str) -> str:
    with suppress(ValueError):
        parts = urlsplit(url)
        if parts.hostname and parts.port != 0:  # a port out of range raises
            return url
    raise NoSuchPage(f"{url} is not an address that can be fetched: give https://host/path")


def is_id(name: str) -> bool:
    """Tell whether a name has the form of an article's id.

    >>> is_id("2023-09-16-170000170"), is_id("./2023-09-16-170000170.html.gz")
    (True, False)
    """
    return ID.fullmatch(name) is not None


def read_page(path: Path) -> FoundPage:
    """Return a page from its file, with what the note beside it says. Raises NoSuchPage."""
    body = _bytes_of(path)
    note = _note_of(path.with_name(f"{path.name.partition('.html')[0]}.json"))
    reason = note.get("message") or note.get("cause") or note.get("reason")
    return FoundPage(
        # Refused pages state `url`, cases of the tests `asked`.
        url=str(note.get("url") or note.get("asked") or _stated(body) or path.resolve().as_uri()),
        body=body,
        encoding=str(note["encoding"]) if note.get("encoding") else None,
        remark=f"{path} was kept because: {reason}" if reason else None,
    )


def _article(
    article_id: str, data_dir: Path, section: Scope, history: ArticleHistory | None
) -> FoundPage:
    refused = rejected_page(data_dir, article_id)
    if refused.is_file() and (history is None or history.state != "stored"):
        return read_page(refused)
    if history is not None:
        return FoundPage(url=history.url)
    if url := section.address_of(article_id):
        remark = f"not in the store: the address is made of the id ({url})"
        return FoundPage(url=url, remark=remark)
    raise NoSuchPage(
        f"{article_id}: the store does not know this article, and its id does not tell where in"
        f" the section {section.name!r} it stands; give its address"
    )


def _bytes_of(path: Path) -> bytes:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            body = file.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise NoSuchPage(f"{path}: no such file; give {_ACCEPTED}") from error
    except (OSError, EOFError, ValueError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise NoSuchPage(f"{path} cannot be read: {reason}") from error
    if len(body) > LARGEST:
        raise NoSuchPage(f"{path} holds more than {LARGEST >> 20} MiB: that is no page")
    return body


def _note_of(path: Path) -> dict[str, Any]:
    try:
        note = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise NoSuchPage(f"{path}, the note beside the page, cannot be read: {error}") from error
    return note if isinstance(note, dict) else {}


def _stated(body: bytes) -> str | None:
    """Return the address that a page gives itself."""
    with suppress(PageRefused):
        landmarks = survey(parse(body), frozenset(), stop="")
        return landmarks.canonical or landmarks.metas.get("og:url")
    return None
