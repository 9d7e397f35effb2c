"""The run card as a document: whole, or refused in one line."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.outcome.cards import (
    CARD_VERSION,
    CardError,
    Counts,
    ExitStatus,
    Requests,
    RunCard,
    Verdict,
    read_card,
)
from kompascrawler.outcome.counts import RunCounts
from kompascrawler.outcome.outcome import article_counts, request_counts
from tests.outcome.counting import counted

CARD = RunCard(
    run_id="20261122T120000Z-9f3a",
    started_at="2026-11-22T12:00:00+00:00",
    ended_at="2026-11-22T12:00:09+00:00",
    spider="kompas_global",
    arguments={"max_articles": "5"},
    settings={"DOWNLOAD_DELAY": 0, "NOTIFY_URLS": "***"},
    verdict=Verdict.of(ExitStatus.BLOCKED, "the site refuses us", "run more rarely"),
    counts=Counts(found=12, new=3),
    requests=Requests(total=9, by_status={"200": 8, "none": 1}, by_kind={"article": 9}),
    timings={"run": 9.25},
    peak_memory_mb=81.5,
    drift=("title gone",),
)


def test_a_card_comes_back_as_it_was() -> None:
    """Every field, the exit status as one of ours."""
    read = read_card(CARD.to_json())
    assert read == CARD
    assert read.verdict.status is ExitStatus.BLOCKED


def test_what_a_later_program_adds_is_passed_over() -> None:
    """A field more is no damage."""
    assert read_card(json.dumps(json.loads(CARD.to_json()) | {"weather": "fine"})) == CARD


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"card_version": CARD_VERSION + 1}, "upgrade"),
        ({"run_id": None}, "run_id"),
        ({"bytes": "12"}, "bytes"),
        ({"bytes": 1.5}, "bytes"),
        ({"verdict": {"status": 99, "name": "x", "cause": "y"}}, "verdict.status"),
        ({"verdict": {"status": 0, "cause": "y"}}, "name"),
        ({"counts": {"new": -0.5}}, "counts.new"),
        ({"drift": "title gone"}, "drift"),
    ],
)
def test_a_card_that_is_not_one_is_refused(change: dict[str, Any], says: str) -> None:
    """In one line that names the field."""
    with pytest.raises(CardError, match=says) as caught:
        read_card(json.dumps(json.loads(CARD.to_json()) | change))
    assert len(str(caught.value).splitlines()) == 1


@given(st.binary(max_size=40), st.integers(0, len(CARD.to_json())))
def test_damage_is_an_error_of_ours(noise: bytes, cut: int) -> None:
    """A torn or overwritten card is refused, or is a card still; nothing else is raised."""
    whole = CARD.to_json().encode()
    for damaged in (whole[:cut], whole[:cut] + noise, whole[:cut] + noise + whole[cut:]):
        with suppress(CardError):
            assert isinstance(read_card(damaged), RunCard)


STATS = {
    "discovery/new": 3, "discovery/known": 2, "store/articles": 2, "halaman/all": 1,
    "halaman/single": 1, "halaman/incomplete": 1, "refusals/given_up": 1, "store/given_up": 2,
    "traffic/requests": 9, "traffic/bytes": 100, "traffic/answers/robots/200": 1,
    "traffic/answers/article/200": 3, "traffic/answers/article/503": 2,
    "traffic/unanswered/front": 1, "traffic/cancelled/browser": 2,
}  # fmt: skip


def test_articles() -> None:
    """What was found is what was known and what was not; what did not happen counts 0."""
    assert article_counts(counted(STATS)) == Counts(
        found=5, known=2, new=2, incomplete=1, given_up=3
    )  # fmt: skip
    assert article_counts(RunCounts()) == Counts()


def test_requests_add_up() -> None:
    """Each has a kind, and a status or none."""
    requests = request_counts(counted(STATS))
    assert requests.by_kind == {"article": 5, "browser": 2, "front": 1, "robots": 1}
    assert requests.by_status == {"200": 4, "503": 2, "none": 3}
    assert sum(requests.by_kind.values()) == sum(requests.by_status.values()) == requests.total
    assert request_counts(RunCounts()) == Requests()
