"""Run cards for tests."""

from datetime import datetime, timedelta

from kompascrawler.outcome.cards import ExitStatus, RunCard, Verdict

FINE = Verdict.of(ExitStatus.FINE, "nothing new")


def a_card(started_at: str, *, seconds: float = 10.0, verdict: Verdict = FINE) -> RunCard:
    """Return the card of a run that began then and took so long."""
    began = datetime.fromisoformat(started_at)
    return RunCard(
        run_id=f"{began:%Y%m%dT%H%M%SZ}-9f3a",
        started_at=started_at,
        ended_at=(began + timedelta(seconds=seconds)).isoformat(),
        spider="kompas_global",
        verdict=verdict,
    )
