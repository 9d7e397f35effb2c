"""What a finished run amounts to: the exit status of ``scrapy crawl`` and a summary for a person.

Pure: reads the statistics of a run.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from kompascrawler.verdict.status import ExitStatus, Verdict

Stats = Mapping[str, Any]
FEWEST_FAILED = 3
"""Failed articles from which on their number says something of the run, when none came."""


def judge(stats: Stats) -> Verdict:
    """Tell how a run went from its statistics."""
    for check in BY_SERIOUSNESS:
        if verdict := check(stats):
            return verdict
    has_new = stats.get("store/articles", 0) or stats.get("store/revisions", 0)
    return Verdict.of(ExitStatus.FINE, "new articles are stored" if has_new else "nothing new")


def _store(stats: Stats) -> Verdict | None:
    error = stats.get("store/error")
    return Verdict.of(ExitStatus.STORE, f"the store failed: {error}") if error else None


def _unreachable(stats: Stats) -> Verdict | None:
    if stats.get("downloader/response_count") or not stats.get("downloader/exception_count"):
        return None
    return Verdict.of(
        ExitStatus.UNREACHABLE,
        "the site cannot be reached from here: not one of "
        f"{stats.get('downloader/request_count', 0)} requests was answered. Check the network "
        "and http_proxy/https_proxy; `make demo` shows the same job without a network",
    )


def _blocked(stats: Stats) -> Verdict | None:
    answers, forbidden = _answers(stats), stats.get("robotstxt/forbidden", 0)
    denied = answers[403] + answers[429]
    if not _read_nothing(stats) or not (forbidden or 2 * denied > answers.total()):
        return None
    if forbidden:
        cause = f"robots.txt forbids the section: {forbidden} pages were not asked for"
    else:
        cause = f"the site refuses us: {denied} of {answers.total()} answers were 403 or 429"
    return Verdict.of(
        ExitStatus.BLOCKED, f"{cause}. Look at the site's robots.txt; run more rarely"
    )


def _our_errors(stats: Stats) -> Verdict | None:
    errors = stats.get("spider_exceptions/count", 0) + stats.get("spider/item_errors", 0)
    noun = "error" if errors == 1 else "errors"
    return Verdict.of(ExitStatus.ERROR, f"{errors} {noun} of ours: see the log") if errors else None


def _browser(stats: Stats) -> Verdict | None:
    cause = stats.get("browser/unusable")
    if not cause:
        return None
    return Verdict.of(ExitStatus.BROWSER, f"no browser for articles that need one: {cause}")


def _interrupted(stats: Stats) -> Verdict | None:
    if stats.get("finish_reason") != "shutdown":
        return None
    return Verdict.of(ExitStatus.INTERRUPTED, "interrupted; the next run goes on from here")


def _all_failed(stats: Stats) -> Verdict | None:
    failed = stats.get("refusals/failed", 0) + stats.get("refusals/pages", 0)
    came = sum(stats.get(name, 0) for name in ("store/articles", "store/revisions", "dedupe/known"))
    if came or failed < FEWEST_FAILED:
        return None
    return Verdict.of(
        ExitStatus.FAILED,
        f"none of {failed} articles could be fetched and read: see the log. They are tried again",
    )


def _nothing_read(stats: Stats) -> Verdict | None:
    if not _read_nothing(stats):
        return None
    answers = _answers(stats)
    if (answers or stats.get("downloader/exception_count")) and min(answers, default=500) >= 500:
        cause = "the site does not answer: no page came but server errors and broken connections"
        return Verdict.of(ExitStatus.UNREACHABLE, cause)
    return Verdict.of(ExitStatus.ERROR, "not one listing could be read: see the log")


BY_SERIOUSNESS = (
    _store, _unreachable, _blocked, _our_errors, _browser, _interrupted, _all_failed, _nothing_read
)  # fmt: skip
"""What can be wrong with a run; the first that holds is the verdict."""


def _read_nothing(stats: Stats) -> bool:
    """Tell whether pages were asked for and not one was read (every page read is a listing)."""
    return bool(stats.get("downloader/request_count")) and not stats.get("discovery/listings")


def _answers(stats: Stats) -> Counter[int]:
    """Return how many answers of each HTTP status came; redirects and robots.txt are none."""
    answers: Counter[int] = Counter()
    for name, count in stats.items():
        component, _, status = name.partition("/response_status_count/")
        if status and not status.startswith("3"):
            answers[int(status)] += {"downloader": count, "robotstxt": -count}.get(component, 0)
    return +answers


def summary(stats: Stats, data_dir: str) -> str:
    """Say in a few lines how a run went: for the end of a log and of a terminal session."""
    verdict = judge(stats)
    counts = {
        "new": stats.get("store/articles", 0),
        "completed": stats.get("store/revisions", 0),
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
    if stats.get("halaman/agreement", 1.0) < 1.0:
        lines.append(
            f"  WARNING: of {stats['halaman/audited']} articles read in the browser too, only "
            f"{stats.get('halaman/agreed', 0)} have the same text "
            "(the log names the others)"
        )
    if stats.get("store/published", 0):
        lines.append(f"  {stats['store/published']} records published below {data_dir}/articles")
    return "\n".join(lines)
