"""Passes on how a run went, after its card is kept: metrics for machines, messages for people."""

from collections.abc import Sequence
from pathlib import Path

from kompascrawler.runs.card import RunCard
from kompascrawler.runs.cards import read_cards
from kompascrawler.runs.history import last_success, previous_verdict
from kompascrawler.runs.metrics import MetricsError, write_metrics
from kompascrawler.runs.notify import notify
from kompascrawler.store.interface import StoreError


def tell(
    card: RunCard, data_dir: Path, *, metrics_file: str | None, notify_urls: str | Sequence[str]
) -> list[str]:
    """Write metrics and notify, where that is asked for; return what went wrong, a line each.

    Never raises: however telling goes, the run went as it went.
    """
    if not metrics_file and not notify_urls:
        return []
    try:
        cards = read_cards(data_dir)
    except StoreError as error:
        cards, complaints = [], [str(error)]
    else:
        complaints = []
    if metrics_file:
        success = last_success(cards)
        try:
            write_metrics(card, Path(metrics_file), success and success.ended_at)
        except MetricsError as error:
            complaints.append(f"metrics were not written: {error}")
    return complaints + notify(card, previous_verdict(cards, card), notify_urls)
