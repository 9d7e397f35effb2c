"""Whether the pages of a run look as before: named causes, or too few pages to say. Pure.

The rule, and why what was named stands until later pages show that it is over: docs/drift.md.

The store keeps a row of each run that read articles: its measures, and marks of ours. Runs with too
few pages to be judged wait until a later one has enough together with them. Of a run that drifted
only what was found is kept, and is handed on from row to row while it stands.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from kompascrawler.drift.measures import (
    AT_MOST,
    ELSEWHERE,
    FALSE_ALARM,
    LEARNED,
    LISTINGS,
    MEASURES,
    OF_TEMPLATE,
    REPEATS,
)
from kompascrawler.drift.rates import NONE, Rate, Rates, chance, total
from kompascrawler.outcome.counts import DriftCause

FEWEST: Final = 10
"""Pages that a judgement needs."""
ALL: Final = "layout"
"""The measure that every article page counts for."""
SUSPICIOUS: Final = 1e-2
"""Chance below which a page of a run that cannot be judged yet is kept, to be shown later; and
below which a measure that had drifted is as before again."""

Row = Mapping[str, tuple[int, int]]
"""What the store keeps of a run: name → two numbers."""
_JUDGED: Final = "judged"
"""Mark of a row whose run judged: (1 if healthy, else 0; number of runs judged)."""
_DRIFTED: Final = "drifted/"
"""Mark with the name of a measure that was named and is not known to be over: its rate then."""
_ACCEPTED: Final = "accepted/"
"""Mark with the name of a measure whose baseline is learned anew, from the rows whose mark
holds the same number; the next acceptance of the measure counts it up."""


class History(NamedTuple):
    """What is known before a run is judged."""

    waiting: Sequence[Rates]
    """Measures of each run before this one that is not judged yet, newest first."""
    healthy: Rates
    """Measures of earlier runs that were judged and healthy."""
    accepted: dict[str, int]
    """Measures whose minimum holds no more: how often a person has said so."""
    drifted: Rates
    """Measures that were named and are neither over nor accepted; each as it was when judged."""


def read_history(rows: Sequence[Row]) -> History:
    """Return what is known from the rows of the latest runs, newest first."""
    waits = next((number for number, row in enumerate(rows) if _JUDGED in row), len(rows))
    accepted = _accepted(rows[0]) if rows else {}
    return History(
        waiting=[_marked(row) for row in rows[:waits]],
        healthy=total(_still_valid(row, accepted) for row in _healthy(rows[waits:])),
        accepted=accepted,
        drifted=standing(rows),
    )


def standing(rows: Sequence[Row]) -> dict[str, Rate]:
    """Return the measures that are known to have drifted; the newest row is enough to know."""
    return _marked(rows[0], _DRIFTED) if rows else {}


def _healthy(rows: Sequence[Row]) -> Iterator[Row]:
    """Return the rows that were judged and healthy; the newest of ``rows`` has judged."""
    left, is_healthy = 0, False
    for row in rows:
        if _JUDGED in row:
            is_healthy, left = bool(row[_JUDGED][0]), row[_JUDGED][1]
        if is_healthy and left > 0:
            yield row
        left -= 1


def _still_valid(row: Row, accepted: Mapping[str, int]) -> dict[str, Rate]:
    then = _accepted(row)
    return {
        name: rate for name, rate in _marked(row).items() if then.get(name) == accepted.get(name)
    }


def _accepted(row: Row) -> dict[str, int]:
    return {name: times for name, (times, _) in _marked(row, _ACCEPTED).items()}


def _marked(row: Row, mark: str = "") -> dict[str, Rate]:
    """Return what has a mark, by the name behind it; without one, the measures."""
    marks = mark or (_JUDGED, _DRIFTED, _ACCEPTED)
    return {
        name.removeprefix(mark): Rate(*two)
        for name, two in row.items()
        if name.startswith(marks) == bool(mark)
    }


def row_of(
    rates: Rates,
    *,
    accepted: Mapping[str, int],
    drifted: Rates,
    runs_judged: int,
    is_healthy: bool = True,
) -> dict[str, tuple[int, int]]:
    """Return what is kept of a run that judged so many runs, itself included; 0 where it waits.

    ``is_healthy``: nothing has drifted in what was judged.
    """
    row: dict[str, tuple[int, int]] = {} if runs_judged and not is_healthy else dict(rates)
    row |= {f"{_ACCEPTED}{name}": (times, times) for name, times in accepted.items()}
    row |= {f"{_DRIFTED}{name}": rate for name, rate in drifted.items()}
    if runs_judged:
        row[_JUDGED] = (int(is_healthy), runs_judged)
    return row


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
    run: Rates, rows: Sequence[Row], *, again: Rates = MappingProxyType({}), accept: bool = False
) -> Judgement:
    """Judge the article pages of a run, with those of earlier runs that wait to be judged.

    ``rows``: of the latest runs, newest first. ``again``: pages of this run that an earlier one has
    counted; they can only show that what was named is over. ``accept``: what was named last, and
    would be now, is the site's new look.
    """
    history = read_history(rows)
    stands = _still_drifted(total((held(history.waiting), run, again)), history.drifted)
    is_over = stands.keys() != history.drifted.keys()
    if is_over:  # pages that still wait are of the time before, and would be named once more
        history = history._replace(waiting=())
    window = total((*history.waiting, run))
    pages = window.get(ALL, NONE).of
    is_judged = pages >= FEWEST and bool(run)
    improbable = list(_improbable(window, history, FALSE_ALARM if is_judged else SUSPICIOUS))
    drifted = (DriftCause(_text(*one, window), measure=one[0]) for one in improbable)
    causes = list(drifted if is_judged else _standing(stands, pages))
    newly = history.drifted.keys() | {cause.measure for cause in causes} if accept else set()
    if accept:
        causes = []
    since = total(map(missed, (*history.waiting, run)))  # others may be of before the change
    named = {cause.measure: since[cause.measure] for cause in causes} if is_judged else stands
    row = row_of(
        run,
        accepted=history.accepted | {name: history.accepted.get(name, 0) + 1 for name in newly},
        drifted=named if causes else {},
        runs_judged=len(history.waiting) + 1 if is_judged or is_over else 0,
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


def missed(rates: Rates) -> dict[str, Rate]:
    """Return the measures that do not hold on every page."""
    return {name: rate for name, rate in rates.items() if rate.misses}


def held(newest_first: Iterable[Rates]) -> dict[str, Rate]:
    """Return the measures of the latest runs, each up to the first run that it misses in."""
    held: dict[str, Rate] = {}
    ended: set[str] = set()
    for rates in newest_first:
        ended |= missed(rates).keys()
        held = total((held, {name: rate for name, rate in rates.items() if name not in ended}))
    return held


def _still_drifted(seen: Rates, drifted: Rates) -> dict[str, Rate]:
    # It is over when this many hits would be improbable if the site were still as it was then.
    return {
        name: then
        for name, then in drifted.items()
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
    return [cause for cause in causes if not REPEATS.get(cause.measure, set()) & names]


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
        of = min(earlier.of, AT_MOST)
        yield seen, Rate(round(earlier.hits * of / earlier.of), of)


def _text(name: str, seen: Rate, baseline: Rate, window: Rates) -> str:
    """Say what has drifted, with figures.

    >>> _text("tags", Rate(9, 24), OF_TEMPLATE, {})
    'field missing: tags on 9 of 24 pages, usually 100 %'
    """
    measure = MEASURES[name]
    figures = f"{measure.what} on {seen.hits} of {seen.of} pages, usually {baseline.percent()}"
    text = f"{measure.cause}: {figures}"
    if name not in ELSEWHERE:
        return f"{text}; {measure.says}" if measure.says else text
    count, place = ELSEWHERE[name]
    again = window.get(count, NONE)
    if again.hits > again.misses:
        return f"{text}; {place} has it on {again.hits} of {again.of} others: {measure.says}"
    return f"{text}; {place} has none either on {again.misses} of {again.of} others"
