"""What happens to runs of the soak: each mishap by name, with what the run may say of it. Data.

Faults are orders for the replica (``kompascrawler.replica.faults``).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from signal import SIGINT, SIGKILL, SIGTERM
from typing import Any, Final

from kompascrawler.verdict import ExitStatus

Order = dict[str, Any]
Plan = Callable[[Random, Sequence[str]], list[Order]]
"""Makes the orders of a run, from the run's chance and the newest identities."""

FINE, ERROR, STORE, UNREACHABLE, BLOCKED, FAILED, INTERRUPTED = (
    ExitStatus.FINE, ExitStatus.ERROR, ExitStatus.STORE, ExitStatus.UNREACHABLE,
    ExitStatus.BLOCKED, ExitStatus.FAILED, ExitStatus.INTERRUPTED,
)  # fmt: skip


def _nothing(chance: Random, newest: Sequence[str]) -> list[Order]:
    del chance, newest
    return []


@dataclass(frozen=True, kw_only=True)
class Mishap:
    """Something that happens to a run."""

    name: str
    weight: float = 1.0
    """How often it comes, against the others."""
    statuses: tuple[int, ...] = (FINE,)
    """Exit statuses that tell the truth about it."""
    plan: Plan = _nothing
    settings: Mapping[str, Any] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    signals: tuple[int, ...] = ()
    """Sent to the run one after the other, at random moments."""
    shift: float = 0.0
    """Seconds that the clock of the run is ahead of the soak's."""
    overlaps: bool = False
    """Whether another run starts at the same moment."""
    limits_files: bool = False
    """Whether no file may grow beyond a random size, as on a full disk."""


def everywhere(name: str, **options: Any) -> Plan:
    """Return a plan that has a fault strike every request."""
    return lambda _, __: [{"name": name, **options}]


def some_articles(name: str, **options: Any) -> Plan:
    """Return a plan that has a fault strike about half of the newest articles."""

    def plan(chance: Random, newest: Sequence[str]) -> list[Order]:
        struck = [article for article in newest if chance.random() < 0.5]
        return [{"name": name, "article": article, **options} for article in struck]

    return plan


def some_requests(name: str, **options: Any) -> Plan:
    """Return a plan that has a fault strike the first few requests for pages."""
    return lambda chance, _: [
        {"name": name, "path": "^/(?!robots)", "times": chance.randint(1, 4), **options}
    ]


_ON_SITE: Final = (
    # of the whole site
    ("403 throughout", everywhere("403"), (BLOCKED,)),
    ("429 throughout", everywhere("429", path="^/(?!robots)"), (BLOCKED,)),
    ("500 throughout", everywhere("500"), (UNREACHABLE,)),
    ("connections dropped", everywhere("drop"), (UNREACHABLE,)),
    ("no connection", everywhere("unreachable"), (UNREACHABLE,)),
    ("robots.txt denies", everywhere("robots_deny"), (BLOCKED,)),
    ("nothing found", everywhere("404", path="^/(?!robots)"), (ERROR,)),
    # of articles
    ("articles: 500", some_articles("500"), (FINE, FAILED)),
    ("articles: 404", some_articles("404"), (FINE, FAILED)),
    ("articles: 403", some_articles("403"), (FINE, FAILED)),
    ("articles: cut", some_articles("truncate"), (FINE, FAILED)),
    ("articles: dropped", some_articles("drop"), (FINE, FAILED)),
    ("articles: empty", some_articles("empty"), (FINE, FAILED)),
    ("articles: redirected off", some_articles("redirect_off"), (FINE, FAILED)),
    ("articles: redirected inside", some_articles("redirect_private"), (FINE, FAILED)),
    ("articles: redirected for ever", some_articles("redirect_loop"), (FINE, FAILED)),
    ("pages missing", everywhere("500", path="page=[2-9]"), (FINE,)),
    # of single requests
    ("some 503", some_requests("503"), (FINE, FAILED, UNREACHABLE)),
    ("some 429", some_requests("429"), (FINE, FAILED, BLOCKED)),
    ("some dropped", some_requests("drop"), (FINE, FAILED, UNREACHABLE)),
    ("some slow", some_requests("slow", seconds=0.3), (FINE,)),
    ("front page gone", everywhere("404", path="^/global$"), (FINE,)),
    ("archive gone", everywhere("500", host="indeks.kompas.com"), (FINE, UNREACHABLE)),
)

SLOWLY: Final = {"DOWNLOAD_DELAY": 0.1}
"""So that a run lasts long enough to be hit."""
HEALTHY: Final = Mishap(name="none", weight=12)
MISHAPS: Final = (
    HEALTHY,
    *(Mishap(name=name, plan=plan, statuses=statuses) for name, plan, statuses in _ON_SITE),
    # A run may have ended before the signal came, or not begun to listen to it.
    Mishap(
        name="SIGKILL", weight=12, signals=(SIGKILL,), settings=SLOWLY, statuses=(-SIGKILL, FINE)
    ),
    Mishap(
        name="SIGTERM",
        weight=3,
        signals=(SIGTERM,),
        settings=SLOWLY,
        statuses=(INTERRUPTED, -SIGTERM, FINE),
    ),
    Mishap(
        name="SIGINT",
        weight=3,
        signals=(SIGINT,),
        settings=SLOWLY,
        statuses=(INTERRUPTED, -SIGINT, FINE),
    ),
    Mishap(
        name="SIGINT twice",
        signals=(SIGINT, SIGINT),
        settings=SLOWLY,
        statuses=(INTERRUPTED, -SIGINT, FINE),
    ),
    Mishap(name="two at once", weight=3, overlaps=True),
    Mishap(name="a clock a day behind", shift=-86_400),
    Mishap(name="a clock a day ahead", shift=86_400),
    Mishap(name="full disk", weight=2, limits_files=True, statuses=(STORE, FINE)),
    Mishap(name="5 articles at most", weight=2, arguments=("-amax_articles=5",)),
)
"""Everything that may happen to a run."""
