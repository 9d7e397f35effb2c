"""How a run went, in a few lines for a person. Pure."""

from pathlib import Path

from kompascrawler.outcome.card import RunCard
from kompascrawler.outcome.counts import RunCounts
from kompascrawler.outcome.exit_status import BY_SIGNAL, ExitStatus, Verdict

NOT_DONE = (
    ExitStatus.BUDGET, ExitStatus.LOCKED, *BY_SIGNAL
)  # fmt: skip


def headline(verdict: Verdict) -> str:
    """Return the verdict in one line, with what to do."""
    is_early = verdict.status in NOT_DONE
    mark = "OK" if verdict.is_healthy else "NOT DONE" if is_early else "FAILED"
    also = f" (also: {', '.join(verdict.also)})" if verdict.also else ""
    advice = f". What to do: {verdict.advice}" if verdict.advice else ""
    return f"{mark}: {verdict.cause}{also}{advice}"


def summary(card: RunCard, counts: RunCounts, data_dir: Path) -> str:
    """Say how a run went: for the end of a log and of a terminal session."""
    articles = {
        "new": card.counts.new,
        "completed": card.counts.revised,
        "incomplete": card.counts.incomplete,
        "republished": card.counts.duplicates,
        "refused": card.counts.refused,
        "not fetched": card.counts.failed,
    }
    lines = [
        headline(card.verdict),
        "  articles: " + ", ".join(f"{count} {name}" for name, count in articles.items()),
        f"  {card.requests.total} requests, {card.bytes / 1e6:.1f} MB, "
        f"{card.timings.get('total', 0.0):.1f} s",
    ]
    if counts.halaman.agreed < counts.halaman.audited:
        lines.append(
            f"  WARNING: of {counts.halaman.audited} articles read in the browser too, only "
            f"{counts.halaman.agreed} have the same text "
            "(the log names the others)"
        )
    if card.counts.published:
        lines.append(f"  {card.counts.published} records published below {data_dir}/articles")
    return "\n".join(lines)
