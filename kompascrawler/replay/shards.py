"""What a replay is divided into: the days of a data folder."""

from collections.abc import Collection, Iterator
from datetime import date
from functools import partial
from pathlib import Path

from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.lines import Selection
from kompascrawler.halaman.assembly import RouteChoice
from kompascrawler.pages.markup import is_odd
from kompascrawler.replay.captures import Kept, kept
from kompascrawler.replay.differences import replayed
from kompascrawler.replay.job import Done, Shard, Step
from kompascrawler.store.records import to_line


def of_days(
    data_dir: Path,
    ids: Collection[str] = (),
    *,
    since: date | None = None,
    until: date | None = None,
    run: str | None = None,
    route: RouteChoice = "auto",
) -> list[Shard]:
    """Return a shard for each day that may have what is chosen; it tells of ``Result``s.

    ``run``: only what it fetched. Raises StoreError.
    """
    days = Dataset(data_dir).days(Selection(since=since, until=until))
    wanted = {day: [name for name in ids if name.startswith(day)] for day in days}
    return [
        Shard(day, partial(_kept_on, data_dir, date.fromisoformat(day), of_day, run, route))
        for day, of_day in wanted.items()
        if of_day or not ids
    ]


def _kept_on(
    data_dir: Path, day: date, ids: list[str], run: str | None, route: RouteChoice, _: list[str]
) -> Iterator[Step]:
    for one in kept(data_dir, ids, since=day, until=day, run_id=run):
        odd = any(is_odd(capture.body) for capture in one.captures)
        yield Step(one.article.id, _replayed, (one, route), odd)


def _replayed(one: Kept, route: RouteChoice) -> Done:
    result = replayed(one, route)
    return Done(None if result.after is None else to_line(result.after), result)
