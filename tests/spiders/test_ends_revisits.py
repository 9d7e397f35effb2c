"""Stored articles are looked at again: what changes, what goes, and what it costs."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kompascrawler.store.store import open_reader
from tests.crawls import AT_ONCE, crawl, records
from tests.replica.serve import Replica, serve
from tests.replica.site import Site
from tests.world import DAY, Outcome, Trouble, World

HOUR = 3600.0
ARTICLES = 6
SCHEDULE = AT_ONCE | {"REVISIT_AFTER": "6h, 24h, 7d"}
IDLE = ["/robots.txt", "/global"]


@pytest.fixture
def replica() -> Iterator[Replica[Site]]:
    """Play a small site whose articles are split into pages."""
    with serve(Site(seed=5, articles=ARTICLES + 20, start_visible=ARTICLES)) as played:
        yield played


@pytest.fixture
def world(tmp_path: Path, replica: Replica[Site]) -> World:
    """Return a world at the time of the site, with a data folder that is complete."""
    made = World(tmp_path, replica, SCHEDULE)
    made._now = replica.site.now.timestamp()
    assert made.crawl().status == 0
    return made


def paths(world: World, outcome: Outcome) -> list[str]:
    """Return what a run has asked for."""
    return [line.path for line in world.replica.log[len(world.replica.log) - outcome.requests :]]


def verdict(outcome: Outcome) -> dict[str, Any]:
    """Return the last line of a run."""
    told: dict[str, Any] = json.loads(outcome.output.splitlines()[-1])
    return told


def revisions(world: World) -> list[tuple[str, int, list[str]]]:
    """Return what was published beside first revisions."""
    found = records(world.data_dir)
    return [(one["id"], one["revision"], one["changed"]) for one in found if one["revision"] > 1]


def test_an_edit_and_a_deletion_are_noticed(world: World) -> None:
    """One line each: the edit at the next look, the deletion when it has lasted a day."""
    site = world.replica.site
    edited, deleted = site.stories[0], site.stories[1]
    site.revise(edited.id, ("title", "text"))
    site.delete(deleted.id)
    world.wait(7 * HOUR)
    outcome = world.crawl()
    assert (outcome.status, verdict(outcome)["cause"]) == (
        0,
        "changes are stored; articles looked at again: 1 gone, 4 not modified, 1 revised",
    )
    assert outcome.requests == 2 + ARTICLES + 1  # the bare address of the one that is gone
    assert revisions(world) == [(edited.id, 2, ["title", "text"])]
    (revised,) = [one for one in records(world.data_dir) if one["revision"] == 2]
    assert (revised["title"], revised["halaman"]["complete"]) == (site.truth(edited.id).title, True)
    assert revised["halaman"]["pages_fetched"] == len(edited.pages)

    idle = world.crawl()
    assert (paths(world, idle), idle.status) == (IDLE, 0)

    world.wait(DAY)
    world.replica.publish(1)
    outcome = world.crawl()
    assert (outcome.status, verdict(outcome)["counts"]["deleted"]) == (0, 1)
    gone = [one for one in revisions(world) if one[0] != edited.id]
    assert gone == [(deleted.id, 2, ["text", "deleted_at"])]
    (tombstone,) = [one for one in records(world.data_dir) if one["deleted_at"]]
    assert (tombstone["text"], tombstone["blocks"], tombstone["word_count"]) == ("", [], 0)
    assert tombstone["title"] == deleted.title
    with open_reader(world.data_dir) as reader:
        history = reader.history(deleted.id)
    assert history is not None
    assert [look.outcome for look in history.looks] == ["gone", "gone"]

    site._catalogue.edits._deleted.clear()
    outcome = world.crawl(Trouble(arguments=["-a", f"refresh={deleted.id}"]))
    assert (outcome.status, verdict(outcome)["counts"]["revised"]) == (0, 1)
    back = [one for one in records(world.data_dir) if one["id"] == deleted.id][-1]
    assert (back["revision"], back["changed"]) == (3, ["text", "deleted_at"])
    assert (back["deleted_at"], bool(back["text"])) == (None, True)


def test_a_look_that_fails_costs_nothing(world: World) -> None:
    """Not the article, not the verdict, no more than the budget; the news come first."""
    world.replica.publish(2)
    world.wait(7 * HOUR)
    newest = set(world.newest(2))
    orders = [
        {"name": "500", "path": story.url.partition(".com")[2]}
        for story in world.replica.site.stories
        if story.id not in newest
    ]
    outcome = world.crawl(Trouble(orders=orders, settings={"REVISIT_MAX_REQUESTS": 3}))
    told = verdict(outcome)
    assert (told["status"], told["counts"]["new"], told["counts"]["failed"]) == (0, 2, 0)
    assert told["cause"] == "new articles are stored; articles looked at again: 2 failed"
    asked = [path for path in paths(world, outcome) if "/read/" in path]
    numbers = {one.rpartition("-")[2] for one in newest}
    assert [path.split("/")[6] in numbers for path in asked] == [True] * 2 + [False] * 4
    with open_reader(world.data_dir) as reader:
        assert reader.failures() == []
        assert reader.counts().articles == ARTICLES + 2
    assert revisions(world) == []

    short = world.crawl(Trouble(settings={"MAX_RUN_REQUESTS": 10}))  # others are due
    assert (paths(world, short), short.status) == (IDLE, 0)


def test_an_address_of_a_stored_article_is_looked_at(tmp_path: Path) -> None:
    """The verdict says so, whether nothing has changed or something has; days name all articles."""
    with serve(Site(seed=5, articles=3)) as replica:
        assert crawl(replica.env, tmp_path).status == 0
        story = replica.site.stories[2]
        again = crawl(replica.env, tmp_path, "-a", f"start_urls={story.url}")
        assert again.verdict["cause"] == "nothing new; articles looked at again: 1 unchanged"
        replica.site.revise(story.id, ("title",))
        before = len(replica.log)
        every = crawl(replica.env, tmp_path, "-a", "refresh=9999d", REVISIT_MAX_REQUESTS=1)
        assert every.status == 0
        assert every.verdict["cause"] == (
            "changes are stored; articles looked at again: 1 revised, 2 unchanged"
        )
        asked = Counter(line.path for line in replica.log[before:])
        assert (asked["/global"], len(asked)) == (0, 1 + 3)
        assert [(one["id"], one["changed"]) for one in records(tmp_path) if one["changed"]] == [
            (story.id, ["title"])
        ]
        replica.site.delete(story.id, 410)
        gone = crawl(replica.env, tmp_path, "-a", f"refresh={story.id}")
        assert gone.verdict["cause"] == "nothing new; articles looked at again: 1 gone"
        assert gone.status == 0


def test_an_update_in_a_listing_brings_the_article_forward(world: World) -> None:
    """Whatever its age; once, although the listing goes on to say so."""
    world._settings = AT_ONCE
    site = world.replica.site
    world.replica.publish(2)
    world.wait(2 * HOUR)
    old = site.stories[-1]
    site.revise(old.id, ("text", "updated"))
    assert world.crawl().status == 0
    assert revisions(world) == [(old.id, 2, ["updated_at", "text"])]
    assert paths(world, world.crawl()) == IDLE


def test_several_articles_are_looked_at_at_once(world: World) -> None:
    """All of them wait for one robots.txt, which permits each."""
    ids = world.newest(3)
    outcome = world.crawl(Trouble(arguments=["-a", f"refresh={','.join(ids)}"]))
    assert (outcome.status, verdict(outcome)["counts"]["looks"]) == (0, 3)
