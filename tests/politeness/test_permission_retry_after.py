"""How long a Retry-After header has us wait."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.politeness.permission import LONGEST_WAIT, seconds_asked
from kompascrawler.store.store import open_reader
from tests.crawls import crawl, records
from tests.replica.serve import serve
from tests.replica.site import Site

NOW = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        (" 30 ", 30.0),
        ("Sun, 22 Nov 2026 23:01:30 GMT", 90.0),
        ("Sunday, 22-Nov-26 23:00:10 GMT", 10.0),
        ("Sun Nov 22 23:00:05 2026", 5.0),
        ("Mon, 23 Nov 2026 06:00:20 +0700", 20.0),
        ("Sun, 22 Nov 2026 23:00:20 -0000", 20.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_WAIT),
        ("99999999999", LONGEST_WAIT),
        ("9" * 5000, LONGEST_WAIT),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("soon", None),
        ("", None),
        ("Sun, 99 Nov 2026 99:99:99 GMT", None),
    ],
)
def test_values(value: str, seconds: float | None) -> None:
    """Seconds, the three forms of dates, what is absurd, what is neither."""
    assert seconds_asked(value, NOW) == seconds


@given(st.integers(0, 10**9))
def test_a_date_means_what_its_seconds_mean(seconds: int) -> None:
    """Both forms ask for the same wait, a day at most."""
    date = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert (
        seconds_asked(date, NOW) == seconds_asked(str(seconds), NOW) == min(seconds, LONGEST_WAIT)
    )


@given(st.text())
def test_any_text_gives_a_wait_or_none(value: str) -> None:
    """No header breaks the crawl, and none has it wait for longer than a day."""
    seconds = seconds_asked(value, NOW)
    assert seconds is None or 0.0 <= seconds <= LONGEST_WAIT


WWW = "www.kompas.com"


def test_a_short_wait_is_waited_for(tmp_path: Path) -> None:
    """What was under way may still go out; then nothing until the time is over; all is had."""
    with serve(Site(seed=5, articles=8)) as replica:
        replica.faults.add("retry_after", path="/read/", value=2, status=503, times=1)
        done = crawl(replica.env, tmp_path, RETRY_TIMES=1)
        (asked,) = (line for line in replica.log if line.status == 503)
        after = [line for line in replica.log if line.time > asked.time]
    assert (done.status, len(records(tmp_path))) == (0, 8)
    early = [line.host for line in after if line.time < asked.time + 1.9]
    assert early.count(WWW) <= 1
    assert "indeks.kompas.com" in early


def test_a_long_wait_is_left_to_a_later_run(tmp_path: Path) -> None:
    """It opens the breaker until then; nothing more is asked for, and nobody waits."""
    with serve(Site(seed=5, articles=8)) as replica:
        replica.faults.add("retry_after", path="/read/", value=7200, times=1)
        crawl(replica.env, tmp_path, DOWNLOAD_DELAY=0.2, RETRY_TIMES=2)
        assert sum("/read/" in line.path for line in replica.log) <= 2
    with open_reader(tmp_path) as reader:
        ((host, cause, opened_at, _, next_probe),) = reader.breakers()
        assert reader.failures() == []
    assert (host, cause) == (WWW, "http 429 with Retry-After of 7200 s")
    wait = datetime.fromisoformat(next_probe) - datetime.fromisoformat(opened_at)
    assert wait.total_seconds() == 7200


def test_a_wait_beyond_the_budget_is_left_to_a_later_run(tmp_path: Path) -> None:
    """A run that may not last so long does not begin to wait."""
    with serve(Site(seed=5, articles=4)) as replica:
        replica.faults.add("retry_after", path="/read/", value=40, times=1)
        crawl(replica.env, tmp_path, MAX_RUN_SECONDS=30)
    with open_reader(tmp_path) as reader:
        assert [breaker.cause for breaker in reader.breakers()] == [
            "http 429 with Retry-After of 40 s"
        ]
