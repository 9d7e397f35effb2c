"""What is cut off a text, by rule."""

from collections import Counter
from collections.abc import Sequence

from kompascrawler.items import Block


class Cuts(Counter[str]):
    """Name of a rule → how often it cut; who wants to see what was cut overrides the methods."""

    def note(self, rule: str, block: Block, before: str, after: str, times: int = 1) -> None:  # noqa: ARG002 - for who looks closer
        """Count that a rule took something off a block, or off a line of it."""
        self[rule] += times

    def note_below(self, rule: str, blocks: Sequence[Block]) -> None:
        """Take note of blocks that go with what a rule has cut; they are not counted."""
