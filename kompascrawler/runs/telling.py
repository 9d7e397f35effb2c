"""Passes on how a run went, after its card is kept: metrics for machines, messages for people."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kompascrawler.runs.card import RunCard
from kompascrawler.runs.cards import read_cards
from kompascrawler.runs.history import last_success, previous_verdict
from kompascrawler.runs.metrics import MetricsError, write_metrics
from kompascrawler.runs.notify import notify
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
        success = last_success(cards)
        try:
            write_metrics(card, Path(metrics_file), success.ended_at if success else None)
        except MetricsError as error:
            complaints.append(f"metrics were not written: {error}")
    return complaints + notify(card, previous_verdict(cards, card), notify_urls)
