"""What happens to runs of the soak: each mishap by name, with what the run may say of it. Data.

Faults are orders for the replica (``tests.replica.faults``).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from signal import SIGINT, SIGKILL, SIGTERM, Signals
from typing import Any, Final

from kompascrawler.outcome.cards import ExitStatus
from tests.spiders.deadly import VARIABLE
from tests.world import DAY, NONE, Signal, Trouble, World

FINE, ERROR, STORE, UNREACHABLE, BLOCKED, FAILED, BUDGET, LOCKED, INTERRUPTED, TERMINATED = (
    ExitStatus.FINE, ExitStatus.ERROR, ExitStatus.STORE, ExitStatus.UNREACHABLE,
    ExitStatus.BLOCKED, ExitStatus.FAILED, ExitStatus.BUDGET, ExitStatus.LOCKED,
    ExitStatus.INTERRUPTED, ExitStatus.TERMINATED,
)  # fmt: skip

Plan = Callable[[Random, World], Trouble]
"""Settles what goes wrong in a run, from the soak's chance and its world."""
LONGEST_START = 1.5
"""Seconds in which a run has sent its first request, mostly."""
SLOWLY: Final = {"DOWNLOAD_DELAY": 0.1}
"""So that a run lasts long enough to be hit."""


@dataclass(frozen=True, kw_only=True)
class Mishap:
    """Something that happens to a run."""

    name: str
    weight: float = 1.0
    """How often it comes, against the others."""
    statuses: tuple[int, ...] = (FINE,)
    """Exit statuses that tell the truth about it."""
    plan: Plan = lambda _, __: NONE
    overlaps: bool = False
    """Whether another run starts at the same moment."""
    damages: bool = False
    """Whether the data folder is damaged before, and mended by a person afterwards."""


def everywhere(name: str, **options: Any) -> Plan:
    """Return a plan that has a fault strike every request."""
    return lambda _, __: Trouble(orders=[{"name": name, **options}])


def some_articles(name: str, **options: Any) -> Plan:
    """Return a plan that has a fault strike about half of the newest articles."""

    def plan(chance: Random, world: World) -> Trouble:
        struck = [article for article in world.newest(12) if chance.random() < 0.5]
        return Trouble(orders=[{"name": name, "article": article, **options} for article in struck])

    return plan


def some_requests(name: str, **options: Any) -> Plan:
    """Return a plan that has a fault strike the first few requests for pages."""
    return lambda chance, _: Trouble(
        orders=[{"name": name, "path": "^/(?!robots)", "times": chance.randint(1, 4), **options}]
    )


def signals(*numbers: Signals) -> Plan:
    """Return a plan that sends signals at random moments, from the very start of the process."""

    def moment(chance: Random, number: Signals) -> Signal:
        requests = chance.randint(0, 12)
        return Signal(number, requests, chance.uniform(0.0, 0.1 if requests else LONGEST_START))

    return lambda chance, _: Trouble(
        settings=SLOWLY, signals=[moment(chance, number) for number in numbers]
    )


def death(chance: Random, world: World) -> Trouble:
    """Let the process be killed while it reads one of the newest articles."""
    addons = json.dumps({"tests.spiders.deadly.DeadlyPage": 300})
    article = chance.choice(world.newest(6))
    return Trouble(settings={"ADDONS": addons}, env={VARIABLE: article})


def costly(chance: Random, world: World) -> Trouble:
    """Let reading some of the newest articles take minutes."""
    orders = some_articles("costly")(chance, world).orders
    return Trouble(orders=orders, settings={"READ_MAX_SECONDS": 1})


def full_disk(chance: Random, world: World) -> Trouble:
    """Let no file grow beyond a size somewhere up to a little more than the database has."""
    return Trouble(file_limit=chance.randrange(200, world.state_size() + 200_000))


