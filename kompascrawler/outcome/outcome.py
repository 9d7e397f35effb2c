"""How a crawl ends: verdict, run card, summary, last line, exit status."""

import json
import logging
import platform
import sys
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import lxml.etree
import scrapy
import twisted
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from kompascrawler import __version__
from kompascrawler.configuration.setting import shown
from kompascrawler.configuration.table import masked
from kompascrawler.outcome.cards import (
    NOT_DONE,
    Counts,
    ExitStatus,
    Requests,
    RunCard,
    Verdict,
    forget_elsewhere,
    keep_elsewhere,
    prune_cards,
    write_card,
)
from kompascrawler.outcome.counts import RunCounts, StoreTally
from kompascrawler.outcome.verdict import judge
from kompascrawler.store.database import rfc3339_of
from kompascrawler.store.lock import Locked
from kompascrawler.store.model import StoreError
from kompascrawler.terminal import put

logger = logging.getLogger(__name__)

_MADE_BY_US = ("RUN_ID", "LOG_FORMAT", "LOG_INSTALL_ROOT_HANDLER")
"""Settings that the command sets itself; the card has the run id elsewhere."""


class Outcome:
    """The end of one run, reported once."""

    def __init__(self, settings: BaseSettings, spider: str, arguments: Mapping[str, str]) -> None:
        self._settings = settings
        self._spider = spider
        self._arguments = arguments
        self._started_at = _now()
        self._began = time.monotonic()
        self.run_id: str = settings["RUN_ID"]
        self.data_dir = Path(settings["DATA_DIR"])

    def summarise(self, counts: RunCounts) -> ExitStatus:
        """Judge a run, keep its card, print a summary; whatever fails, return a status."""
        try:
            card, path = self._keep_card(counts)
            self._publish(card, path)
            text = summary(card, counts, self.data_dir)
        except Exception as error:
            logger.exception("The run could not be summarised")
            first = f"{type(error).__name__}: {error}"
            failed = RunCounts(errors=1, first_error=first)
            return self.say(judge(failed, max_failed_share=1.0))
        return self.say(card.verdict, card.counts, path, text)

    def refused(self, error: StoreError) -> ExitStatus:
        """Report a run that could not begin; it has no card if another run holds the folder."""
        if isinstance(error, Locked):
            still = "nothing if that run is still active"
            return self.say(Verdict.of(ExitStatus.LOCKED, str(error), still))
        card = self._card(RunCounts(store=StoreTally(error=str(error))))
        self._publish(card, None)
        return self.say(card.verdict)

    def _keep_card(self, counts: RunCounts) -> tuple[RunCard, Path | None]:
        card = self._card(counts)
        try:
            return card, write_card(self.data_dir, card)
        except StoreError as error:
            counts.store.error = counts.store.error or str(error)
            return self._card(counts), None

    def _publish(self, card: RunCard, path: Path | None) -> None:
        metrics_file, urls = self._settings["METRICS_FILE"], self._settings["NOTIFY_URLS"]
        complaints: list[str] = []
        if metrics_file or urls:
            from kompascrawler.outcome.monitoring import publish  # noqa: PLC0415 - not for every run

            complaints = publish(card, self.data_dir, metrics_file=metrics_file, notify_urls=urls)
        # Only now: until here the card kept elsewhere is that of the run before.
        if path:
            forget_elsewhere(self.data_dir)
        else:
            keep_elsewhere(self.data_dir, card)
        try:
            prune_cards(self.data_dir, self._settings.getfloat("RUN_CARDS_KEEP_DAYS"))
        except StoreError as error:
            complaints.append(str(error))
        for complaint in complaints:
            logger.error(complaint)

    def say(
        self,
        verdict: Verdict,
        counts: Counts | None = None,
        card: Path | None = None,
        text: str | None = None,
    ) -> ExitStatus:
        """Print how a run ended: for people and, as the last line, for programs."""
        logger.info("Verdict: %s", headline(verdict))
        last = last_line(verdict, counts=counts, run_id=self.run_id, card=card)
        put(f"{text or headline(verdict)}\n{last}", output(self._settings))
        return verdict.status

    def _card(self, counts: RunCounts) -> RunCard:
        share = self._settings.getfloat("MAX_FAILED_SHARE")
        total, news = time.monotonic() - self._began, counts.discovery.last_news or None
        return RunCard(
            run_id=self.run_id,
            started_at=self._started_at,
            ended_at=_now(),
            spider=self._spider,
            arguments={name: shown(value) for name, value in self._arguments.items()},
            versions=_versions(counts),
            settings=masked(_chosen(self._settings)),
            verdict=judge(counts, max_failed_share=share),
            counts=article_counts(counts),
            requests=request_counts(counts),
            bytes=counts.traffic.bytes,
            routes=dict(counts.halaman.routes),
            sections=dict(counts.store.sections),
            closed_routes=tuple(counts.halaman.closed_routes),
            timings={
                "total": round(total, 3),
                "crawl": round(counts.engine.seconds, 3),
                "cpu": round(time.process_time(), 3),
            },
            peak_memory_mb=_peak_memory(counts),
            drift=tuple(cause.line for cause in counts.drift.causes),
            drift_waiting=counts.drift.too_few,
            repeated_lines=tuple(counts.drift.repeated),
            not_copied=counts.publish.waiting,
            last_news_at=news and rfc3339_of(news),
        )


