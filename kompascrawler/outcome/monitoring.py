"""Who watches is told of a run: figures for Prometheus, a message where the verdict changes.

Apprise sends, in a process for each address, so that a service that hangs delays no run. Addresses
hold passwords: a process gets its address in the environment, never on the command line, and we
show no more of it than its kind (``mailto``, ``slack``, …).
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from kompascrawler.configuration.setting import addresses
from kompascrawler.outcome.cards import BY_SIGNAL, ExitStatus, RunCard, last_success, read_cards
from kompascrawler.store.disk import replace
from kompascrawler.store.model import StoreError

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily

SAYS_NOTHING: Final = frozenset({ExitStatus.USAGE, ExitStatus.LOCKED, *BY_SIGNAL})
"""Ends of a run that a person or another run caused: they say nothing of how crawling goes."""
_RECENT: Final = 50
"""Cards that surely hold one of a run that was not interrupted."""


def publish(
    card: RunCard, data_dir: Path, *, metrics_file: str | None, notify_urls: str | Sequence[str]
) -> list[str]:
    """Write metrics and notify; return what went wrong, line by line. Never raises."""
    cards, complaints = list[RunCard](), list[str]()
    try:
        # Only the last success may lie further back, and is this run if it is fine.
        cards = read_cards(data_dir, limit=_RECENT if card.verdict.is_healthy else None)
    except StoreError as error:
        complaints.append(str(error))
    if metrics_file:
        success = last_success(cards)
        try:
            write_metrics(card, Path(metrics_file), success.ended_at if success else None)
        except MetricsError as error:
            complaints.append(f"metrics were not written: {error}")
    return complaints + notify(card, previous_verdict(cards, card), notify_urls)


def previous_verdict(cards: Iterable[RunCard], card: RunCard) -> RunCard | None:
    """Return the latest other run whose verdict says something of how crawling goes."""
    telling = (other for other in cards if other.verdict.status not in SAYS_NOTHING)
    return next((other for other in telling if other.run_id != card.run_id), None)


# figures, docs/metrics.md -------------------------------------------------------------------------
PREFIX: Final = "kompascrawler_"
LAST_SUCCESS: Final = f"{PREFIX}last_success_timestamp_seconds"
LAST_SUCCESS_HELP: Final = (
    "When the last run had ended that was fine or filled the index, seconds since 1970."
)


Figures = Mapping[str, float] | Mapping[tuple[str, ...], float] | float | None
"""By label, where there are any; None is what the run does not know."""


class Gauge(NamedTuple):
    """What is told of a run card."""

    name: str
    """Without the prefix."""
    figure: Callable[[RunCard], Figures]
    help: str
    labels: tuple[str, ...] = ()


def _verdicts(card: RunCard) -> dict[str, float]:
    held = {card.verdict.name, *card.verdict.also}
    return {name: name in held for name in (status.name.lower() for status in ExitStatus)}


def _seconds(time: str | None) -> float | None:
    return datetime.fromisoformat(time).timestamp() if time else None


_BUILD: Final = ("kompascrawler", "scrapy", "python")
# One entry, one paragraph: name and figure; what it is, and its labels.
# fmt: off
GAUGES: Final = (
    Gauge("build_info", lambda card: {tuple(card.versions.get(name, "") for name in _BUILD): 1},
          "Versions of what ran, as labels; always 1.", _BUILD),
    Gauge("last_run_start_timestamp_seconds", lambda card: _seconds(card.started_at),
          "When the latest run began, seconds since 1970."),
    Gauge("last_run_end_timestamp_seconds", lambda card: _seconds(card.ended_at),
          "When the latest run had ended, seconds since 1970."),
    Gauge("last_run_exit_status", lambda card: card.verdict.status,
          "Exit status of the latest run; 0 is fine."),
    Gauge("last_run_verdict", _verdicts,
          "1 for the verdict of the latest run and for every other cause that held, else 0.",
          ("verdict",)),
    Gauge("last_run_articles", lambda card: asdict(card.counts),
          "Articles of the latest run by what became of them; an article can count several times.",
          ("outcome",)),
    Gauge("last_run_routes", lambda card: card.routes,
          "Articles of the latest run by how their pages were fetched.", ("route",)),
    Gauge("last_run_new_articles", lambda card: card.sections,
          "New articles of the latest run by section.", ("section",)),
    Gauge("last_run_requests", lambda card: card.requests.by_kind,
          "Requests of the latest run by what for.", ("kind",)),
    Gauge("last_run_responses", lambda card: card.requests.by_status,
          "Answers of the latest run by HTTP status.", ("status",)),
    Gauge("last_run_received_bytes", lambda card: card.bytes,
          "Bytes of all answers of the latest run."),
    Gauge("last_run_phase_duration_seconds", lambda card: card.timings,
          "Seconds of the latest run by what for.", ("phase",)),
    Gauge("last_run_peak_memory_bytes",
          lambda card: card.peak_memory_mb and card.peak_memory_mb * 2**20,
          "The most memory that the latest run held, its children included."),
    Gauge("last_news_timestamp_seconds", lambda card: _seconds(card.last_news_at),
          "When a run found an article newer than all before, seconds since 1970."),
    Gauge("last_run_files_not_copied", lambda card: card.not_copied,
          "Published files that are not at PUBLISH_URL yet."),
    Gauge("last_run_drift_causes", lambda card: len(card.drift),
          "Changes of the site's markup that the latest run noticed."),
)
# fmt: on


class MetricsError(Exception):
    """The metrics cannot be written; the message is one line that says why and what to do."""


def write_metrics(card: RunCard, path: Path, succeeded_at: str | None = None) -> None:
    """Write a run's figures to a file, whole or not at all. Raises MetricsError.

    ``succeeded_at`` is when the last run before ended that was fine (RFC 3339), of the run cards.
    Where no card is left that tells, what the file says of it is kept.
    """
    try:
        from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415 - extra
    except ModuleNotFoundError as error:
        install = "in the checkout, pip install '.[metrics]'"
        raise MetricsError(f"METRICS_FILE needs prometheus-client: {install}") from error
    success = _seconds(card.ended_at if card.verdict.is_healthy else succeeded_at)
    try:
        registry = CollectorRegistry()
        registry.register(_Collector(card, success or _read_last_success(path)))
        replace(path, generate_latest(registry))
    except OSError as error:
        advice = "let the crawler's user write that folder, or name another file with METRICS_FILE"
        raise MetricsError(f"{path}: {error.strerror}; {advice}") from error


@dataclass(eq=False)
class _Collector:
    card: RunCard
    last_success: float | None

    def collect(self) -> "Iterator[GaugeMetricFamily]":
        from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 - of the extra

        for gauge in GAUGES:
            family = GaugeMetricFamily(f"{PREFIX}{gauge.name}", gauge.help, labels=gauge.labels)
            figure = gauge.figure(self.card)
            if isinstance(figure, Mapping):
                for label, value in figure.items():
                    family.add_metric([label] if isinstance(label, str) else label, value)
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


# messages -----------------------------------------------------------------------------------------
TIME_LIMIT: Final = 20.0
"""Seconds after which sending is given up."""
INSTALL: Final = "NOTIFY_URLS needs Apprise: in the checkout, pip install '.[notify]'"
_APPRISE: Final = ("-P", "-c", "from apprise.cli import main; main()", "--storage-mode=memory")
_KIND = re.compile(r"([A-Za-z0-9]{1,32})://")


def kind_of(address: str) -> str:
    """Return what may be shown of an address.

    >>> kind_of("slack://secret/token"), kind_of("secret")
    ('slack', 'no address')
    """
    match = _KIND.match(address)
    return match.group(1).lower() if match else "no address"


class Message(NamedTuple):
    """A notification."""

    kind: str
    """How Apprise is to show it: ``failure``, ``warning`` or ``success``."""
    title: str
    body: str


def message_of(card: RunCard, previous: RunCard | None) -> Message | None:
    """Return what to tell after a run, or None where its verdict is no news.

    News is an exit status that differs from that of the run before, and files that wait for their
    bucket, or do no longer; for the first run of all, a status that is not fine. Runs that a
    person or another run ended (``SAYS_NOTHING``) are no news, and never ``previous``.
    """
    verdict, before = card.verdict, previous.verdict if previous else None
    is_fine, was_fine = verdict.is_healthy, before is None or before.is_healthy
    is_same = previous is not None and _standing(card) == _standing(previous)
    if verdict.status in SAYS_NOTHING or is_same or (is_fine and was_fine):
        return None
    said = f"fine again after {before.name}" if is_fine and before else verdict.name
    articles = [f"{count} {name}" for name, count in asdict(card.counts).items() if count]
    lines = (
        verdict.cause,
        verdict.advice and f"What to do: {verdict.advice}",
        verdict.also and f"Also: {', '.join(verdict.also)}",
        card.not_copied and f"Published files that are not at PUBLISH_URL: {card.not_copied}",
        f"Articles: {', '.join(articles) or 'none'}",
        f"Run {card.run_id}, ended {card.ended_at}",
        previous and f"Before: {previous.verdict.name}, run {previous.run_id}",
    )
    return Message(
        kind="success" if is_fine else "failure",
        title=f"kompascrawler: {said} (exit status {verdict.status.value})",
        body="\n".join(line for line in lines if line),
    )


def _standing(card: RunCard) -> tuple[ExitStatus, bool, bool]:
    """Return what makes a run differ from another: a bucket that fails beside all else, too."""
    return card.verdict.status, card.verdict.is_healthy, card.not_copied > 0


def notify(card: RunCard, previous: RunCard | None, urls: str | Sequence[str]) -> list[str]:
    """Send a message if the verdict is news; return what went wrong, line by line. Never raises."""
    message, to = message_of(card, previous), addresses(urls)
    if not message or not to:
        return []
    options = ("--title", message.title, "--notification-type", message.kind)
    return list(_failures(to, "was not sent", *options, body=message.body))


def check(to: Sequence[str]) -> list[str]:
    """Return the addresses that Apprise does not accept, line by line. Sends nothing."""
    return list(_failures(to, "is to an address that Apprise does not take", "--dry-run"))


def _failures(to: Sequence[str], problem: str, *options: str, body: str = "") -> Iterator[str]:
    if not find_spec("apprise"):
        yield INSTALL
        return
    with ThreadPoolExecutor(len(to)) as pool:
        results = pool.map(lambda address: _run_apprise(address, options, body), to)
    for number, (address, reason) in enumerate(zip(to, results, strict=True), start=1):
        if reason is not None:
            yield f"notification {number} of {len(to)} ({kind_of(address)}) {problem}{reason}"


def _run_apprise(address: str, options: Sequence[str], body: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, *_APPRISE, *options],
            env=os.environ | {"APPRISE_URLS": address},
            input=body.encode(),
            # What Apprise prints may quote the address.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=TIME_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f": not done in {TIME_LIMIT:g} s"
    except OSError as error:
        return f": {error.strerror}"
    if done.returncode:
        return "" if "--dry-run" in options else ": refused, or not answered"
    return None
