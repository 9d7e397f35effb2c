"""An assumption about the site, as data: a sentence, where it comes from, what depends on it."""

from collections.abc import Callable
from typing import NamedTuple

from kompascrawler.doctor.live.judgement import Judgement, Verdict
from kompascrawler.doctor.live.seen import Seen

Seeing = tuple[Verdict, str]
"""What became of an assumption, and what was seen."""


class Assumption(NamedTuple):
    """One assumption, with its judge."""

    sentence: str
    source: str
    code: tuple[str, ...]
    """Files that depend on it."""
    judge: Callable[[Seen], Seeing]

    def judged(self, seen: Seen) -> Judgement:
        """Judge it by what was seen."""
        verdict, said = self.judge(seen)
        return Judgement(
            assumption=self.sentence, source=self.source, code=self.code, verdict=verdict, seen=said
        )


def assumption(
    sentence: str, section: str, *code: str
) -> Callable[[Callable[[Seen], Seeing]], Assumption]:
    """Make an assumption of the function that judges it.

    ``section`` is the one of SITE.md, ``code`` the files that depend on it.
    """

    def made(judge: Callable[[Seen], Seeing]) -> Assumption:
        return Assumption(sentence, f"SITE.md section {section}", code, judge)

    return made