_ON_SITE: Final = (
    # of the whole site
    ("403 throughout", everywhere("403"), (BLOCKED,)),
    ("429 throughout", everywhere("429", path="^/(?!robots)"), (BLOCKED,)),
    ("500 throughout", everywhere("500"), (UNREACHABLE,)),
    ("connections dropped", everywhere("drop"), (UNREACHABLE,)),
    ("no connection", everywhere("unreachable"), (UNREACHABLE,)),
    ("robots.txt denies", everywhere("robots_deny"), (BLOCKED,)),
    ("nothing found", everywhere("404", path="^/(?!robots)"), (ERROR,)),
    ("challenge throughout", everywhere("challenge", path="^/(?!robots)"), (BLOCKED,)),
    ("consent throughout", everywhere("consent", path="^/(?!robots)"), (BLOCKED,)),
    ("maintenance throughout", everywhere("maintenance", path="^/(?!robots)"), (UNREACHABLE,)),
    # of articles
    ("articles: 500", some_articles("500"), (FINE, FAILED)),
    ("articles: 404", some_articles("404"), (FINE, FAILED)),
    ("articles: 403", some_articles("403"), (FINE, FAILED, BLOCKED)),
    ("articles: cut", some_articles("truncate"), (FINE, FAILED)),
    ("articles: cut, length untold", some_articles("truncated"), (FINE, FAILED)),
    ("articles: dropped", some_articles("drop"), (FINE, FAILED)),
    ("articles: empty", some_articles("empty"), (FINE, FAILED, BLOCKED)),
    ("articles: login", some_articles("login"), (FINE, FAILED, BLOCKED)),
    ("articles: challenge", some_articles("challenge", status=403), (FINE, BLOCKED)),
    ("articles: asked to wait", some_articles("retry_after", value=7200), (FINE, BLOCKED)),
    (
        "articles: down for long",
        some_articles("retry_after", value=7200, status=503),
        (FINE, UNREACHABLE),
    ),
    ("articles: gzip bomb", some_articles("gzip_bomb", megabytes=64), (FINE, FAILED)),
    ("articles: 10,000 links", some_articles("many_articles"), (FINE,)),
    ("articles: redirected off", some_articles("redirect_off"), (FINE, FAILED)),
    ("articles: redirected inside", some_articles("redirect_private"), (FINE, FAILED)),
    ("articles: redirected for ever", some_articles("redirect_loop"), (FINE, FAILED)),
    ("articles: costly to read", costly, (FINE, FAILED)),
    ("pages missing", everywhere("500", path="page=[2-9]"), (FINE, FAILED)),
    # of single requests
    ("some 503", some_requests("503"), (FINE, FAILED, UNREACHABLE)),
    ("some 429", some_requests("429"), (FINE, FAILED, BLOCKED)),
    ("some dropped", some_requests("drop"), (FINE, FAILED, UNREACHABLE)),
    ("some slow", some_requests("slow", seconds=0.3), (FINE,)),
    ("front page gone", everywhere("404", path="^/global$"), (FINE,)),
    ("listings of a cache", everywhere("stale", back=6), (FINE,)),
    ("index of a cache", everywhere("stale", host="indeks.kompas.com", back=9), (FINE,)),
    ("archive gone", everywhere("500", host="indeks.kompas.com"), (FINE, FAILED)),
)

HEALTHY: Final = Mishap(name="none", weight=12)
MISHAPS: Final = (
    HEALTHY,
    *(Mishap(name=name, plan=plan, statuses=statuses) for name, plan, statuses in _ON_SITE),
    # A run may have ended before the signal came, or not begun to listen to it.
    Mishap(name="SIGKILL", weight=12, plan=signals(SIGKILL), statuses=(-SIGKILL, FINE)),
    Mishap(name="death on an article", weight=4, plan=death, statuses=(-SIGKILL, FINE)),
    Mishap(name="SIGTERM", weight=3, plan=signals(SIGTERM), statuses=(TERMINATED, -SIGTERM, FINE)),
    Mishap(name="SIGINT", weight=3, plan=signals(SIGINT), statuses=(INTERRUPTED, -SIGINT, FINE)),
    Mishap(
        name="SIGINT twice",
        plan=signals(SIGINT, SIGINT),
        statuses=(INTERRUPTED, -SIGINT, FINE),
    ),
    Mishap(name="two at once", weight=3, overlaps=True, statuses=(FINE, LOCKED)),
    Mishap(name="a clock a day behind", plan=lambda _, __: Trouble(shift=-DAY)),
    Mishap(name="a clock a day ahead", plan=lambda _, __: Trouble(shift=DAY)),
    Mishap(name="full disk", weight=2, plan=full_disk, statuses=(STORE, FINE)),
    Mishap(name="damage", weight=4, damages=True, statuses=(STORE, FINE)),
    Mishap(
        name="5 articles at most",
        weight=2,
        plan=lambda _, __: Trouble(arguments=["-amax_articles=5"]),
    ),
    Mishap(
        name="a budget of requests",
        weight=3,
        plan=lambda chance, _: Trouble(settings={"MAX_RUN_REQUESTS": chance.randint(1, 8)}),
        statuses=(FINE, BUDGET),
    ),
    Mishap(
        name="a budget of bytes",
        plan=lambda chance, _: Trouble(settings={"MAX_RUN_BYTES": chance.randint(1, 40_000)}),
        statuses=(FINE, BUDGET),
    ),
)
"""Everything that may happen to a run."""
