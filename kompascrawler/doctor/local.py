"""The checks of this machine, in the order of the doctor's lines."""

from collections.abc import Callable, Iterator
from typing import Final

from kompascrawler.doctor import clock, environment, folder, integrity, programs
from kompascrawler.doctor.finding import Finding, Subject

Check = Callable[[Subject], Iterator[Finding]]
FIRST: Final[tuple[Check, ...]] = (
    programs.versions,
    environment.proxies,
    environment.certificates,
    clock.zone,
    environment.settings,
)
"""Checks that need no settings, and that of the settings."""
BY_SETTINGS: Final[tuple[Check, ...]] = (
    environment.contact,
    programs.extras,
    environment.metrics_file,
    environment.notifications,
    folder.writing,
    folder.owner,
    folder.disk,
    clock.clock,
    integrity.store,
    integrity.left_alone,
)
"""Checks of what the settings name, for settings that can be taken."""


def examine(subject: Subject) -> Iterator[Finding]:
    """Make every check that needs neither the network nor a browser.

    The last finding is a failed one of the settings where these cannot be taken.
    """
    for check in FIRST:
        for finding in check(subject):
            yield finding
            if check is environment.settings and finding.state == "fail":
                return
    for check in BY_SETTINGS:
        try:
            yield from check(subject)
        except OSError as error:
            yield _not_looked_at(check.__name__, error)


def _not_looked_at(name: str, error: OSError) -> Finding:
    """Return the finding of a check that was let look at nothing."""
    found = f"{error.filename or 'it'} cannot be looked at: {error.strerror}"
    return Finding.fail(name, found, "run the doctor as the user who crawls (runuser -u …)")
