"""Tell people when the verdict changes, at the addresses of ``NOTIFY_URLS``. Pure.

Apprise sends, in a process for each address, so that a service that hangs delays no run. Addresses
hold passwords: a process gets its address in the environment, never on the command line, and we
show no more of it than its kind (``mailto``, ``slack``, …).
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from importlib.util import find_spec
from typing import Final, NamedTuple

from kompascrawler.configuration.setting import addresses
from kompascrawler.outcome.cards import SAYS_NOTHING, RunCard
from kompascrawler.outcome.verdict import ExitStatus

TIME_LIMIT: Final = 20.0
"""Seconds after which sending is given up."""
INSTALL: Final = "NOTIFY_URLS needs Apprise: in the checkout, pip install '.[notify]'"
_APPRISE: Final = ("-P", "-c", "from apprise.cli import main; main()", "--storage-mode=memory")
_KIND = re.compile(r"([A-Za-z0-9]{1,32})://")


def kind_of(address: str) -> str:
    """Return what may be shown of an address.

    >>> kind_of("slack://secret/token"), kind_of("secret")
    ('slack', 'no address')
    """
    match = _KIND.match(address)
    return match.group(1).lower() if match else "no address"


class Message(NamedTuple):
    """A notification."""

    kind: str
    """How Apprise is to show it: ``failure``, ``warning`` or ``success``."""
    title: str
    body: str


def message_of(card: RunCard, previous: RunCard | None) -> Message | None:
    """Return what to tell after a run, or None where its verdict is no news.

    News is an exit status that differs from that of the run before, and files that wait for their
    bucket, or do no longer; for the first run of all, a status that is not fine. Runs that a
    person or another run ended (``SAYS_NOTHING``) are no news, and never ``previous``.
    """
    verdict, before = card.verdict, previous.verdict if previous else None
    is_fine, was_fine = verdict.is_healthy, before is None or before.is_healthy
    is_same = previous is not None and _standing(card) == _standing(previous)
    if verdict.status in SAYS_NOTHING or is_same or (is_fine and was_fine):
        return None
    said = f"fine again after {before.name}" if is_fine and before else verdict.name
    articles = [f"{count} {name}" for name, count in asdict(card.counts).items() if count]
    lines = (
        verdict.cause,
        verdict.advice and f"What to do: {verdict.advice}",
        verdict.also and f"Also: {', '.join(verdict.also)}",
        card.not_copied and f"Published files that are not at PUBLISH_URL: {card.not_copied}",
        f"Articles: {', '.join(articles) or 'none'}",
        f"Run {card.run_id}, ended {card.ended_at}",
        previous and f"Before: {previous.verdict.name}, run {previous.run_id}",
    )
    return Message(
        kind="success" if is_fine else "failure",
        title=f"kompascrawler: {said} (exit status {verdict.status.value})",
        body="\n".join(line for line in lines if line),
    )


def _standing(card: RunCard) -> tuple[ExitStatus, bool, bool]:
    """Return what makes a run differ from another: a bucket that fails beside all else, too."""
    return card.verdict.status, card.verdict.is_healthy, card.not_copied > 0


def notify(card: RunCard, previous: RunCard | None, urls: str | Sequence[str]) -> list[str]:
    """Send a message if the verdict is news; return what went wrong, line by line. Never raises."""
    message, to = message_of(card, previous), addresses(urls)
    if not message or not to:
        return []
    if not find_spec("apprise"):
        return [INSTALL]
    options = ("--title", message.title, "--notification-type", message.kind)
    return list(_failures(to, "was not sent", *options, body=message.body))


def check(to: Sequence[str]) -> list[str]:
    """Return the addresses that Apprise does not accept, line by line. Sends nothing."""
    if not find_spec("apprise"):
        return [INSTALL]
    return list(_failures(to, "is to an address that Apprise does not take", "--dry-run"))


def _failures(to: Sequence[str], problem: str, *options: str, body: str = "") -> Iterator[str]:
    with ThreadPoolExecutor(len(to)) as pool:
        results = pool.map(lambda address: _run_apprise(address, options, body), to)
    for number, (address, reason) in enumerate(zip(to, results, strict=True), start=1):
        if reason is not None:
            yield f"notification {number} of {len(to)} ({kind_of(address)}) {problem}{reason}"


def _run_apprise(address: str, options: Sequence[str], body: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, *_APPRISE, *options],
            env=os.environ | {"APPRISE_URLS": address},
            input=body.encode(),
            # What Apprise prints may quote the address.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=TIME_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f": not done in {TIME_LIMIT:g} s"
    except OSError as error:
        return f": {error.strerror}"
    if done.returncode:
        return "" if "--dry-run" in options else ": refused, or not answered"
    return None
