"""Saved pages of the real site, served under their real addresses."""

import csv
import gzip
import html
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from kompascrawler.identity import WIB, parse_address, published_at
from tests.replica.exchange import Reply, Request, redirect
from tests.replica.listing import Entry, front_list, index_list
from tests.replica.robots import ROBOTS

_PER_PAGE = 20
_STATED = (
    re.compile(r'<link rel="canonical" href="([^"]+)"'),
    re.compile(r'<meta property="og:url" content="([^"]+)"'),
)
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


class _Saved(NamedTuple):
    """A saved page: where it lies and what it answers to."""

    file: Path
    url: str


class SavedPages:
    """A folder of saved pages (``.html``, ``.html.gz``) as a site.

    Each article answers under its date and number, whatever the host, query or slug. As nobody
    saved a listing of the section, its front page and the index (20 a page, look of 2020) are
    made: they list the saved articles, newest first. Everything else is 404.
    """

    def __init__(self, folder: Path, manifest: Path | None = None) -> None:
        """Read the folder's addresses: from the manifest, else from the pages themselves.

        The manifest is a table with tabs and the columns ``file`` and ``url``; without one
        given, ``MANIFEST.tsv`` beside or above the pages is taken where there is one.
        """
        files = sorted(path for path in folder.iterdir() if path.name.endswith((".html", ".gz")))
        if not files:
            raise ValueError(f"no saved pages (.html, .html.gz) in {folder}")
        stated = _read_manifest(manifest or _find_manifest(folder))
        self._articles: dict[str, _Saved] = {}
        for file in files:
            self._add(file, stated.get(file.name) or _stated_address(_read(file)))

    def _add(self, file: Path, url: str | None) -> None:
        address = parse_address(url) if url else None
        if url and address:
            self._articles[address.id] = _Saved(file, url)

    @property
    def ids(self) -> list[str]:
        """Identities of the saved articles, newest first."""
        return sorted(self._articles, reverse=True)

    def serves(self, host: str) -> bool:
        """Tell whether the host is one of kompas.com."""
        return host == "kompas.com" or host.endswith(".kompas.com")

    def publish(self, n: int) -> int:
        """Return 0: what was saved is all there is."""
        del n
        return 0

    def answer(self, request: Request) -> Reply:
        """Answer a request from the saved pages."""
        if request.path == "/robots.txt":
            return Reply(body=ROBOTS.encode(), content_type="text/plain")
        address = parse_address(request.url)
        if address:
            saved = self._articles.get(address.id)
            return Reply(body=_read(saved.file)) if saved else _NOT_FOUND
        if request.scheme == "http":
            return redirect(request.url.replace("http:", "https:", 1))
        if request.host == "indeks.kompas.com" and request.path == "/":
            entries = self._listed(request.parameters.get("site", "all"))
            page = request.parameters.get("page", "1")
            start = (int(page) - 1) * _PER_PAGE if page.isdecimal() else 0
            return _page(index_list(entries[start : start + _PER_PAGE], "2020"))
        site = _FRONTS.get((request.host, request.path.rstrip("/")))
        return _page(front_list([], self._listed(site)[:_PER_PAGE], "2020")) if site else _NOT_FOUND

    def _listed(self, site: str) -> list[Entry]:
        sections = _SECTIONS.get(site)
        return [entry for entry in self._entries if sections is None or entry.section in sections]

    @cached_property
    def _entries(self) -> list[Entry]:
        return [self._entry(article_id) for article_id in self.ids]

    def _entry(self, article_id: str) -> Entry:
        saved = self._articles[article_id]
        address = parse_address(saved.url)
        assert address is not None  # only articles were taken up
        title = _TITLE.search(_read(saved.file).decode(errors="replace"))
        return Entry(
            url=saved.url,
            title=html.unescape(title[1].strip()) if title else "",
            section=address.channel.title(),
            published=published_at(address.id) or datetime.min.replace(tzinfo=WIB),
        )


_FRONTS = {("www.kompas.com", "/global"): "global", ("www.kompas.com", ""): "all"}
# What the index's `site` parameter stands for (docs/site.md, section 8); others: all.
_GLOBAL = {"Global", "Internasional"}
_SECTIONS = {"global": _GLOBAL, "news": {*_GLOBAL, "Nasional", "Regional", "Megapolitan"}}
_NOT_FOUND = Reply(status=404, body=b"<html><head><title>404</title></head><body></body></html>")


def _page(content: str) -> Reply:
    return Reply(
        body=f'<!DOCTYPE html>\n<html><head><title>Kompas.com</title><meta charset="utf-8"></head>'
        f"<body>{content}</body></html>".encode()
    )


def _read(file: Path) -> bytes:
    data = file.read_bytes()
    return gzip.decompress(data) if file.suffix == ".gz" else data


def _find_manifest(folder: Path) -> Path | None:
    candidates = (folder / "MANIFEST.tsv", folder.parent / "MANIFEST.tsv")
    return next((path for path in candidates if path.is_file()), None)


def _read_manifest(path: Path | None) -> Mapping[str, str]:
    if path is None:
        return {}
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["file"]: row["url"] for row in csv.DictReader(lines, delimiter="\t")}


def _stated_address(body: bytes) -> str | None:
    text = body.decode("utf-8", "replace")
    return next(_stated(text), None)


def _stated(text: str) -> Iterator[str]:
    for pattern in _STATED:
        found = pattern.search(text)
        if found:
            yield html.unescape(found[1])
