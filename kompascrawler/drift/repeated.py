"""Paragraphs that many articles of a run share: what may be no text of theirs. Pure.

Next year's call to join a channel is of no shape that is known; that it stands in many articles
tells it in the first week. Nothing is cut for it: a person looks, and adds a rule.
"""

from collections import Counter
from collections.abc import Iterable
from textwrap import shorten
from typing import Final

FEWEST: Final = 3
"""Articles that must share a paragraph, and ``SHARE`` of those of the run: news quotes itself.

679 articles of 2023 to 2025, cleaned, in runs of 10 to 100 in any order: nothing is named.
"""
SHARE: Final = 0.1
_WORDS: Final = 5
"""Words of the shortest paragraph that is looked at."""
_SHOWN: Final = 5
_MOST: Final = 100_000
"""Paragraphs that are remembered; then those that stood in one article only are forgotten."""
_LONGEST: Final = 160


class RepeatedLines:
    """Counts the articles that a paragraph stands in."""

    def __init__(self) -> None:
        self._articles = 0
        self._counts: Counter[str] = Counter()

    def add(self, texts: Iterable[str]) -> None:
        """Count the paragraphs of an article, each once."""
        self._articles += 1
        self._counts.update({text for text in texts if len(text.split(maxsplit=_WORDS)) >= _WORDS})
        if len(self._counts) > _MOST:
            self._counts = Counter(
                {text: times for text, times in self._counts.items() if times > 1}
            )

    def found(self) -> list[str]:
        """Return the paragraphs that many articles share, the most frequent first, as lines."""
        many = max(FEWEST, self._articles * SHARE)
        return [
            f"in {times} of {self._articles} articles: {_shortened(text)}"
            for text, times in self._counts.most_common(_SHOWN)
            if times >= many
        ]

    def repeated(self) -> Counter[str]:
        """Return the paragraphs that some articles share, shortened, and in how many they are."""
        many = {text: times for text, times in self._counts.items() if times >= FEWEST}
        return Counter({_shortened(text): times for text, times in many.items()})


def _shortened(text: str) -> str:
    return shorten(text, _LONGEST, placeholder="…")
