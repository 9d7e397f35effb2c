"""The circuit breaker: when it opens, what it lets through, when it closes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.politeness.breaker import Breakers, Policy
from kompascrawler.store.model import Breaker

POLICY = Policy(refusals=3, challenges=1, first_wait=600, longest_wait=86_400)
HOST, OTHER = "www.kompas.com", "indeks.kompas.com"
START = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)


class Runs:
    """Runs of a crawl that share a store, and a clock that stands still between its steps."""

    def __init__(self) -> None:
        self.now = START
        self.saved: dict[str, Breaker] = {}

    def run(self) -> Breakers:
        """Begin a run."""
        return Breakers(
            POLICY,
            list(self.saved.values()),
            save=lambda breaker: self.saved.__setitem__(breaker.host, breaker),
            forget=self.saved.__delitem__,
            clock=lambda: self.now,
        )

    def pass_time(self, seconds: float) -> None:
        """Let time go by."""
        self.now += timedelta(seconds=seconds)

    def waits(self) -> float:
        """Return the seconds until the host's next probe."""
        return (datetime.fromisoformat(self.saved[HOST].next_probe) - self.now).total_seconds()


@pytest.fixture
def runs() -> Runs:
    """Return runs of which none has begun."""
    return Runs()


def opened(runs: Runs) -> Breakers:
    """Return a run in which the host's breaker has opened."""
    run = runs.run()
    run.record_failure(HOST, "challenge page", is_challenge=True)
    return run


def test_refusals_in_a_row_open_it(runs: Runs) -> None:
    """An answer in between begins the count anew; other hosts are asked on."""
    run = runs.run()
    told = [
        run.record_failure(HOST, "http 403"),
        run.record_failure(HOST, "http 403"),
        run.record_success(HOST),
    ]
    told += [run.record_failure(HOST, "http 403") for _ in range(3)]
    assert told == [False, False, False, False, False, True]
    assert (run.may_ask(HOST), run.may_ask(OTHER)) == ("no", "yes")
    assert runs.saved[HOST] == Breaker(
        HOST, "http 403", "2026-11-22T23:00:00+00:00", 0, "2026-11-22T23:10:00+00:00"
    )


def test_a_challenge_opens_it_at_once(runs: Runs) -> None:
    """One is enough."""
    assert runs.run().record_failure(HOST, "challenge page", is_challenge=True)


def test_what_was_under_way_changes_nothing(runs: Runs) -> None:
    """Answers to requests that were sent before it opened neither close nor open it again."""
    run = opened(runs)
    before = dict(runs.saved)
    told = (run.record_failure(HOST, "http 403"), run.record_success(HOST), run.probe_failed(HOST))
    assert (told, run.is_open(HOST), runs.saved) == ((False, False, False), True, before)


def test_not_due_nothing_is_asked(runs: Runs) -> None:
    """A run before the next probe sends nothing, and leaves everything as it is."""
    opened(runs)
    runs.pass_time(599)
    run = runs.run()
    assert (run.may_ask(HOST), run.is_open(HOST)) == ("no", True)
    assert run.why(HOST) == f"{HOST}: challenge page; next probe 2026-11-22T23:10:00+00:00"


def test_one_probe_while_all_others_wait(runs: Runs) -> None:
    """The first request is the probe; the answer lets all others go, and is forgotten."""
    opened(runs)
    runs.pass_time(600)
    run = runs.run()
    assert [run.may_ask(HOST) for _ in range(3)] == ["probe", "wait", "wait"]
    assert run.record_success(HOST)
    assert (run.may_ask(HOST), runs.saved) == ("yes", {})


