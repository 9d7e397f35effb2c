"""What a visit says of one assumption about the site. Pure."""

from dataclasses import dataclass
from typing import Final, Literal

from kompascrawler.outcome.terminal import entry

Verdict = Literal["holds", "differs", "fails", "unchecked"]
"""It holds; it does not, and the crawler has another way; it does not, and articles are lost; it
could not be checked."""
_INDENT: Final = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """An assumption and what became of it."""

    assumption: str
    """One sentence."""
    source: str
    """Where it comes from."""
    code: tuple[str, ...]
    """Files that depend on it."""
    verdict: Verdict
    seen: str
    """What the site showed, one line; what follows from it, where it does not hold."""

    def lines(self) -> list[str]:
        """Return the judgement for a terminal of 80 columns."""
        label = "not checked" if self.verdict == "unchecked" else self.verdict
        lines = entry(label, self.assumption, indent=_INDENT)
        lines += entry("", self.seen, indent=_INDENT)
        if self.verdict != "holds":
            lines += entry("", f"-> depends on it: {', '.join(self.code)}", indent=_INDENT)
        return lines
