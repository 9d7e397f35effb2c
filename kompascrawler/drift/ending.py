"""The end of a run: its pages judged, what they show kept, its measures remembered."""

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from kompascrawler.drift.history import read_history
from kompascrawler.drift.judge import FEWEST, Finding, judge_listings, judge_pages, told
from kompascrawler.drift.measures import LISTINGS
from kompascrawler.drift.tally import Page, Tally
from kompascrawler.outcome.counts import Cause
from kompascrawler.store.kept import DriftedPage, find_drifted, save_drifted
from kompascrawler.store.store import Store

RUNS: Final = 200
"""Runs with articles that are looked back on: about a week, as articles come in some 30 runs of
a day's 96 (31 to 42 articles, SITE.md section 8)."""


class Ending(NamedTuple):
    """What is to be said of a run."""

    causes: list[Cause]
    pages: int
    """Article pages that were judged, or that wait to be judged."""
    is_judged: bool
    accepted: list[str]
    """Measures whose rates from now on are the usual ones."""

    @property
    def summary(self) -> str:
        """Say in one line how the pages were judged."""
        if not self.is_judged:
            return f"Drift: too few pages to judge: {self.pages} of {FEWEST} so far"
        return f"Drift: {self.pages} pages judged, changes found: {len(self.causes)}"


def conclude(
    tally: Tally,
    store: Store,
    data_dir: Path,
    run_id: str,
    *,
    again: Tally | None = None,
    accept: bool = False,
) -> Ending:
    """Judge a run by what it saw; remember that, and keep the pages that show drift.

    ``again``: of pages that an earlier run has counted. ``accept``: what was named last, and would
    be now, is the site's new look. Raises StoreError.
    """
    history = read_history(store.measures(RUNS))
    of_articles = {name: rate for name, rate in tally.rates.items() if name not in LISTINGS}
    rates_again = again.rates if again else {}
    judgement = judge_pages(of_articles, history, again=rates_again, accept=accept)
    findings = told(judgement.findings) + judge_listings(tally.rates)
    suspected = [
        Finding(name, f"{name} does not hold here; too few pages yet to call it drift")
        for name in judgement.suspected
    ]
    kept = _keep(findings + suspected, tally, data_dir, run_id)
    if judgement.row is not None:
        store.add_measures(judgement.row)
    return Ending(
        causes=[
            Cause(text, _command(kept.get(name) or find_drifted(data_dir, name)))
            for name, text in findings
        ],
        pages=judgement.pages,
        is_judged=judgement.is_judged,
        accepted=judgement.accepted,
    )


def _keep(
    findings: Iterable[Finding], tally: Tally, data_dir: Path, run_id: str
) -> dict[str, Path]:
    """Keep the first page of each finding, each page once; return where, by measure."""
    shown: dict[Page, list[Finding]] = {}
    for finding in findings:
        if page := tally.offending.get(finding.measure):
            shown.setdefault(page, []).append(finding)
    kept: dict[str, Path] = {}
    for number, (page, found) in enumerate(shown.items(), start=1):
        note = DriftedPage(
            url=page.url,
            cause="; ".join(text for _, text in found),
            measures=[name for name, _ in found],
            encoding=page.encoding,
            run_id=run_id,
        )
        if path := save_drifted(data_dir, number, note, page.body):
            kept |= dict.fromkeys(note.measures, path)
    return kept


def _command(page: Path | None) -> str | None:
    return f"scrapy shell {shlex.quote(str(page))}" if page else None
