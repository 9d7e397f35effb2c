"""The story of an article as lines for a terminal of 80 columns. Pure."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from kompascrawler.debugging.pages_held import in_words
from kompascrawler.debugging.paint import PLAIN, Paint
from kompascrawler.debugging.why import PublishedRevision, Why
from kompascrawler.items import Halaman
from kompascrawler.outcome.terminal import counted, entry, since
from kompascrawler.store.model import ArticleHistory

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
