"""The card of a run that could not be kept: on a full or read-only disk, outside the data folder.

Without it every run on such a disk would be news, and people would be told of each. It stands in
the folder for temporary files: at the worst it is lost, and people are told once more.
"""

import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from kompascrawler.outcome.card import CardError, RunCard, read_card
from kompascrawler.outcome.cards import read_cards
from kompascrawler.outcome.exit_status import ExitStatus
from kompascrawler.store.model import StoreError


def _path(data_dir: Path) -> Path:
    digest = sha256(os.fsencode(data_dir.absolute())).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"kompascrawler-{os.geteuid()}-{digest}.json"


def keep_elsewhere(data_dir: Path, card: RunCard) -> None:
    """Keep a card that the data folder cannot take, if there is a place for it."""
    with suppress(OSError):
        descriptor, draft = tempfile.mkstemp(prefix="kompascrawler-")
        try:
            with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - it is open
                file.write(card.to_json())
            Path(draft).rename(_path(data_dir))
        except OSError:
            Path(draft).unlink()


def read_elsewhere(data_dir: Path) -> list[RunCard]:
    """Return the card that was kept elsewhere; none where there is none of ours."""
    path = _path(data_dir)
    with suppress(OSError, CardError):
        # Others can write to that folder, too.
        if not path.is_symlink() and path.stat().st_uid == os.geteuid():
            return [read_card(path.read_bytes())]
    return []


def forget_elsewhere(data_dir: Path) -> None:
    """Remove what was kept elsewhere: the data folder takes cards again."""
    with suppress(OSError):
        _path(data_dir).unlink(missing_ok=True)


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
    from kompascrawler.outcome.cards import last_success  # noqa: PLC0415 - see above
    from kompascrawler.outcome.metrics import MetricsError, write_metrics  # noqa: PLC0415

    success = last_success(cards)
    try:
        write_metrics(card, path, success.ended_at if success else None)
    except MetricsError as error:
        return [f"metrics were not written: {error}"]
    return []


def _notify(
    card: RunCard, cards: Sequence[RunCard], data_dir: Path, urls: str | Sequence[str]
) -> list[str]:
    from kompascrawler.outcome import notify  # noqa: PLC0415 - see above
    from kompascrawler.outcome.cards import previous_verdict  # noqa: PLC0415

    # A card that was kept elsewhere is later than all of the folder's: those that come after it
    # have it forgotten.
    previous = previous_verdict([*read_elsewhere(data_dir), *cards], card)
    if any(kept.run_id == card.run_id for kept in cards):
        forget_elsewhere(data_dir)
    else:
        keep_elsewhere(data_dir, card)
    return notify.notify(card, previous, urls)
