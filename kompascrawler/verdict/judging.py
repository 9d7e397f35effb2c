"""The verdict on a run. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kompascrawler.verdict.checks import BY_SERIOUSNESS, unread
from kompascrawler.verdict.evidence import Evidence
from kompascrawler.verdict.status import ExitStatus, Verdict


def judge(stats: Mapping[str, Any], *, max_failed_share: float) -> Verdict:
    """Tell how a run went from its statistics.

    ``max_failed_share`` (0 to 1) is the share of bad articles that is taken as usual.
    """
    run = Evidence(stats, max_failed_share)
    held = {check: verdict for check in BY_SERIOUSNESS if (verdict := check(run))}
    first = next(iter(held.values()), None) or _fine(run)
    # That nothing was read follows from whatever is more serious.
    also = dict.fromkeys(each.name for check, each in held.items() if check is not unread)
    also.pop(first.name, None)
    return replace(first, also=tuple(also))


def _fine(run: Evidence) -> Verdict:
    has_new = run.count("store/articles", "store/revisions")
    cause = "new articles are stored" if has_new else "nothing new"
    if bad := run.count("refusals/failed", "refusals/pages", "store/incomplete"):
        cause += f"; {bad} failed or incomplete (`scrapy failures` lists them)"
    return Verdict.of(ExitStatus.FINE, cause)
