"""What the data folder and an idle run cost, as a soak goes on: measured, and kept flat."""

from typing import NamedTuple

from tests.world import World

MOST_IDLE_REQUESTS = 3
"""robots.txt, the front page, and one more (docs/runs.md)."""
MOST_BYTES = 16_000
"""Bytes of state an article; measured: see the table."""


class Figure(NamedTuple):
    """What was measured after so many runs."""

    runs: int
    articles: int
    state: int
    """Bytes of the database and its log."""
    files: int
    """Published files."""
    requests: int
    cpu: float
    wall: float


class Figures:
    """Figures of a soak, taken from time to time."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._taken: list[Figure] = []

    def take(self) -> None:
        """Measure: after a run that fetches what is new, one that finds nothing."""
        self._world.crawl()
        idle = self._world.crawl()
        self._taken.append(
            Figure(
                runs=self._world.runs,
                articles=len(self._world.replica.site.stories),
                state=self._world.state_size(),
                files=sum(1 for _ in self._world.data_dir.glob("articles/*/*.jsonl")),
                requests=idle.requests,
                cpu=idle.cpu,
                wall=idle.wall,
            )
        )

    def table(self) -> str:
        """Return the figures as a table."""
        lines = [" runs  articles  state KB  bytes/article  files  idle: requests  CPU s  wall s"]
        lines += [
            f"{f.runs:5}  {f.articles:8}  {f.state / 1000:8.0f}  {f.state / f.articles:13.0f}"
            f"  {f.files:5}  {f.requests:14}  {f.cpu:5.2f}  {f.wall:6.2f}"
            for f in self._taken
        ]
        return "\n".join(lines)

    def what_grows(self) -> list[str]:
        """Say what has grown that must not; times are shown and not judged."""
        last = self._taken[-1]
        said = []
        if last.requests > MOST_IDLE_REQUESTS:
            said.append(f"a run that finds nothing new makes {last.requests} requests")
        if last.state > MOST_BYTES * last.articles:
            said.append(f"the state has {last.state / last.articles:.0f} bytes an article")
        return said
