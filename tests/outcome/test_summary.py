"""How a run went, in a few lines."""

from dataclasses import replace
from pathlib import Path

import pytest

from kompascrawler.outcome.cards import Counts, ExitStatus, Requests, Verdict
from kompascrawler.outcome.counts import HalamanTally, RunCounts
from kompascrawler.outcome.outcome import headline, summary
from tests.outcome.test_cards_form import CARD


@pytest.mark.parametrize(
    ("status", "mark"),
    [
        (ExitStatus.FINE, "OK: it went so"),
        (ExitStatus.DRIFT, "FAILED: it went so"),
        (ExitStatus.BUDGET, "NOT DONE: it went so"),
        (ExitStatus.LOCKED, "NOT DONE: it went so"),
        (ExitStatus.TERMINATED, "NOT DONE: it went so"),
    ],
)
def test_the_headline_tells_failures_from_runs_that_were_cut_short(
    status: ExitStatus, mark: str
) -> None:
    """In its first word."""
    assert headline(Verdict.of(status, "it went so")) == mark


def test_the_headline_says_what_to_do_and_what_else_is_wrong() -> None:
    """In one line."""
    verdict = replace(Verdict.of(ExitStatus.STORE, "full", "make room"), also=("drift",))
    assert headline(verdict) == "FAILED: full (also: drift). What to do: make room"


def test_the_summary_names_the_counts() -> None:
    """What was stored, refused and asked for, and where the records are."""
    counts = Counts(new=7, revised=2, incomplete=3, refused=2, published=9)
    card = replace(CARD, counts=counts, requests=Requests(total=11), bytes=1_500_000)
    text = summary(card, RunCounts(), Path("data"))
    for piece in (
        "7 new, 2 revised, 0 deleted, 3 incomplete", "2 refused", "11 requests, 1.5 MB",
        "9 records published below data/articles",
    ):  # fmt: skip
        assert piece in text


@pytest.mark.parametrize(("agreed", "warns"), [(5, False), (4, True), (0, True)])
def test_the_summary_warns_where_the_browser_disagrees(agreed: int, *, warns: bool) -> None:
    """Below a rate of 1, with the figures."""
    counts = RunCounts(halaman=HalamanTally(audited=5, agreed=agreed))
    line = f"WARNING: of 5 articles read in the browser too, only {agreed} have the same text"
    assert (line in summary(CARD, counts, Path("data"))) is warns
