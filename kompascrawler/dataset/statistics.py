"""What a data set holds, counted in one pass over its days: for the data card and the report.

And which articles have the same content.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import Final, NamedTuple

from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.lines import Selection
from kompascrawler.drift.rates import RepeatedLines
from kompascrawler.identity import WIB
from kompascrawler.items import Article
from kompascrawler.store.ledger import days_of
from kompascrawler.store.records import is_blank

PROOFS: Final = {
    "text": "complete: the text is, word by word, the one that page 1 declares",
    "words": "complete: as many words as the site declares",
    "pages": "complete: all pages of the pager",
    "incomplete": "not complete",
    "unknown": "not known: the site declares nothing",
}
OPTIONAL: Final = (
    *("description", "updated_at", "authors", "editors", "sources", "topic", "tags", "dateline"),
    *("images", "embeds", "related"),
)
"""Fields that may be empty."""
DELAYS: Final = (15, 30, 60, 120, 360, 1440, 10080)
"""Limits of the classes of minutes from publication to storage; the last class has none."""


@dataclass(slots=True)
class Coverage:
    """How much of a day is stored, of what the site's listing had at the last look."""

    listed: int = 0
    missing: set[str] = field(default_factory=set)
    is_read: bool = True
    is_closed: bool = True
    """It is not to be read again."""


@dataclass(slots=True)
class Statistics:
    """Counts of articles in their latest revision, but where said otherwise. Days are WIB's."""

    number: int
    """Of the last published file that counts."""
    days: Counter[str] = field(default_factory=Counter)
    coverage: dict[str, Coverage] = field(default_factory=dict)
    sections: Counter[str] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)
    """Of the schema, of all lines."""
    proofs: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By day and proof; ``incomplete``, and ``unknown`` where the site declares nothing."""
    pages: Counter[tuple[int, str]] = field(default_factory=Counter)
    """By number of Halaman and route."""
    hours: Counter[tuple[int, int]] = field(default_factory=Counter)
    """By weekday (Monday is 0) and hour of publication, WIB."""
    words: Counter[int] = field(default_factory=Counter)
    """By length in hundreds of words."""
    delays: Counter[int] = field(default_factory=Counter)
    """First revisions, by class of ``DELAYS``."""
    empty: Counter[str] = field(default_factory=Counter)
    """By optional field that holds nothing."""
    duplicates: int = 0
    revisions: Counter[str] = field(default_factory=Counter)
    """Later revisions by the day that they were fetched on."""
    changed: Counter[str] = field(default_factory=Counter)
    """Later revisions by field that differs, deletions left out."""
    deletions: Counter[str] = field(default_factory=Counter)
    """Deleted articles by the day on which that was certain."""
    taken_down: int = 0
    tags: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    authors: Counter[str] = field(default_factory=Counter)
    referenced: Counter[str] = field(default_factory=Counter)
    """Identities, by articles that link to them."""
    titles: dict[str, str] = field(default_factory=dict)
    """Of what is referenced."""
    lines: RepeatedLines = field(default_factory=RepeatedLines)

    @property
    def articles(self) -> int:
        """Articles that are not deleted."""
        return self.days.total()

    def total(self, state: str) -> int:
        """Return the articles with a proof, or ``incomplete``, or ``unknown``."""
        return sum(count for (_, one), count in self.proofs.items() if one == state)

    def gaps(self) -> list[tuple[str, str]]:
        """Return the first and the last day of each time without an article."""
        days = sorted(map(date.fromisoformat, self.days))
        step = timedelta(days=1)
        return [
            (str(before + step), str(after - step))
            for before, after in pairwise(days)
            if after - before > step
        ]

    def recall(self) -> tuple[int, int, int]:
        """Return how many days were compared, and the articles listed and stored of them."""
        looked = [day for day in self.coverage.values() if day.is_read]
        listed = sum(day.listed for day in looked)
        return len(looked), listed, listed - sum(len(day.missing) for day in looked)

    def add(self, article: Article) -> None:
        """Count the latest revision of an article."""
        if article.deleted_at is not None:
            self.deletions[_day(article.deleted_at)] += 1
            self.taken_down += is_blank(article)
            return
        halaman, published = article.halaman, datetime.fromisoformat(article.published_at)
        self.days[article.id[:10]] += 1
        self.sections[article.section or "(none)"] += 1
        state = "unknown" if halaman.complete is None else halaman.proof or "incomplete"
        self.proofs[article.id[:10], state] += 1
        self.pages[halaman.pages_fetched, halaman.route] += 1
        at = published.astimezone(WIB)
        self.hours[at.weekday(), at.hour] += 1
        self.words[article.word_count // 100] += 1
        self.empty.update(name for name in OPTIONAL if not getattr(article, name))
        self.duplicates += article.duplicate_of is not None
        self._add_names(article)

    def _add_names(self, article: Article) -> None:
        self.tags.update(set(article.tags))
        self.sources.update(set(article.sources))
        self.authors.update(set(article.authors))
        links = {one.id: one.title for one in article.related if one.id}
        self.referenced.update(links.keys())
        self.titles |= links
        if article.duplicate_of is None:
            self.lines.add(block.text for block in article.blocks)

    def add_line(self, article: Article) -> None:
        """Count what every revision tells."""
        self.versions[article.schema_version] += 1
        if article.revision > 1:
            self.revisions[_day(article.crawled_at)] += 1
            self.changed.update(article.changed if article.deleted_at is None else ())
        elif article.deleted_at is None and article.crawled_at:
            times = (article.crawled_at, article.published_at)
            stored, published = map(datetime.fromisoformat, times)
            minutes = (stored - published).total_seconds() / 60
            self.delays[sum(minutes > limit for limit in DELAYS)] += 1

    def cover(self, article: str) -> None:
        """Note that an article is stored, whatever its day's listing lacked."""
        if day := self.coverage.get(article[:10]):
            day.missing.discard(article)


def _day(time: str) -> str:
    return datetime.fromisoformat(time).astimezone(WIB).date().isoformat() if time else ""


def share(part: int, of: int) -> str:
    """Return a part in percent; a dash where there is nothing."""
    return f"{100 * part / of:.1f} %" if of else "-"


def statistics(
    dataset: Dataset, sections: Sequence[str] = (), selection: Selection | None = None
) -> Statistics:
    """Count a data set, or what an export has of it. Raises DatasetError.

    ``sections``: whose listings are to be compared; they are known as they were read last.
    """
    selection = selection or Selection()
    number = dataset.number if selection.as_of is None else selection.as_of
    found = Statistics(number, coverage=_coverage(dataset.data_dir, sections))
    asked = replace(selection, revisions=True, deleted=True, complete=False, as_of=number)
    for _, lines in dataset.by_day(asked):
        latest: dict[str, tuple[int, Article]] = {}
        for article in map(dataset.article, lines):
            found.add_line(article)
            one = (article.revision, article)
            latest[article.id] = max(one, latest.get(article.id, one), key=itemgetter(0))
        for _, article in latest.values():
            if article.halaman.complete is True or not selection.complete:
                found.add(article)
                found.cover(article.id)
    return found


def _coverage(data_dir: Path, sections: Sequence[str]) -> dict[str, Coverage]:
    """Return the days; of a day that several sections have, what they have together."""
    found: dict[str, Coverage] = {}
    for line in sorted(days_of(data_dir, sections), key=lambda line: line.day):
        day = found.setdefault(str(line.day), Coverage())
        day.listed += line.listed
        day.missing |= set(line.missing)
        day.is_read &= bool(line.looked_at)
        day.is_closed &= day.is_read and line.closed
    return found


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
