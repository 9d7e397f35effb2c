"""``scrapy explain`` and ``scrapy why``."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from kompascrawler.store.model import Discovery, Link
from kompascrawler.store.store import Store
from tests.crawls import AT_ONCE, scrapy
from tests.replica import Site
from tests.replica.pinned import PINNED
from tests.replica.serve import serve
from tests.store.synthetic import make_article

SAVED = "tests/pages/by_hand/read_2020_single.html"


def test_a_page_of_the_site_by_its_id(tmp_path: Path) -> None:
    """An id that no store knows is asked for with all its pages, and nothing is written.

    Where the address made of it leads elsewhere, that is said.
    """
    settings = AT_ONCE | {"DATA_DIR": tmp_path / "data"}
    with serve(Site(articles=1)) as replica:
        location = f"{PINNED.url}?page=all"
        replica.faults.add("redirect_to", path="/170000170[?]", location=location)
        done = scrapy("explain", PINNED.id, env=replica.env, settings=settings)
    assert done.status == 0, done.errors
    assert f"{PINNED.url.rpartition('/')[0]}?page=all leads to {location}" in done.errors
    assert "complete: 2 of 2 pages" in done.output
    assert "not in the store: the address is made of the id" in done.errors
    assert "\x1b" not in done.output
    assert not (tmp_path / "data").exists()


def test_a_saved_page_as_json(tmp_path: Path) -> None:
    """--json holds the same to work with; of duplicates nothing is known without a store."""
    plain = scrapy("explain", SAVED, "--json", settings={"DATA_DIR": tmp_path})
    told = json.loads(plain.output)
    assert told["record"]["id"] == "2020-10-17-160000470"
    assert told["duplicates"] is None
    assert [
        one["place"]
        for field in told["fields"]
        if field["name"] == "title"
        for one in field["candidates"]
    ] == [".read__title", "meta og:title"]


def test_an_answer_that_is_no_page_is_named(tmp_path: Path) -> None:
    """Its status, and what stands there instead of content."""
    with serve(Site(articles=1)) as replica:
        replica.faults.add("challenge", status=403)
        done = scrapy(
            "explain", PINNED.url, env=replica.env, settings={"DATA_DIR": tmp_path}
        )  # fmt: skip
    assert done.status == 4
    said = f"scrapy explain: {PINNED.url}: status 403, a challenge page"
    assert done.errors.splitlines() == [f"scrapy: data folder {tmp_path}", said]


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (("explain", "nothing-such.html"), 2, "no such file"),
        (("why", "nothing-such"), 2, "not an article"),
        (("why", "2020-10-17-160000470"), 2, "No store"),
        (("explain",), 2, "give one page"),
        (("explain", SAVED, "-sSECTION=x"), 2, "accepted is"),
    ],
)
def test_what_cannot_be_told_is_said(
    tmp_path: Path, args: tuple[str, ...], status: int, said: str
) -> None:
    """Nothing such: what to do, and status 2; never a traceback."""
    if said == "not an article":
        Store(tmp_path, "run").close()
    done = scrapy(*args, settings={"DATA_DIR": tmp_path})
    assert done.status == status
    assert said in done.output + done.errors
    assert "Traceback" not in done.errors


def test_a_damaged_store_is_told(tmp_path: Path) -> None:
    """The page is explained all the same, on whatever terminal; the story, in the store, is not."""
    (tmp_path / "state.sqlite3").write_bytes(b"x" * 5000)
    ascii_only = {"PYTHONIOENCODING": "ascii"}
    explained = scrapy("explain", SAVED, env=ascii_only, settings={"DATA_DIR": tmp_path})
    assert explained.status == 0, explained.errors
    assert "Cannot read the store" in explained.output
    why = scrapy("why", "2020-10-17-160000470", settings={"DATA_DIR": tmp_path})
    assert why.status == 3
    assert "Cannot read the store" in why.errors


def test_the_story_of_an_article(tmp_path: Path) -> None:
    """As text and as JSON, beside a crawl that holds the store."""
    article = make_article(7)
    with closing(Store(tmp_path, "run-1")) as store:
        store.learn(
            Discovery(links=[Link(article.id, article.url, "https://www.kompas.com/global")])
        )
        store.put(article)
        text = scrapy("why", article.url, settings={"DATA_DIR": tmp_path})
        told = scrapy("why", article.id, "--json", settings={"DATA_DIR": tmp_path})
    assert text.status == told.status == 0
    assert "on https://www.kompas.com/global" in text.output
    assert json.loads(told.output)["story"]["revisions"][0]["number"] == 1
