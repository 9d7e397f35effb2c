"""A change of the markup as it is told: in the log, on the run card, in the verdict. Pure."""

from typing import NamedTuple


class Cause(NamedTuple):
    """Something that has drifted."""

    text: str
    """What, in one line."""
    command: str | None
    """The command that opens a page that shows it; None where no page was kept."""

    @property
    def line(self) -> str:
        """Say both."""
        end = "" if self.text.endswith("?") else "."
        look = f"See `{self.command}`" if self.command else "No page of it was kept"
        return f"{self.text}{end} {look}"
