"""The figures of a run for Prometheus, written to ``METRICS_FILE``: docs/metrics.md. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kompascrawler.outcome.cards import RunCard
from kompascrawler.outcome.verdict import ExitStatus
from kompascrawler.store.files import replace

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily

PREFIX: Final = "kompascrawler_"
INSTALL: Final = "METRICS_FILE needs prometheus-client: in the checkout, pip install '.[metrics]'"
LAST_SUCCESS: Final = f"{PREFIX}last_success_timestamp_seconds"
LAST_SUCCESS_HELP: Final = (
    "When the last run had ended that was fine or filled the index, seconds since 1970."
)

_BUILD: Final = ("kompascrawler", "scrapy", "python")
HELP: Final[Mapping[str, str]] = {
    "build_info": "Versions of what ran, as labels; always 1.",
    "last_run_start_timestamp_seconds": "When the latest run began, seconds since 1970.",
    "last_run_end_timestamp_seconds": "When the latest run had ended, seconds since 1970.",
    "last_run_exit_status": "Exit status of the latest run; 0 is fine.",
    "last_run_verdict": "1 for the verdict of the latest run and for every other cause that held, "
    "else 0.",
    "last_run_articles": "Articles of the latest run by what became of them; an article can count "
    "several times.",
    "last_run_routes": "Articles of the latest run by how their pages were fetched.",
    "last_run_new_articles": "New articles of the latest run by section.",
    "last_run_requests": "Requests of the latest run by what for.",
    "last_run_responses": "Answers of the latest run by HTTP status.",
    "last_run_received_bytes": "Bytes of all answers of the latest run.",
    "last_run_phase_duration_seconds": "Seconds of the latest run by what for.",
    "last_run_peak_memory_bytes": "The most memory that the latest run held, its children "
    "included.",
    "last_news_timestamp_seconds": "When a run found an article newer than all before, seconds "
    "since 1970.",
    "last_run_files_not_copied": "Published files that are not at PUBLISH_URL yet.",
    "last_run_drift_causes": "Changes of the site's markup that the latest run noticed.",
}
"""What each gauge is, by its name without the prefix, but for the time of the last success."""
LABELS: Final[Mapping[str, tuple[str, ...]]] = {
    "build_info": _BUILD,
    "last_run_verdict": ("verdict",),
    "last_run_articles": ("outcome",),
    "last_run_routes": ("route",),
    "last_run_new_articles": ("section",),
    "last_run_requests": ("kind",),
    "last_run_responses": ("status",),
    "last_run_phase_duration_seconds": ("phase",),
}


def _figures(card: RunCard) -> dict[str, Mapping[str, float] | float | None]:
    """Return the figures, by label where they have one; None is what the run does not know."""
    held = {card.verdict.name, *card.verdict.also}
    verdicts = [status.name.lower() for status in ExitStatus]
    return {
        "last_run_start_timestamp_seconds": _seconds(card.started_at),
        "last_run_end_timestamp_seconds": _seconds(card.ended_at),
        "last_run_exit_status": card.verdict.status,
        "last_run_verdict": {verdict: verdict in held for verdict in verdicts},
        "last_run_articles": asdict(card.counts),
        "last_run_routes": card.routes,
        "last_run_new_articles": card.sections,
        "last_run_requests": card.requests.by_kind,
        "last_run_responses": card.requests.by_status,
        "last_run_received_bytes": card.bytes,
        "last_run_phase_duration_seconds": card.timings,
        "last_run_peak_memory_bytes": card.peak_memory_mb and card.peak_memory_mb * 2**20,
        "last_news_timestamp_seconds": _seconds(card.last_news_at),
        "last_run_files_not_copied": card.not_copied,
        "last_run_drift_causes": len(card.drift),
    }


def _seconds(time: str | None) -> float | None:
    return datetime.fromisoformat(time).timestamp() if time else None


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
        registry = CollectorRegistry()
        registry.register(_Collector(card, _seconds(last_success) or _read_last_success(path)))
        replace(path, generate_latest(registry))
    except OSError as error:
        raise MetricsError(
            f"{path}: {error.strerror}; let the crawler's user write that folder, or name another"
            " file with METRICS_FILE"
        ) from error


@dataclass(eq=False)
class _Collector:
    card: RunCard
    last_success: float | None

    def collect(self) -> "Iterator[GaugeMetricFamily]":
        from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 - of the extra

        figures = _figures(self.card)
        for name, said in HELP.items():
            family = GaugeMetricFamily(f"{PREFIX}{name}", said, labels=LABELS.get(name, ()))
            figure = figures.get(name)
            if name == "build_info":
                family.add_metric([self.card.versions.get(each, "") for each in _BUILD], 1)
            elif isinstance(figure, Mapping):
                for label, value in figure.items():
                    family.add_metric([label], value)
            elif figure is not None:
                family.add_metric([], figure)
            yield family
        if self.last_success is not None:
            yield GaugeMetricFamily(LAST_SUCCESS, LAST_SUCCESS_HELP, value=self.last_success)


def _read_last_success(path: Path) -> float | None:
    from prometheus_client.parser import text_string_to_metric_families  # noqa: PLC0415 - extra

    try:
        families = list(text_string_to_metric_families(path.read_text()))
    except (FileNotFoundError, ValueError):  # no file yet, or none of ours: it is replaced
        return None
    samples = (sample for family in families for sample in family.samples)
    return next((sample.value for sample in samples if sample.name == LAST_SUCCESS), None)
