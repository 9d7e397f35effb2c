"""The story of an article."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kompascrawler.debugging.pages import NoSuchPage
from kompascrawler.debugging.why import Why, history_of, why_lines
from kompascrawler.items import Halaman
from kompascrawler.sections import SECTIONS
from kompascrawler.store.kept import Rejection, save_rejected
from kompascrawler.store.model import Breaker, Discovery, Link
from kompascrawler.store.store import Store, open_reader
from tests.store.synthetic import Clock, make_article

CLOCK = Clock()
ARTICLE = make_article(7)
LINK = Link(ARTICLE.id, ARTICLE.url, "https://www.kompas.com/global")
SHORT = Halaman(
    pages_expected=3, pages_fetched=1, route="single", words_declared=600, words_counted=200,
    complete=False,
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return the store of a data folder, kept by a crawl that is running."""
    opened = Store(tmp_path, "run-1", clock=CLOCK)
    yield opened
    opened.close()


def told(
    data_dir: Path, name: str = ARTICLE.id, *, later: float = 0, section: str = "global"
) -> Why:
    """Return the story as a reader beside the crawl has it."""
    now = CLOCK.now + timedelta(seconds=later)
    with open_reader(data_dir) as reader:
        return history_of(name, reader, data_dir=data_dir, section=SECTIONS[section], now=now)


def text(story: Why) -> str:
    """Return what a person reads, in one line."""
    return " ".join(" ".join(why_lines(story, CLOCK.now)).split())


@pytest.mark.parametrize("name", [ARTICLE.id, ARTICLE.url, f"{ARTICLE.url}?page=all"])
def test_a_stored_article(store: Store, tmp_path: Path, name: str) -> None:
    """Found where, stored when by which run, in which file, and that nothing more happens."""
    store.learn(Discovery(links=[LINK], newest=ARTICLE.id))
    store.put(ARTICLE)
    assert "not published yet" in text(told(tmp_path, name))
    store.publish()
    story = told(tmp_path, name)
    said = text(story)
    assert "on https://www.kompas.com/global" in said
    assert "revision 1" in said
    assert "(run run-1)" in said
    ((revision, record),) = story.records
    assert str(revision.file) in said
    assert record is not None
    assert record["title"] == "Judul nomor 7"
    assert f"`kompascrawler crawl -a refresh={ARTICLE.id}` does" in said


def test_looks_are_told(tmp_path: Path) -> None:
    """Each one with what it showed, when the next is due, and what a revision changed."""
    store = Store(tmp_path, "run-1", clock=CLOCK, revisit_after=(10**9,))
    store.put(make_article(7))
    store.end_look(ARTICLE.id, "failed", "timeout")
    CLOCK.now += timedelta(hours=1)
    store.end_look(ARTICLE.id, "unchanged")
    store.put(make_article(7, title="Lain"))
    store.publish()
    said = text(story := told(tmp_path))
    CLOCK.now -= timedelta(hours=1)
    store.close()
    assert "failed: timeout (run run-1)" in said
    assert "unchanged (run run-1)" in said
    assert "changed: title" in said
    assert story.history is not None
    assert f"the first run after {story.history.next_look} does, or" in said
    looks = story.as_dict()["story"]["looks"]
    assert [look["outcome"] for look in looks] == ["failed", "unchanged"]


def test_a_file_that_is_gone_is_told(store: Store, tmp_path: Path) -> None:
    """The store says where a record is; whether it is there is looked up."""
    store.put(ARTICLE)
    store.publish()
    (tmp_path / str(told(tmp_path).records[0][0].file)).unlink()
    assert "but the file is missing or does not hold it" in text(told(tmp_path))


def test_tries_and_what_comes_next(store: Store, tmp_path: Path) -> None:
    """Every failed try is told with its cause, and when the next one is due."""
    store.learn(Discovery(links=[LINK]))
    assert told(tmp_path).next == [
        "the next run requests it, unless since, until or max_articles exclude it"
    ]
    store.add_failure(LINK, "http 500")
    store.add_failure(LINK, "no_body")
    said = text(told(tmp_path))
    assert "failed: http 500 (run run-1)" in said
    assert "2 failures, the last: no_body" in said
    assert "the first run after 2026-11-22T19:15:00+00:00 tries again" in said
    assert told(tmp_path, later=3600).next[0].startswith("the next run requests it")


