"""What today's code makes of the kept pages of published articles, and what of it differs."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from difflib import unified_diff
from functools import partial
from itertools import islice, takewhile
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.lines import Line, Selection, need
from kompascrawler.halaman.assembly import RouteChoice
from kompascrawler.halaman.joining import NAMED, absent
from kompascrawler.items import Article
from kompascrawler.pages.markup import is_odd
from kompascrawler.replay.article import NOT_KEPT, Refused, article_of
from kompascrawler.replay.job import Done, Shard, Step
from kompascrawler.store.kept import Capture as Stored
from kompascrawler.store.kept import WarcFile
from kompascrawler.store.model import StoreError
from kompascrawler.store.reader import Reader
from kompascrawler.store.records import RE_EXTRACTED, to_line
from kompascrawler.store.store import open_reader
from kompascrawler.warc.reading import Capture, answer_at

Outcome = Literal["unchanged", "changed", "deleted", "not_kept", "damaged", "refused"]
"""What came of an article. ``deleted``: it has no text to be read again; ``not_kept``: its pages
are not there, or not all; ``refused``: its pages make no record any more."""
_OTHERWISE: Final = ("schema_version",)
"""Fields whose change alone is none."""
_LONGEST: Final = 2_000
"""Pieces of a value that are compared for people."""
_SHOWN: Final = 6
"""Lines of a difference that are shown."""
_PAGES: Final = ("article", "halaman", "rendered")
"""Roles of the answers that an article is made of; others failed, or are not its pages."""


class Kept(NamedTuple):
    """The latest revision of an article that is published, and the pages that it was made of."""

    article: Article
    captures: list[Capture]
    """In the order in which they came; none where they are not kept, or cannot be read."""
    damage: str | None = None
    """Why they cannot be read."""
    addresses: Sequence[str] = ()
    """Those that may have told the crawl headlines, where it lacked pages."""


def kept(
    data_dir: Path,
    days: Sequence[str] | None = None,
    ids: Collection[str] = (),
    run_id: str | None = None,
) -> Iterator[Kept]:
    """Yield the published articles of a data folder with their pages, deleted ones without.

    ``days``, ``ids``: only these; ``run_id``: only what that run fetched. Raises StoreError, and
    MissingExtra without the extra ``warc``.
    """
    need("fastwarc", "warc")
    dataset = Dataset(data_dir)
    with open_reader(data_dir) as reader:
        for _, lines in dataset.by_day(Selection(revisions=True, deleted=True), days=days):
            of_article: dict[str, dict[int, Line]] = {}
            for line in lines:
                if not ids or line.head.id in ids:
                    of_article.setdefault(line.head.id, {})[line.head.revision] = line
            for revisions in of_article.values():
                article = dataset.article(revisions[max(revisions)])
                if run_id in (None, article.run_id):
                    yield _kept(dataset, reader, article, revisions)


def _kept(dataset: Dataset, reader: Reader, article: Article, revisions: dict[int, Line]) -> Kept:
    if article.deleted_at is not None:
        return Kept(article, [])
    source = article
    # What was re-extracted was made of the pages of the revision before.
    while RE_EXTRACTED in source.changed and source.revision - 1 in revisions:
        source = dataset.article(revisions[source.revision - 1])
    places = reader.captures(article.id, source.revision)
    try:
        found = [read_kept(dataset.data_dir, *one) for one in places if one[1].role in _PAGES]
    except StoreError as damage:
        return Kept(article, [], str(damage))
    return Kept(article, found, addresses=_known_then(reader, article))


def _known_then(reader: Reader, article: Article) -> list[str]:
    """Return the addresses that were known when an article was read that lacked pages.

    Of those found in the same second nobody knows: headlines that stand in the text were not.
    """
    lacks = article.halaman.route == "declared" or article.halaman.complete is False
    if not article.crawled_at or not lacks:
        return []
    at = datetime.fromisoformat(article.crawled_at).timestamp()
    known = reader.newest_addresses(NAMED, at - 1)
    return known + absent(set(reader.newest_addresses(NAMED, at)) - set(known), article.text)


def read_kept(data_dir: Path, file: WarcFile, kept: Stored) -> Capture:
    """Return an answer that is kept. Raises StoreError where it is damaged."""
    payload = kept.start if kept.payload_start is None else kept.payload_start
    found = answer_at(data_dir / file.file, payload, kept.digest, kept.start)
    return replace(found, place=replace(found.place, file=file.file))


class Result(NamedTuple):
    """What came of one article."""

    outcome: Outcome
    before: Article
    after: Article | None = None
    """As today's code reads it; None where it does not."""
    fields: tuple[str, ...] = ()
    """In which it differs, in the record's order."""
    message: str = ""

    def revision(self) -> Article:
        """Return what changed as the next revision of the article."""
        assert self.after is not None
        changed = [*self.fields, RE_EXTRACTED]
        return replace(self.after, revision=self.before.revision + 1, changed=changed)

    def values(self) -> Iterator[tuple[str, Any, Any]]:
        """Yield the fields that differ, with both values."""
        assert self.after is not None
        before, after = self.before.to_dict(), self.after.to_dict()
        yield from ((name, before[name], after[name]) for name in self.fields)


