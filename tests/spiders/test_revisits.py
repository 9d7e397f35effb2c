"""Stored articles are looked at again: what changes, what goes, and what it costs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.crawls import records
from tests.replica.serve import Replica, serve
from tests.replica.site import Site
from tests.world import DAY, Outcome, World

HOUR = 3600.0
ARTICLES = 6


@pytest.fixture
def replica() -> Iterator[Replica[Site]]:
    """Play a small site whose articles are split into pages."""
    with serve(Site(seed=5, articles=ARTICLES + 20, start_visible=ARTICLES)) as played:
        yield played


@pytest.fixture
def world(tmp_path: Path, replica: Replica[Site]) -> World:
    """Return a world at the time of the site, with a data folder that is complete."""
    made = World(tmp_path, replica)
    made._now = replica.site.now.timestamp()
    assert made.crawl().status == 0
    return made


def paths(world: World, outcome: Outcome) -> list[str]:
    """Return what a run has asked for."""
    return [line.path for line in world.replica.log[len(world.replica.log) - outcome.requests :]]


def revisions(world: World) -> list[tuple[str, int, list[str]]]:
    """Return what was published beside first revisions."""
    found: list[dict[str, Any]] = records(world.data_dir)
    return [(one["id"], one["revision"], one["changed"]) for one in found if one["revision"] > 1]


def test_an_edit_and_a_deletion_are_noticed(world: World) -> None:
    """One line each: the edit at the next look, the deletion when it has lasted a day."""
    site = world.replica.site
    edited, deleted = site.stories[0], site.stories[1]
    site.revise(edited.id, ("title", "text"))
    site.delete(deleted.id)
    world.wait(7 * HOUR)
    outcome = world.crawl()
    assert outcome.status == 0
    assert revisions(world) == [(edited.id, 2, ["title", "text"])]
    (revised,) = [one for one in records(world.data_dir) if one["revision"] == 2]
    assert (revised["title"], revised["halaman"]["complete"]) == (site.truth(edited.id).title, True)

    idle = world.crawl()
    assert (paths(world, idle), idle.status) == (["/robots.txt", "/global"], 0)

    world.wait(DAY)
    world.replica.publish(1)
    assert world.crawl().status == 0
    edits = [one for one in revisions(world) if one[0] == edited.id]
    gone = [one for one in revisions(world) if one[0] == deleted.id]
    assert (len(edits), gone) == (1, [(deleted.id, 2, ["text", "deleted_at"])])
    (tombstone,) = [one for one in records(world.data_dir) if one["deleted_at"]]
    assert (tombstone["text"], tombstone["blocks"], tombstone["word_count"]) == ("", [], 0)
    assert tombstone["title"] == deleted.title