@pytest.mark.parametrize("answer", ["refused", "unanswered"])
def test_each_failed_probe_doubles_the_wait(runs: Runs, answer: str) -> None:
    """Up to a day; since when it is open is kept."""
    opened(runs)
    waits = []
    for _ in range(9):
        runs.pass_time(runs.waits())
        run = runs.run()
        assert run.may_ask(HOST) == "probe"
        done = (
            run.record_failure(HOST, "http 403") if answer == "refused" else run.probe_failed(HOST)
        )
        assert (done, run.may_ask(HOST)) == (True, "no")
        waits.append(runs.waits())
    assert waits == [1200, 2400, 4800, 9600, 19200, 38400, 76800, 86400, 86400]
    assert (runs.saved[HOST].probes, runs.saved[HOST].opened_at) == (9, START.isoformat())


def test_a_probe_that_succeeded_in_vain_counts_as_failed(runs: Runs) -> None:
    """A front page that answers while articles do not: the waits grow all the same."""
    opened(runs)
    runs.pass_time(600)
    run = runs.run()
    run.may_ask(HOST)
    run.record_success(HOST)
    for _ in range(3):
        run.record_failure(HOST, "http 403")
    assert (runs.saved[HOST].probes, runs.waits()) == (1, 1200)


@pytest.mark.parametrize(("asked", "waits"), [(90, 600), (7200, 7200), (1e9, 86_400)])
def test_opened_for_as_long_as_asked(runs: Runs, asked: float, waits: float) -> None:
    """Retry-After lengthens the wait, up to the longest."""
    runs.run().open_for(HOST, "http 429", asked)
    assert runs.waits() == waits


def test_shut_for_one_run(runs: Runs) -> None:
    """Nothing is left to the next run."""
    run = runs.run()
    run.force_open(HOST, "robots.txt is a login page")
    assert (run.may_ask(HOST), run.outlives_the_run(HOST), runs.saved) == ("no", False, {})


def test_shut_where_a_probe_was_due(runs: Runs) -> None:
    """The probe has failed: the wait is doubled, as after any other."""
    opened(runs)
    runs.pass_time(600)
    run = runs.run()
    assert run.may_ask(HOST) == "probe"
    assert run.force_open(HOST, "robots.txt cannot be had")
    assert (runs.waits(), runs.saved[HOST].cause) == (1200, "robots.txt cannot be had")
    assert not run.force_open(HOST, "robots.txt is a login page")
    assert run.outlives_the_run(HOST)


def test_nothing_but_refusals_in_a_run(runs: Runs) -> None:
    """Too few for the count, but all there was: the next run probes."""
    run = runs.run()
    run.record_failure(HOST, "http 403")
    run.record_failure(OTHER, "http 403")
    run.record_success(OTHER)
    run.record_failure(OTHER, "http 403")
    assert (run.end_run(), list(runs.saved)) == ([HOST], [HOST])


@pytest.mark.parametrize("jump", [-400 * 86_400, 400 * 86_400])
def test_a_clock_that_jumps_holds_nothing_for_ever(runs: Runs, jump: float) -> None:
    """A probe that lies further ahead than the longest wait is due, as one that lies behind."""
    opened(runs)
    runs.pass_time(jump)
    assert runs.run().may_ask(HOST) == "probe"


STEPS = st.lists(st.sampled_from(["ask", "403", "challenge", "200", "gone", "run", "later"]))


@given(STEPS)
def test_at_most_one_probe_a_run(steps: list[str]) -> None:
    """Whatever happens, an open breaker is asked for one page a run, and its wait is bounded."""
    runs = Runs()
    run, probes = runs.run(), 0
    for step in steps:
        if step == "ask":
            probes += run.may_ask(HOST) == "probe"
        elif step in ("403", "challenge"):
            run.record_failure(HOST, step, is_challenge=step == "challenge")
        elif step == "200":
            run.record_success(HOST)
        elif step == "gone":
            run.probe_failed(HOST)
        elif step == "run":
            run, probes = runs.run(), 0
        else:
            runs.pass_time(1000)
        assert probes <= 1
        assert run.is_open(HOST) <= (run.may_ask(OTHER) == "yes")
        assert HOST not in runs.saved or runs.waits() <= POLICY.longest_wait
        assert not run.is_open(HOST) or HOST in runs.saved
