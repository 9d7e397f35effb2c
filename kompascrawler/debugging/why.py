"""The history of an article: where it was found, its tries, its records, and what comes next."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from kompascrawler.debugging.pages import NoSuchPage
from kompascrawler.halaman.completeness import in_words
from kompascrawler.identity import ID, parse_address
from kompascrawler.items import Halaman
from kompascrawler.sections import Scope
from kompascrawler.store.kept import rejected_note, rejected_page
from kompascrawler.store.model import ArticleHistory, Revision
from kompascrawler.store.reader import Reader
from kompascrawler.terminal import Row, counted, row_lines, since

_RECORD: Final = (
    *("title", "published_at", "word_count", "halaman", "duplicate_of", "similarity"),
    *("crawled_at", "changed"),
)
"""Fields shown of a published record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """All that is known about an article."""

    id: str
    url: str | None
    """None if only the id is known and does not tell the address."""
    history: ArticleHistory | None
    """None if no run has found the article."""
    records: list[tuple[Revision, dict[str, Any] | None]]
    """Each revision with some fields of its record, None if no file holds it; oldest first."""
    pages: dict[int, list[str]]
    """Where the answers are that a revision was made of, by its number."""
    rejected: dict[str, Any] | None
    """The note beside its refused page, with the page's ``path``."""
    next: list[str]
    """What happens next, and what a person can do: a line each."""

    def as_dict(self) -> dict[str, Any]:
        """Return the history for JSON."""
        story = self.history and self.history._asdict() | {
            "attempts": [attempt._asdict() for attempt in self.history.attempts],
            "revisions": [one._asdict() | {"record": record} for one, record in self.records],
            "looks": [look._asdict() for look in self.history.looks],
        }
        told = {"id": self.id, "url": self.url, "story": story, "pages": self.pages}
        return told | {"rejected": self.rejected, "next": self.next}


def history_of(name: str, store: Reader, *, data_dir: Path, section: Scope, now: datetime) -> Why:
    """Return an article's history by its id or an address. Raises NoSuchPage and StoreError."""
    address = parse_address(name)
    article_id = address.id if address else name
    if not ID.fullmatch(article_id):
        raise NoSuchPage(
            f"{name}: not an article; give an id (2023-09-16-170000170) or an article's address"
        )
    history = store.history(article_id)
    if history is None:
        url = address.url if address else section.address_of(article_id)
        steps = _never_found(article_id, url, store, section)
    else:
        url, steps = history.url, _next(history, store, now)
    revisions = history.revisions if history else []
    return Why(
        id=article_id,
        url=url,
        history=history,
        records=[(one, _record(one, article_id, data_dir)) for one in revisions],
        pages={one.number: _pages(store, article_id, one.number) for one in revisions},
        rejected=_rejected(article_id, data_dir),
        next=steps,
    )


def _record(revision: Revision, article_id: str, data_dir: Path) -> dict[str, Any] | None:
    with suppress(OSError, ValueError):
        lines = (data_dir / (revision.file or "")).read_text(encoding="utf-8").splitlines()
        for record in map(json.loads, (line for line in lines if article_id in line)):
            if (record["id"], record["revision"]) == (article_id, revision.number):
                return {name: record[name] for name in _RECORD if name in record}
    return None


def _rejected(article_id: str, data_dir: Path) -> dict[str, Any] | None:
    with suppress(OSError, ValueError):
        note: dict[str, Any] = json.loads(rejected_note(data_dir, article_id).read_bytes())
        return note | {"path": str(rejected_page(data_dir, article_id))}
    return None


def _pages(store: Reader, article_id: str, revision: int) -> list[str]:
    found = store.captures(article_id, revision)
    return [f"{one.role}, {file.file} at {one.start}" for file, one in found]


def _next(history: ArticleHistory, store: Reader, now: datetime) -> list[str]:
    retry = f"`kompascrawler failures retry {history.id}` tries again"
    looks = f"`kompascrawler crawl -a refresh={history.id}` does"
    if history.next_look:
        looks = f"the first run after {history.next_look} does, or {looks}"
    steps = {
        "stored": f"it is stored and complete; to look at it again, for changes: {looks}",
        "given_up": f"nothing: given up after {history.tries} failures; {retry}",
        "dropped": f"nothing: a person dropped it; {retry}",
    }
    if (reason := store.taken_down().get(history.id)) is not None:
        return [f"nothing: it was taken down for ever ({reason})"]
    if history.state != "waiting":
        return [steps[history.state]]
    if history.next_try and datetime.fromisoformat(history.next_try) > now:
        step = f"the first run after {history.next_try} tries again"
    else:
        step = "the next run requests it, unless since, until or max_articles exclude it"
    return [step] + [
        f"but {breaker.host} is blocked until {breaker.next_probe}: {breaker.cause}"
        for breaker in store.breakers()
        if breaker.host == urlsplit(history.url).netloc
    ]


