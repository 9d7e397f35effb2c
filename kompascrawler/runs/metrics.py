"""The latest run in figures: a text file for the textfile collector of Prometheus's node exporter.

Every metric is a gauge of the latest run; docs/metrics.md explains each. Needs the extra
``metrics`` (prometheus-client), which is imported when a file is written.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kompascrawler.runs.card import RunCard
from kompascrawler.runs.gauges import METRICS, seconds
from kompascrawler.store.files import replace
from kompascrawler.verdict.status import ExitStatus

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily

PREFIX: Final = "kompascrawler_"
INSTALL: Final = "METRICS_FILE needs prometheus-client: pip install 'kompascrawler[metrics]'"
LAST_SUCCESS: Final = f"{PREFIX}last_success_timestamp_seconds"
LAST_SUCCESS_HELP: Final = "When the last run had ended that was fine, seconds since 1970."


class MetricsError(Exception):
    """The metrics cannot be written; the message is one line that says why and what to do."""


def write_metrics(card: RunCard, path: Path, last_success: str | None = None) -> None:
    """Write a run's figures to a file, whole or not at all. Raises MetricsError.

    ``last_success`` is when the last run before ended that was fine (RFC 3339), of the run cards.
    Where no card is left that tells, what the file says of it is kept.
    """
    try:
        from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415 - extra
    except ModuleNotFoundError as error:
        raise MetricsError(INSTALL) from error
    if card.verdict.status is ExitStatus.FINE:
        last_success = card.ended_at
    try:
        succeeded = seconds(last_success) if last_success else _read_last_success(path)
        registry = CollectorRegistry()
        registry.register(_Collector(card, succeeded))
        replace(path, generate_latest(registry))
    except OSError as error:
        raise MetricsError(
            f"{path}: {error.strerror}; let the crawler's user write that folder, or name another"
            " file with METRICS_FILE"
        ) from error


class _Collector:
    """Gives the metrics of one run to prometheus-client."""

    def __init__(self, card: RunCard, last_success: float | None) -> None:
        self._card = card
        self._last_success = last_success

    def collect(self) -> "Iterator[GaugeMetricFamily]":
        from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 - of the extra

        for name, help_, labels, values in METRICS:
            family = GaugeMetricFamily(f"{PREFIX}{name}", help_, labels=labels)
            for label_values, value in values(self._card).items():
                family.add_metric(label_values, value)
            yield family
        if self._last_success is not None:
            yield GaugeMetricFamily(LAST_SUCCESS, LAST_SUCCESS_HELP, value=self._last_success)


def _read_last_success(path: Path) -> float | None:
    """Return what a metrics file says of the last success; None where it says nothing."""
    from prometheus_client.parser import text_string_to_metric_families  # noqa: PLC0415 - extra

    try:
        families = list(text_string_to_metric_families(path.read_text()))
    except (FileNotFoundError, ValueError):  # no file yet, or none of ours: it is replaced
        return None
    samples = (sample for family in families for sample in family.samples)
    return next((sample.value for sample in samples if sample.name == LAST_SUCCESS), None)
