"""Shows the doctor's results on a terminal, one at a time."""

from typing import Final

from rich.console import Console
from rich.text import Text
from typing_extensions import override

from kompascrawler.doctor.result import Result, Verdict
from kompascrawler.outcome.terminal import entry

_STYLES: Final[dict[Verdict, str]] = {
    "ok": "green",
    "warn": "yellow",
    "fail": "bold red",
    "unchecked": "dim",
}


_INDENT: Final = 21
_INDENT_OF_ASSUMPTIONS: Final = 13


class Screen(Console):
    """Standard output; a reader that closes the pipe has seen enough."""

    def __init__(self) -> None:
        super().__init__(highlight=False)

    def result(self, result: Result) -> None:
        """Show a result, its verdict in colour."""
        if result.source:
            self.print()
        text = Text("\n".join(lines(result, self.width)))
        text.stylize(_STYLES[result.verdict], 0, len(result.label))
        self.print(text, soft_wrap=True)

    def summary(self, summary: str) -> None:
        """Show the last line."""
        self.print(Text(f"\n{summary}"))

    @override
    def on_broken_pipe(self) -> None:
        """Be silent from now on; the checks and the exit status stay."""
        self.quiet = True


def lines(result: Result, width: int) -> list[str]:
    """Return a result for a terminal of ``width`` columns; a long path may exceed them."""
    if result.source is None:
        advice = result.advice
        label, indent = f"{result.label:5}{result.name}", _INDENT
        rows = [(label, result.found)]
    else:
        advice = None if result.verdict == "ok" else f"depends on it: {', '.join(result.code)}"
        indent = _INDENT_OF_ASSUMPTIONS
        rows = [(result.label, result.name), ("", result.found)]
    if advice:
        rows.append(("", f"-> {advice}"))
    return [line for row in rows for line in entry(*row, indent=indent, width=width)]
