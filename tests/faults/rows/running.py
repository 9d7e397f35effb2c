"""What happens to the run: signals, budgets, clocks, errors of ours, the browser."""

from signal import SIGHUP, SIGINT, SIGKILL, SIGQUIT, SIGTERM, SIGXCPU, Signals
from typing import Any, Final

from kompascrawler.outcome.cards import ExitStatus
from tests.faults import arrangements as arrange
from tests.faults.row import Row
from tests.world import DAY, Signal, Trouble


def stopped(number: Signals) -> Trouble:
    """Return the trouble of a run that gets a signal in the middle of its articles."""
    return Trouble(settings={"DOWNLOAD_DELAY": 0.5}, signals=[Signal(number, requests=3)])


def limited(**settings: Any) -> Trouble:
    """Return the trouble of a run that may take so much, an article at a time."""
    return Trouble(settings={"CONCURRENT_REQUESTS_PER_DOMAIN": 1, **settings})


RUNNING: Final = (
    Row(
        name="SIGKILL",
        planted="while articles come",
        trouble=stopped(SIGKILL),
        status=-SIGKILL,
        had=None,
        only_soak="every day tests/test_kill.py",
    ),
    Row(
        name="SIGTERM",
        planted="while articles come",
        trouble=stopped(SIGTERM),
        status=ExitStatus.TERMINATED,
        had=None,
        only_soak="every day tests/commands/test_crawl.py",
    ),
    Row(
        name="SIGINT",
        planted="while articles come",
        trouble=stopped(SIGINT),
        status=ExitStatus.INTERRUPTED,
        had=None,
        only_soak="like SIGTERM",
    ),
    Row(
        name="SIGHUP",
        planted="while articles come: the terminal or ssh session is gone",
        trouble=stopped(SIGHUP),
        status=ExitStatus.HUNG_UP,
        had=None,
        only_soak="like SIGTERM",
    ),
    Row(
        name="SIGQUIT",
        planted="while articles come",
        trouble=stopped(SIGQUIT),
        status=ExitStatus.QUIT,
        had=None,
        only_soak="like SIGTERM",
    ),
    Row(
        name="SIGXCPU",
        planted="while articles come: `ulimit -t` is reached",
        trouble=stopped(SIGXCPU),
        status=ExitStatus.CPU_LIMIT,
        had=None,
        only_soak="like SIGTERM",
    ),
    Row(
        name="Name of an earlier run",
        planted="`RUN_ID=again`, and a card of that name",
        trouble=Trouble(settings={"RUN_ID": "again"}),
        arrange=arrange.card_of_the_same_name,
        status=ExitStatus.USAGE,
        only_soak="every day tests/commands/test_crawl.py",
    ),
    Row(
        name="Channel that is none",
        planted="`SECTION=global,monye`",
        trouble=Trouble(settings={"SECTION": "global,monye"}),
        status=ExitStatus.USAGE,
        had=None,
        only_soak="every day tests/commands/test_crawl.py",
    ),
    Row(
        name="Budget of requests",
        planted="`MAX_RUN_REQUESTS=4`",
        trouble=limited(MAX_RUN_REQUESTS=4),
        status=ExitStatus.BUDGET,
        had=2,
        only_soak="every day tests/run/test_requests_budgets.py",
    ),
    Row(
        name="Budget of bytes",
        planted="`MAX_RUN_BYTES=10000`",
        trouble=limited(MAX_RUN_BYTES=10_000),
        status=ExitStatus.BUDGET,
        had=None,
        only_soak="like Budget of requests",
    ),
    Row(
        name="Budget of time",
        planted="`MAX_RUN_SECONDS=2`, a second between requests",
        trouble=limited(MAX_RUN_SECONDS=2, DOWNLOAD_DELAY=1),
        status=ExitStatus.BUDGET,
        had=None,
        only_soak="like Budget of requests",
    ),
    Row(
        name="Clock set back",
        planted="a day behind",
        trouble=Trouble(shift=-DAY),
        status=ExitStatus.FINE,
        had=4,
    ),
    Row(
        name="Clock set forward",
        planted="ten years ahead",
        trouble=Trouble(shift=3650 * DAY),
        status=ExitStatus.FINE,
        had=4,
        only_soak="like Clock set back",
    ),
    Row(
        name="Wrong zone",
        planted="14 hours east of Greenwich",
        trouble=Trouble(env={"TZ": "Pacific/Kiritimati"}),
        status=ExitStatus.FINE,
        had=4,
        only_soak="like Clock set back",
    ),
    Row(
        name="A callback raises",
        planted="on the first article",
        trouble=Trouble(settings=arrange.with_addon("RaisingCallback")),
        status=ExitStatus.ERROR,
        had=3,
    ),
    Row(
        name="A pipeline raises",
        planted="on the first article",
        trouble=Trouble(settings=arrange.with_addon("RaisingPipeline")),
        status=ExitStatus.ERROR,
        had=3,
        only_soak="like A callback raises",
    ),
    Row(
        name="Busy machine",
        planted="two endless loops on each processor, articles that need a browser",
        arrange=arrange.busy_machine,
        halaman="script_pager",
        status=ExitStatus.FINE,
        had=4,
        only_soak="every day tests/browser/test_ways.py",
    ),
    Row(
        name="Browser missing",
        planted="`BROWSER_EXECUTABLE=/nowhere`, articles that need one",
        trouble=Trouble(env={"BROWSER_EXECUTABLE": "/nowhere"}),
        halaman="script_pager",
        status=ExitStatus.BROWSER,
        only_soak="browsers start before and after; every day tests/commands/test_crawl.py",
    ),
    Row(
        name="Browser killed",
        planted="each browser 0.3 seconds after its start, articles that need one",
        trouble=Trouble(env={"BROWSER_EXECUTABLE": str(arrange.MORTAL_BROWSER)}),
        halaman="script_pager",
        status=ExitStatus.BROWSER,
        only_soak="browsers start, and are waited for until they die",
    ),
)
