"""The figures of a run for Prometheus, written to ``METRICS_FILE``: docs/metrics.md. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from kompascrawler.outcome.card import RunCard
from kompascrawler.outcome.exit_status import ExitStatus
from kompascrawler.store.files import replace

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily

PREFIX: Final = "kompascrawler_"
INSTALL: Final = "METRICS_FILE needs prometheus-client: in the checkout, pip install '.[metrics]'"
LAST_SUCCESS: Final = f"{PREFIX}last_success_timestamp_seconds"
LAST_SUCCESS_HELP: Final = (
    "When the last run had ended that was fine or filled the index, seconds since 1970."
)

Values = Mapping[tuple[str, ...], float]
"""Values of a metric by the values of its labels."""


class Metric(NamedTuple):
    """A gauge."""

    name: str
    """Without the prefix ``kompascrawler_``; ends in its unit, where it has one."""
    help: str
    """What it is, in one line."""
    labels: tuple[str, ...]
    """Names of its labels."""
    values: Callable[[RunCard], Values]
    """What it is of a run."""


def _one(value: Callable[[RunCard], float | None]) -> Callable[[RunCard], Values]:
    """Return what gives a metric without labels; no value where the run does not know."""

    def values(card: RunCard) -> Values:
        found = value(card)
        return {} if found is None else {(): found}

    return values


def _each(value: Callable[[RunCard], Mapping[str, float]]) -> Callable[[RunCard], Values]:
    """Return what gives a metric with one label."""
    return lambda card: {(name,): number for name, number in value(card).items()}


def seconds(time: str) -> float:
    """Return a time of RFC 3339 as seconds since 1970."""
    return datetime.fromisoformat(time).timestamp()


def _verdicts(card: RunCard) -> dict[str, float]:
    held = {card.verdict.name, *card.verdict.also}
    return {status.name.lower(): status.name.lower() in held for status in ExitStatus}


_BUILD: Final = ("kompascrawler", "scrapy", "python")
METRICS: Final = (
    Metric(
        "build_info",
        "Versions of what ran, as labels; always 1.",
        _BUILD,
        lambda card: {tuple(card.versions.get(name, "") for name in _BUILD): 1},
    ),
    Metric(
        "last_run_start_timestamp_seconds",
        "When the latest run began, seconds since 1970.",
        (),
        _one(lambda card: seconds(card.started_at)),
    ),
    Metric(
        "last_run_end_timestamp_seconds",
        "When the latest run had ended, seconds since 1970.",
        (),
        _one(lambda card: seconds(card.ended_at)),
    ),
    Metric(
        "last_run_exit_status",
        "Exit status of the latest run; 0 is fine.",
        (),
        _one(lambda card: card.verdict.status),
    ),
    Metric(
        "last_run_verdict",
        "1 for the verdict of the latest run and for every other cause that held, else 0.",
        ("verdict",),
        _each(_verdicts),
    ),
    Metric(
        "last_run_articles",
        "Articles of the latest run by what became of them; an article can count several times.",
        ("outcome",),
        _each(lambda card: asdict(card.counts)),
    ),
    Metric(
        "last_run_routes",
        "Articles of the latest run by how their pages were had.",
        ("route",),
        _each(lambda card: card.routes),
    ),
    Metric(
        "last_run_requests",
        "Requests of the latest run by what for.",
        ("kind",),
        _each(lambda card: card.requests.by_kind),
    ),
    Metric(
        "last_run_responses",
        "Answers of the latest run by HTTP status.",
        ("status",),
        _each(lambda card: card.requests.by_status),
    ),
    Metric(
        "last_run_received_bytes",
        "Bytes of all answers of the latest run.",
        (),
        _one(lambda card: card.bytes),
    ),
    Metric(
        "last_run_phase_duration_seconds",
        "Seconds of the latest run by what for.",
        ("phase",),
        _each(lambda card: card.timings),
    ),
    Metric(
        "last_run_peak_memory_bytes",
        "The most memory that the latest run held, its children included.",
        (),
        _one(lambda card: card.peak_memory_mb and card.peak_memory_mb * 2**20),
    ),
    Metric(
        "last_news_timestamp_seconds",
        "When a run found an article newer than all before, seconds since 1970.",
        (),
        _one(lambda card: seconds(card.last_news_at) if card.last_news_at else None),
    ),
    Metric(
        "last_run_drift_causes",
        "Changes of the site's markup that the latest run noticed.",
        (),
        _one(lambda card: len(card.drift)),
    ),
)
"""Every metric but the time of the last success, which is not of the latest run alone."""


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
    if card.verdict.is_healthy:
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
