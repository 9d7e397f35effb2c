"""The end of a run: its pages judged, what they show kept, its measures remembered."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from shlex import quote
from typing import Final

from kompascrawler.drift.history import read_history
from kompascrawler.drift.judge import Judgement, judge_listings, judge_pages, without_repeats
from kompascrawler.drift.measures import LISTINGS, HitRates, Page
from kompascrawler.outcome.counts import DriftCause
from kompascrawler.store.kept import DRIFTED, DriftedPage, find_drifted, save_drifted
from kompascrawler.store.store import Store

RUNS: Final = 200
"""Runs with articles that are looked back on, about a week: some 30 of a day's 96 have articles
(31 to 42 a day, docs/site.md, section 8)."""


def conclude(
    found: HitRates,
    store: Store,
    data_dir: Path,
    run_id: str,
    *,
    again: HitRates | None = None,
    accept: bool = False,
    section: str = "global",
) -> Judgement:
    """Judge a run by what it saw of a section; remember that, and keep the pages that show drift.

    ``again``, ``accept``: see ``judge_pages``. Raises StoreError.
    """
    of_articles = {name: rate for name, rate in found.rates.items() if name not in LISTINGS}
    judgement = judge_pages(
        of_articles,
        read_history(store.measures(RUNS, section)),
        again=again.rates if again else {},
        accept=accept,
    )
    causes = without_repeats(judgement.causes) + judge_listings(found.rates)
    suspected = [
        DriftCause(f"{name} does not hold here; too few pages yet to call it drift", measure=name)
        for name in judgement.suspected
    ]
    kept = _keep(causes + suspected, found, data_dir, run_id)
    if judgement.row is not None:
        store.add_measures(judgement.row, section)
    for number, cause in enumerate(causes):
        if page := kept.get(cause.measure) or find_drifted(data_dir, cause.measure):
            causes[number] = cause._replace(command=f"kompascrawler shell {quote(str(page))}")
    return judgement._replace(causes=causes)


def _keep(
    causes: Iterable[DriftCause], found: HitRates, data_dir: Path, run_id: str
) -> dict[str, Path]:
    """Keep the first page of each cause, each page once; return where, by measure."""
    shown: dict[Page, list[DriftCause]] = defaultdict(list)
    for cause in causes:
        if page := found.offending.get(cause.measure):
            shown[page].append(cause)
    kept: dict[str, Path] = {}
    start = 1 + sum(1 for _ in (data_dir / DRIFTED / run_id).glob("*"))  # of other sections
    for number, (page, shows) in enumerate(shown.items(), start=start):
        note = DriftedPage(
            url=page.url,
            cause="; ".join(cause.text for cause in shows),
            measures=[cause.measure for cause in shows],
            encoding=page.encoding,
            run_id=run_id,
        )
        if path := save_drifted(data_dir, number, note, page.body):
            kept |= dict.fromkeys(note.measures, path)
    return kept
