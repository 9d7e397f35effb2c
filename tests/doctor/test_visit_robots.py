"""What the doctor reads in robots.txt and in the site's clock."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from kompascrawler.doctor.visit import Reply, robots, site_clock
from tests.replica.robots import ROBOTS

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOST = "www.kompas.com"
AGENT = "kompascrawler/0.1.0 (+me@example.org)"


def a_reply(body: str = "", status: int = 200, date: str | None = None) -> Reply:
    """Return a reply to robots.txt."""
    return Reply(url=f"https://{HOST}/robots.txt", status=status, body=body.encode(), date=date)


@pytest.mark.parametrize(
    ("reply", "state", "said"),
    [
        (a_reply(ROBOTS), "ok", "permits the section"),
        (a_reply("User-agent: *\nDisallow: /"), "fail", "forbids /, /global"),
        (a_reply("User-agent: kompascrawler\nDisallow: /"), "fail", "forbids"),
        (a_reply("User-agent: *\nDisallow: *?page="), "fail", "forbids /global/read/"),
        (a_reply("User-agent: *\nCrawl-delay: 10"), "warn", "wants 10 s"),
        (a_reply("User-agent: *\nCrawl-delay: 9"), "ok", "permits"),
        (a_reply("", 429), "warn", "request nothing of it"),
        (a_reply("<html>", 404), "ok", "has none"),
        (a_reply("User-agent: *\nDisallow: /", 403), "warn", "status 403"),
        (a_reply("", 503), "warn", "status 503"),
        (Reply(url="", problem="DNS lookup failed"), "warn", "no response"),
        (None, "warn", "not asked"),
    ],
)
def test_robots(reply: Reply | None, state: str, said: str) -> None:
    """Permitted, forbidden, slower, silent: each with what to do."""
    result = robots(HOST, reply, AGENT, 9.0)
    assert (result.state, said in result.found) == (state, True), result


@pytest.mark.parametrize(
    ("minutes", "state", "said"),
    [(0, "ok", "same as ours"), (10, "fail", "10m00s behind"), (-10, "fail", "10m00s ahead of")],
)
def test_the_site_knows_the_time(minutes: int, state: str, said: str) -> None:
    """Two minutes are let pass."""
    theirs = format_datetime(
        NOW + timedelta(minutes=minutes, seconds=5 * (minutes == 0)), usegmt=True
    )
    result = site_clock({HOST: a_reply(date=theirs)}, NOW)
    assert result is not None
    assert (result.state, said in result.found) == (state, True), result


@pytest.mark.parametrize("date", [None, "soon"])
def test_a_site_without_a_clock(date: str | None) -> None:
    """Nothing is said of it."""
    assert site_clock({HOST: a_reply(date=date)}, NOW) is None
