"""What a finished run amounts to: the exit status of ``scrapy crawl`` and a summary for a person.

Pure: reads the statistics of a run.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, NamedTuple


class ExitStatus(IntEnum):
    """Exit status of ``scrapy crawl``, the most serious cause first when several hold."""

    FINE = 0
    """New articles were stored, or there was nothing new."""
    ERROR = 1
    """An error of ours: a callback or a pipeline raised."""
    USAGE = 2
    """An argument or a setting that cannot be taken; nothing was asked for."""
    STORE = 3
    """The data folder cannot be written or read, or is damaged."""
    UNREACHABLE = 4
    """Not one answer came from the site."""
    BROWSER = 8
    """Articles needed the browser, and it is missing or died too often; the rest was done."""
    INTERRUPTED = 130
    """Stopped by a signal; what was fetched is stored."""


class Verdict(NamedTuple):
    """How a run went."""

    status: ExitStatus
    cause: str
    """One line: why the status is what it is, and what to do where something is to be done."""


def judge(stats: Mapping[str, Any]) -> Verdict:
    """Tell how a run went from its statistics."""
    if error := stats.get("store/error"):
        return Verdict(ExitStatus.STORE, f"the store failed: {error}")
    if stats.get("downloader/exception_count", 0) and not stats.get("downloader/response_count"):
        return Verdict(
            ExitStatus.UNREACHABLE,
            "the site cannot be reached from here: not one of "
            f"{stats.get('downloader/request_count', 0)} requests was answered. Check the network "
            "and http_proxy/https_proxy; `make demo` shows the same job without a network",
        )
    if errors := _errors(stats):
        return Verdict(ExitStatus.ERROR, f"{errors} errors of ours: see the log")
    if cause := stats.get("browser/unusable"):
        return Verdict(ExitStatus.BROWSER, f"no browser for articles that need one: {cause}")
    if stats.get("finish_reason") == "shutdown":
        return Verdict(ExitStatus.INTERRUPTED, "interrupted; the next run goes on from here")
    has_new = stats.get("store/articles", 0) or stats.get("store/revisions", 0)
    return Verdict(ExitStatus.FINE, "new articles are stored" if has_new else "nothing new")


def _errors(stats: Mapping[str, Any]) -> int:
    callbacks = sum(count for name, count in stats.items() if name.startswith("spider_exceptions/"))
    return int(callbacks + stats.get("spider/item_errors", 0))


def summary(stats: Mapping[str, Any], data_dir: str) -> str:
    """Say in a few lines how a run went: for the end of a log and of a terminal session."""
    verdict = judge(stats)
    stored = stats.get("store/articles", 0)
    parts = [
        f"{stored} new articles",
        f"{stats.get('store/revisions', 0)} earlier ones completed",
        f"{stats.get('halaman/incomplete', 0)} incomplete",
        f"{stats.get('dedupe/duplicates', 0)} republications",
        f"{stats.get('refusals/pages', 0)} pages refused",
        f"{stats.get('refusals/failed', 0)} not fetched",
    ]
    lines = [
        f"{'OK' if verdict.status is ExitStatus.FINE else 'FAILED'}: {verdict.cause}",
        "  " + ", ".join(parts),
        f"  {stats.get('downloader/request_count', 0)} requests, "
        f"{stats.get('downloader/response_bytes', 0) / 1e6:.1f} MB, "
        f"{stats.get('elapsed_time_seconds', 0.0):.1f} s",
    ]
    if stats.get("halaman/agreement", 1.0) < 1.0:
        lines.append(
            f"  WARNING: of {stats['halaman/audited']} articles read in the browser too, only "
            f"{stats.get('halaman/agreed', 0)} have the same text "
            "(the log names the others)"
        )
    if stats.get("store/published", 0):
        lines.append(f"  {stats['store/published']} records published below {data_dir}/articles")
    return "\n".join(lines)
