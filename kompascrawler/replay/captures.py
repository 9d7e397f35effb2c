"""Pages of articles as they were received, and those of the articles that a data folder has."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, NamedTuple

from w3lib.encoding import http_content_type_encoding

from kompascrawler import items
from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.lines import Line, Selection, need
from kompascrawler.halaman.joining import NAMED, absent
from kompascrawler.items import Article
from kompascrawler.store import captures
from kompascrawler.store.captures import WarcFile
from kompascrawler.store.model import StoreError
from kompascrawler.store.reader import Reader
from kompascrawler.store.records import RE_EXTRACTED
from kompascrawler.store.store import open_reader

_PAGES: Final = ("article", "halaman", "rendered")
"""Roles of the answers that an article is made of; others failed, or are not its pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """An answer of the site, or a document that a browser has rendered of one."""

    url: str
    """Address after redirects."""
    status: int
    content_type: str
    body: bytes
    """Unpacked."""
    at: datetime | None
    """When it was received, UTC; None where nobody knows."""
    truncated: bool = False
    """Whether it is known to be only a beginning."""
    rendered: bool = False
    """Whether a browser has rendered it: UTF-8, entities decoded."""
    walked: int = 0
    """Of a rendered document: pages that the browser saw; 0 where nobody knows."""
    stopped: bool = False
    """Of a rendered document: whether the browser stopped before the end of the article."""
    place: items.Capture | None = None

    @property
    def encoding(self) -> str | None:
        """The encoding that its header declares."""
        return http_content_type_encoding(self.content_type)


class Kept(NamedTuple):
    """The latest revision of an article that is published, and the pages that it was made of."""

    article: Article
    line: bytes
    """As it was published, without its line feed."""
    captures: list[Capture]
    """In the order in which they came; none where they are not kept, or cannot be read."""
    damage: str | None = None
    """Why they cannot be read."""
    addresses: Sequence[str] = ()
    """Those that may have told the crawl headlines, where it lacked pages."""


def kept(
    data_dir: Path,
    ids: Collection[str] = (),
    *,
    since: date | None = None,
    until: date | None = None,
    run_id: str | None = None,
) -> Iterator[Kept]:
    """Yield the published articles of a data folder with their pages, by day; ``ids``: only these.

    ``run_id``: only what that run fetched. Deleted ones have no pages. Raises StoreError, and
    MissingExtra without the extra ``warc``.
    """
    need("fastwarc", "warc")
    selection = Selection(since=since, until=until, revisions=True, deleted=True)
    dataset, ids = Dataset(data_dir), frozenset(ids)
    first, last = str(since or date.min), str(until or date.max)
    days = sorted({name[:10] for name in ids if first <= name[:10] <= last}) if ids else None
    with open_reader(data_dir) as reader:
        for _, lines in dataset.by_day(selection, days=days):
            of_article: dict[str, dict[int, Line]] = {}
            for line in lines:
                if not ids or line.head.id in ids:
                    of_article.setdefault(line.head.id, {})[line.head.revision] = line
            for revisions in of_article.values():
                article = dataset.article(revisions[max(revisions)])
                if run_id in (None, article.run_id):
                    yield _kept(dataset, reader, article, revisions)


def _kept(dataset: Dataset, reader: Reader, article: Article, revisions: dict[int, Line]) -> Kept:
    number, source = article.revision, article
    line = revisions[number].content
    # What was re-extracted was made of the pages of the revision before.
    while RE_EXTRACTED in source.changed and number - 1 in revisions:
        number -= 1
        source = dataset.article(revisions[number])
    if article.deleted_at is not None:
        return Kept(article, line, [])
    places = [place for place in reader.captures(article.id, number) if place[1].role in _PAGES]
    try:
        found = [read(dataset.data_dir, *place) for place in places]
    except StoreError as damage:
        return Kept(article, line, [], str(damage))
    return Kept(article, line, found, addresses=_known_then(reader, article))


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


def read(data_dir: Path, file: WarcFile, kept: captures.Capture) -> Capture:
    """Return an answer that is kept. Raises StoreError where it is damaged."""
    from kompascrawler.warc.reading import WALKED, answer_at  # noqa: PLC0415 - of the extra

    payload = kept.start if kept.payload_start is None else kept.payload_start
    answer = answer_at(data_dir / file.file, payload, kept.digest, kept.start)
    pages, _, stopped = answer.headers.get(WALKED, "0").partition(" ")
    try:
        at, walked = datetime.fromisoformat(answer.date).astimezone(UTC), int(pages)
    except ValueError as error:
        raise StoreError(f"{file.file}: the record at {kept.start} is damaged: {error}") from error
    return Capture(
        url=answer.url,
        status=answer.status,
        content_type=answer.content_type,
        body=answer.body,
        at=at,
        truncated="WARC-Truncated" in answer.headers,
        rendered=kept.role == "rendered",
        walked=walked,
        stopped=bool(stopped),
        place=items.Capture(
            file=file.file,
            offset=kept.start,
            digest=answer.headers.get("WARC-Payload-Digest"),
        ),
    )
