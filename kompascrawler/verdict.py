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
    if stats.get("finish_reason") == "shutdown":
        return Verdict(ExitStatus.INTERRUPTED, "interrupted; the next run goes on from here")
    if stats.get("store/articles", 0):
        return Verdict(ExitStatus.FINE, "new articles are stored")
    return Verdict(ExitStatus.FINE, "nothing new")


def _errors(stats: Mapping[str, Any]) -> int:
    callbacks = sum(count for name, count in stats.items() if name.startswith("spider_exceptions/"))
    return int(callbacks + stats.get("spider/item_errors", 0))


def summary(stats: Mapping[str, Any], data_dir: str) -> str:
    """Say in a few lines how a run went: for the end of a log and of a terminal session."""
    verdict = judge(stats)
    counts = {
        "new": stats.get("store/articles", 0),
        "incomplete": stats.get("halaman/incomplete", 0),
        "republished": stats.get("dedupe/duplicates", 0),
        "refused": stats.get("refusals/pages", 0),
        "not fetched": stats.get("refusals/failed", 0),
    }
    lines = [
        f"{'OK' if verdict.status is ExitStatus.FINE else 'FAILED'}: {verdict.cause}",
        "  articles: " + ", ".join(f"{count} {name}" for name, count in counts.items()),
        f"  {stats.get('downloader/request_count', 0)} requests, "
        f"{stats.get('downloader/response_bytes', 0) / 1e6:.1f} MB, "
        f"{stats.get('elapsed_time_seconds', 0.0):.1f} s",
    ]
    if stats.get("store/published", 0):
        lines.append(f"  {stats['store/published']} records published below {data_dir}/articles")
    return "\n".join(lines)
