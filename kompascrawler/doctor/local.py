"""The checks of this machine, in the order of the doctor's lines."""

from collections.abc import Callable, Iterator
from typing import Final

from kompascrawler.doctor import clock, environment, folder, integrity, programs
from kompascrawler.doctor.finding import Finding, Subject

Check = Callable[[Subject], Iterator[Finding]]
CHECKS: Final[tuple[Check, ...]] = (
    programs.versions,
    programs.extras,
    environment.settings,
    environment.contact,
    environment.proxies,
    environment.certificates,
    environment.metrics_file,
    environment.notifications,
    folder.writing,
    folder.owner,
    folder.disk,
    clock.clock,
    clock.zone,
    integrity.store,
)
"""Every check that needs neither the network nor a browser."""


def examine(subject: Subject) -> Iterator[Finding]:
    """Make every check."""
    for check in CHECKS:
        yield from check(subject)
