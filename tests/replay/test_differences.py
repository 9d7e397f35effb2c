"""The pages that a data folder keeps of its articles."""

import gzip
import re
import sys
import time
import zlib
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import brotli  # type: ignore[import-untyped] # it has no types
import pytest

from kompascrawler.items import Article
from kompascrawler.replay.article import encoding_of
from kompascrawler.replay.differences import kept
from kompascrawler.store.store import Store, open_reader
from kompascrawler.warc.writing import Archive, Exchange
from tests.store.synthetic import make_article
from tests.warc.worker import exchange, page_of

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def keep(data_dir: Path, *exchanges: Exchange, article: Article | None = None) -> None:
    """Keep answers and publish their article, in a run of their own."""
    with closing(Store(data_dir, f"run-{time.time_ns()}")) as store:
        archive = store.archive = Archive(store, 1 << 30, "test")
        for one in exchanges:
            archive.add(one)
        store.put(article or make_article(1))
        store.publish()
        archive.close()


def bodies(data_dir: Path) -> list[bytes]:
    """Return the pages of the only article."""
    (only,) = kept(data_dir)
    return [one.body for one in only.captures]


def test_articles_come_with_the_pages_that_they_were_made_of(tmp_path: Path) -> None:
    """In their order, equal ones and rendered ones too; failures and other pages are left out."""
    with closing(Store(tmp_path, "run")) as store:
        archive = store.archive = Archive(store, 1 << 30, "test")
        address = make_article(1).url
        archive.add(exchange(1, status="503 Down", role="article 503"))
        archive.add(exchange(1))
        archive.add(exchange(1, url=f"{address}?page=2", role="halaman"))
        archive.add_rendered(address, [b"one", b"two"], "3 no further page", make_article(1).id)
        archive.add(exchange(2))
        for number in (1, 2, 3):
            store.put(make_article(number))
        store.publish()
        archive.close()
    by_id = {one.article.id: one.captures for one in kept(tmp_path)}
    assert [len(by_id[make_article(number).id]) for number in (1, 2, 3)] == [4, 1, 0]
    pages = by_id[make_article(1).id]
    assert [one.body for one in pages] == [page_of(1), page_of(1), b"one", b"two"]
    addresses = [f"{address}?page=all", f"{address}?page=2", address, address]
    assert [one.url for one in pages] == addresses
    assert [one.rendered for one in pages] == [False, False, True, True]
    assert [(one.walked, one.stopped) for one in pages[1:3]] == [(0, False), (3, True)]
    assert {encoding_of(one) for one in pages} == {"utf-8"}
    place = pages[1].place
    assert place.offset > 0
    (only,) = kept(tmp_path, ids=[make_article(2).id])
    assert only.article.id == make_article(2).id


PAGE = b"<html>" + b"Gempa di laut. " * 99
WITHOUT_HEAD = zlib.compressobj(wbits=-zlib.MAX_WBITS)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("x-gzip", gzip.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", WITHOUT_HEAD.compress(PAGE) + WITHOUT_HEAD.flush()),
        ("br", brotli.compress(PAGE)),
        ("zstd", zstd.compress(PAGE)),
        ("gzip, br", brotli.compress(gzip.compress(PAGE))),
    ],
    ids=["gzip", "x-gzip", "deflate", "deflate without a head", "br", "zstd", "gzip and br"],
)
def test_bodies_are_unpacked(tmp_path: Path, encoding: str, body: bytes) -> None:
    """Whatever compression a server sends that a crawl takes."""
    keep(tmp_path, exchange(1, body=body, answered=[("Content-Encoding", encoding)]))
    ((_, pages),) = [(one.article, one.captures) for one in kept(tmp_path)]
    assert [one.body for one in pages] == [PAGE]


def test_the_pages_are_those_of_the_revision_that_was_fetched(tmp_path: Path) -> None:
    """Of a deletion none; of an article that is there again the last, re-extracted or not."""
    article = make_article(1)
    keep(tmp_path, exchange(1, body=b"first"))
    assert bodies(tmp_path) == [b"first"]
    keep(tmp_path, article=replace(article, text="", deleted_at=article.published_at))
    assert bodies(tmp_path) == []
    keep(tmp_path, exchange(1, body=b"again"))
    assert bodies(tmp_path) == [b"again"]
    for revision in (4, 5):
        again = replace(article, revision=revision, tags=["x"], changed=["tags", "re-extracted"])
        with closing(Store(tmp_path, f"replay-{revision}")) as store:
            assert store.put_again(again)
            store.publish()
        assert bodies(tmp_path) == [b"again"]


def test_a_time_that_is_none_is_damage_of_its_article(tmp_path: Path) -> None:
    """The payload's digest does not cover it; it is told as any other damage."""
    keep(tmp_path, exchange(1))
    (path,) = (tmp_path / "warc").glob("*.warc.gz")
    with open_reader(tmp_path) as reader:
        ((file, page),) = reader.captures(make_article(1).id, 1)
    content = path.read_bytes()
    unpacking = zlib.decompressobj(31)
    record = unpacking.decompress(content[page.start :])
    wrong = re.sub(rb"WARC-Date: \d{4}", b"WARC-Date: 20x6", record)
    path.write_bytes(content[: page.start] + gzip.compress(wrong) + unpacking.unused_data)
    (only,) = kept(tmp_path)
    assert only.captures == []
    assert f"{file.file}: the record at {page.start} is damaged" in (only.damage or "")
