"""Articles whose ``?page=all`` fails: page 1 and its pages instead, and what is learned of it."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kompascrawler.store.store import open_reader
from tests.browser.crawls import require_chromium
from tests.crawls import Finished, crawl, make_all_due, records, scrapy
from tests.replica.article_answers import ALL_ANSWERS
from tests.replica.serve import Replica, serve
from tests.replica.site import Site
from tests.truth import differences

OFTEN = {"CONCURRENT_REQUESTS": 2, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_TIMEOUT": 2}
"""One article after the other, so that what is learned is seen in the next one."""
FORM, NUMBERED = "www.kompas.com?page=all", "www.kompas.com?page=2…"
DAILY = ("403",)


def queries(replica: Replica[Site], since: int = 0) -> Counter[str]:
    """Return how often articles were asked for in each form."""
    return Counter(line.query for line in replica.log[since:] if "/read/" in line.path)


def closed(data_dir: Path) -> list[str]:
    """Return the hosts and forms that are left alone."""
    with open_reader(data_dir) as reader:
        return [breaker.host for breaker in reader.breakers()]


def card_of(done: Finished) -> dict[str, Any]:
    """Return the run card."""
    card: dict[str, Any] = json.loads(Path(done.verdict["card"]).read_text())
    return card


@pytest.mark.parametrize(
    "kind",
    [pytest.param(kind, marks=[] if kind in DAILY else [pytest.mark.soak]) for kind in ALL_ANSWERS],
)
def test_whatever_all_answers_everything_is_had(tmp_path: Path, kind: str) -> None:
    """Whole and once, without a closed host; then page 1 is asked for first."""
    with serve(Site(seed=5, articles=8, all_answers=kind)) as replica:
        done = crawl(replica.env, tmp_path, **OFTEN)
        assert done.status == 0, done.output
        assert differences(tmp_path, replica.site.stories) == []
        assert closed(tmp_path) == [FORM]
        assert queries(replica)["page=all"] <= 5  # of 8: three in a row, and those under way
        (line,) = card_of(done)["closed_routes"]
        assert line.startswith(f"{FORM}: ")

        replica.publish(2)
        before = len(replica.log)
        assert crawl(replica.env, tmp_path, **OFTEN).status == 0
        assert queries(replica, before)["page=all"] == 0
        assert differences(tmp_path, replica.site.stories) == []


def test_what_works_again_is_asked_for_again(tmp_path: Path) -> None:
    """A probe once in a while finds out; robots.txt is asked for each form."""
    rules = [("Disallow: /copy/", "Disallow: *?page=all\nDisallow: /copy/")]
    with serve(Site(seed=5, articles=5)) as replica:
        replica.faults.add("rewrite", path="^/robots", rules=rules)
        assert crawl(replica.env, tmp_path, **OFTEN).status == 0
        assert queries(replica)["page=all"] == 0
        shown = scrapy("status", env=replica.env, settings={"DATA_DIR": tmp_path}).output
        assert f"{FORM}: Forbidden by robots.txt" in shown

        replica.faults.clear()
        replica.publish(2)
        make_all_due(tmp_path)
        before = len(replica.log)
        assert crawl(replica.env, tmp_path, **OFTEN).status == 0
        assert queries(replica, before)["page=all"] >= 1
        assert closed(tmp_path) == []
        assert differences(tmp_path, replica.site.stories) == []


def test_numbered_pages_that_fail(tmp_path: Path) -> None:
    """In whatever way: the text that page 1 declares, and no host is closed; then not asked for.

    Once they come again each article gets its paragraphs, in a revision.
    """
    settings = {"BROWSER_EXECUTABLE": "/nowhere", "DOWNLOAD_TIMEOUT": 10, "CONCURRENT_REQUESTS": 40}
    site = Site(seed=5, articles=len(ALL_ANSWERS) + 1, halaman="all_is_first", layout="2023-11")
    with serve(site) as replica:
        longest_first = sorted(replica.site.stories, key=lambda story: -len(story.pages))
        forbidden, *failing = longest_first  # of those that never end each page takes its time
        rules = [("Disallow: /copy/", f"Disallow: *{forbidden.id[11:]}*?page=2\nDisallow: /copy/")]
        replica.faults.add("rewrite", path="^/robots", rules=rules)
        for story, (name, options) in zip(failing, ALL_ANSWERS.values(), strict=True):
            replica.faults.add(name, article=story.id, path=r"page=\d", **options)
        done = crawl(replica.env, tmp_path, **settings)
        assert (done.status, "no browser" in done.output) == (0, False), done.output
        assert {record["halaman"]["complete"] for record in records(tmp_path)} == {True}
        assert closed(tmp_path) == [NUMBERED]
        (line,) = card_of(done)["closed_routes"]
        assert line.startswith(f"{NUMBERED}: ")

        before = len(replica.log)
        replica.publish(1)
        assert crawl(replica.env, tmp_path, **settings).status == 0
        assert set(queries(replica, before)) == {"page=all", ""}

        replica.faults.clear()
        for _ in range(2):  # one article is the probe
            make_all_due(tmp_path)
            assert crawl(replica.env, tmp_path, **settings).status == 0
        assert closed(tmp_path) == []
        assert differences(tmp_path, replica.site.stories) == []


def test_the_order_of_the_forms(tmp_path: Path) -> None:
    """All, page 1, its pages by number, the browser: each where the one before it fails."""
    require_chromium()
    with serve(Site(seed=5, articles=1, halaman="script_pager_href")) as replica:
        (story,) = replica.site.stories
        replica.faults.add("403", article=story.id, path="page=all")
        replica.faults.add("500", article=story.id, path=r"page=\d")
        assert crawl(replica.env, tmp_path).status == 0
        asked = [line.query for line in replica.log if "/read/" in line.path]
        assert differences(tmp_path, [story]) == []
    pages = [f"page={number}" for number in range(2, len(story.pages) + 1)]
    assert asked[: 2 + len(pages)] == ["page=all", "", *pages]
    assert asked[2 + len(pages)] == ""
    (record,) = records(tmp_path)
    assert record["halaman"]["route"] == "browser"


def test_a_host_that_refuses_page_1_too_is_left_alone(tmp_path: Path) -> None:
    """One request for each form after a challenge, and no more."""
    with serve(Site(seed=5, articles=5)) as replica:
        replica.faults.add("challenge", path="/read/", status=403)
        done = crawl(replica.env, tmp_path, **OFTEN)
        assert done.status == 5
        assert sum(queries(replica).values()) <= 3
    assert closed(tmp_path) == ["www.kompas.com"]
    assert records(tmp_path) == []


def test_nothing_stored_is_never_fine(tmp_path: Path) -> None:
    """Not in the run that fails, and not in those that have nothing to try; the cause is named."""
    with serve(Site(seed=5, articles=2)) as replica:
        replica.faults.add("500", path="/read/")
        for requests in (True, False):
            before = len(replica.log)
            done = crawl(replica.env, tmp_path)
            assert done.status == 7
            assert "no article was ever stored, and 2 failed: http 500 (2)" in done.output
            assert bool(queries(replica, before)) is requests
