"""A soak from start to end: runs with mishaps, runs without until all is quiet, the reckoning."""

import json
from contextlib import suppress
from pathlib import Path
from random import Random

from kompascrawler.outcome.cards import ExitStatus
from tests.crawls import AT_ONCE
from tests.dataset.folders import ALL, IN_A_SOAK, Unfit
from tests.replica.serve import Replica, serve
from tests.replica.site import Site
from tests.soak.figures import Figures
from tests.soak.mishaps import HEALTHY, MISHAPS, Mishap
from tests.truth import differences, undocumented
from tests.world import DAY, Outcome, World

FIRST_ARTICLES = 30
"""Articles that the site has before the first run."""
PER_RUN = (0, 0, 1, 2, 4, 8)
"""Articles that come out before a run, any of these equally often."""
HALAMAN = {"all_is_first": 0.3, "out_of_order": 0.1}
"""How the pages of articles are had, as shares: the rest answers ``?page=all``."""
SETTINGS = AT_ONCE | {"DOWNLOAD_DELAY": 0.02, "PUBLISH_EVERY_ITEMS": 3}
"""Of every run: many moments of storing and publishing, a little apart."""
MOST_QUIET_RUNS = 30
"""Runs without a mishap, a day apart, after which everything must be there."""
MOST_REQUESTS_IN_PEACE = 7
"""An idle run sends 3, and two days may be due to be closed: yesterday, and the one a week ago."""
SILENCE = "nothing new for"
"""The site of a soak publishes nothing any more in the end, and a run says so with status 7."""


class Soak:
    """So many runs in one data folder; every choice comes from the seed."""

    def __init__(self, folder: Path, *, runs: int, seed: int) -> None:
        self._folder = folder
        self._runs = runs
        self._seed = seed
        self._chance = Random(seed)
        self._wrong: list[str] = []
        self._also: tuple[int, ...] = ()

    def run(self) -> list[str]:
        """Run it all, with a line a run on standard output; return what is wrong."""
        site = Site(seed=self._seed, articles=FIRST_ARTICLES, halaman=HALAMAN)
        print(f"seed {self._seed}, {self._runs} runs")
        with serve(site) as replica:
            world = World(self._folder, replica, SETTINGS)
            figures = Figures(world)
            for number in range(1, self._runs + 1):
                self._one_more(world, number)
                if number % max(20, self._runs // 10) == 0:
                    figures.take()
            self._come_to_rest(world, replica)
            figures.take()
        print(figures.table())
        self._wrong += figures.what_grows()
        return self._wrong

    def _one_more(self, world: World, number: int) -> None:
        """Let the site publish, time pass, and a run happen to which something happens."""
        world.replica.publish(self._chance.choice(PER_RUN))
        world.wait()
        [mishap] = self._chance.choices(MISHAPS, [mishap.weight for mishap in MISHAPS])
        trouble = mishap.plan(self._chance, world)
        # A host that earlier runs could not ask may be left alone by this one.
        is_left_alone = world.has_open_breaker()
        self._also = (ExitStatus.BLOCKED, ExitStatus.UNREACHABLE) if is_left_alone else ()
        if mishap.damages:
            self._damage(world)
        runs = [world.begin(trouble) for _ in range(2 if mishap.overlaps else 1)]
        # Articles come out while a run goes on, too.
        world.replica.publish(self._chance.choice((0, 0, 1)))
        outcomes = [world.end(run) for run in runs]
        for outcome in outcomes:
            self._note(number, mishap, outcome)
        if mishap.damages:
            mended = world.scrapy("verify", "--repair")
            if mended.status != 0:
                self._say(number, f"verify --repair: exit status {mended.status}", mended)
        self._look(number, world, has_drafts=any(outcome.status < 0 for outcome in outcomes))

    def _damage(self, world: World) -> None:
        """Let something befall the data folder, if there is anything that it can befall."""
        damage = self._chance.choice(IN_A_SOAK)
        print(f"     {damage}")
        with suppress(IndexError, FileNotFoundError, Unfit):
            ALL[damage](world.data_dir)

    def _note(self, number: int, mishap: Mishap, outcome: Outcome) -> None:
        """Write a run down; it is wrong where its status is no answer to what happened."""
        verdict = outcome.output.strip().splitlines()[:1] or [""]
        print(f"{number:4} {mishap.name:28} {outcome.status:4}  {verdict[0][:110]}", flush=True)
        is_silence = outcome.status == ExitStatus.FAILED and SILENCE in verdict[0]
        if outcome.status not in (*mishap.statuses, *self._also) and not is_silence:
            self._say(number, f"{mishap.name}: exit status {outcome.status}", outcome)
        elif "Traceback" in outcome.errors:
            self._say(number, f"{mishap.name}: a traceback in the log", outcome)
        elif outcome.status >= 0 and _told(outcome) != outcome.status:
            self._say(number, f"{mishap.name}: another verdict than the exit status", outcome)

    def _say(self, number: int, what: str, outcome: Outcome) -> None:
        self._wrong.append(f"run {number}: {what}")
        print(f"     WRONG: {what}\n{outcome.output}{outcome.errors[-4000:]}")

    def _look(self, number: int, world: World, *, has_drafts: bool = False) -> None:
        """Look at the data folder as a reader may at any time.

        Drafts of a run that was killed stay until the next one.
        """
        files = [
            path
            for path in undocumented(world.data_dir)
            if not (has_drafts and Path(path).name.startswith("."))
        ]
        found = [
            *(f"{path} is in no documentation" for path in files),
            *(f"{path} was left behind" for path in world.leftovers()),
        ]
        self._wrong += [
            f"run {number}: {what}" for what in found if what not in "\n".join(self._wrong)
        ]

    def _come_to_rest(self, world: World, replica: Replica[Site]) -> None:
        """Run without mishaps until nothing is left to do; then hold files against the site."""
        quiet, number = 0, 0
        while quiet < 2 and number < MOST_QUIET_RUNS:
            number += 1
            world.wait(DAY)
            outcome = world.crawl()
            self._note(self._runs + number, HEALTHY, outcome)
            quiet = quiet + 1 if outcome.requests <= MOST_REQUESTS_IN_PEACE else 0
        self._look(self._runs + number, world)
        self._wrong += differences(world.data_dir, replica.site.stories)


def _told(outcome: Outcome) -> object:
    """Return the exit status that the last line of a run's output states."""
    *_, last = outcome.output.splitlines() or [""]
    return json.loads(last)["status"] if last.startswith("{") else None
