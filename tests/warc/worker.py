"""Keeps pages and stores their articles, in a process that may be killed at any moment.

``python worker.py DATA_DIR FIRST NUMBER``. Prints the identity of each article that is stored.
"""

import sys
import time
from pathlib import Path
from typing import Any

from kompascrawler.store.store import Store
from kompascrawler.warc.writing import Archive, Exchange
from tests.store.synthetic import make_article

MOST = 20_000


def page_of(number: int) -> bytes:
    """Return the body of an article's page, unlike that of others."""
    return f"<html>{number}</html>".encode() * 50 + make_article(number).text.encode() * 10


def exchange(number: int, **other: Any) -> Exchange:
    """Return how the page of an article was received."""
    article = make_article(number)
    return Exchange(
        url=f"{article.url}?page=all",
        method="GET",
        asked=[("Host", "www.kompas.com"), ("User-Agent", "test")],
        status="200 OK",
        answered=[("Content-Type", "text/html; charset=utf-8"), ("Transfer-Encoding", "chunked")],
        body=page_of(number),
        notes={"run": "test"},
        role="article",
        article_id=article.id,
    )._replace(**other)


def work(data_dir: Path, first: int, number: int) -> None:
    """Keep and store so many articles; a file is full after a few."""
    store = Store(data_dir, f"run-{time.time_ns()}")
    archive = store.archive = Archive(store, MOST, "kompascrawler/test")
    for one in range(first, first + number):
        if not store.is_stored(make_article(one).id):
            archive.add(exchange(one))
            store.put(make_article(one))
            print(make_article(one).id, flush=True)
    archive.close()
    store.close()


if __name__ == "__main__":
    work(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
