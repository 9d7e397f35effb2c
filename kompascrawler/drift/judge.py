"""Whether the pages of a run look as before: named causes, or too few pages to say. Pure.

The rule, and why what was named stands until later pages show that it is over: docs/drift.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from shlex import quote
from types import MappingProxyType
from typing import Final, NamedTuple

from kompascrawler.drift.history import History, Rates, missed, read_history, row_of, total
from kompascrawler.drift.measures import (
    AT_MOST,
    FALSE_ALARM,
    LEARNED,
    LISTINGS,
    MEASURES,
    NONE,
    OF_TEMPLATE,
    HitRates,
    Page,
    Rate,
    chance,
)
from kompascrawler.outcome.counts import DriftCause
from kompascrawler.store.kept import DRIFTED, DriftedPage, find_drifted, save_drifted
from kompascrawler.store.store import Store

FEWEST: Final = 10
"""Pages that a judgement needs."""
ALL: Final = "layout"
"""The measure that every article page counts for."""
SUSPICIOUS: Final = 1e-2
"""Chance below which a page of a run that cannot be judged yet is kept, to be shown later; and
below which a measure that had drifted is as before again."""


class Judgement(NamedTuple):
    """What the pages of a run amount to."""

    causes: list[DriftCause]
    pages: int
    """Pages that were judged, or that wait to be."""
    is_judged: bool
    suspected: list[str]
    """Measures of which a page is worth keeping until there are enough to judge."""
    accepted: list[str]
    """Measures whose baseline is learned anew from now on, because a person has said so."""
    row: dict[str, tuple[int, int]] | None
    """What the store is to keep of the run; None: nothing."""

    @property
    def summary(self) -> str:
        """How the pages were judged, in one line."""
        if not self.is_judged:
            return f"too few pages to judge: {self.pages} of {FEWEST} so far"
        return f"{self.pages} pages judged, changes found: {len(self.causes)}"


def judge_pages(
    run: Rates, history: History, *, again: Rates = MappingProxyType({}), accept: bool = False
) -> Judgement:
    """Judge the article pages of a run, with those of earlier runs that wait to be judged.

    ``again``: pages of this run that an earlier one has counted; they can only show that what was
    named is over. ``accept``: what was named last, and would be now, is the site's new look.
    """
    stands = _still_drifted(total((history.held, run, again)), history)
    is_over = stands.keys() != history.drifted.keys()
    if is_over:  # pages that still wait are of the time before, and would be named once more
        history = replace(history, waiting={}, missed={}, runs_waiting=0)
    window = total((history.waiting, run))
    pages = window.get(ALL, NONE).of
    is_judged = pages >= FEWEST and bool(run)
    improbable = list(_improbable(window, history, FALSE_ALARM if is_judged else SUSPICIOUS))
    drifted = (DriftCause(_text(*one, window), measure=one[0]) for one in improbable)
    causes = list(drifted if is_judged else _standing(stands, pages))
    newly = history.drifted.keys() | {cause.measure for cause in causes} if accept else set()
    if accept:
        causes = []
    since = total((history.missed, missed(run)))  # pages that waited may be of before the change
    named = {cause.measure: since[cause.measure] for cause in causes} if is_judged else stands
    row = row_of(
        run,
        accepted=history.accepted | {name: history.accepted.get(name, 0) + 1 for name in newly},
        drifted=named if causes else {},
        runs_judged=history.runs_waiting + 1 if is_judged or is_over else 0,
        is_healthy=is_judged and not causes,
    )
    return Judgement(
        causes=causes,
        pages=pages,
        is_judged=is_judged,
        suspected=[] if is_judged or accept else [name for name, *_ in improbable],
        accepted=sorted(newly),
        row=row if run or newly or is_over else None,
    )


def _still_drifted(seen: Rates, history: History) -> dict[str, Rate]:
    # It is over when this many hits would be improbable if the site were still as it was then.
    return {
        name: then
        for name, then in history.drifted.items()
        if chance(seen.get(name, NONE).inverted(), then.inverted()) >= SUSPICIOUS
    }


def _standing(stands: Rates, pages: int) -> Iterator[DriftCause]:
    for name, then in stands.items():
        if measure := MEASURES.get(name):
            text = (
                f"{measure.cause}: named before ({measure.what} on {then.hits} of {then.of} pages);"
                f" new pages since: {pages}, too few to judge anew"
            )
            yield DriftCause(text, measure=name)


def without_repeats(causes: list[DriftCause]) -> list[DriftCause]:
    """Return the causes without those that only repeat another."""
    names = {cause.measure for cause in causes}
    repeats = {name for name, measure in MEASURES.items() if measure.repeats & names}
    return [cause for cause in causes if cause.measure not in repeats]


def judge_listings(run: Rates) -> list[DriftCause]:
    """Judge the front page and the responses of the index; one is enough.

    A cause is that none shows what it is read for although it is a page of the site: an article
    on a front page, an item on a response of the index that links to articles all the same.
    """
    return [
        DriftCause(said.format(pages=run[name].of), measure=name)
        for name, said in LISTINGS.items()
        if name in run and not run[name].hits
    ]


def _improbable(window: Rates, history: History, limit: float) -> Iterator[tuple[str, Rate, Rate]]:
    """Yield the measures that miss too often by chance, each with what shows it first."""
    for name in MEASURES:
        seen = window.get(name, NONE)
        pairs = _comparisons(name, seen, history) if seen.misses else iter(())
        if pair := next((pair for pair in pairs if chance(*pair) < limit), None):
            yield name, *pair


def _comparisons(name: str, seen: Rate, history: History) -> Iterator[tuple[Rate, Rate]]:
    earlier = history.healthy.get(name, NONE)
    minimum = None if name in history.accepted else MEASURES[name].minimum
    if minimum is not None:
        yield seen, minimum
        if minimum is OF_TEMPLATE:  # changes in small steps could each be chance
            yield seen + earlier, minimum
    elif earlier.of >= LEARNED:
        yield seen, earlier.scaled(AT_MOST)


def _text(name: str, seen: Rate, baseline: Rate, window: Rates) -> str:
    """Say what has drifted, with figures.

    >>> _text("tags", Rate(9, 24), OF_TEMPLATE, {})
    'field missing: tags on 9 of 24 pages, usually 100 %'
    """
    measure = MEASURES[name]
    figures = f"{measure.what} on {seen.hits} of {seen.of} pages, usually {baseline.percent()}"
    text = f"{measure.cause}: {figures}"
    if measure.elsewhere is None:
        return f"{text}; {measure.says}" if measure.says else text
    count, place = measure.elsewhere
    again = window.get(count, NONE)
    if again.hits > again.misses:
        return f"{text}; {place} has it on {again.hits} of {again.of} others: {measure.says}"
    return f"{text}; {place} has none either on {again.misses} of {again.of} others"


RUNS: Final = 200
"""Runs with articles that are looked back on, about a week: some 30 of a day's 96 have articles
(31 to 42 a day, docs/site.md, section 8)."""


def conclude(
    found: HitRates,
    store: Store,
    data_dir: Path,
    run_id: str,
    *,
    again: Rates = MappingProxyType({}),
    accept: bool = False,
    section: str = "global",
) -> Judgement:
    """Judge a run by what it saw of a section; remember that, and keep the pages that show drift.

    ``again``, ``accept``: see ``judge_pages``. Raises StoreError.
    """
    of_articles = {name: rate for name, rate in found.rates.items() if name not in LISTINGS}
    history = read_history(store.measures(RUNS, section))
    judgement = judge_pages(of_articles, history, again=again, accept=accept)
    causes = without_repeats(judgement.causes) + judge_listings(found.rates)
    suspected = [
        DriftCause(f"{name} does not hold here; too few pages yet to call it drift", measure=name)
        for name in judgement.suspected
    ]
    where = {"run_id": run_id, "section": section}
    kept = _keep(causes + suspected, found, data_dir, where)
    if judgement.row is not None:
        store.add_measures(judgement.row, section)
    for number, cause in enumerate(causes):
        if page := kept.get(cause.measure) or find_drifted(data_dir, cause.measure, section):
            causes[number] = cause._replace(command=f"kompascrawler shell {quote(str(page))}")
    return judgement._replace(causes=causes)


def _keep(
    causes: Iterable[DriftCause], found: HitRates, data_dir: Path, where: dict[str, str]
) -> dict[str, Path]:
    """Keep the first page of each cause, each page once; return where, by measure."""
    shown: dict[Page, list[DriftCause]] = defaultdict(list)
    for cause in causes:
        if page := found.offending.get(cause.measure):
            shown[page].append(cause)
    kept: dict[str, Path] = {}
    of_others = (data_dir / DRIFTED / where["run_id"]).glob("*")
    start = 1 + sum(1 for _ in of_others)
    for number, (page, shows) in enumerate(shown.items(), start=start):
        text, measures = "; ".join(one.text for one in shows), [one.measure for one in shows]
        about = {"url": page.url, "encoding": page.encoding} | where
        note = DriftedPage(cause=text, measures=measures, **about)
        if path := save_drifted(data_dir, number, note, page.body):
            kept |= dict.fromkeys(measures, path)
    return kept
