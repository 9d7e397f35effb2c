"""The verdict on a run. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kompascrawler.verdict.checks import BY_SERIOUSNESS
from kompascrawler.verdict.evidence import Evidence
from kompascrawler.verdict.status import ExitStatus, Verdict


def judge(stats: Mapping[str, Any], *, max_failed_share: float) -> Verdict:
    """Tell how a run went from its statistics.

    ``max_failed_share`` (0 to 1) is the share of bad articles that is taken as usual.
    """
    run = Evidence(stats, max_failed_share)
    first, *others = [held for check in BY_SERIOUSNESS if (held := check(run))] or [_fine(run)]
    also = dict.fromkeys(other.name for other in others if other.name != first.name)
    return replace(first, also=tuple(also))


def _fine(run: Evidence) -> Verdict:
    has_new = run.count("store/articles", "store/revisions")
    return Verdict.of(ExitStatus.FINE, "new articles are stored" if has_new else "nothing new")
