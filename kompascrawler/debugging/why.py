"""The whole story of an article: found where, fetched when, what came of it, what comes next."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from kompascrawler.debugging.paint import PLAIN, Paint
from kompascrawler.debugging.sources import NoSuchPage, address_of, is_id
from kompascrawler.debugging.trace import in_words
from kompascrawler.identity import ArticleAddress, parse_address
from kompascrawler.items import Halaman
from kompascrawler.outcome.terminal import counted, entry, since
from kompascrawler.sections import Section
from kompascrawler.store.kept import rejected_note, rejected_page
from kompascrawler.store.model import ArticleHistory, Revision
from kompascrawler.store.store import Reader

_RECORD: Final = (
    *("title", "published_at", "word_count", "halaman", "duplicate_of", "similarity", "crawled_at"),
)
"""What is told of a published record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRevision:
    """A record that was stored, and what its file holds."""

    revision: Revision
    record: dict[str, Any] | None
    """The record's most telling fields; None where no file holds it (yet)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Everything that is known of an article."""

    id: str
    url: str | None
    """Its address; None where only the id is known and does not tell."""
    story: ArticleHistory | None
    """What the store remembers; None where no run ever found the article."""
    records: list[PublishedRevision]
    """Oldest first."""
    rejected: dict[str, Any] | None
    """The note beside its refused page, with the page's ``path``; None without one."""
    next: list[str]
    """What happens next, and what a person can do; a line each."""

    def as_dict(self) -> dict[str, Any]:
        """Return the story as JSON has it: objects with named keys throughout."""
        story = self.story
        told = story and story._asdict() | {
            "attempts": [attempt._asdict() for attempt in story.attempts],
            "revisions": [one.revision._asdict() | {"record": one.record} for one in self.records],
        }
        return {
            "id": self.id,
            "url": self.url,
            "story": told,
            "rejected": self.rejected,
            "next": self.next,
        }


def why(name: str, store: Reader, *, data_dir: Path, section: Section, now: datetime) -> Why:
    """Return the story of an article by its id or by any form of its address.

    Raises NoSuchPage where ``name`` is neither, and StoreError.
    """
    address = parse_address(name)
    article_id = address.id if address else name
    if not is_id(article_id):
        raise NoSuchPage(
            f"{name}: no article; give an id (2023-09-16-170000170) or an article's address"
        )
    story = store.history(article_id)
    url = story.url if story else address.url if address else address_of(article_id, section)
    return Why(
        id=article_id,
        url=url,
        story=story,
        records=[_published(revision, article_id, data_dir) for revision in story.revisions]
        if story
        else [],
        rejected=_rejected(article_id, data_dir),
        next=_next(story, store, now)
        if story
        else _never_found(article_id, parse_address(url) if url else None, store, section),
    )


def _published(revision: Revision, article_id: str, data_dir: Path) -> PublishedRevision:
    record = None
    with suppress(OSError, ValueError):
        lines = (data_dir / (revision.file or "")).read_text(encoding="utf-8").splitlines()
        candidates = map(json.loads, (line for line in lines if article_id in line))
        record = next((one for one in candidates if one["id"] == article_id), None)
    return PublishedRevision(
        revision=revision,
        record={name: record[name] for name in _RECORD if name in record} if record else None,
    )


def _rejected(article_id: str, data_dir: Path) -> dict[str, Any] | None:
    with suppress(OSError, ValueError):
        note: dict[str, Any] = json.loads(rejected_note(data_dir, article_id).read_bytes())
        return note | {"path": str(rejected_page(data_dir, article_id))}
    return None


def _next(story: ArticleHistory, store: Reader, now: datetime) -> list[str]:
    """Say what happens to an article that was found."""
    steps = {
        "stored": "nothing: it is stored whole and is not asked for again",
        "given_up": f"nothing: given up after {story.tries} failures; "
        f"`scrapy failures retry {story.id}` has it tried again",
        "dropped": f"nothing: a person dropped it; `scrapy failures retry {story.id}` takes "
        "it up again",
    }
    if story.state != "waiting":
        return [steps[story.state]]
    if story.next_try and datetime.fromisoformat(story.next_try) > now:
        step = f"the first run after {story.next_try} tries again"
    else:
        step = "the next run asks for it, unless since, until or max_articles leave it out"
    host = story.url.split("/")[2]
    return [step] + [
        f"but {breaker.host} is left alone until {breaker.next_probe}: {breaker.cause}"
        for breaker in store.breakers()
        if breaker.host == host
    ]


