"""What the doctor reads in robots.txt and in the site's clock."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from kompascrawler.doctor.answer import Answer
from kompascrawler.doctor.robots import robots, site_clock
from tests.replica.robots import ROBOTS

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOST = "www.kompas.com"
AGENT = "kompascrawler/0.1.0 (+me@example.org)"


def an_answer(body: str = "", status: int = 200, date: str | None = None) -> Answer:
    """Return an answer to robots.txt."""
    return Answer(url=f"https://{HOST}/robots.txt", status=status, body=body.encode(), date=date)


@pytest.mark.parametrize(
    ("answer", "state", "said"),
    [
        (an_answer(ROBOTS), "ok", "permits the section"),
        (an_answer("User-agent: *\nDisallow: /"), "fail", "forbids /, /global"),
        (an_answer("User-agent: kompascrawler\nDisallow: /"), "fail", "forbids"),
        (an_answer("User-agent: *\nDisallow: *?page="), "fail", "forbids /global/read/"),
        (an_answer("User-agent: *\nCrawl-delay: 10"), "warn", "wants 10 s"),
        (an_answer("User-agent: *\nCrawl-delay: 1"), "ok", "permits"),
        (an_answer("<html>", 404), "ok", "has none"),
        (an_answer("User-agent: *\nDisallow: /", 403), "warn", "status 403"),
        (an_answer("", 503), "warn", "status 503"),
        (Answer(url="", problem="DNS lookup failed"), "warn", "no answer"),
        (None, "warn", "not asked"),
    ],
)
def test_robots(answer: Answer | None, state: str, said: str) -> None:
    """Permitted, forbidden, slower, silent: each with what to do."""
    finding = robots(HOST, answer, AGENT, 1.0)
    assert (finding.state, said in finding.found) == (state, True), finding


@pytest.mark.parametrize(
    ("minutes", "state", "said"),
    [(0, "ok", "as ours"), (10, "fail", "10m00s behind"), (-10, "fail", "10m00s ahead of")],
)
def test_the_site_knows_the_time(minutes: int, state: str, said: str) -> None:
    """Two minutes are let pass."""
    theirs = format_datetime(
        NOW + timedelta(minutes=minutes, seconds=5 * (minutes == 0)), usegmt=True
    )
    finding = site_clock({HOST: an_answer(date=theirs)}, NOW)
    assert finding is not None
    assert (finding.state, said in finding.found) == (state, True), finding


@pytest.mark.parametrize("date", [None, "soon"])
def test_a_site_without_a_clock(date: str | None) -> None:
    """Nothing is said of it."""
    assert site_clock({HOST: an_answer(date=date)}, NOW) is None
