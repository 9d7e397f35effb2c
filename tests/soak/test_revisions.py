"""A fortnight of a site that edits and deletes: in the end every latest record is what it says."""

import signal
from pathlib import Path
from random import Random

import pytest

from tests.crawls import AT_ONCE
from tests.replica.edits import PARTS
from tests.replica.serve import Replica, serve
from tests.replica.site import Site
from tests.replica.story import Story
from tests.truth import Record, revisions
from tests.world import Signal, Trouble, World

STEP = 6 * 60 * 60.0
PER_STEP = 9
"""Articles that come out before a run, as many as the clock of the site has in that time."""
SETTINGS = AT_ONCE | {"REVISIT_AFTER": "6h, 24h, 7d"}


class Editors:
    """What happens to articles after they came out; every choice comes from the seed."""

    def __init__(self, site: Site, seed: int) -> None:
        self._site = site
        self._chance = Random(seed)
        self.deleted: set[str] = set()
        self.edits = 0

    def work(self) -> None:
        """Edit some of the newest articles, and delete one now and then."""
        for story in self._site.stories[: 2 * PER_STEP]:
            if self._chance.random() < 0.1:
                parts = self._chance.sample(PARTS[:2], self._chance.choice((1, 2)))
                self._site.revise(story.id, parts)
                self.edits += 1
            elif self._chance.random() < 0.02:
                self._site.delete(story.id)
                self.deleted.add(story.id)


def trouble(chance: Random) -> Trouble:
    """Return a kill now and then, some requests into a run."""
    if chance.random() > 0.2:
        return Trouble()
    return Trouble(signals=[Signal(signal.SIGKILL, chance.randrange(2, 12))])


def live(world: World, replica: Replica[Site], *, steps: int, editors: Editors | None) -> None:
    """Let time pass: articles come out, editors work, the crawler runs."""
    chance = Random(steps)
    for _ in range(steps):
        replica.publish(PER_STEP)
        if editors:
            editors.work()
        world.wait(STEP)
        outcome = world.crawl(trouble(chance) if editors else Trouble())
        assert outcome.status in (0, -signal.SIGKILL), outcome.output
        assert outcome.requests <= 30 + 12 + 2 * PER_STEP + 8


def wrong(story: Story | None, records: list[Record]) -> str | None:
    """Say what is wrong with the revisions of an article; None in place of one that is deleted."""
    last = records[-1]
    if [record["revision"] for record in records] != list(range(1, len(records) + 1)):
        return "has other revisions"
    if [bool(record["changed"]) for record in records] != [False] + [True] * (len(records) - 1):
        return "does not say what has changed"
    if story is None:
        return None if last["deleted_at"] and not last["text"] else "is there"
    is_same = last["text"].split("\n\n") == [block.text for block in story.blocks]
    return None if is_same and last["title"] == story.title else "says something else"


@pytest.mark.soak
def test_a_fortnight(tmp_path: Path) -> None:
    """4 days of edits, deletions and kills, and then as long as looks are due."""
    site = Site(seed=11, articles=500, start_visible=8)
    with serve(site) as replica:
        world = World(tmp_path, replica, SETTINGS)
        world._now = site.now.timestamp()
        editors = Editors(site, seed=11)
        live(world, replica, steps=16, editors=editors)
        live(world, replica, steps=36, editors=None)
    found = revisions(world.data_dir)
    stories = {story.id: story for story in site.stories}
    said = {name: wrong(stories.get(name), records) for name, records in found.items()}
    assert {name: one for name, one in said.items() if one} == {}
    assert found.keys() == stories.keys() | (editors.deleted & found.keys())
    many = sum(len(records) - 1 for records in found.values())
    assert editors.edits >= many - len(editors.deleted) >= editors.edits // 3
