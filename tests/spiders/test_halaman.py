"""The pages of articles against the replica: every route, and a browser where one is needed."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from kompascrawler.store.store import Store
from tests.browser.crawls import MANY_AT_ONCE, require_chromium
from tests.crawls import crawl, make_all_due, records
from tests.replica.behaviours import BEHAVIOURS
from tests.replica.serve import Replica, serve
from tests.replica.site import Site
from tests.replica.story import Story

Asked = dict[str, list[str]]
NO_BROWSER = {"BROWSER_EXECUTABLE": "/nowhere"}
TEXTLESS = "2021"
"""A layout whose first page does not carry the text of the others."""


@pytest.fixture(scope="module")
def _chromium() -> None:
    """Skip what needs a Chromium where none is installed."""
    require_chromium()


def texts(story: Story) -> list[str]:
    """Return the paragraphs that a perfect record holds."""
    return [block.text for block in story.blocks]


def asked(replica: Replica[Site], *, since: int = 0) -> Asked:
    """Return the queries with which each article was asked for, in order."""
    found: Asked = defaultdict(list)
    for line in replica.log[since:]:
        if "/read/" in line.path:
            identity = line.path.partition("/read/")[2].split("/")[:4]
            found["-".join(identity)].append(line.query)
    return found


def queries(*pages: object) -> list[str]:
    """Return the queries of pages; an empty one is the article's bare address."""
    return [f"page={page}" if page else "" for page in pages]


def queued(data_dir: Path) -> set[str]:
    """Return the articles that wait for another try."""
    store = Store(data_dir, "look")
    failures = store.failures()
    store.close()
    return {failure.link.id for failure in failures if failure.next_try is not None}


@pytest.mark.parametrize("number", [90, pytest.param(150, marks=pytest.mark.soak)])
@pytest.mark.usefixtures("_chromium")
def test_mixed_articles(tmp_path: Path, number: int) -> None:
    """Whole wherever the pages exist, said incomplete elsewhere, a browser only where needed."""
    plain = ("all", "numbered")  # what they give is cheap: let it be the most, as on the site
    shares = {name: 4.0 if one.route in plain else 1.0 for name, one in BEHAVIOURS.items()}
    with serve(Site(seed=7, articles=number, halaman=shares, layout=TEXTLESS)) as replica:
        done = crawl(replica.env, tmp_path, **MANY_AT_ONCE)
        stories, requests = replica.site.stories, asked(replica)
    found = {record["id"]: record for record in records(tmp_path)}
    assert done.status == 0
    assert set(found) == {story.id for story in stories}
    incomplete = set()
    for story in stories:
        halaman = found[story.id]["halaman"]
        is_to_be_had = BEHAVIOURS[story.behaviour].route is not None
        assert halaman["complete"] is is_to_be_had, (story.behaviour, halaman)
        if is_to_be_had:
            assert found[story.id]["text"].split("\n\n") == texts(story), story.behaviour
        else:
            incomplete.add(story.id)
    assert {story.behaviour for story in stories} == set(BEHAVIOURS)
    assert queued(tmp_path) == incomplete
    # The browser opens the bare address, which nothing else asks for; but where three articles in a
    # row needed it, as the order of the answers may have it, others come to need it, too.
    opened = {article for article, pages in requests.items() if "" in pages}
    needing = {story.id for story in stories if is_for_the_browser(story)}
    if "Not requested any more" in done.errors:
        assert opened >= needing
        return
    assert opened == needing
    for story in stories:
        if BEHAVIOURS[story.behaviour].route:  # its links lead nowhere, in a browser neither
            assert max(Counter(requests[story.id]).values()) == 1, requests[story.id]


def is_for_the_browser(story: Story) -> bool:
    """Tell whether plain requests do not give an article that may be there in a browser."""
    return BEHAVIOURS[story.behaviour].route in ("browser", None)


@pytest.mark.parametrize(
    "behaviour", ["normal", "ten_pages", "all_is_first", "all_first_numbers_work", "out_of_order"]
)
def test_the_cheapest_route_is_enough(tmp_path: Path, behaviour: str) -> None:
    """One request an article where ``?page=all`` holds it, one a page where not, none twice."""
    with serve(Site(seed=5, articles=20, halaman=behaviour)) as replica:
        assert crawl(replica.env, tmp_path).status == 0
        stories, requests = replica.site.stories, asked(replica)
    is_numbered = BEHAVIOURS[behaviour].route == "numbered"
    for story, record in zip(stories, reversed(records(tmp_path)), strict=True):
        later_pages = range(2, len(story.pages) + 1) if is_numbered else ()
        assert requests[story.id] == queries("all", *later_pages)
        assert record["text"].split("\n\n") == texts(story)
        assert record["halaman"]["complete"] is True
        if is_numbered:
            shown = [(block["page"], block["text"]) for block in record["blocks"]]
            assert shown == [(block.page, block.text) for block in story.blocks]


