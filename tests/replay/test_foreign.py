"""Pages of Kompas in the files of others become records."""

import gzip
import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from kompascrawler.extraction import extract
from kompascrawler.items import Article
from kompascrawler.replay.article import Refused, best_of
from kompascrawler.replay.engine import HERE, run_all
from kompascrawler.replay.foreign import Found, Wanted, of_sources
from kompascrawler.replay.job import Job
from kompascrawler.replay.sources import sources_of
from kompascrawler.sections import SECTIONS
from kompascrawler.store.store import Store
from kompascrawler.warc.writing import Archive
from tests.replay.foreign_files import (
    HTML,
    SHAPES,
    Shape,
    Warc,
    browsertrix,
    chunked,
    common_crawl,
    page_of,
    site_of,
    wget,
    whole,
)
from tests.replica.serve import serve
from tests.replica.site import Site
from tests.warc.worker import exchange

PACKED = [HTML, ("Content-Encoding", "gzip")]


def read(*sources: str) -> tuple[dict[str, Article | Refused], Found]:
    """Return what sources hold, by the article's address."""
    wanted = Wanted(SECTIONS["global"], "", "~")
    with TemporaryDirectory() as out:
        job, shards = Job(out=out, seconds=30), of_sources(sources_of(sources), wanted)
        for summary in run_all(job, shards, HERE):
            assert summary.bad == {}
        made, found = {}, Found(out, shards)
        for day in found.days("run"):
            for step in day.steps():
                captures = step.arguments[1]
                made[captures[0].url.partition("?")[0]] = best_of(captures)
    return made, found


def articles(*sources: str) -> list[Article]:
    """Return the records of sources that are sound."""
    made, found = read(*sources)
    assert found.damage == []
    return [one for one in made.values() if isinstance(one, Article)]


@pytest.mark.parametrize(("number", "shape"), list(enumerate(SHAPES)))
def test_every_shape_gives_what_extract_gives(number: int, shape: Shape, tmp_path: Path) -> None:
    """In chunks or not, compressed or not, whatever the headers say; place and time are told."""
    site, compressed = site_of(2), number % 2 == 0
    warc = Warc(compressed=compressed, bracketed=shape is wget)
    for story in site.stories:
        whole(site, story, warc, shape)
    found = articles(file := warc.write(tmp_path / f"a.warc{'.gz' if compressed else ''}"))
    assert len(found) == len(site.stories)
    for article, story in zip(found, sorted(site.stories, key=lambda one: one.id), strict=True):
        url = f"{story.url}?page=all"
        expected = extract(page_of(site, story, "?page=all"), url)
        assert article.text == expected.text
        assert (article.halaman, article.halaman.complete) == (expected.halaman, True)
        assert article.crawled_at == "2026-11-20T10:00:00+00:00"
        assert article.capture is not None
        assert (article.capture.file, article.capture.offset) == (file, warc.starts[url])


def test_what_is_no_page_of_the_section_is_passed_over(tmp_path: Path) -> None:
    """Other hosts, other sections, other kinds of records, and answers that are no pages."""
    site, warc = site_of(1), Warc()
    (story,) = site.stories
    page = page_of(site, story)
    for url in (
        "https://www.kompas.com/global",
        "https://www.example.com/global/read/2026/11/20/100000170/x",
        "https://money.kompas.com/read/2026/11/20/100000126/x",
        f"https://web.archive.org/web/2026/{story.url}",
        f"urn:text:{story.url}",
    ):
        warc.add(url, page)
    for kind in ("request", "metadata", "warcinfo"):
        warc.add(story.url, page, kind=kind)
    warc.add(story.url, page, status="404 Not Found")
    warc.add(story.url, page, status="301 Moved Permanently")
    warc.add(story.url, b"")
    warc.add(story.url, b"\x89PNG" + bytes(999))
    warc.add(story.url, b"<p>" + bytes(33 << 20))
    warc.add(story.url, b"<p>" + bytes(33 << 20), wget)
    made, found = read(warc.write(tmp_path / "a.warc.gz"))
    assert (made, found.damage, found.records) == ({}, [], 14)
    expected = ("status 404", "status 301", "empty", "no page")
    assert found.passed == dict.fromkeys(expected, 1) | {"too large": 2}


def test_a_changed_record_is_not_read(tmp_path: Path) -> None:
    """Its digest tells; the other one of the file is read."""
    site, warc = site_of(2), Warc(compressed=False)
    for story in site.stories:
        whole(site, story, warc, browsertrix)
    path = Path(warc.write(tmp_path / "a.warc"))
    path.write_bytes(path.read_bytes().replace(b"<p>", b"<P>", 1))
    made, found = read(str(path))
    assert len(made) == 1
    assert found.damage == [f"{path}: the digest of the record at 0 is another"]


