"""What today's code makes of the pages of published articles, and what of it differs."""

import json
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import unified_diff
from functools import partial
from itertools import islice, takewhile
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.lines import Selection
from kompascrawler.halaman.assembly import RouteChoice
from kompascrawler.items import Article
from kompascrawler.pages.markup import is_odd
from kompascrawler.replay.article import NOT_KEPT, Refused, article_of
from kompascrawler.replay.captures import Kept, kept
from kompascrawler.replay.job import Done, Shard, Step
from kompascrawler.store.records import RE_EXTRACTED, to_line

Outcome = Literal["unchanged", "changed", "deleted", "not_kept", "damaged", "refused"]
"""What came of an article. ``deleted``: it has no text to be read again; ``not_kept``: its pages
are not there, or not all; ``refused``: its pages make no record any more."""
_OTHERWISE: Final = ("schema_version",)
"""Fields whose change alone is none."""
MOST_MESSAGES: Final = 20
"""Damaged and refused articles that are listed; ``--json`` has all."""
_LONGEST: Final = 2_000
"""Pieces of a value that are compared for people."""
_SHOWN: Final = 6
"""Lines of a difference that are shown."""


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


def result_of(one: Kept, answer: Article | Refused) -> Result:
    """Compare what was published with what ``article_of`` says now."""
    if one.article.deleted_at is not None:
        return Result("deleted", one.article)
    if one.damage is not None:
        return Result("damaged", one.article, message=one.damage)
    if isinstance(answer, Refused):
        is_kept = answer.reason != NOT_KEPT
        return Result("refused" if is_kept else "not_kept", one.article, message=answer.message)
    before, after = one.article.to_dict(), answer.to_dict()
    differing = tuple(
        name for name in after if before[name] != after[name] and name not in _OTHERWISE
    )
    return Result("changed" if differing else "unchanged", one.article, answer, differing)


def replayed(one: Kept, route: RouteChoice = "auto") -> Result:
    """Read an article's pages again and compare; ``route`` as in ``article_of``."""
    if one.article.deleted_at is not None or one.damage is not None:
        return result_of(one, Refused(NOT_KEPT, ""))
    answer = article_of(one.captures, one.article, route=route, addresses=one.addresses)
    return result_of(one, answer)


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
    days = Dataset(data_dir).days(Selection(since=since, until=until))
    wanted = {day: [name for name in ids if name.startswith(day)] for day in days}
    return [
        Shard(day, partial(_kept_on, data_dir, date.fromisoformat(day), of_day, run, route))
        for day, of_day in wanted.items()
        if of_day or not ids
    ]


def _kept_on(
    data_dir: Path, day: date, ids: list[str], run: str | None, route: RouteChoice, _: list[str]
) -> Iterator[Step]:
    for one in kept(data_dir, ids, since=day, until=day, run_id=run):
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
        article_id = result.before.id
        self.ids.setdefault(result.outcome, []).append(article_id)
        self.fields.update(result.fields)
        if result.outcome in ("damaged", "refused"):
            self.messages[article_id] = result.message
        if result.fields and len(self.samples) < self.most:
            self.samples.append(result)

    def note(self, outcome: Outcome, name: str, message: str) -> None:
        """Count an article, or a day, of which there is no more than a message."""
        self.ids.setdefault(outcome, []).append(name)
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
