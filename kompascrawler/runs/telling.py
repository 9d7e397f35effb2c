"""Passes on how a run went, after its card is kept: metrics for machines, messages for people.

What that takes is imported where it is asked for: most runs have nobody to tell.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kompascrawler.runs.card import RunCard
from kompascrawler.runs.cards import read_cards
from kompascrawler.store.interface import StoreError
from kompascrawler.verdict.status import ExitStatus

_RECENT: Final = 50
"""Cards that surely hold one of a run that nobody interrupted."""


def tell(
    card: RunCard, data_dir: Path, *, metrics_file: str | None, notify_urls: str | Sequence[str]
) -> list[str]:
    """Write metrics and notify, where that is asked for; return what went wrong, a line each.

    Never raises: however telling goes, the run went as it went.
    """
    if not metrics_file and not notify_urls:
        return []
    # Only the time of the last success may lie further back, and is this run's if it is fine.
    is_fine = card.verdict.status is ExitStatus.FINE
    try:
        cards = read_cards(data_dir, limit=_RECENT if is_fine else None)
    except StoreError as error:
        cards, complaints = [], [str(error)]
    else:
        complaints = []
    if metrics_file:
        complaints += _write(card, cards, Path(metrics_file))
    if notify_urls:
        complaints += _notify(card, cards, data_dir, notify_urls)
    return complaints


def _write(card: RunCard, cards: Sequence[RunCard], path: Path) -> list[str]:
    from kompascrawler.runs.history import last_success  # noqa: PLC0415 - see above
    from kompascrawler.runs.metrics import MetricsError, write_metrics  # noqa: PLC0415

    success = last_success(cards)
    try:
        write_metrics(card, path, success.ended_at if success else None)
    except MetricsError as error:
        return [f"metrics were not written: {error}"]
    return []


def _notify(
    card: RunCard, cards: Sequence[RunCard], data_dir: Path, urls: str | Sequence[str]
) -> list[str]:
    from kompascrawler.runs import notify, unkept  # noqa: PLC0415 - see above
    from kompascrawler.runs.history import previous_verdict  # noqa: PLC0415

    # A card that was kept elsewhere is later than all of the folder's: those that come after it
    # have it forgotten.
    previous = previous_verdict([*unkept.read_elsewhere(data_dir), *cards], card)
    if any(kept.run_id == card.run_id for kept in cards):
        unkept.forget_elsewhere(data_dir)
    else:
        unkept.keep_elsewhere(data_dir, card)
    return notify.notify(card, previous, urls)