def test_no_layout_is_refused(tmp_path: Path) -> None:
    """An answer at an article's address that is none says why."""
    warc = Warc()
    warc.add("https://www.kompas.com/global/read/2026/11/20/100000170/x", b"<html></html>")
    ((_, refused),) = read(warc.write(tmp_path / "a.warc.gz"))[0].items()
    assert isinstance(refused, Refused)
    assert refused.reason == "no_layout"


@pytest.mark.parametrize(
    ("layout", "complete", "proof", "route"),
    [("2020", False, None, "single"), ("2026", True, "text", "declared")],
)
def test_page_one_alone(
    layout: str, *, complete: bool, proof: str | None, route: str, tmp_path: Path
) -> None:
    """It is not the article, but where it declares the text of all pages."""
    site = Site(seed=7, articles=12, layout=layout)
    story = next(one for one in site.stories if len(one.pages) > 1)
    warc = Warc()
    whole(site, story, warc, common_crawl, [""])
    (article,) = articles(warc.write(tmp_path / "a.warc.gz"))
    halaman = article.halaman
    assert (halaman.complete, halaman.proof, halaman.route) == (complete, proof, route)


@pytest.mark.parametrize("cut", ["marked", "chunks", "gzip", "length", "no end"])
@pytest.mark.parametrize("layout", ["2020", "2026"])
def test_what_is_truncated_is_never_whole(cut: str, layout: str, tmp_path: Path) -> None:
    """Whatever it holds, and whether the record says so or not."""
    site, warc = Site(seed=7, articles=3, layout=layout), Warc()
    story = min(site.stories, key=lambda one: len(one.pages))
    page, url = page_of(site, story, "?page=all"), f"{story.url}?page=all"
    if cut == "marked":
        warc.add(url, page, common_crawl, WARC_Truncated="length")
    elif cut == "no end":
        warc.add(url, page.partition(b"liftdown_v2_tanda")[0], common_crawl)
    else:
        payload, headers, _ = {
            "chunks": (chunked(page)[:-9], [("Transfer-Encoding", "chunked")], {}),
            "gzip": (gzip.compress(page)[:-12], [("Content-Encoding", "gzip")], {}),
            "length": (page, [("Content-Length", str(len(page) + 1))], {}),
        }[cut]
        warc.add(url, b"", lambda _: (payload, headers, {}))
    (article,) = articles(warc.write(tmp_path / "a.warc.gz"))
    assert (article.halaman.complete, article.halaman.proof) == (False, None)
    assert article.blocks


def test_pages_by_number_from_several_files(tmp_path: Path) -> None:
    """They are put together, in whatever order they come."""
    site = site_of(12)
    story = max(site.stories, key=lambda one: len(one.pages))
    numbers = [f"?page={number}" for number in range(2, len(story.pages) + 1)]
    assert numbers
    for place, query in enumerate([*reversed(numbers), ""]):
        warc = Warc()
        whole(site, story, warc, wget, [query])
        warc.write(tmp_path / "in" / f"{place}.warc.gz")
    (article,) = articles(str(tmp_path / "in"))
    expected = extract(page_of(site, story, "?page=all"), f"{story.url}?page=all")
    assert (article.text, article.halaman.route) == (expected.text, "numbered")
    assert article.halaman.complete


def test_equal_answers_refer_to_the_page(tmp_path: Path) -> None:
    """Before or behind it, in this file or another; one whose page is not there is counted."""
    site = site_of(1)
    url, page = f"{site.stories[0].url}?page=all", page_of(site, site.stories[0], "?page=all")
    later, first = Warc(), Warc()
    later.add_revisit(url, "sha256:one", url, "2026-12-24T00:00:00Z")
    later.add_revisit(url, "sha256:other", url, "2026-12-25T00:00:00Z")
    first.add(url, page, WARC_Payload_Digest="sha256:one")
    files = [later.write(tmp_path / "a.warc.gz"), first.write(tmp_path / "b.warc.gz")]
    made, found = read(*files)
    (article,) = made.values()
    assert isinstance(article, Article)
    assert article.crawled_at == "2026-12-24T00:00:00+00:00"
    assert article.capture is not None
    assert article.capture.file == files[0]
    assert found.passed == {"equal to a page that is not here": 1}


