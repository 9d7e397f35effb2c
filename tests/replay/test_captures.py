"""The pages that a data folder keeps of its articles."""

from contextlib import closing
from pathlib import Path

from kompascrawler.replay.captures import kept
from kompascrawler.store.store import Store
from kompascrawler.warc.writing import Archive
from tests.store.synthetic import make_article
from tests.warc.worker import exchange, page_of


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
    assert {one.encoding for one in pages} == {"utf-8"}
    place = pages[1].place
    assert place is not None
    assert place.offset > 0
    (only,) = kept(tmp_path, [make_article(2).id])
    assert only.article.id == make_article(2).id