def test_joined_pages_say_everything_once(tmp_path: Path) -> None:
    """Photos, links and names of all pages, what each page repeats once, no suffix on titles."""
    with serve(Site(seed=5, articles=30, halaman="all_is_first")) as replica:
        crawl(replica.env, tmp_path)
        stories = {story.id: story for story in replica.site.stories}
    for record in records(tmp_path):
        story = stories[record["id"]]
        assert (record["title"], record["description"]) == (story.title, story.description)
        assert record["sources"] == list(story.sources)
        assert [image["url"] for image in record["images"]] == [im.url for im in story.images]
        links = [(link["title"], link["url"]) for link in record["related"]]
        assert set(links) == {(link.title, link.url) for link in story.related}
        assert record["halaman"]["words_counted"] == record["halaman"]["words_declared"]


@pytest.mark.parametrize(
    ("route", "expected"), [("all", ["page=all"]), ("numbered", None), ("auto", ["page=all"])]
)
def test_forced_routes(tmp_path: Path, route: str, expected: list[str] | None) -> None:
    """``all`` asks once an article, ``numbered`` page by page, beginning with the bare address."""
    with serve(Site(seed=5, articles=20)) as replica:
        crawl(replica.env, tmp_path, HALAMAN_ROUTE=route)
        stories, requests = replica.site.stories, asked(replica)
    for story in stories:
        pages = queries(*["", *range(2, len(story.pages) + 1)])
        assert requests[story.id] == (expected or pages)
    assert {record["halaman"]["complete"] for record in records(tmp_path)} == {True}
    assert [record["id"] for record in records(tmp_path)] == [story.id for story in stories][::-1]


def test_route_all_goes_no_further(tmp_path: Path) -> None:
    """What ``?page=all`` does not hold is said to be missing."""
    with serve(Site(seed=5, articles=20, halaman="all_is_first", layout=TEXTLESS)) as replica:
        crawl(replica.env, tmp_path, HALAMAN_ROUTE="all")
        paged = {story.id for story in replica.site.stories if len(story.pages) > 1}
        assert all(pages == ["page=all"] for pages in asked(replica).values())
    found = records(tmp_path)
    assert paged
    assert {r["id"] for r in found if r["halaman"]["complete"] is False} == paged


def test_a_missing_page_is_got_later(tmp_path: Path) -> None:
    """Incomplete now, left alone until its time has come, then a second revision, then at rest."""
    with serve(Site(seed=5, articles=20, halaman="all_is_first", layout=TEXTLESS)) as replica:
        story = next(story for story in replica.site.stories if len(story.pages) == 3)
        replica.faults.add("500", article=story.id, path="page=2")
        first = crawl(replica.env, tmp_path, **NO_BROWSER)
        assert "1 incomplete" in first.output
        replica.faults.clear()

        since = len(replica.log)
        crawl(replica.env, tmp_path, **NO_BROWSER)
        assert len(replica.log) - since == 2

        make_all_due(tmp_path)
        since = len(replica.log)
        later = crawl(replica.env, tmp_path, **NO_BROWSER)
        assert "0 new, 1 revised, 0 deleted, 0 incomplete" in later.output
        assert asked(replica, since=since) == {story.id: queries("all", 2, 3)}

        since = len(replica.log)
        crawl(replica.env, tmp_path, **NO_BROWSER)
        assert len(replica.log) - since == 2
    one, two = (record for record in records(tmp_path) if record["id"] == story.id)
    if one["revision"] == 2:
        one, two = two, one
    assert [one["halaman"]["pages_fetched"], two["halaman"]["pages_fetched"]] == [2, 3]
    assert (one["revision"], two["revision"]) == (1, 2)
    assert one["first_seen_at"] == two["first_seen_at"]
    assert [block["page"] for block in one["blocks"]].count(2) == 0
    assert {1, 3} == {block["page"] for block in one["blocks"]}
    assert two["text"].split("\n\n") == texts(story)
    assert len(records(tmp_path)) == 21


