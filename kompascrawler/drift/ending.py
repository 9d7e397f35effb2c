"""The end of a run: its pages judged, what they show kept, its measures remembered."""

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from kompascrawler.drift.history import read_history
from kompascrawler.drift.judge import (
    FEWEST,
    Finding,
    Judgement,
    judge_listings,
    judge_pages,
    without_repeats,
)
from kompascrawler.drift.measures import LISTINGS, HitRates, Page
from kompascrawler.outcome.counts import Cause
from kompascrawler.store.kept import DriftedPage, find_drifted, save_drifted
from kompascrawler.store.store import Store

RUNS: Final = 200
"""Runs with articles that are looked back on: about a week, as articles come in some 30 runs of
a day's 96 (31 to 42 articles, docs/site.md, section 8)."""


class Conclusion(NamedTuple):
    """What the log and the run card say of the markup."""

    causes: list[Cause]
    judgement: Judgement

    @property
    def summary(self) -> str:
        """How the pages were judged, in one line."""
        pages = self.judgement.pages
        if not self.judgement.is_judged:
            return f"Drift: too few pages to judge: {pages} of {FEWEST} so far"
        return f"Drift: {pages} pages judged, changes found: {len(self.causes)}"


def conclude(
    found: HitRates,
    store: Store,
    data_dir: Path,
    run_id: str,
    *,
    again: HitRates | None = None,
    accept: bool = False,
) -> Conclusion:
    """Judge a run by what it saw; remember that, and keep the pages that show drift.

    ``again``: of pages that an earlier run has counted. ``accept``: what was named last, and would
    be now, is the site's new look. Raises StoreError.
    """
    history = read_history(store.measures(RUNS))
    of_articles = {name: rate for name, rate in found.rates.items() if name not in LISTINGS}
    seen_again = again.rates if again else {}
    judgement = judge_pages(of_articles, history, again=seen_again, accept=accept)
    findings = without_repeats(judgement.findings) + judge_listings(found.rates)
    suspected = [
        Finding(name, f"{name} does not hold here; too few pages yet to call it drift")
        for name in judgement.suspected
    ]
    kept = _keep(findings + suspected, found, data_dir, run_id)
    if judgement.row is not None:
        store.add_measures(judgement.row)
    causes = [
        Cause(text, f"kompascrawler shell {shlex.quote(str(page))}" if page else None)
        for name, text in findings
        for page in [kept.get(name) or find_drifted(data_dir, name)]
    ]
    return Conclusion(causes, judgement)


def _keep(
    findings: Iterable[Finding], found: HitRates, data_dir: Path, run_id: str
) -> dict[str, Path]:
    """Keep the first page of each finding, each page once; return where, by measure."""
    shown: dict[Page, list[Finding]] = {}
    for finding in findings:
        if page := found.offending.get(finding.measure):
            shown.setdefault(page, []).append(finding)
    kept: dict[str, Path] = {}
    for number, (page, shows) in enumerate(shown.items(), start=1):
        note = DriftedPage(
            url=page.url,
            cause="; ".join(text for _, text in shows),
            measures=[name for name, _ in shows],
            encoding=page.encoding,
            run_id=run_id,
        )
        if path := save_drifted(data_dir, number, note, page.body):
            kept |= dict.fromkeys(note.measures, path)
    return kept
