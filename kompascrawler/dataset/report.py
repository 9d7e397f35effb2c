"""What people look at of a data set: ``kompascrawler report`` and ``duplicates``.

The report is plots of a data set and of its runs, in one HTML file of their own.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kompascrawler.command import LazyCommand, say
from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.lines import need
from kompascrawler.dataset.plots import Chart, Join, Periods, columns, heat
from kompascrawler.dataset.statistics import (
    DELAYS,
    PROOFS,
    Member,
    Statistics,
    clusters,
    share,
    statistics,
)
from kompascrawler.outcome.cards import RunCard, read_cards
from kompascrawler.sections import chosen_sections
from kompascrawler.store.disk import replace
from kompascrawler.store.model import StoreError
from kompascrawler.terminal import counted, put_json, show, size, table, text

if TYPE_CHECKING:
    from kompascrawler.terminal import Drawn

_WEEK: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ROUTES: Final = ("single", "all", "numbered", "browser", "declared")
_CLASSES: Final = (
    *("15 min", "30 min", "1 h", "2 h", "6 h", "1 day", "1 week"),
    "longer",
)
_LONGEST: Final = 20
"""Hundreds of words from which texts are one class."""
_MOST_PAGES: Final = 10
_RANKED: Final = 15
_VERDICTS: Final = 5
"""Verdicts that are told apart: there are six colours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A plot, and its numbers as a table."""

    title: str
    said: str
    head: Sequence[str]
    rows: Sequence[Sequence[object]]
    chart: Chart | None = None
    bars: Sequence[float] = ()
    """Of a ranking, which has no chart: the length of each row's bar in percent."""
    is_wide: bool = False


