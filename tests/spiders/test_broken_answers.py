"""Answers that are broken or hostile: they cost their article a try, and nobody else anything."""

from pathlib import Path

from kompascrawler.replica.player import play
from kompascrawler.replica.site import Site
from kompascrawler.store.reader import open_reader
from tests.crawls import crawl, make_all_due, records

FAILS = {
    "gzip_bomb": [{"name": "gzip_bomb"}],
    "huge": [{"name": "huge"}],
    "huge_chunked": [{"name": "huge", "is_chunked": True}],
    "truncate": [{"name": "truncate"}],
    "truncated": [{"name": "truncated"}],
    "drop": [{"name": "drop"}],
}
"""What cannot be read as a whole."""
READS = {
    "nul_bytes": [{"name": "nul_bytes"}],
    "utf-16": [{"name": "wrong_charset"}],
    "latin-1": [{"name": "wrong_charset", "charset": "latin-1"}],
    "bogus": [{"name": "wrong_charset", "charset": "x-nothing"}],
    "none": [{"name": "wrong_charset", "charset": ""}],
    "nested": [{"name": "nested"}],
    "huge_attribute": [{"name": "huge_attribute"}],
    "absurd_dates": [{"name": "absurd_dates"}],
    "many_articles": [{"name": "many_articles"}],
    "many_links": [{"name": "many_links", "count": 10_000}],
}
"""What holds the article all the same."""
WORDS_CHANGE = {"nul_bytes"}
"""NULs between the words are no part of them, but who knows what they stood for."""


def test_all_of_them(tmp_path: Path) -> None:
    """What can be read is the article, the rest fails by name and is whole in the next run."""
    with play(Site(seed=5, articles=len(FAILS) + len(READS) + 1)) as replica:
        stories = {story.id: story for story in replica.site.stories}
        struck = dict(zip([*FAILS, *READS], stories, strict=False))
        for name, faults in (FAILS | READS).items():
            for fault in faults:
                replica.faults.add(**fault, article=struck[name])
        first = crawl(replica.env, tmp_path, LOG_LEVEL="INFO")
        found = {record["id"]: record for record in records(tmp_path)}
        assert set(stories) - set(found) == {struck[name] for name in FAILS}
        for name in READS.keys() - WORDS_CHANGE:
            story = stories[struck[name]]
            assert found[story.id]["title"] == story.title, name
            assert found[story.id]["text"].split("\n\n") == [
                block.text for block in story.blocks
            ], name
            assert found[story.id]["published_at"] == story.published_at.isoformat(), name
        assert "\0" not in found[struck["nul_bytes"]]["text"]
        with open_reader(tmp_path) as reader:
            failures = {failure.link.id: failure for failure in reader.failures()}
            newest = reader.newest_listed()
        assert {failures[struck[name]].tries for name in FAILS} == {1}
        assert newest == max(stories)
        assert not any(line.path.startswith("/global/read/21") for line in replica.log)
        assert "Traceback" not in first.errors

        replica.faults.clear()
        make_all_due(tmp_path)
        assert crawl(replica.env, tmp_path).status == 0
        again = [record["id"] for record in records(tmp_path) if record["revision"] == 1]
    assert again == sorted(stories)
