"""Every row of the fault matrix, by group. Data; ``docs/faults.md`` is made from it."""

from signal import SIGINT, SIGKILL, SIGTERM
from typing import Any, Final

from kompascrawler.verdict import ExitStatus
from tests.faults import arrangements as arrange
from tests.faults.row import Row
from tests.world import DAY, Signal, Trouble

FINE, ERROR, STORE, UNREACHABLE, BLOCKED, FAILED, INTERRUPTED, TERMINATED = (
    ExitStatus.FINE, ExitStatus.ERROR, ExitStatus.STORE, ExitStatus.UNREACHABLE,
    ExitStatus.BLOCKED, ExitStatus.FAILED, ExitStatus.INTERRUPTED,
    ExitStatus.TERMINATED,
)  # fmt: skip
ARTICLES: Final = "/read/"
PAGES: Final = "^/(?!robots)"
NOWHERE: Final = "http://replica.invalid:1"
SLOWLY: Final = {"DOWNLOAD_DELAY": 0.5}


def fault(name: str, **options: Any) -> Trouble:
    """Return the trouble of one fault of the replica."""
    return Trouble(orders=[{"name": name, **options}])


def stopped(*signals: Signal) -> Trouble:
    """Return the trouble of a run that gets signals in the middle of its articles."""
    return Trouble(settings=SLOWLY, signals=signals)


NETWORK: Final = (
    Row(
        name="DNS failure",
        planted="the proxy's name cannot be looked up",
        trouble=Trouble(env={"http_proxy": NOWHERE, "https_proxy": NOWHERE}),
        status=UNREACHABLE,
    ),
    Row(
        name="Connections refused",
        planted="the proxy's port is closed",
        trouble=Trouble(
            env={"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
        ),
        status=UNREACHABLE,
    ),
    Row(
        name="Hosts unreachable",
        planted="no way through to any host",
        # Scrapy notices a tunnel that is not built by its time-out only.
        trouble=Trouble(orders=[{"name": "unreachable"}], settings={"DOWNLOAD_TIMEOUT": 1}),
        status=UNREACHABLE,
    ),
    Row(
        name="Time-outs",
        planted="answers begin and never end",
        trouble=Trouble(orders=[{"name": "never_loads"}], settings={"DOWNLOAD_TIMEOUT": 1}),
        status=UNREACHABLE,
    ),
    Row(
        name="Connections broken",
        planted="every one, before the answer",
        trouble=fault("drop"),
        status=UNREACHABLE,
    ),
    Row(
        name="Slow answers",
        planted="half a second for each article",
        trouble=fault("slow", path=ARTICLES, seconds=0.5),
        status=FINE,
        had=4,
    ),
)
SITE: Final = (
    Row(name="5xx throughout", planted="500 everywhere", trouble=fault("500"), status=UNREACHABLE),
    Row(name="403 throughout", planted="403 everywhere", trouble=fault("403"), status=BLOCKED),
    Row(
        name="429 throughout",
        planted="429 for every page",
        trouble=fault("429", path=PAGES),
        status=BLOCKED,
    ),
    Row(
        name="404 throughout",
        planted="404 for every page",
        trouble=fault("404", path=PAGES),
        status=ERROR,
    ),
    Row(
        name="Articles fail",
        planted="500 for every article",
        trouble=fault("500", path=ARTICLES),
        status=FAILED,
    ),
    Row(
        name="One article fails",
        planted="500 for the first article asked for",
        trouble=fault("500", path=ARTICLES, times=1),
        status=FINE,
        had=3,
    ),
    Row(
        name="Empty pages",
        planted="200 without a body for every page",
        trouble=fault("empty", path=PAGES),
        status=BLOCKED,
    ),
    Row(
        name="robots.txt denies",
        planted="`Disallow: /`",
        trouble=fault("robots_deny"),
        status=BLOCKED,
    ),
)
HOSTILE: Final = (
    Row(
        name="Redirect without end",
        planted="articles lead to themselves",
        trouble=fault("redirect_loop", path=ARTICLES),
        status=FAILED,
    ),
    Row(
        name="Redirect off the site",
        planted="articles lead to example.com",
        trouble=fault("redirect_off", path=ARTICLES),
        status=FAILED,
    ),
    Row(
        name="Redirect to a private address",
        planted="articles lead to 169.254.169.254",
        trouble=fault("redirect_private", path=ARTICLES),
        status=FAILED,
    ),
    Row(
        name="Truncated body",
        planted="half of each article, then the connection breaks",
        trouble=fault("truncate", path=ARTICLES),
        status=FAILED,
    ),
)
DISK: Final = (
    Row(
        name="Full disk",
        planted="16 KB left on the data folder's disk",
        arrange=arrange.full_disk,
        status=STORE,
    ),
    Row(
        name="Read-only folder",
        planted="the data folder's disk is mounted read-only",
        arrange=arrange.read_only,
        status=STORE,
    ),
    Row(
        name="No folder",
        planted="a file stands where the data folder should",
        arrange=arrange.file_for_folder,
        status=STORE,
    ),
    Row(
        name="Damaged store",
        planted="8 KB of the database overwritten; its backup put back afterwards",
        arrange=arrange.changed_store(arrange.overwrite),
        status=STORE,
    ),
    Row(
        name="Torn store",
        planted="half of the database gone; its backup put back afterwards",
        arrange=arrange.changed_store(arrange.cut_off),
        status=STORE,
    ),
    Row(
        name="Newer store",
        planted="tables of version 99; the newer program afterwards",
        arrange=arrange.changed_store(arrange.make_newer),
        status=STORE,
    ),
)
RUN: Final = (
    Row(
        name="SIGKILL",
        planted="while articles come",
        trouble=stopped(Signal(SIGKILL, requests=4)),
        status=-SIGKILL,
        had=None,
    ),
    Row(
        name="SIGTERM",
        planted="while articles come",
        trouble=stopped(Signal(SIGTERM, requests=4)),
        status=TERMINATED,
        had=None,
    ),
    Row(
        name="SIGINT",
        planted="while articles come",
        trouble=stopped(Signal(SIGINT, requests=4)),
        status=INTERRUPTED,
        had=None,
    ),
    Row(
        name="Clock set back",
        planted="a day behind",
        trouble=Trouble(shift=-DAY),
        status=FINE,
        had=4,
    ),
    Row(
        name="Clock set forward",
        planted="ten years ahead",
        trouble=Trouble(shift=3650 * DAY),
        status=FINE,
        had=4,
    ),
    Row(
        name="Wrong zone",
        planted="14 hours east of Greenwich",
        trouble=Trouble(env={"TZ": "Pacific/Kiritimati"}),
        status=FINE,
        had=4,
    ),
    Row(
        name="A callback raises",
        planted="on the first article",
        trouble=Trouble(settings=arrange.with_addon("RaisingCallback")),
        status=ERROR,
        had=3,
    ),
    Row(
        name="A pipeline raises",
        planted="on the first article",
        trouble=Trouble(settings=arrange.with_addon("RaisingPipeline")),
        status=ERROR,
        had=3,
    ),
)
GROUPS: Final = {
    "The network": NETWORK,
    "What the site answers": SITE,
    "Hostile and broken answers": HOSTILE,
    "Disk and store": DISK,
    "The run itself": RUN,
}
"""The rows by their heading in the documentation."""