def replayed(one: Kept, route: RouteChoice) -> Result:
    """Read an article's pages again, and compare what they make now with what was published."""
    published = one.article
    if published.deleted_at is not None:
        return Result("deleted", published)
    if one.damage is not None:
        return Result("damaged", published, message=one.damage)
    answer = article_of(one.captures, published, route=route, addresses=one.addresses)
    if isinstance(answer, Refused):
        outcome: Outcome = "not_kept" if answer.reason == NOT_KEPT else "refused"
        return Result(outcome, published, message=answer.message)
    before, after = published.to_dict(), answer.to_dict()
    differing = tuple(
        name for name in after if before[name] != after[name] and name not in _OTHERWISE
    )
    return Result("changed" if differing else "unchanged", published, answer, differing)


def of_days(
    data_dir: Path,
    ids: Collection[str] = (),
    *,
    since: date | None = None,
    until: date | None = None,
    run: str | None = None,
    route: RouteChoice = "auto",
) -> list[Shard]:
    """Return a shard for each day that may have what is chosen; it tells of ``Result``s.

    ``run``: only what it fetched. Raises StoreError.
    """
    shards = []
    for day in Dataset(data_dir).days(Selection(since=since, until=until)):
        of_day = [name for name in ids if name.startswith(day)]
        if of_day or not ids:
            shards.append(Shard(day, partial(_kept_on, data_dir, day, of_day, run, route)))
    return shards


def _kept_on(
    data_dir: Path, day: str, ids: list[str], run: str | None, route: RouteChoice
) -> Iterator[Step]:
    for one in kept(data_dir, [day], ids, run):
        odd = any(is_odd(capture.body) for capture in one.captures)
        yield Step(one.article.id, _replayed, (one, route), odd)


def _replayed(one: Kept, route: RouteChoice) -> Done:
    result = replayed(one, route)
    return Done(None if result.after is None else to_line(result.after), result)


@dataclass(slots=True)
class Report:
    """What came of all articles."""

    most: int
    """Differences that are shown."""
    ids: dict[Outcome, list[str]] = field(default_factory=dict)
    fields: Counter[str] = field(default_factory=Counter)
    messages: dict[str, str] = field(default_factory=dict)
    """Why articles are damaged or refused."""
    samples: list[Result] = field(default_factory=list)
    published: int | None = None
    """Revisions that were published; None where that was not asked for."""

    def add(self, result: Result) -> None:
        """Count an article."""
        self.note(result.outcome, result.before.id, result.message)
        self.fields.update(result.fields)
        if result.fields and len(self.samples) < self.most:
            self.samples.append(result)

    def note(self, outcome: Outcome, name: str, message: str) -> None:
        """Count an article, or a day, of which there is no more than a message."""
        self.ids.setdefault(outcome, []).append(name)
        if outcome in ("damaged", "refused"):
            self.messages[name] = message

    def number(self, outcome: Outcome) -> int:
        """Return how many articles came to that."""
        return len(self.ids.get(outcome, ()))

    def to_dict(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "articles": sum(map(len, self.ids.values())),
            "unchanged": self.number("unchanged"),
            "deleted": self.number("deleted"),
            "changed": self.ids.get("changed", []),
            "not_kept": self.ids.get("not_kept", []),
            "fields": dict(self.fields.most_common()),
            **{
                name: {one: self.messages[one] for one in self.ids.get(name, ())}
                for name in ("refused", "damaged")
            },
            "published": self.published,
            "samples": [
                {
                    "id": one.before.id,
                    "revision": one.before.revision,
                    "fields": {
                        name: {"before": old, "after": new} for name, old, new in one.values()
                    },
                }
                for one in self.samples
            ],
        }


def difference(before: Any, after: Any, width: int) -> list[str]:
    """Return what differs in two values, in lines that begin with - or +.

    >>> difference(["Gempa"], ["Gempa", "Laut"], 40)
    ['+ "Laut"']
    """
    lines = unified_diff(_pieces(before), _pieces(after), n=0, lineterm="")
    found = list(islice((line for line in lines if line[:2] not in ("--", "++", "@@")), _SHOWN + 1))
    more = ["…"] if len(found) > _SHOWN else []
    # Of a long piece the place is shown where it becomes another.
    pairs = zip(*(line[1:] for line in found), strict=False) if len(found) == 2 else ()
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    start = max(0, same - width // 3) if same > width // 2 else 0
    cut = [f"{line[0]} {'…' if start else ''}{line[1 + start :]}" for line in found[:_SHOWN]]
    return [line if len(line) <= width else f"{line[: width - 1]}…" for line in cut] + more


def _pieces(value: Any) -> list[str]:
    if isinstance(value, str):
        return value.split("\n\n")[:_LONGEST]
    values = value[:_LONGEST] if isinstance(value, list) else [value]
    return [json.dumps(one, ensure_ascii=False) for one in values]
