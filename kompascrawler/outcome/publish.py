"""Pass the card of a run on: write metrics, notify people, where that is asked for."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kompascrawler.outcome.card import RunCard
from kompascrawler.outcome.cards import last_success, previous_verdict, read_cards
from kompascrawler.store.model import StoreError

_RECENT: Final = 50
"""Cards that surely hold one of a run that nobody interrupted."""


def publish(
    card: RunCard, data_dir: Path, *, metrics_file: str | None, notify_urls: str | Sequence[str]
) -> list[str]:
    """Write metrics and notify; return what went wrong, line by line. Never raises."""
    if not metrics_file and not notify_urls:
        return []
    complaints: list[str] = []
    # Only the last success may lie further back, and is this run if it is fine.
    is_fine = card.verdict.is_healthy
    try:
        cards = read_cards(data_dir, limit=_RECENT if is_fine else None)
    except StoreError as error:
        cards = []
        complaints.append(str(error))
    if metrics_file:
        complaints += _write_metrics(card, cards, Path(metrics_file))
    if notify_urls:
        from kompascrawler.outcome import notify  # noqa: PLC0415 - not for every run

        complaints += notify.notify(card, previous_verdict(cards, card), notify_urls)
    return complaints


def _write_metrics(card: RunCard, cards: Sequence[RunCard], path: Path) -> list[str]:
    from kompascrawler.outcome.metrics import MetricsError, write_metrics  # noqa: PLC0415 - as above

    success = last_success(cards)
    try:
        write_metrics(card, path, success.ended_at if success else None)
    except MetricsError as error:
        return [f"metrics were not written: {error}"]
    return []
