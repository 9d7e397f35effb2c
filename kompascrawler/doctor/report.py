"""Puts the doctor's findings together: lines, JSON, exit status. Pure."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from kompascrawler.doctor.answer import Answer
from kompascrawler.doctor.finding import Finding
from kompascrawler.doctor.live.articles import ARTICLES
from kompascrawler.doctor.live.judgement import Judgement
from kompascrawler.doctor.live.listings import LISTINGS
from kompascrawler.doctor.live.seen import Seen
from kompascrawler.doctor.robots import robots, site_clock
from kompascrawler.outcome.exit_status import ExitStatus

_PLURALS: Final = {
    "holds": "hold",
    "differs": "differ",
    "fails": "fail",
    "unchecked": "were not checked",
}


def of_robots(
    answers: dict[str, Answer], hosts: Sequence[str], user_agent: str, delay: float, now: datetime
) -> list[Finding]:
    """Return what the answers to robots.txt tell, of every host and of the clock."""
    found = [robots(host, answers.get(host), user_agent, delay) for host in hosts]
    clock = site_clock(answers, now)
    return [*found, clock] if clock else found


def of_visit(seen: Seen) -> list[Judgement]:
    """Judge every assumption about the site."""
    return [assumption.judged(seen) for assumption in (*LISTINGS, *ARTICLES)]


@dataclass(kw_only=True)
class Report:
    """All that the doctor has to say."""

    findings: list[Finding] = field(default_factory=list)
    judgements: list[Judgement] = field(default_factory=list)
    is_unreachable: bool = False
    """Whether the site was to be visited and gave no answer."""

    @property
    def exit_status(self) -> int:
        """1 where something failed, 4 where the site was to be visited and cannot be reached."""
        failed = any(finding.state == "fail" for finding in self.findings)
        if failed or any(one.verdict == "fails" for one in self.judgements):
            return ExitStatus.ERROR
        return ExitStatus.UNREACHABLE if self.is_unreachable else ExitStatus.FINE

    @property
    def summary(self) -> str:
        """Everything in one line."""
        states = [finding.state for finding in self.findings]
        said = ", ".join(f"{states.count(state)} {state}" for state in ("ok", "warn", "fail"))
        if self.is_unreachable:
            return f"{said}. The site cannot be reached from here: nothing was learnt about it"
        verdicts: list[str] = [one.verdict for one in self.judgements]
        told = ", ".join(f"{verdicts.count(one)} {word}" for one, word in _PLURALS.items())
        return f"{said}. Of {len(verdicts)} assumptions about the site {told}" if verdicts else said

    def as_dict(self) -> dict[str, Any]:
        """Return the report as ``scrapy doctor --json`` prints it."""
        return {
            "exit_status": int(self.exit_status),
            "summary": self.summary,
            "checks": [asdict(finding) for finding in self.findings],
            "assumptions": [asdict(one) for one in self.judgements],
        }