def _never_found(
    article_id: str, address: ArticleAddress | None, store: Reader, section: Section
) -> list[str]:
    """Say what would make an article be found that no run has seen a link to."""
    if address is not None and not section.holds(address):
        return [f"no run keeps it: it is no article of the section {section.name!r} (SECTION)"]
    by_name = f"scrapy crawl kompas_global -a start_urls={address.url if address else 'ADDRESS'}"
    return [_where(article_id, store), f"to have it now: {by_name}"]


def _where(article_id: str, store: Reader) -> str:
    """Say where an article lies in what has been read of the site's listings."""
    newest, oldest = store.newest_listed(), store.oldest_asked()
    if newest is None:
        return "no run has read a listing yet; the next one does"
    if article_id > newest:
        return f"newer than the newest that a listing has shown ({newest}): a later run finds it"
    for gap in store.gaps():
        if (gap.low or "") < article_id <= gap.high:
            low = gap.low or "the beginning"
            return (
                f"it lies in a stretch of the archive that is not read to its end yet ({gap.high}"
                f" down to {low}): a later run finds it there"
            )
    if oldest is not None and article_id < oldest:
        return f"older than what runs were asked for ({oldest}): give an earlier -a since"
    return "it lies in a stretch of the listings that has been read, and was not in them"


_INDENT: Final = 14
_ROUTES: Final = {
    "single": "as one page",
    "all": "by ?page=all",
    "numbered": "page by page (?page=2 and so on)",
    "browser": "by the browser",
}


def why_lines(why: Why, now: datetime, paint: Paint = PLAIN) -> Iterator[str]:
    """Yield the lines that tell an article's story."""
    yield from _entry("Article", why.id)
    yield from _entry("Address", why.url or "not known: give the address instead of the id")
    if why.story:
        yield from _found(why.story, now, paint)
    else:
        yield from map(paint.bad, _entry("Found", "never: no run has seen a link to it"))
    if why.rejected:
        yield from _rejection(why.rejected, now, paint)
    if why.story:
        yield from _state(why.story)
    for published in why.records:
        yield from _revision(published, now, paint)
    for number, step in enumerate(why.next):
        yield from _entry("" if number else "Next", step)


def _found(story: ArticleHistory, now: datetime, paint: Paint) -> Iterator[str]:
    place = f"on {story.found_on}" if story.found_on else "asked for by its address"
    yield from _entry("Found", f"{since(story.first_seen_at, now)}, {place}")
    for attempt in story.attempts:
        text = (
            f"{since(attempt.at, now)}, {attempt.outcome}: {attempt.cause} (run {attempt.run_id})"
        )
        yield from map(paint.bad, _entry("Tried", text))


def _rejection(note: dict[str, str], now: datetime, paint: Paint) -> Iterator[str]:
    when = f"{since(note['rejected_at'], now)}, " if note.get("rejected_at") else ""
    text = f"{when}{note.get('reason')}: {note.get('message')} (run {note.get('run_id')})"
    yield from map(paint.bad, _entry("Refused", text))
    yield from _entry("  kept in", note["path"])
    yield from _entry("", "`scrapy explain` on that file tells more")


def _state(story: ArticleHistory) -> Iterator[str]:
    told = f"{story.state.replace('_', ' ')}; {counted(story.tries, 'failure')}"
    if story.cause:
        told = f"{told}, the last: {story.cause}"
    yield from _entry("State", told)


def _revision(published: PublishedRevision, now: datetime, paint: Paint) -> Iterator[str]:
    revision, record = published.revision, published.record
    when = since(revision.stored_at, now) if revision.stored_at else "before times were kept"
    whole = "whole" if revision.is_whole else "not whole"
    text = f"revision {revision.number}, {when}, {whole}, {counted(revision.pages, 'page')}"
    run = f" (run {revision.run_id})" if revision.run_id else ""
    paints = paint.good if revision.is_whole else paint.bad
    yield from map(paints, _entry("Stored", f"{text}{run}"))
    if revision.duplicate_of:
        yield from _entry("", f"the content of {revision.duplicate_of}, stored before")
    yield from _entry("  in", revision.file or "no file yet: it waits to be published")
    if record:
        halaman = Halaman(**record["halaman"])
        yield from _entry("", f"“{record['title']}”, {counted(record['word_count'], 'word')}")
        yield from _entry("", f"{in_words(halaman)}; got {_ROUTES[halaman.route]}")
    elif revision.file:
        yield from map(paint.bad, _entry("", "which does not hold it, or is not there"))


def _entry(label: str, text: str) -> list[str]:
    return entry(label, text, indent=_INDENT)