def test_an_article_that_stays_incomplete_is_published_once(tmp_path: Path) -> None:
    """Each later try finds no more, publishes nothing, and is counted."""
    with serve(Site(seed=5, articles=10, halaman="missing_404", layout=TEXTLESS)) as replica:
        crawl(replica.env, tmp_path, **NO_BROWSER)
        files = sorted(tmp_path.glob("articles/*/*"))
        make_all_due(tmp_path)
        again = crawl(replica.env, tmp_path, **NO_BROWSER)
        assert "0 new, 0 revised, 0 deleted, 10 incomplete" in again.output
    assert sorted(tmp_path.glob("articles/*/*")) == files
    store = Store(tmp_path, "look")
    assert {failure.tries for failure in store.failures()} == {2}
    store.close()


def test_a_page_that_breaks_off_is_missing(tmp_path: Path) -> None:
    """A lost connection costs its page, not the article and not the run."""
    with serve(Site(seed=5, articles=10, halaman="all_is_first", layout=TEXTLESS)) as replica:
        story = next(story for story in replica.site.stories if len(story.pages) > 2)
        replica.faults.add("drop", article=story.id, path="page=2")
        assert crawl(replica.env, tmp_path, **NO_BROWSER).status == 0
    (record,) = (record for record in records(tmp_path) if record["id"] == story.id)
    assert record["halaman"]["pages_fetched"] == len(story.pages) - 1


def test_a_page_of_another_kind_is_missing(tmp_path: Path) -> None:
    """An answer without an article in it is not joined."""
    with serve(Site(seed=5, articles=10, halaman="all_is_first", layout=TEXTLESS)) as replica:
        story = next(story for story in replica.site.stories if len(story.pages) > 2)
        replica.faults.add("empty", article=story.id, path="page=2")
        assert crawl(replica.env, tmp_path, **NO_BROWSER).status == 0
    (record,) = (record for record in records(tmp_path) if record["id"] == story.id)
    assert record["halaman"]["complete"] is False


def test_without_a_browser_the_rest_goes_on(tmp_path: Path) -> None:
    """Said once; articles that need one are incomplete or not there yet, and queued."""
    shares = {"script_pager": 0.4, "script_body": 0.2, "normal": 0.4}
    with serve(Site(seed=5, articles=20, halaman=shares, layout=TEXTLESS)) as replica:
        done = crawl(replica.env, tmp_path, BROWSER_EXECUTABLE="/nowhere/chromium")
        stories = replica.site.stories
    assert done.errors.count("Articles that need a browser stay incomplete") == 1
    needing = {s.id for s in stories if BEHAVIOURS[s.behaviour].route == "browser"}
    assert queued(tmp_path) == needing
    found = {record["id"]: record["halaman"]["complete"] for record in records(tmp_path)}
    pagers = {story.id for story in stories if story.behaviour == "script_pager"}
    assert {article for article, complete in found.items() if complete is False} == pagers
    assert {story.id for story in stories} - found.keys() == needing - pagers


@pytest.mark.usefixtures("_chromium")
def test_the_browser_takes_every_divided_article_when_forced(tmp_path: Path) -> None:
    """Those of one page need none; the text is the same."""
    with serve(Site(seed=5, articles=8)) as replica:
        crawl(replica.env, tmp_path, HALAMAN_ROUTE="browser")
        stories = {story.id: story for story in replica.site.stories}
    for record in records(tmp_path):
        story = stories[record["id"]]
        route = "browser" if len(story.pages) > 1 else "single"
        assert (record["halaman"]["route"], record["halaman"]["complete"]) == (route, True)
        assert record["text"].split("\n\n") == texts(story)


@pytest.mark.usefixtures("_chromium")
def test_the_browser_confirms_what_plain_requests_gave(tmp_path: Path) -> None:
    """All of a sample agree: a stat, no warning; the records are those of the plain route."""
    with serve(Site(seed=5, articles=8, halaman="all_is_first")) as replica:
        done = crawl(replica.env, tmp_path, HALAMAN_BROWSER_AUDIT=1.0, STATS_DUMP=True)
        paged = sum(len(story.pages) > 1 for story in replica.site.stories)
    assert f"'halaman/audited': {paged}" in done.errors
    assert "'halaman/agreement': 1.0" in done.errors
    assert "WARNING" not in done.output
    routes = Counter(record["halaman"]["route"] for record in records(tmp_path))
    assert routes == Counter(numbered=paged, single=8 - paged)
