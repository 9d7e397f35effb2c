"""``kompascrawler duplicates``: articles with the same content, and the original of each."""

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final

from kompascrawler.command import LazyCommand
from kompascrawler.dataset.dataset import Dataset
from kompascrawler.items import Article
from kompascrawler.outcome.terminal import counted, folder_line, put_json, show, table, text

if TYPE_CHECKING:
    from kompascrawler.outcome.terminal import Drawn

_HEAD: Final = ("id", "title", "similarity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article of a cluster."""

    id: str
    title: str
    url: str
    similarity: float | None
    """To the original; None for the original itself."""

    @classmethod
    def of(cls, article: Article) -> "Member":
        """Return what is shown of a record."""
        like = article.similarity if article.duplicate_of else None
        return cls(id=article.id, title=article.title, url=article.url, similarity=like)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Articles with the same content."""

    original: str
    """Identity of the one that was stored first; it may be deleted, and no member then."""
    members: list[Member] = field(default_factory=list)
    """By their identities, so that the earliest day comes first."""


def clusters(dataset: Dataset) -> list[Cluster]:
    """Return the clusters, the largest first. Raises DatasetError."""
    originals = {one.id: one.duplicate_of for one in dataset if one.duplicate_of}
    wanted = originals.keys() | originals.values()
    found: dict[str, Cluster] = {}
    for article in dataset:
        if article.id in wanted:
            first = _first(article.id, originals)
            found.setdefault(first, Cluster(original=first)).members.append(Member.of(article))
    return sorted(found.values(), key=lambda cluster: (-len(cluster.members), cluster.original))


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
        put_json({"clusters": [asdict(cluster) for cluster in found]})
    else:
        show(folder_line(command.data_dir), *_shown(found, opts.most))
    return 0


def _shown(found: list[Cluster], most: int) -> "Iterator[Drawn]":
    articles = sum(len(cluster.members) for cluster in found)
    yield text(f"{counted(articles, 'article')} in {counted(len(found), 'cluster')}")
    for cluster in found[:most]:
        yield text("")
        yield table(map(_row, cluster.members), head=_HEAD, left=2)
    if (more := len(found) - most) > 0:
        yield text(f"\n… and {counted(more, 'cluster')} more; --json lists all")


def _row(member: Member) -> tuple[str, ...]:
    like = "original" if member.similarity is None else f"{member.similarity:.3f}"
    return member.id, member.title, like