def test_an_incomplete_article(store: Store, tmp_path: Path) -> None:
    """What is stored without all its pages is told with what it lacks, and is due again."""
    store.put(make_article(7, halaman=SHORT))
    store.publish()
    said = text(told(tmp_path))
    assert "incomplete, 1 page" in said
    assert "incomplete: 1 of 3 pages, 200 of 600 words; fetched as one page" in said
    assert "tries again" in said


@pytest.mark.parametrize("state", ["given up", "dropped"])
def test_what_is_left_alone_can_be_taken_up_again(store: Store, tmp_path: Path, state: str) -> None:
    """The command that does so is named."""
    for _ in range(10 if state == "given up" else 1):
        store.add_failure(LINK, "http 500")
    if state == "dropped":
        store.drop([LINK.id])
    said = text(told(tmp_path))
    assert f"State {state}" in said
    assert f"`kompascrawler failures retry {LINK.id}`" in said


def test_a_host_that_is_left_alone_holds_its_articles_back(store: Store, tmp_path: Path) -> None:
    """An open circuit breaker is part of what happens next."""
    store.learn(Discovery(links=[LINK]))
    store.set_breaker(Breaker("www.kompas.com", "http 403", "2026-11-22T18:00:00+00:00", 0, "then"))
    assert told(tmp_path).next[1] == "but www.kompas.com is blocked until then: http 403"


def test_a_refused_page_is_told_with_the_command_that_explains_it(
    store: Store, tmp_path: Path
) -> None:
    """When, the reason, the run and the file; before the record that came of a later try."""
    store.add_failure(LINK, "no_body")
    rejection = Rejection(
        article_id=LINK.id, url=LINK.url, reason="no_body", message="has no body", encoding="utf-8",
        run_id="run-0",
    )  # fmt: skip
    page = save_rejected(tmp_path, rejection, b"<p>")
    store.put(ARTICLE)
    said = text(told(tmp_path))
    assert re.search(
        r"Refused 20\S+ \S+ UTC, \S+ ?\S* \w+, no_body: has no body \(run run-0\)", said
    )
    assert f"kept in {page} `kompascrawler explain` on that file" in said
    assert said.index("Refused") < said.index("Stored")


def test_a_republication_names_the_original(store: Store, tmp_path: Path) -> None:
    """The article whose content it repeats."""
    store.put(make_article(8))
    store.put(make_article(7, duplicate_of=make_article(8).id, similarity=1.0))
    assert f"same content as {make_article(8).id}, stored before" in text(told(tmp_path))


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (Discovery(), "no run has read a listing yet"),
        (Discovery(newest="2026-11-01-000000170"), "newer than the newest"),
        (
            Discovery(newest="2026-11-30-000000170", opened=(None, "2026-11-20-000000170")),
            "in a gap of the index",
        ),
        (Discovery(newest="2026-11-30-000000170", oldest="2026-11-29"), "give an earlier -a since"),
        (Discovery(newest="2026-11-30-000000170"), "not in the listings"),
    ],
)
def test_an_article_that_was_never_found(
    store: Store, tmp_path: Path, finding: Discovery, said: str
) -> None:
    """It is said so, with what would make it be found."""
    store.learn(finding)
    story = told(tmp_path)
    assert story.history is None
    assert said in story.next[0]
    assert (
        f"start_urls=https://www.kompas.com/global/read/2026/11/13/{LINK.id[11:]}" in story.next[1]
    )
    assert "Found never" in text(story)


def test_an_article_of_another_section_is_never_found(store: Store, tmp_path: Path) -> None:
    """Waiting for it would be in vain."""
    address = "https://money.kompas.com/read/2026/11/13/000007126/judul"
    assert "not an article of the section 'global'" in told(tmp_path, address).next[0]


def test_what_is_no_article_is_refused(store: Store, tmp_path: Path) -> None:
    """An address of something else, or a word."""
    with pytest.raises(NoSuchPage, match="not an article"):
        told(tmp_path, "https://www.kompas.com/global")


def test_the_story_as_json_has_names_throughout(store: Store, tmp_path: Path) -> None:
    """Attempts and revisions are objects, whole with what their files hold."""
    store.add_failure(LINK, "http 500")
    store.put(ARTICLE)
    store.publish()
    said = told(tmp_path).as_dict()
    assert said["story"]["attempts"][0]["cause"] == "http 500"
    assert said["story"]["revisions"][0]["record"]["title"] == "Judul nomor 7"
    assert datetime.fromisoformat(said["story"]["first_seen_at"]).tzinfo == UTC
