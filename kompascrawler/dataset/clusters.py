"""``kompascrawler duplicates``: articles with the same content, and the original of each."""

import argparse
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from kompascrawler.command import LazyCommand
from kompascrawler.dataset.dataset import Dataset
from kompascrawler.outcome.terminal import counted, put_json, show, table, text

if TYPE_CHECKING:
    from kompascrawler.outcome.terminal import Drawn


class Member(NamedTuple):
    """An article of a cluster."""

    id: str
    title: str
    url: str
    similarity: float | None
    """To the original; None for the original itself."""


def clusters(dataset: Dataset) -> dict[str, list[Member]]:
    """Return articles with the same content by the identity of their original, most first.

    The original may be deleted, and is no member then. Raises DatasetError.
    """
    originals = {one.id: one.duplicate_of for one in dataset if one.duplicate_of}
    wanted = originals.keys() | originals.values()
    found: dict[str, list[Member]] = {}
    for one in dataset:
        if one.id in wanted:
            like = one.similarity if one.duplicate_of else None
            member = Member(one.id, one.title, one.url, like)
            found.setdefault(_first(one.id, originals), []).append(member)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def _first(article: str, originals: Mapping[str, str]) -> str:
    """Return the original of the original …; a circle, which only a hand can make, ends."""
    passed = {article}
    while (original := originals.get(article, article)) not in passed:
        passed.add(article := original)
    return article


def duplicates(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Show the clusters; return 0."""
    if args or opts.most < 1:
        command.refuse("give --most as a number from 1" if not args else "give no arguments")
    found = clusters(Dataset(command.data_dir))
    if opts.json:
        put_json({name: [one._asdict() for one in members] for name, members in found.items()})
    else:
        show(*_shown(found, opts.most))
    return 0


def _shown(found: dict[str, list[Member]], most: int) -> "Iterator[Drawn]":
    articles = sum(map(len, found.values()))
    yield text(f"{counted(articles, 'article')} in {counted(len(found), 'cluster')}")
    for members in islice(found.values(), most):
        yield text("")
        rows = (
            (id_, title, "original" if like is None else f"{like:.3f}")
            for id_, title, _, like in members
        )
        yield table(rows, head=("id", "title", "similarity"), left=2)
    if (more := len(found) - most) > 0:
        yield text(f"\n… and {counted(more, 'cluster')} more; --json lists all")