def _never_found(article_id: str, url: str | None, store: Reader, section: Scope) -> list[str]:
    address = parse_address(url) if url else None
    if address is not None and not section.holds(address):
        return [f"no run keeps it: it is not an article of the section {section.name!r} (SECTION)"]
    by_name = f"kompascrawler crawl -a start_urls={address.url if address else 'ADDRESS'}"
    parts = [part.name for part in section.parts if address and part.holds(address)]
    return [_where(article_id, store, *parts[:1]), f"to get it now: {by_name}"]


def _where(article_id: str, store: Reader, section: str | None = None) -> str:
    newest, oldest = store.newest_listed(section), store.oldest_asked(section)
    if newest is None:
        return "no run has read a listing yet; the next run does"
    if article_id > newest:
        return f"newer than the newest article in a listing ({newest}): a later run finds it"
    for gap in store.gaps(section):
        if (gap.low or "") < article_id <= gap.high:
            low = gap.low or "the beginning"
            return (
                f"in a gap of the index that is not read yet ({gap.high} down to {low}): a later"
                " run finds it there"
            )
    if oldest is not None and article_id < oldest:
        return f"older than runs were asked to go ({oldest}): give an earlier -a since"
    return "not in the listings, which were read for its time"


_ROUTES: Final = {
    "single": "as one page",
    "all": "by ?page=all",
    "numbered": "page by page (?page=2 and so on)",
    "browser": "by the browser",
    "declared": "in part as page 1 declares it",
}


def why_lines(why: Why, now: datetime) -> Iterator[str]:
    """Yield an article's history as lines of at most 80 columns."""
    return row_lines(_rows(why, now), indent=14)


def _rows(why: Why, now: datetime) -> Iterator[Row]:
    history, note = why.history, why.rejected
    yield Row("Article", why.id)
    yield Row("Address", why.url or "not known: give the address instead of the id")
    if history:
        place = f"on {history.found_on}" if history.found_on else "requested by its address"
        yield Row("Found", f"{since(history.first_seen_at, now)}, {place}")
        for attempt in history.attempts:
            said = f"{attempt.outcome}: {attempt.cause} (run {attempt.run_id})"
            yield Row("Tried", f"{since(attempt.at, now)}, {said}", "bad")
    else:
        yield Row("Found", "never: no run has seen a link to it", "bad")
    if note:
        when = f"{since(note['rejected_at'], now)}, " if note.get("rejected_at") else ""
        said = f"{note.get('reason')}: {note.get('message')} (run {note.get('run_id')})"
        yield Row("Refused", f"{when}{said}", "bad")
        yield Row("  kept in", note["path"])
        yield Row("", "`kompascrawler explain` on that file tells more")
    if history:
        last = f", the last: {history.cause}" if history.cause else ""
        state = history.state.replace("_", " ")
        yield Row("State", f"{state}; {counted(history.tries, 'failure')}{last}")
    for revision, record in why.records:
        yield from _revision(revision, record, now)
        for number, page in enumerate(why.pages[revision.number]):
            yield Row("" if number else "  made of", page)
    for look in history.looks if history else ():
        cause = f": {look.cause}" if look.cause else ""
        said = f"{since(look.at, now)}, {look.outcome}{cause} (run {look.run_id})"
        yield Row("Looked at", said, "bad" if look.outcome in ("failed", "gone") else "good")
    for number, step in enumerate(why.next):
        yield Row("" if number else "Next", step)


def _revision(revision: Revision, record: dict[str, Any] | None, now: datetime) -> Iterator[Row]:
    when = since(revision.stored_at, now) if revision.stored_at else "at an unknown time"
    state = "complete" if revision.is_whole else "incomplete"
    if revision.deleted_at:
        state = "the site has deleted it"
    run = f" (run {revision.run_id})" if revision.run_id else ""
    said = f"revision {revision.number}, {when}, {state}, {counted(revision.pages, 'page')}{run}"
    yield Row("Stored", said, "good" if revision.is_whole else "bad")
    if revision.duplicate_of:
        yield Row("", f"same content as {revision.duplicate_of}, stored before")
    lost = "nowhere: its file was lost or damaged" if not revision.content_hash else None
    yield Row("  in", revision.file or lost or "not published yet")
    if record:
        halaman = Halaman(**record["halaman"])
        yield Row("", f"“{record['title']}”, {counted(record['word_count'], 'word')}")
        yield Row("", f"{in_words(halaman)}; fetched {_ROUTES[halaman.route]}")
        if record.get("changed"):
            yield Row("", f"changed: {', '.join(record['changed'])}")
    elif revision.file:
        yield Row("", "but the file is missing or does not hold it", "bad")
