"""Who is told what, and that telling harms no run. The receiver is a web server of the test."""

import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from kompascrawler.outcome import monitoring as module
from kompascrawler.outcome.cards import ExitStatus, RunCard, Verdict
from kompascrawler.outcome.monitoring import check, message_of, notify
from tests.outcome.cards import a_card
from tests.outcome.receiver import Receiver, receiving

S = ExitStatus


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """Listen on loopback."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with receiving() as receiver:
        yield receiver


def run(status: ExitStatus, hour: int = 12) -> RunCard:
    """Return the card of a run that ended so."""
    verdict = Verdict.of(status, "the cause", "the advice" if status else None)
    return a_card(f"2026-11-22T{hour:02}:00:00+00:00", verdict=verdict)


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        (None, S.FINE, None),
        (None, S.BLOCKED, "failure"),
        (S.FINE, S.FINE, None),
        (S.FINE, S.BLOCKED, "failure"),
        (S.BLOCKED, S.BLOCKED, None),
        (S.BLOCKED, S.DRIFT, "failure"),
        (S.DRIFT, S.FINE, "success"),
        (S.FINE, S.INTERRUPTED, None),
        (S.BLOCKED, S.TERMINATED, None),
        (S.FINE, S.LOCKED, None),
    ],
)
def test_only_a_change_is_news(
    before: ExitStatus | None, now: ExitStatus, kind: str | None
) -> None:
    """The first bad run, another cause, the way back to fine: nothing else."""
    message = message_of(run(now), None if before is None else run(before, hour=11))
    assert (message and message.kind) == kind


@pytest.mark.parametrize(("before", "now", "is_news"), [(0, 3, True), (3, 4, False), (3, 0, True)])
def test_a_bucket_that_fails_beside_all_else_is_news(before: int, now: int, is_news: bool) -> None:  # noqa: FBT001
    """Once, and when it is back; how many files wait stands in each message."""
    cards = [
        replace(run(S.BLOCKED, hour), not_copied=count) for hour, count in ((11, before), (12, now))
    ]
    message = message_of(cards[1], cards[0])
    assert (message is not None) == is_news
    if message and now:
        assert "Published files that are not at PUBLISH_URL: 3" in message.body


def test_the_message_says_what_is_to_be_done() -> None:
    """Cause, advice, the run and the verdict before."""
    message = message_of(run(S.BLOCKED), run(S.DRIFT, hour=11))
    assert message is not None
    assert message.title == "kompascrawler: blocked (exit status 5)"
    for said in ("the cause", "What to do: the advice", "20261122T120000Z-9f3a", "Before: drift"):
        assert said in message.body


def test_an_address_is_told(receiver: Receiver) -> None:
    """Apprise brings the message to where its address says."""
    assert notify(run(S.BLOCKED), run(S.FINE, hour=11), f"{receiver.address}/in") == []
    (message,) = receiver.received
    assert (message["type"], "the cause" in message["message"]) == ("failure", True)
    assert message["title"] == "kompascrawler: blocked (exit status 5)"


def test_nobody_is_told_what_is_no_news(receiver: Receiver) -> None:
    """The second failing run with the same status is silent."""
    assert notify(run(S.BLOCKED), run(S.BLOCKED, hour=11), f"{receiver.address}/in") == []
    assert receiver.received == []


def test_one_that_fails_keeps_no_other_from_being_told(receiver: Receiver) -> None:
    """Each failure is a line that shows nothing secret of the address."""
    to = ["nonsense-secret", f"{receiver.address}/refused", f"{receiver.address}/in"]
    said = notify(run(S.BLOCKED), None, to)
    assert [line.partition(" was not sent")[0] for line in said] == [
        "notification 1 of 3 (no address)",
        "notification 2 of 3 (json)",
    ]
    assert "secret" not in "".join(said)
    assert len(receiver.received) == 2


def test_addresses_are_checked_without_a_message(receiver: Receiver) -> None:
    """Nothing is sent; what Apprise does not take is named by its kind."""
    (said,) = check([f"{receiver.address}/in", "nothing://secret"])
    assert said.startswith("notification 2 of 2 (nothing) is to an address")
    assert receiver.received == []


def test_one_that_does_not_answer_is_given_up(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of a run is not held up."""
    monkeypatch.setattr(module, "TIME_LIMIT", 2.0)
    receiver.may_answer.clear()
    (said,) = notify(run(S.BLOCKED), None, f"{receiver.address}/in")
    assert said == "notification 1 of 1 (json) was not sent: not done in 2 s"


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install is said."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    assert notify(run(S.BLOCKED), None, "json://127.0.0.1/") == [module.INSTALL]
    assert check(["json://127.0.0.1/"]) == [module.INSTALL]


def test_without_a_program_to_send_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that cannot be started is a line, not an error."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    (said,) = notify(run(S.BLOCKED), None, "json://127.0.0.1/")
    assert said == "notification 1 of 1 (json) was not sent: No such file or directory"
