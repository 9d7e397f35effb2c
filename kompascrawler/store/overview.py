"""Queries for people: the story of an article, how much there is. No transactions here."""

import sqlite3
from datetime import UTC, datetime

from kompascrawler.store.found import rfc3339
from kompascrawler.store.interface import Attempt, Counts, Revision, Story


def story(db: sqlite3.Connection, article_id: str) -> Story | None:
    """Return all that is remembered of an article, or None where it was never found."""
    row = db.execute(
        "SELECT id, url, found_on, first_seen_at, state, tries, cause, next_try FROM found"
        " WHERE id = ?",
        (article_id,),
    ).fetchone()
    if row is None:
        return None
    story = Story._make([*row, _attempts(db, article_id), _revisions(db, article_id)])
    is_tried_again = story.state == "waiting"
    when = rfc3339(datetime.fromtimestamp(row[-1], UTC)) if is_tried_again else None
    return story._replace(next_try=when)


def _attempts(db: sqlite3.Connection, article_id: str) -> list[Attempt]:
    rows = db.execute(
        "SELECT at, run_id, outcome, cause FROM attempt WHERE id = ? ORDER BY number",
        (article_id,),
    )
    return [Attempt(*row) for row in rows]


def _revisions(db: sqlite3.Connection, article_id: str) -> list[Revision]:
    rows = db.execute(
        "SELECT revision, stored_at, run_id, file, is_whole, pages, content_hash,"
        " (SELECT id FROM article AS first WHERE first.number = article.original)"
        " FROM article WHERE id = ? ORDER BY revision",
        (article_id,),
    )
    return [Revision(*row)._replace(is_whole=bool(row[4])) for row in rows]


def counts(db: sqlite3.Connection) -> Counts:
    """Return how much there is."""
    (row,) = db.execute(
        "SELECT (SELECT count(*) FROM article WHERE revision = 1),"
        " (SELECT count(*) FROM article WHERE revision > 1),"
        " (SELECT count(*) FROM article WHERE NOT is_whole AND NOT EXISTS"
        "   (SELECT 1 FROM article AS later"
        "    WHERE later.id = article.id AND later.revision > article.revision)),"
        " (SELECT count(*) FROM found WHERE state = 'waiting'),"
        " (SELECT count(*) FROM found WHERE state = 'given_up'),"
        " (SELECT count(*) FROM found WHERE state = 'dropped'),"
        " (SELECT count(*) FROM outbox),"
        " (SELECT count(*) FROM gap)"
    )
    return Counts(*row)
