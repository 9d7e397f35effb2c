"""What a store holds: the questions of crawls and of people. None waits for a crawl."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from math import inf
from typing import Any

from kompascrawler.items import Article
from kompascrawler.store import duplicates, publishing, records
from kompascrawler.store.database import Database
from kompascrawler.store.kept import BROKEN, Capture, WarcFile
from kompascrawler.store.manifest import Entry, Kind
from kompascrawler.store.model import (
    ArticleHistory,
    Attempt,
    Breaker,
    Failing,
    Failure,
    Gap,
    Link,
    Look,
    Revision,
    SimilarArticle,
    StoreCounts,
)

# No record is ever deleted, so that the last one's number counts them; of the rest there are
# indexes that hold nothing else.
_COUNTS = """
SELECT coalesce((SELECT max(number) FROM article), 0),
    (SELECT count(*) FROM article INDEXED BY later_revision WHERE revision > 1),
    (SELECT count(*) FROM article WHERE NOT is_whole AND NOT EXISTS
        (SELECT 1 FROM article AS later
         WHERE later.id = article.id AND later.revision > article.revision)),
    (SELECT count(*) FROM link WHERE state = 'waiting'),
    (SELECT count(*) FROM link WHERE state IN ('given_up', 'dropped') AND state = 'given_up'),
    (SELECT count(*) FROM link WHERE state IN ('given_up', 'dropped') AND state = 'dropped'),
    (SELECT count(*) FROM outbox),
    (SELECT count(*) FROM gap),
    (SELECT count(*) FROM article INDEXED BY tombstone WHERE deleted_at IS NOT NULL),
    (SELECT count(*) FROM revisit)
"""
_REVISIONS = """
SELECT revision, rfc3339(stored_at), run_id,
    (SELECT file FROM manifest WHERE manifest.number = article.file),
    is_whole, pages, content_hash,
    (SELECT id FROM article AS first WHERE first.number = article.original), rfc3339(deleted_at)
FROM article WHERE id = ? ORDER BY revision
"""
_ARTICLE = """
SELECT id, link.url, page.url, rfc3339(first_seen_at), state, tries, cause,
    iif(state = 'waiting', rfc3339(next_try), NULL),
    (SELECT rfc3339(next_look) FROM revisit WHERE revisit.id = link.id)
FROM link LEFT JOIN page ON page.number = found_on WHERE id = ?
"""
_ATTEMPTS = "SELECT at, run_id, outcome, cause FROM attempt WHERE id = ? ORDER BY number"
_LOOKS = "SELECT rfc3339(at), run_id, outcome, cause FROM look WHERE id = ? ORDER BY at"
_CAPTURES = """
SELECT warc.*, capture.* FROM capture JOIN warc ON warc.number = capture.warc
WHERE id = ? AND (? IS NULL
    OR article = (SELECT number FROM article WHERE id = capture.id AND revision = ?))
