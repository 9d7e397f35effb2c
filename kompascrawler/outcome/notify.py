"""The addresses of ``NOTIFY_URLS``, as Apprise writes them. Pure.

They hold passwords and tokens: nothing shows more of one than its kind (``mailto``, ``slack``, …).
"""

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final, NamedTuple

from kompascrawler.configuration.kinds import addresses
from kompascrawler.outcome.card import RunCard
from kompascrawler.outcome.cards import SAYS_NOTHING
from kompascrawler.outcome.exit_status import ExitStatus

_KIND = re.compile(r"([A-Za-z0-9]{1,32})://")


def kind_of(address: str) -> str:
    """Return what may be shown of an address.

    >>> kind_of("slack://secret/token"), kind_of("secret")
    ('slack', 'no address')
    """
    match = _KIND.match(address)
    return match.group(1).lower() if match else "no address"


TIME_LIMIT: Final = 20.0
"""Seconds after which what has not been sent is given up."""
INSTALL: Final = "NOTIFY_URLS needs Apprise: pip install 'kompascrawler[notify]'"
NOT_INSTALLED: Final = 3
"""Exit status of the sending process where there is no Apprise."""


class Message(NamedTuple):
    """What people are told."""

    kind: str
    """How Apprise is to show it: ``failure``, ``warning`` or ``success``."""
    title: str
    body: str


def change(card: RunCard, previous: RunCard | None) -> Message | None:
    """Return what to tell after a run, or None where its verdict is no news.

    News is an exit status that differs from that of the run before; for the first run of all, one
    that is not fine. Runs that a person or another run ended (``SAYS_NOTHING``) are no news, and
    are not to be given as ``previous``.
    """
    before = previous.verdict if previous else None
    status = card.verdict.status
    if status in SAYS_NOTHING or status == (before.status if before else ExitStatus.FINE):
        return None
    is_fine = status is ExitStatus.FINE
    said = f"fine again after {before.name}" if is_fine and before else card.verdict.name
    return Message(
        kind="success" if is_fine else "failure",
        title=f"kompascrawler: {said} (exit status {status.value})",
        body="\n".join(_lines(card, previous)),
    )


def _lines(card: RunCard, previous: RunCard | None) -> list[str]:
    verdict = card.verdict
    counted = {name: count for name, count in asdict(card.counts).items() if count}
    lines = [
        verdict.cause,
        f"What to do: {verdict.advice}" if verdict.advice else "",
        f"Also: {', '.join(verdict.also)}" if verdict.also else "",
        "Articles: " + (", ".join(f"{n} {name}" for name, n in counted.items()) or "none"),
        f"Run {card.run_id}, ended {card.ended_at}",
        f"Before: {previous.verdict.name}, run {previous.run_id}" if previous else "",
    ]
    return [line for line in lines if line]


def notify(card: RunCard, previous: RunCard | None, urls: str | Sequence[str]) -> list[str]:
    """Tell the addresses of a change of the verdict; return what went wrong, a line each.

    Nothing is sent, and the answer is empty, where the verdict is no news (see ``change``).
    Never raises, and returns within ``TIME_LIMIT`` and the moment that it takes to end a process.
    """
    message, to = change(card, previous), addresses(urls)
    return send(message, to) if message and to else []


def send(message: Message, to: Sequence[str]) -> list[str]:
    """Send a message to addresses; return what went wrong, a line each. Never raises."""
    return _handed_on(message._asdict(), to, "was not sent: refused, or not answered")


def check(to: Sequence[str]) -> list[str]:
    """Return which addresses Apprise does not take, a line each. Nothing is sent, or raised."""
    return _handed_on({}, to, "is to an address that Apprise does not take")


def _handed_on(order: Mapping[str, str], to: Sequence[str], problem: str) -> list[str]:
    """Have the sending process see to addresses; return a line for each that it did not manage."""
    command = [sys.executable, "-m", "kompascrawler.outcome.apprise_worker"]
    try:
        done = subprocess.run(  # noqa: S603 - ourselves
            command,
            input=json.dumps({**order, "to": list(to)}).encode(),
            stdout=subprocess.PIPE,
            # A library's complaint may quote the address.
            stderr=subprocess.DEVNULL,
            # Where this package is found, wherever the crawl was started.
            cwd=Path(__file__).parents[2],
            timeout=TIME_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        output, problem = error.stdout or b"", f"was not sent: not done in {TIME_LIMIT:g} s"
    except OSError as error:
        return [f"no notification was sent: {error.strerror}"]
    else:
        output = done.stdout
        if done.returncode == NOT_INSTALLED:
            return [INSTALL]
    managed = {int(number) for number in output.split()}
    return [
        f"notification {number} of {len(to)} ({kind_of(address)}) {problem}"
        for number, address in enumerate(to, start=1)
        if number not in managed
    ]