@pytest.mark.parametrize(
    ("latest", "truncated", "expected"),
    [
        ("?page=all", False, "2026-11-25"),
        ("?page=all", True, "2026-11-20"),
        ("", False, "2026-11-20"),
    ],
)
def test_the_latest_whole_one_wins(
    latest: str, *, truncated: bool, expected: str, tmp_path: Path
) -> None:
    """Of captures at several times; a later beginning of it does not."""
    site = Site(seed=7, articles=12, layout="2020")
    story = next(one for one in site.stories if len(one.pages) > 1)
    warc, new = Warc(), page_of(site, story, latest)
    about = {"WARC_Truncated": "time"} if truncated else {}
    warc.add(f"{story.url}{latest}", new, browsertrix, date="2026-11-25T00:00:00Z", **about)
    whole(site, story, warc, browsertrix)
    (article,) = articles(warc.write(tmp_path / "a.warc.gz"))
    assert (article.crawled_at[:10], article.halaman.complete) == (expected, True)


SAVED = {
    "browser": "<!-- saved from url=(0099){url}?page=all -->",
    "SingleFile": "<!--\n Page saved with SingleFile \n url: {url}?page=all \n saved date: x\n-->",
    "HTTrack": "<!-- Mirrored from {bare}?page=all by HTTrack Website Copier/3.x -->",
    "none": "",
}


@pytest.mark.parametrize("program", SAVED)
def test_saved_pages(program: str, tmp_path: Path) -> None:
    """The address is the one that the page was saved from, or its own."""
    site, folder = site_of(1), tmp_path / "saved" / "deep"
    (story,) = site.stories
    folder.mkdir(parents=True)
    said = SAVED[program].format(url=story.url, bare=story.url.removeprefix("https://"))
    path = folder / "halaman.html"
    path.write_bytes(said.encode() + page_of(site, story, "?page=all"))
    (folder / "notes.txt").write_text("no page")
    (folder / "front.htm").write_text("<html><body>no article</body></html>")
    os.utime(path, (0, 1_800_000_000))
    made, found = read(str(tmp_path / "saved"))
    (article,) = made.values()
    assert isinstance(article, Article)
    assert article.halaman.complete
    assert article.crawled_at == "2027-01-15T08:00:00+00:00"
    assert (article.capture and article.capture.file) == str(path)
    assert found.passed == {"saved page: no_layout": 1}


def test_saved_pages_by_number(tmp_path: Path) -> None:
    """A later page tells its number itself."""
    site = site_of(12)
    story = max(site.stories, key=lambda one: len(one.pages))
    for number in range(1, len(story.pages) + 1):
        page = page_of(site, story, f"?page={number}")
        (tmp_path / f"{9 - number}.html").write_bytes(page)
    (article,) = articles(str(tmp_path))
    assert article.halaman.complete
    assert article.halaman.route == "numbered"
    assert article.halaman.pages_fetched == len(story.pages)


@pytest.mark.parametrize("option", ["--compression=auto", "--no-warc-compression"])
def test_wget_itself(option: str, tmp_path: Path) -> None:
    """What it has received from the replica gives every article."""
    if not (program := shutil.which("wget")):
        pytest.skip("wget is not here")
    with serve(site_of(2)) as replica:
        urls = [f"{story.url}?page=all" for story in replica.site.stories]
        given = [f"--ca-certificate={replica.env['SSL_CERT_FILE']}", "-e", "robots=off", option]
        kept = ["-q", "-O", os.devnull, f"--warc-file={tmp_path / 'kept'}"]
        env = os.environ | dict(replica.env)
        subprocess.run([program, *given, *kept, *urls, urls[0]], env=env, cwd=tmp_path, check=True)
    found = articles(str(tmp_path))
    assert [one.halaman.complete for one in found] == [True, True]


def test_our_own_files(tmp_path: Path) -> None:
    """Without their data folder they give the same articles, what a browser rendered too."""
    site = Site(seed=7, articles=12, layout="2020")
    story = next(one for one in site.stories if len(one.pages) == 2)
    shown = [page_of(site, story, f"?page={number}") for number in (1, 2)]
    with closing(Store(tmp_path / "data", "run")) as store:
        archive = Archive(store, 1 << 30, "test")
        archive.add(exchange(1, url=story.url, body=gzip.compress(shown[0]), answered=PACKED))
        archive.add_rendered(story.url, shown, "2", story.id)
        archive.close()
    made, found = read(str(tmp_path / "data" / "warc"))
    (article,) = made.values()
    assert isinstance(article, Article)
    assert (article.halaman.route, article.halaman.complete) == ("browser", True)
    assert article.text == extract(page_of(site, story, "?page=all"), f"{story.url}?page=all").text
    assert (found.records, found.damage) == (6, [])
