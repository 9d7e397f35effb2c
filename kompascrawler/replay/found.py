"""What shards have found in the sources of others, put together: one record an article."""

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Final, NamedTuple

import msgspec

from kompascrawler.identity import parse_address
from kompascrawler.items import Article
from kompascrawler.pages.markup import is_odd
from kompascrawler.replay.article import Refused, article_of
from kompascrawler.replay.captures import Capture
from kompascrawler.replay.foreign import Line
from kompascrawler.replay.job import ENDING, PAGES, Done, Results, Shard, Step, results_at
from kompascrawler.store.model import StoreError
from kompascrawler.store.records import to_line

_ONE_VISIT: Final = timedelta(days=1)
"""Captures of an article that are no further apart are put together."""


class _Place(NamedTuple):
    """A capture without its body, and where that lies."""

    capture: Capture
    name: str
    start: int
    size: int


class Found:
    """What all shards of the sources have found; they are put together in the sources' order."""

    def __init__(self, results: Results, shards: Iterable[Shard]) -> None:
        self.records = 0
        """Records and saved pages that were looked at."""
        self.damage: list[str] = []
        self.passed: Counter[str] = Counter()
        """Records of wanted addresses that are no pages, by cause."""
        self._of_article: dict[str, list[_Place]] = {}
        self._payloads: dict[str, _Place] = {}
        revisits = list[Capture]()
        decoder = msgspec.json.Decoder(Line)
        for shard in shards:
            start = 0
            for line in decoder.decode_lines(results.get(shard.name + ENDING) or b""):
                self.records += line.records
                self.damage += line.damage
                self.passed.update([line.passed] if line.passed else [])
                if line.capture and line.size:
                    self._add(_Place(line.capture, shard.name + PAGES, start, line.size))
                    start += line.size
                elif line.capture:
                    revisits.append(line.capture)
        self._add_revisits(revisits)

    def _add(self, place: _Place) -> None:
        capture = place.capture
        address = parse_address(capture.url)
        assert address is not None
        self._of_article.setdefault(address.id, []).append(place)
        if capture.place and capture.place.digest:
            self._payloads.setdefault(capture.place.digest, place)

    def _add_revisits(self, revisits: Iterable[Capture]) -> None:
        for capture in revisits:
            digest = capture.place.digest if capture.place else None
            if earlier := self._payloads.get(digest or ""):
                kept = replace(
                    capture,
                    content_type=earlier.capture.content_type,
                    truncated=capture.truncated or earlier.capture.truncated,
                )
                self._add(earlier._replace(capture=kept))
            else:
                self.passed["equal to a page that is not here"] += 1

    def days(self, place: str, run_id: str) -> list[Shard]:
        """Return a shard for each day. It tells of each article whether it is whole, or why none.

        ``place``: where the results lie that this was made of.
        """
        days = groupby(sorted(self._of_article.items()), lambda one: one[0][:10])
        return [Shard(day, partial(_articles, place, list(found), run_id)) for day, found in days]


def _articles(
    at: str, articles: Sequence[tuple[str, Sequence[_Place]]], run_id: str, _: list[str]
) -> Iterator[Step]:
    bodies = _bodies(results_at(at), (one for _, places in articles for one in places))
    for article_id, places in articles:
        captures = [replace(one.capture, body=_unpacked(one, bodies)) for one in places]
        odd = any(is_odd(one.body) for one in captures)
        yield Step(article_id, _record, (article_id, captures, run_id), odd)


def _bodies(results: Results, places: Iterable[_Place]) -> dict[tuple[str, int], bytes]:
    """Return the packed bodies of a day, by file and place: a request for each would take long."""
    found = {}
    where = sorted({(one.name, one.start, one.size) for one in places})
    for name, of_name in groupby(where, lambda one: one[0]):
        parts = [(start, size) for _, start, size in of_name]
        for (start, _), body in zip(parts, results.parts(name, parts), strict=True):
            found[name, start] = body
    return found


def _unpacked(place: _Place, bodies: dict[tuple[str, int], bytes]) -> bytes:
    try:
        return zlib.decompress(bodies[place.name, place.start])
    except zlib.error as error:
        raise StoreError(f"{place.name} was changed meanwhile: {error}; replay again") from error


def _record(article_id: str, captures: Sequence[Capture], run_id: str) -> Done:
    made = best_of(captures)
    if isinstance(made, Article) and made.id != article_id:
        made = Refused("another_article", f"its pages are those of {made.id}")
    if isinstance(made, Refused):
        return Done(None, (article_id, made.message))
    return Done(to_line(stamped(made, run_id)), (article_id, made.halaman.complete))


def stamped(article: Article, run_id: str) -> Article:
    """Return a record with what a run fills in; one without a time was read now."""
    at = article.crawled_at or datetime.now(UTC).isoformat(timespec="seconds")
    return replace(article, crawled_at=at, first_seen_at=at, run_id=run_id)


def best_of(captures: Sequence[Capture]) -> Article | Refused:
    """Return the record of an article's captures: of the latest visit that got all of it.

    Where none has, visits are put together if that proves to be whole; else it is the one that has
    most.
    """
    visits = _visits(captures)
    made = []
    for visit in visits:
        made.append(article_of(visit))
        if isinstance(made[-1], Article) and made[-1].halaman.complete:
            return made[-1]
    if len(visits) > 1:
        joined = article_of([one for visit in visits for one in visit])
        if isinstance(joined, Article) and joined.halaman.complete:
            return joined
    articles = [one for one in made if isinstance(one, Article)]
    return max(articles, key=_worth, default=made[0])


def _worth(article: Article) -> tuple[bool, int, int]:
    halaman = article.halaman
    return halaman.complete is None, halaman.pages_fetched, halaman.words_counted


def _visits(captures: Sequence[Capture]) -> list[list[Capture]]:
    """Return the captures by visit, the latest first; what was rendered in its order."""
    never = datetime.min.replace(tzinfo=UTC)
    visits: list[list[Capture]] = []
    before = never
    for one in sorted(captures, key=lambda one: one.at or never, reverse=True):
        if not visits or before - (one.at or never) > _ONE_VISIT:
            visits.append([])
        visits[-1].append(one)
        before = one.at or never
    return [
        [one for one in visit if not one.rendered] + [one for one in visit[::-1] if one.rendered]
        for visit in visits
    ]
