"""Whether the pages of a run look as before: named causes, or too few pages to say. Pure.

A measure has drifted when this many misses have a probability below ``rates.FALSE_ALARM`` at the
minimum rate that ``measures`` states. What the template writes is judged over the pages of the last
week, too: changes in small steps could each be chance. Where no minimum holds (none is known, or a
person has accepted a change), the baseline is what earlier healthy runs showed.

Pages are judged once. A run with fewer than ``FEWEST`` waits, and its pages are judged together
with those of the next runs; a refused page that is requested again is not counted again.

What was named stands until the next judgement, so that a run with few pages, or none, is not fine
while the site is as broken as before. It ends sooner when pages show that it is over.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Final, NamedTuple

from kompascrawler.drift.history import History, Rates, missed, row_of, total
from kompascrawler.drift.measures import AT_MOST, LEARNED, LISTINGS, MEASURES, OF_TEMPLATE
from kompascrawler.drift.rates import FALSE_ALARM, NONE, Rate, chance

FEWEST: Final = 10
"""Pages that a judgement needs."""
ALL: Final = "layout"
"""The measure that every article page counts for."""
SUSPICIOUS: Final = 1e-2
"""Chance below which a page of a run that cannot be judged yet is kept, to be shown later; and
below which a measure that had drifted is as before again."""


class Finding(NamedTuple):
    """A measure that has drifted."""

    measure: str
    text: str
    """One line: the cause, the figures, and what may have happened."""


class Judgement(NamedTuple):
    """What the pages of a run amount to."""

    findings: list[Finding]
    """What has drifted; empty where nothing has, or too little is known."""
    pages: int
    """Pages that were judged, or that wait to be."""
    is_judged: bool
    suspected: list[str]
    """Measures of which a page is worth keeping until there are enough to judge."""
    accepted: list[str]
    """Measures whose baseline is learned anew from now on, because a person has said so."""
    row: dict[str, tuple[int, int]] | None
    """What the store is to keep of the run; None: nothing."""


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
    findings = list(_drifted(window, history) if is_judged else _standing(stands, pages))
    newly = history.drifted.keys() | {f.measure for f in findings} if accept else set()
    drifted = [] if accept else findings
    return Judgement(
        findings=drifted,
        pages=pages,
        is_judged=is_judged,
        suspected=[]
        if is_judged or accept
        else [name for name, *_ in _improbable(window, history, SUSPICIOUS)],
        accepted=sorted(newly),
        row=row_of(
            run,
            accepted=history.accepted | {n: history.accepted.get(n, 0) + 1 for n in newly},
            drifted=(_named(drifted, run, history) if is_judged else stands) if drifted else {},
            runs_judged=history.runs_waiting + 1 if is_judged or is_over else 0,
            is_healthy=is_judged and not drifted,
        )
        if run or newly or is_over
        else None,
    )


def _drifted(window: Rates, history: History) -> Iterator[Finding]:
    for name, rate, baseline in _improbable(window, history, FALSE_ALARM):
        yield Finding(name, _text(name, rate, baseline, window))


def _named(findings: Iterable[Finding], run: Rates, history: History) -> dict[str, Rate]:
    """Return the rates since the drift began: pages that waited may be older."""
    since = total((history.missed, missed(run)))
    return {finding.measure: since[finding.measure] for finding in findings}


def _still_drifted(seen: Rates, history: History) -> dict[str, Rate]:
    """Return what was named before and is not over.

    It is over when this many hits would be improbable if the site were still as it was then.
    """
    return {
        name: then
        for name, then in history.drifted.items()
        if chance(seen.get(name, NONE).inverted(), then.inverted()) >= SUSPICIOUS
    }


def _standing(stands: Rates, pages: int) -> Iterator[Finding]:
    for name, then in stands.items():
        if measure := MEASURES.get(name):
            text = (
                f"{measure.cause}: named before ({measure.what} on {then.hits} of {then.of} pages);"
                f" new pages since: {pages}, too few to judge anew"
            )
            yield Finding(name, text)


def without_repeats(findings: list[Finding]) -> list[Finding]:
    """Return the findings without those that only repeat another."""
    names = {finding.measure for finding in findings}
    return [
        finding
        for finding in findings
        if finding.measure not in MEASURES or not MEASURES[finding.measure].repeats & names
    ]


def judge_listings(run: Rates) -> list[Finding]:
    """Judge the front page and the answers of the index; one is enough.

    Not one of them shows what it is read for although it is a page of the site: no news article
    on a front page, no item on an answer of the index that links to articles all the same.
    """
    seen = {name: run.get(name, NONE) for name in LISTINGS}
    missing = {name: rate.of for name, rate in seen.items() if rate.of and not rate.hits}
    return [Finding(name, LISTINGS[name].format(pages=of)) for name, of in missing.items()]


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
        if minimum is OF_TEMPLATE:
            yield seen + earlier, minimum
    elif earlier.of >= LEARNED:
        yield seen, earlier.scaled(AT_MOST)


def _text(name: str, seen: Rate, baseline: Rate, window: Rates) -> str:
    """Say what has drifted, with figures.

    >>> _text("tags", Rate(9, 24), OF_TEMPLATE, {})
    'field missing: tags on 9 of 24 pages, usually 100 %'
    """
    measure = MEASURES[name]
    text = (
        f"{measure.cause}: {measure.what} on {seen.hits} of {seen.of} pages, "
        f"usually {baseline.percent()}"
    )
    if measure.elsewhere is None:
        return f"{text}; {measure.says}" if measure.says else text
    count, place = measure.elsewhere
    again = window.get(count, NONE)
    if again.hits > again.misses:
        return f"{text}; {place} has it on {again.hits} of {again.of} others: {measure.says}"
    return f"{text}; {place} has none either on {again.misses} of {again.of} others"