def headline(verdict: Verdict) -> str:
    """Return the verdict in one line, with what to do."""
    is_early = verdict.status in NOT_DONE
    mark = "OK" if verdict.is_healthy else "NOT DONE" if is_early else "FAILED"
    also = f" (also: {', '.join(verdict.also)})" if verdict.also else ""
    advice = f". What to do: {verdict.advice}" if verdict.advice else ""
    return f"{mark}: {verdict.cause}{also}{advice}"


def summary(card: RunCard, counts: RunCounts, data_dir: Path) -> str:
    """Say how a run went: for the end of a log and of a terminal session."""
    of, halaman = card.counts, counts.halaman
    lines = [
        headline(card.verdict),
        f"  articles: {of.new} new, {of.revised} revised, {of.deleted} deleted, "
        f"{of.incomplete} incomplete, {of.duplicates} republished, {of.refused} refused, "
        f"{of.failed} not fetched",
        f"  {card.requests.total} requests, {card.bytes / 1e6:.1f} MB, "
        f"{card.timings.get('total', 0.0):.1f} s",
    ]
    if halaman.agreed < halaman.audited:
        lines.append(
            f"  WARNING: of {halaman.audited} articles read in the browser too, only "
            f"{halaman.agreed} have the same text (the log names the others)"
        )
    if card.counts.published:
        lines.append(f"  {card.counts.published} records published below {data_dir}/articles")
    return "\n".join(lines)


def last_line(
    verdict: Verdict,
    *,
    counts: Counts | None = None,
    run_id: str | None = None,
    card: Path | None = None,
) -> str:
    """Return a verdict as one JSON object in one line."""
    told = {"counts": asdict(counts or Counts()), "run_id": run_id, "card": card and str(card)}
    return json.dumps(asdict(verdict) | told, ensure_ascii=False)


def output(settings: BaseSettings) -> TextIO:
    """Return the stream for the end of a run: not the one that ``-o -`` writes articles to."""
    writes_items = any(uri in ("-", "stdout:") for uri in settings.getdict("FEEDS"))
    return sys.stderr if writes_items else sys.stdout


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def article_counts(run: RunCounts) -> Counts:
    """Return what became of the articles."""
    return Counts(
        found=run.discovery.new + run.discovery.known,
        known=run.discovery.known,
        new=run.store.articles,
        revised=run.store.revisions,
        deleted=run.store.deletions,
        looks=run.store.looks.total(),
        refused=run.refusals.pages.total(),
        failed=run.refusals.failed,
        incomplete=run.halaman.incomplete,
        duplicates=run.dedupe.duplicates,
        published=run.store.published,
        given_up=run.refusals.given_up + run.store.given_up,
    )


def request_counts(run: RunCounts) -> Requests:
    """Return what was requested."""
    by_kind = run.traffic.unanswered + run.traffic.cancelled
    by_status = Counter({"none": by_kind.total()})
    for (kind, status), count in run.traffic.answers.items():
        by_kind[kind] += count
        by_status[str(status)] += count
    statuses, kinds = dict(sorted((+by_status).items())), dict(sorted(by_kind.items()))
    return Requests(total=run.traffic.requests, by_status=statuses, by_kind=kinds)


def _versions(counts: RunCounts) -> dict[str, str]:
    versions = {
        "kompascrawler": __version__,
        "python": platform.python_version(),
        "scrapy": scrapy.__version__,
        "twisted": twisted.__version__,
        "lxml": lxml.etree.__version__,
    }
    if chromium := counts.browser.version:
        from importlib.metadata import version  # noqa: PLC0415 - only where a browser ran

        versions |= {"playwright": version("playwright"), "chromium": chromium}
    return versions


def _chosen(settings: BaseSettings) -> dict[str, Any]:
    project, environment = SETTINGS_PRIORITIES["project"], settings.getlist("_FROM_ENVIRONMENT")
    return {
        name: value
        for name, value in settings.items()
        if ((settings.getpriority(name) or 0) > project or name in environment)
        and name not in _MADE_BY_US
    }


def _peak_memory(counts: RunCounts) -> float | None:
    """Return the most memory that this process and its browser held, MiB."""
    with suppress(OSError):
        status = Path("/proc/self/status").read_text()
        ours = int(status.partition("VmHWM:")[2].split()[0]) / 1024
        return round(ours + counts.browser.peak_memory / 2**20, 1)
    return None
