"""The history of an article: where it was found, its tries, its records, and what comes next."""

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
"""Fields shown of a published record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRevision:
    """A stored record, and what its file holds."""

    revision: Revision
    record: dict[str, Any] | None
    """Some of the record's fields; None if no file holds it (yet)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """All that is known about an article."""

    id: str
    url: str | None
    """None if only the id is known and does not tell the address."""
    history: ArticleHistory | None
    """None if no run has found the article."""
    records: list[PublishedRevision]
    """Oldest first."""
    rejected: dict[str, Any] | None
    """The note beside its refused page, with the page's ``path``."""
    next: list[str]
    """What happens next, and what a person can do: a line each."""

    def as_dict(self) -> dict[str, Any]:
        """Return the history for JSON."""
        history = self.history
        told = history and history._asdict() | {
            "attempts": [attempt._asdict() for attempt in history.attempts],
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
    """Return the history of an article by its id or any form of its address.

    Raises NoSuchPage if ``name`` is neither, and StoreError.
    """
    address = parse_address(name)
    article_id = address.id if address else name
    if not is_id(article_id):
        raise NoSuchPage(
            f"{name}: not an article; give an id (2023-09-16-170000170) or an article's address"
        )
    history = store.history(article_id)
    url = history.url if history else address.url if address else address_of(article_id, section)
    return Why(
        id=article_id,
        url=url,
        history=history,
        records=[_published(revision, article_id, data_dir) for revision in history.revisions]
        if history
        else [],
        rejected=_rejected(article_id, data_dir),
        next=_next(history, store, now)
        if history
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


def _next(history: ArticleHistory, store: Reader, now: datetime) -> list[str]:
    """Say what happens next to an article that was found."""
    steps = {
        "stored": "nothing: it is stored and complete, and is not asked for again",
        "given_up": f"nothing: given up after {history.tries} failures; "
        f"`scrapy failures retry {history.id}` tries again",
        "dropped": f"nothing: a person dropped it; `scrapy failures retry {history.id}` "
        "tries again",
    }
    if history.state != "waiting":
        return [steps[history.state]]
    if history.next_try and datetime.fromisoformat(history.next_try) > now:
        step = f"the first run after {history.next_try} tries again"
    else:
        step = "the next run asks for it, unless since, until or max_articles exclude it"
    host = history.url.split("/")[2]
    return [step] + [
        f"but {breaker.host} is blocked until {breaker.next_probe}: {breaker.cause}"
        for breaker in store.breakers()
        if breaker.host == host
    ]


def _never_found(
    article_id: str, address: ArticleAddress | None, store: Reader, section: Section
) -> list[str]:
    """Say how an article would be found that no run has seen a link to."""
    if address is not None and not section.holds(address):
        return [f"no run keeps it: it is not an article of the section {section.name!r} (SECTION)"]
    by_name = f"scrapy crawl kompas_global -a start_urls={address.url if address else 'ADDRESS'}"
    return [_where(article_id, store), f"to get it now: {by_name}"]


def _where(article_id: str, store: Reader) -> str:
    """Say where an article is in the listings that runs have read."""
    newest, oldest = store.newest_listed(), store.oldest_asked()
    if newest is None:
        return "no run has read a listing yet; the next run does"
    if article_id > newest:
        return f"newer than the newest article in a listing ({newest}): a later run finds it"
    for gap in store.gaps():
        if (gap.low or "") < article_id <= gap.high:
            low = gap.low or "the beginning"
            return (
                f"in a gap of the index that is not read yet ({gap.high} down to {low}): a later"
                " run finds it there"
            )
    if oldest is not None and article_id < oldest:
        return f"older than runs were asked to go ({oldest}): give an earlier -a since"
    return "not in the listings, which were read for its time"


_INDENT: Final = 14
_ROUTES: Final = {
    "single": "as one page",
    "all": "by ?page=all",
    "numbered": "page by page (?page=2 and so on)",
    "browser": "by the browser",
}


def why_lines(why: Why, now: datetime, paint: Paint = PLAIN) -> Iterator[str]:
    """Yield an article's history as lines of at most 80 columns."""
    yield from _entry("Article", why.id)
    yield from _entry("Address", why.url or "not known: give the address instead of the id")
    if why.history:
        yield from _found(why.history, now, paint)
    else:
        yield from map(paint.bad, _entry("Found", "never: no run has seen a link to it"))
    if why.rejected:
        yield from _rejection(why.rejected, now, paint)
    if why.history:
        yield from _state(why.history)
    for published in why.records:
        yield from _revision(published, now, paint)
    for number, step in enumerate(why.next):
        yield from _entry("" if number else "Next", step)


def _found(history: ArticleHistory, now: datetime, paint: Paint) -> Iterator[str]:
    place = f"on {history.found_on}" if history.found_on else "asked for by its address"
    yield from _entry("Found", f"{since(history.first_seen_at, now)}, {place}")
    for attempt in history.attempts:
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


def _state(history: ArticleHistory) -> Iterator[str]:
    told = f"{history.state.replace('_', ' ')}; {counted(history.tries, 'failure')}"
    if history.cause:
        told = f"{told}, the last: {history.cause}"
    yield from _entry("State", told)


def _revision(published: PublishedRevision, now: datetime, paint: Paint) -> Iterator[str]:
    revision, record = published.revision, published.record
    when = since(revision.stored_at, now) if revision.stored_at else "at an unknown time"
    state = "complete" if revision.is_whole else "incomplete"
    text = f"revision {revision.number}, {when}, {state}, {counted(revision.pages, 'page')}"
    run = f" (run {revision.run_id})" if revision.run_id else ""
    paints = paint.good if revision.is_whole else paint.bad
    yield from map(paints, _entry("Stored", f"{text}{run}"))
    if revision.duplicate_of:
        yield from _entry("", f"same content as {revision.duplicate_of}, stored before")
    yield from _entry("  in", revision.file or "not published yet")
    if record:
        halaman = Halaman(**record["halaman"])
        yield from _entry("", f"“{record['title']}”, {counted(record['word_count'], 'word')}")
        yield from _entry("", f"{in_words(halaman)}; fetched {_ROUTES[halaman.route]}")
    elif revision.file:
        yield from map(paint.bad, _entry("", "but the file is missing or does not hold it"))


def _entry(label: str, text: str) -> list[str]:
    return entry(label, text, indent=_INDENT)
