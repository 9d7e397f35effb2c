"""Answers that are broken or hostile: they cost their article a try, and nobody else anything."""

from pathlib import Path
from typing import Any

from kompascrawler.store.store import open_reader
from tests.crawls import crawl, make_all_due, records
from tests.replica.serve import serve
from tests.replica.site import Site

TOO_LARGE = "larger than DOWNLOAD_MAXSIZE"
BROKEN, COMPRESSED = {"name": "broken_coding"}, "compressed, and broken"
FAILS: dict[str, tuple[dict[str, Any], str]] = {
    **{
        f"{coding} {share}": (BROKEN | {"coding": coding, "share": share}, COMPRESSED)
        for coding in ("gzip", "deflate", "br", "zstd")
        for share in (0.6, 1)
        if (coding, share) != ("br", 1)  # it has no checksum
    },
    **{f"cut {share}": ({"name": "cut_page", "share": share}, "cut_off") for share in (0.05, 0.5)},
    "gzip_bomb": ({"name": "gzip_bomb"}, f"{TOO_LARGE} when unpacked"),
    "huge": ({"name": "huge"}, TOO_LARGE),
    "huge_chunked": ({"name": "huge", "is_chunked": True}, TOO_LARGE),
    "truncate": ({"name": "truncate"}, "the answer broke off"),
    "truncated": ({"name": "truncated"}, "the answer broke off"),
    "drop": ({"name": "drop"}, "the connection broke"),
    "partial": ({"name": "partial"}, "http 206"),
    "no_content": ({"name": "partial", "status": 203}, "http 203"),
    # The parser drops what nests deeper than 2,048: the text is not there.
    "nested": ({"name": "nested"}, "no_body"),
}
"""What cannot be read as a whole, and the cause that is kept."""
READS: dict[str, dict[str, Any]] = {
    "nul_bytes": {"name": "nul_bytes"},
    "utf-16": {"name": "wrong_charset"},
    "latin-1": {"name": "wrong_charset", "charset": "latin-1"},
    "bogus": {"name": "wrong_charset", "charset": "x-nothing"},
    "none": {"name": "wrong_charset", "charset": ""},
    "huge_attribute": {"name": "huge_attribute"},
    "absurd_dates": {"name": "absurd_dates"},
    "many_articles": {"name": "many_articles"},
    "many_links": {"name": "many_links", "count": 10_000},
}
"""What holds the article all the same."""
WORDS_CHANGE = {"nul_bytes"}
"""NULs in the words are told from no other character that has no meaning."""


def test_all_of_them(tmp_path: Path) -> None:
    """What can be read is the article, the rest fails by name and is whole in the next run."""
    with serve(Site(seed=5, articles=len(FAILS) + len(READS) + 1)) as replica:
        stories = {story.id: story for story in replica.site.stories}
        struck = dict(zip([*FAILS, *READS], stories, strict=False))
        for name, fault in ({name: fault for name, (fault, _) in FAILS.items()} | READS).items():
            replica.faults.add(**fault, article=struck[name])
        first = crawl(replica.env, tmp_path, LOG_LEVEL="INFO")
        found = {record["id"]: record for record in records(tmp_path)}
        assert set(stories) - set(found) == {struck[name] for name in FAILS}
        for name in READS.keys() - WORDS_CHANGE:
            story, record = stories[struck[name]], found[struck[name]]
            said = (record["title"], record["published_at"], record["text"].split("\n\n"))
            texts = [block.text for block in story.blocks]
            assert said == (story.title, story.published_at.isoformat(), texts), name
        assert "\0" not in found[struck["nul_bytes"]]["text"]
        with open_reader(tmp_path) as reader:
            failures = {f.link.id: (f.cause, f.tries) for f in reader.failures()}
            newest = reader.newest_listed()
        assert {name: failures[struck[name]] for name in FAILS} == {
            name: (cause, 1) for name, (_, cause) in FAILS.items()
        }
        assert newest == max(stories)
        assert not any(line.path.startswith("/global/read/21") for line in replica.log)
        assert "Traceback" not in first.errors

        replica.faults.clear()
        make_all_due(tmp_path)
        assert crawl(replica.env, tmp_path).status == 0
        again = [record["id"] for record in records(tmp_path) if record["revision"] == 1]
    assert again == sorted(stories)


def test_broken_bodies_are_requested_again(tmp_path: Path) -> None:
    """In the same run, and what comes then is the article."""
    broken = [fault for fault, cause in FAILS.values() if cause in (COMPRESSED, "cut_off")][::3]
    with serve(Site(seed=5, articles=len(broken))) as replica:
        for story, fault in zip(replica.site.stories, broken, strict=True):
            replica.faults.add(**fault, article=story.id, times=1)
        done = crawl(replica.env, tmp_path, RETRY_TIMES=1)
        assert (done.status, len(records(tmp_path))) == (0, len(broken))
        asked = [line.query for line in replica.log if "/read/" in line.path]
    assert asked == ["page=all"] * 2 * len(broken)
    assert {record["halaman"]["complete"] for record in records(tmp_path)} == {True}


def test_rules_that_cannot_be_read(tmp_path: Path) -> None:
    """A robots.txt that blows up harms nobody; one that leads off the site permits nothing."""
    with serve(Site(seed=5, articles=2)) as replica:
        replica.faults.add("gzip_bomb", host="www.kompas.com", path="robots.txt")
        location = "http://10.0.0.1/robots.txt"
        replica.faults.add("redirect_to", path="robots.txt", location=location)
        done = crawl(replica.env, tmp_path, LOG_LEVEL="INFO")
        others = {line.path for line in replica.log if line.host != "www.kompas.com"}
    assert (done.status, len(records(tmp_path)), others) == (0, 2, {"/robots.txt"})
    assert "Traceback" not in done.errors