ORDER BY capture.warc, start
"""
_OF_DELETED = ("http 404", "http 410")
"""Causes of articles that the site has deleted."""
_RHYTHM = timedelta(days=14)
"""Days before the newest article of which ``news_times`` tells."""
_AHEAD = timedelta(days=2)
"""Wrong dates lie further ahead."""


class Reader:
    """What a store holds. Never writes, takes no lock and keeps no crawl waiting."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.data_dir = database.path.parent

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._database.reading() as db:
            return db.execute(query, values).fetchall()

    # what is known ---------------------------------------------------------------------------
    def is_found(self, article_id: str) -> bool:
        """Tell whether any run has found the article, whatever came of it."""
        return bool(self._rows("SELECT 1 FROM link WHERE id = ?", article_id))

    def is_stored(self, article_id: str) -> bool:
        """Tell whether a record of the article is in the store (published or in the outbox)."""
        return bool(self._rows("SELECT 1 FROM article WHERE id = ? LIMIT 1", article_id))

    def is_known(self, article: Article) -> bool:
        """Tell whether the article is taken down, or stored whole and this changes nothing."""
        with self._database.reading() as db:
            if records.is_taken_down(db, article.id):
                return True
            kept = records.latest(db, article.id)
            is_whole = kept is not None and kept.is_whole
            return is_whole and records.changed(db, self.data_dir, article, kept) is None

    def record(self, article_id: str) -> Article | None:
        """Return the latest record of an article; None where there is none, or it is lost."""
        with self._database.reading() as db:
            kept = records.latest(db, article_id)
            return kept and records.read(db, self.data_dir, article_id, kept)

    def stored_on(self, day: date) -> list[Link]:
        """Return the articles of a WIB day that are stored, of whatever section, newest first."""
        query = (
            "SELECT DISTINCT id, url FROM article JOIN link USING (id)"
            " WHERE id BETWEEN ? AND ? ORDER BY id DESC"
        )
        return [Link(*row) for row in self._rows(query, f"{day}-", f"{day}-~")]

    def taken_down(self) -> dict[str, str]:
        """Return the articles that were taken down, and why."""
        return dict(self._rows("SELECT id, why FROM taken_down"))

    def is_settled(self, article_id: str) -> bool:
        """Tell whether a record of the article is stored that is not known to lack pages."""
        query = "SELECT 1 FROM article WHERE id = ? AND is_whole LIMIT 1"
        return bool(self._rows(query, article_id))

    def failures(self) -> list[Failure]:
        """Return every article that failed and is not settled, in whatever state, newest first."""
        query = (
            "SELECT id, url, tries, cause, iif(state = 'waiting', next_try, NULL), state FROM link"
            " WHERE cause IS NOT NULL AND state <> 'stored' ORDER BY id DESC"
        )
        return [Failure(Link(*row[:2]), *row[2:]) for row in self._rows(query)]

    def failing(self, oldest: str) -> Failing:
        """Return why articles fail, from an identity on, and whether anything was ever stored."""
        ((stored,),) = self._rows("SELECT coalesce(max(number), 0) FROM article")
        found = Failing(Counter(), Counter(), has_stored=bool(stored))
        rows = self._rows(
            "SELECT state, cause, count(*) FROM link WHERE cause IS NOT NULL AND state <> 'stored'"
            " AND id >= ? GROUP BY state, cause",
            oldest,
        )
        for state, cause, number in rows:
            by_cause = {"given_up": found.given_up, "waiting": found.waiting}.get(state)
            if by_cause is not None and cause not in _OF_DELETED and "declared:" not in cause:
                by_cause["incomplete" if cause.startswith("incomplete") else cause] += number
        return found

    def attempts(self, article_id: str) -> list[Attempt]:
        """Return the attempts at an article that stored nothing, the oldest first."""
        return [Attempt(*row) for row in self._rows(_ATTEMPTS, article_id)]

    def revisions(self, article_id: str) -> list[Revision]:
        """Return what is stored of an article, the oldest first."""
        return [_revision(Revision(*row)) for row in self._rows(_REVISIONS, article_id)]

    def history(self, article_id: str) -> ArticleHistory | None:
        """Return all that is remembered of an article, or None where it was never found."""
        rows = self._rows(_ARTICLE, article_id)
        if not rows:
            return None
        *known, next_look = rows[0]
        tries = self.attempts(article_id), self.revisions(article_id)
        looks = [Look(*row) for row in self._rows(_LOOKS, article_id)]
        return ArticleHistory._make([*known, *tries, looks, next_look])

    def newest_addresses(self, most: int, at: float = inf) -> list[str]:
        """Return the addresses of the newest articles that were found, up to a time (seconds)."""
        query = "SELECT url FROM link WHERE first_seen_at <= ? ORDER BY id DESC LIMIT ?"
        return [url for (url,) in self._rows(query, at, most)]

    def counts(self) -> StoreCounts:
        """Return how much the store holds, without a look at every row."""
        found = StoreCounts(*self._rows(_COUNTS)[0])
        return found._replace(articles=found.articles - found.revisions)

    def find_duplicate(self, article: Article) -> SimilarArticle | None:
        """Return the first stored article with the same or nearly the same content.

        Never the article itself, and never one that is a republication of another one.
        """
        with self._database.reading() as db:
            return duplicates.find_same(db, article) or duplicates.find_near(db, article)

    def similar(self, article: Article) -> list[SimilarArticle]:
        """Return the articles that one is compared with for ``find_duplicate``, and how alike."""
        with self._database.reading() as db:
            return duplicates.similar(db, article)

    def with_payload(self, warc: int, digest: bytes) -> int | None:
        """Return where a WARC file has the record of a payload that is whole, by its SHA-1."""
        query = (
            "SELECT start FROM capture WHERE digest = ? AND warc = ? AND payload_warc IS NULL"
            " AND role NOT LIKE ? LIMIT 1"
        )
        return next((start for (start,) in self._rows(query, digest, warc, f"%{BROKEN}")), None)

    def captures(
        self, article_id: str, revision: int | None = None
    ) -> list[tuple[WarcFile, Capture]]:
        """Return the answers that were kept of an article, or of one revision, in their order."""
        rows = self._rows(_CAPTURES, article_id, revision, revision)
        return [(WarcFile(*row[:5]), Capture(*row[5:])) for row in rows]

    def spare_files(self, before: date) -> int:
        """Return how many published files there are beyond one for each day before a day."""
        files = f"SELECT count(*) - count(DISTINCT substr(file, 1, 34)) {publishing.OF_DAYS}"
        return int(self._rows(files, str(before))[0][0])

    def entries(self, after: int) -> list[Entry]:
        """Return the entries of the manifest with a number above ``after``."""
        with self._database.reading() as db:
            return publishing.entered(db, "number > ?", after)

    def current_entries(self) -> list[Entry]:
        """Return the entries of the files that together hold every record."""
        with self._database.reading() as db:
            return publishing.entered(db, "replaced_by IS NULL AND lines > 0")

    def replaced_files(self, until: int) -> list[tuple[str, int, Kind]]:
        """Return the files that those up to a number replace; number and kind of each of those."""
        return self._rows(
            "SELECT old.file, new.number, new.kind FROM manifest AS old"
            " JOIN manifest AS new ON new.number = old.replaced_by WHERE old.replaced_by <= ?",
            until,
        )

    # the site --------------------------------------------------------------------------------
    def breakers(self) -> list[Breaker]:
        """Return the hosts that are left alone, by name."""
        query = "SELECT host, cause, opened_at, probes, next_probe FROM breaker ORDER BY host"
        return [Breaker(*row) for row in self._rows(query)]

    def measures(self, runs: int = 50, section: str = "global") -> list[dict[str, tuple[int, int]]]:
        """Return what the latest runs measured of a section, newest first; 200 are remembered."""
        query = "SELECT measures FROM measured WHERE section = ? ORDER BY number DESC LIMIT ?"
        found = [json.loads(text) for (text,) in self._rows(query, section, runs)]
        return [{name: (hits, of) for name, (hits, of) in row.items()} for row in found]

    # where the listing has been read ----------------------------------------------------------
    def newest_listed(self, section: str | None = None) -> str | None:
        """Return the newest identity that a listing (without a section: any) has shown, if one."""
        return max(self._bounds("newest_listed", section), default=None)

    def news_times(
        self, section: str | None = None, owns: Callable[[str], bool] = bool
    ) -> list[int]:
        """Return when an article newer than all before was found, in the latest two weeks.

        Seconds since 1970, ascending; ``owns`` tells the section's by their addresses.
        """
        newest = self.newest_listed(section)
        if newest is None:
            return []
        day = date.fromisoformat(newest[:10])
        rows = self._rows(
            "SELECT id, url, first_seen_at FROM link WHERE id BETWEEN ? AND ?"
            " ORDER BY first_seen_at, number DESC",
            str(day - _RHYTHM),
            f"{day + _AHEAD}~",
        )
        times, latest = [], ""
        for article_id, url, seen_at in rows:
            if article_id > latest and owns(url):
                latest = article_id
                times.append(seen_at)
        return times

    def oldest_asked(self, section: str | None = None) -> str | None:
        """Return the bound below which listings were never asked for, or None: no bound."""
        return min(self._bounds("oldest_asked", section), default=None)

    def _bounds(self, name: str, section: str | None) -> list[str]:
        query = "SELECT id FROM bound WHERE name = ? AND section = coalesce(?, section)"
        return [identity for (identity,) in self._rows(query, name, section)]

    def gaps(self, section: str | None = None) -> list[Gap]:
        """Return the open gaps, of one section or of all, newest first."""
        query = (
            "SELECT number, low, high, section FROM gap WHERE section = coalesce(?, section)"
            " ORDER BY high DESC, number DESC"
        )
        return [Gap(*row) for row in self._rows(query, section)]


def _revision(found: Revision) -> Revision:
    content_hash = duplicates.unpacked_hash(found.content_hash)
    return found._replace(is_whole=bool(found.is_whole), content_hash=content_hash)