def report(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:  # noqa: ARG001
    """Write the report; return 0. Raises StoreError (status 3)."""
    if len(args) != 1 or not args[0].endswith(".html"):
        command.refuse("give one OUT, whose name ends in .html")
    out = Path(args[0])
    if not out.absolute().parent.is_dir() or out.is_dir():
        command.refuse(f"{out}: name a file in a folder that is there")
    write(command.data_dir, out, chosen_sections(command.setting("SECTION")).names)
    say(command.name, f"{out}, {size(out.stat().st_size)}")
    return 0


def write(data_dir: Path, out: Path, sections: Sequence[str]) -> None:
    """Write the report in the place of an earlier one. Raises StoreError."""
    jinja2 = need("jinja2", "report")
    folder = jinja2.FileSystemLoader(Path(__file__).parent)
    page = jinja2.Environment(loader=folder, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    found, cards = statistics(Dataset(data_dir), sections), read_cards(data_dir)
    now = datetime.now(UTC)
    html = page.get_template("report.html.jinja").render(
        figures=_figures(found), plots=list(_plots(found, cards)), number=found.number,
        made_at=f"{now:%Y-%m-%d %H:%M} UTC",
    )  # fmt: skip
    try:
        replace(out, html.encode())
    except OSError as error:
        raise StoreError(f"cannot write {out}: {error.strerror}") from error


def _figures(found: Statistics) -> Iterator[tuple[str, str]]:
    complete = sum(map(found.total, ("text", "words", "pages")))
    looked, listed, stored = found.recall()
    yield "articles", f"{found.articles:,}"
    yield "days with articles", f"{len(found.days):,}"
    yield "known to be complete", share(complete, found.articles)
    yield f"stored of what {counted(looked, 'day')} listed", share(stored, listed)
    yield "with the content of an earlier one", f"{found.duplicates:,}"
    yield "later revisions", f"{found.revisions.total():,}"
    yield "deleted or taken down", f"{found.deletions.total():,}"


def _plots(found: Statistics, cards: Sequence[RunCard]) -> Iterator[Plot]:
    yield _articles(found)
    yield _coverage(found)
    yield _rhythm(found)
    yield _lengths(found)
    yield _halaman(found)
    yield _completeness(found)
    changes = {"revisions": found.revisions, "deletions": found.deletions}
    said = "Edits and deletions of the site, by the day on which a run has seen them."
    yield _over_time("Revisions and deletions", said, changes)
    yield _delays(found)
    yield _ranking("Tags", "articles", found.tags)
    yield _ranking("Sources", "articles", found.sources)
    yield _ranking("Writers", "articles", found.authors)
    yield _ranking("Repeated lines", "articles", found.lines.repeated())
    yield _ranking("Most referenced articles", "links", found.referenced, found.titles)
    yield _runs(cards)
    yield _durations(cards)


def _articles(found: Statistics) -> Plot:
    periods = Periods(found.days)
    sums, lengths = periods.joined(found.days), list(periods.lengths.values())
    with_some = periods.joined(dict.fromkeys(found.days, 1))
    bare = [length - some for length, some in zip(lengths, with_some, strict=True)]
    means = [count / length for count, length in zip(sums, lengths, strict=True)]
    rows = zip(periods.lengths, sums, (f"{mean:.1f}" for mean in means), bare, strict=True)
    shares = [days / length for days, length in zip(bare, lengths, strict=True)]
    return Plot(
        title="Articles a day", said="By day of publication (WIB).", is_wide=True,
        head=(periods.unit, "articles", "a day", "days without"), rows=list(rows),
        chart=columns(list(periods.lengths), {"articles a day": means}, shares),
    )  # fmt: skip


def _coverage(found: Statistics) -> Plot:
    looked = {day: one for day, one in found.coverage.items() if one.is_read}
    missing = {day: len(one.missing) for day, one in looked.items()}
    stored = {day: one.listed - missing[day] for day, one in looked.items()}
    open_days = Counter(day for day, one in found.coverage.items() if not one.is_closed)
    said = "What the listing of each day named when it was read last, and what of it is stored."
    series = {"stored": stored, "missing": missing}
    return _over_time("Coverage", said, series, {"days not closed": open_days})


def _over_time(
    title: str, said: str, series: Mapping[str, Mapping[str, int]],
    others: Mapping[str, Mapping[str, int]] = {}, join: Join = add,
) -> Plot:  # fmt: skip
    """Return a plot of sums, or what else ``join`` makes; ``others`` are in the table only."""
    periods = Periods(day for days in (*series.values(), *others.values()) for day in days)
    sums = {name: periods.joined(days, join) for name, days in series.items()}
    more = [periods.joined(days, join) for days in others.values()]
    rows = zip(periods.lengths, *sums.values(), *more, strict=True)
    head = (periods.unit, *series, *others)
    chart = columns(list(periods.lengths), sums)
    return Plot(title=title, said=said, head=head, rows=list(rows), chart=chart)


def _rhythm(found: Statistics) -> Plot:
    hours = [f"{hour:02}" for hour in range(24)]
    rows = [
        [name, *(found.hours[day, hour] for day in range(7))] for hour, name in enumerate(hours)
    ]
    chart = heat(_WEEK, hours, lambda day, hour: found.hours[day, hour]) if found.days else None
    said = "Articles by time of publication (WIB): the stronger the colour, the more."
    head = ("hour", *_WEEK)
    return Plot(title="Hours and weekdays", said=said, head=head, rows=rows, chart=chart)


def _lengths(found: Statistics) -> Plot:
    counts = [found.words[one] for one in range(_LONGEST)]
    counts.append(sum(count for one, count in found.words.items() if one >= _LONGEST))
    names = [*(f"{100 * one}-{100 * one + 99}" for one in range(_LONGEST)), f"{100 * _LONGEST} on"]
    return _classes("Lengths", "Words of the texts.", "words", names, counts)


def _delays(found: Statistics) -> Plot:
    counts = [found.delays[one] for one in range(len(DELAYS) + 1)]
    said = "Time from publication to storage, of what is stored; a first fill is late for all."
    return _classes("From publication to storage", said, "up to", _CLASSES, counts)


def _classes(
    title: str, said: str, of: str, names: Sequence[str], counts: Sequence[int]
) -> Plot:  # fmt: skip
    shares = (share(count, sum(counts)) for count in counts)
    rows = list(zip(names, counts, shares, strict=True))
    chart = columns(names, {"articles": counts})
    return Plot(title=title, said=said, head=(of, "articles", "share"), rows=rows, chart=chart)


def _halaman(found: Statistics) -> Plot:
    routes = {route: [0] * _MOST_PAGES for route in _ROUTES}
    for (pages, route), count in found.pages.items():
        routes.setdefault(route, [0] * _MOST_PAGES)[min(max(pages, 1), _MOST_PAGES) - 1] += count
    names = [*map(str, range(1, _MOST_PAGES)), f"{_MOST_PAGES} on"]
    return Plot(
        title="Halaman and routes", said="Articles by their pages, and by how these were fetched.",
        head=("pages", *routes), rows=list(zip(names, *routes.values(), strict=True)),
        chart=columns(names, routes),
    )  # fmt: skip


def _completeness(found: Statistics) -> Plot:
    series: dict[str, dict[str, int]] = {name: {} for name in PROOFS}
    for (day, name), count in found.proofs.items():
        series.setdefault(name, {})[day] = count
    said = "Complete by proof: " + "; ".join(
        f"{name}: {what.removeprefix('complete: ')}" for name, what in PROOFS.items()
    )
    return _over_time("Completeness and proof", f"{said}.", series)


def _ranking(
    title: str, of: str, counts: Counter[str], names: Mapping[str, str] = {}
) -> Plot:  # fmt: skip
    ranked = counts.most_common(_RANKED)
    said = f"The first {len(ranked)} of {len(counts):,}." if len(counts) > _RANKED else ""
    bars = [100 * count / ranked[0][1] for _, count in ranked]
    rows = [(names.get(name, name), count) for name, count in ranked]
    return Plot(title=title, said=said, head=(title, of), rows=rows, bars=bars)


def _runs(cards: Sequence[RunCard]) -> Plot:
    names = ["fine" if card.verdict.is_healthy else card.verdict.name for card in cards]
    most = [name for name, _ in Counter(names).most_common(_VERDICTS) if name != "fine"]
    series = {name: Counter[str]() for name in ("fine", *most, "other")}
    for name, card in zip(names, cards, strict=True):
        series[name if name in series else "other"][card.started_at[:10]] += 1
    said = "By verdict; the days are UTC's. docs/runs.md says what each verdict means."
    return _over_time("Runs", said, series)


def _durations(cards: Sequence[RunCard]) -> Plot:
    longest: dict[str, int] = {}
    for card in cards:
        ended, started = map(datetime.fromisoformat, (card.ended_at, card.started_at))
        day, seconds = card.started_at[:10], int((ended - started).total_seconds())
        longest[day] = max(seconds, longest.get(day, 0))
    said = "Seconds of the longest run."
    return _over_time("Durations of runs", said, {"seconds": longest}, join=max)


def duplicates(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Show the clusters; return 0."""
    if args or opts.most < 1:
        command.refuse("give --most as a number from 1" if not args else "give no arguments")
    found = clusters(Dataset(command.data_dir))
    if opts.json:
        put_json({name: [one._asdict() for one in members] for name, members in found.items()})
    else:
        show(*_shown(found, opts.most))
    return 0


def _shown(found: Mapping[str, list[Member]], most: int) -> "Iterator[Drawn]":
    articles = sum(map(len, found.values()))
    yield text(f"{counted(articles, 'article')} in {counted(len(found), 'cluster')}")
    for members in islice(found.values(), most):
        yield text("")
        rows = (
            (id_, title, "original" if like is None else f"{like:.3f}")
            for id_, title, _, like in members
        )
        yield table(rows, head=("id", "title", "similarity"), left=2)
    if (more := len(found) - most) > 0:
        yield text(f"\n… and {counted(more, 'cluster')} more; --json lists all")
