"""Checks settings before a crawl, so that a typing error costs no request."""

import logging
from collections.abc import Mapping
from math import inf
from typing import Any, NamedTuple, get_args

from kompascrawler.halaman.assembly import RouteChoice
from kompascrawler.outcome.notify import are_addresses
from kompascrawler.sections import SECTIONS
from kompascrawler.store.model import RUN_ID


class SettingError(ValueError):
    """A setting that cannot be taken; the message is one line that says what is accepted."""

    def __init__(self, name: str, value: object, accepted: str) -> None:
        super().__init__(f"{name}={' '.join(str(value).split())}: accepted is {accepted}")


class Range(NamedTuple):
    """Which numbers a setting takes."""

    type: type[int] | type[float]
    least: int
    """The least number, …"""
    takes_least: bool = True
    """… which is taken itself, or only what lies above it."""

    def __str__(self) -> str:
        noun = "a whole number" if self.type is int else "a number"
        return f"{noun} {'from' if self.takes_least else 'above'} {self.least}"

    def holds(self, value: object) -> bool:
        """Tell whether a setting may have this value, which the command line gives as text."""
        try:
            number = self.type(str(value))
        except ValueError:
            return False
        return self.least < number < inf or (self.takes_least and number == self.least)


_SWITCHES = ("True", "true", "1", "False", "false", "0")  # as Scrapy reads them
SWITCHES = (
    "LOG_FORMAT_JSON",
    "PROGRESS_ENABLED",
    "DRIFT_ACCEPT",
    "BROWSER_HEADED",
    "BROWSER_IGNORE_HTTPS_ERRORS",
)
"""The settings of ours that are on or off."""
_CDP_SCHEMES = ("http://", "https://", "ws://", "wss://")
SECRET = frozenset({"BROWSER_CDP_URL", "NOTIFY_URLS"})
"""The settings of ours whose values are shown to nobody."""
COUNT = Range(int, 1)
NOT_NEGATIVE = Range(float, 0)
POSITIVE = Range(float, 0, takes_least=False)
NUMBERS = {
    "PUBLISH_EVERY_ITEMS": COUNT,
    "PUBLISH_EVERY_SECONDS": POSITIVE,
    "DOWNLOAD_DELAY": NOT_NEGATIVE,
    # Scrapy waits for ever where it may ask for nothing at a time.
    "CONCURRENT_REQUESTS": COUNT,
    "CONCURRENT_REQUESTS_PER_DOMAIN": COUNT,
    "CONCURRENT_ITEMS": COUNT,
    "AUTOTHROTTLE_START_DELAY": NOT_NEGATIVE,
    "AUTOTHROTTLE_MAX_DELAY": NOT_NEGATIVE,
    "DOWNLOAD_TIMEOUT": POSITIVE,
    "HALAMAN_BROWSER_AUDIT": NOT_NEGATIVE,
    "MAX_RUN_SECONDS": NOT_NEGATIVE,
    "MAX_RUN_REQUESTS": Range(int, 0),
    "MAX_RUN_BYTES": Range(int, 0),
    "MAX_FAILED_SHARE": NOT_NEGATIVE,
    "RUN_CARDS_KEEP_DAYS": POSITIVE,
    "LOGSTATS_INTERVAL": NOT_NEGATIVE,
    "BROWSER_TIMEOUT": POSITIVE,
    "BROWSER_CONCURRENT_PAGES": COUNT,
    "BROWSER_RECYCLE_PAGES": COUNT,
    "BROWSER_MAX_MEMORY_MB": COUNT,
    "REDIRECT_MAX_TIMES": Range(int, 0),
    "RETRY_AFTER_MAX_SECONDS": NOT_NEGATIVE,
    "BREAKER_REFUSALS": COUNT,
    "BREAKER_CHALLENGES": COUNT,
    "BREAKER_FIRST_WAIT": POSITIVE,
    "BREAKER_LONGEST_WAIT": POSITIVE,
    "DOWNLOAD_MAXSIZE": Range(int, 0),
    "DOWNLOAD_WARNSIZE": Range(int, 0),
}
"""The settings that are numbers, ours and those of Scrapy that settings.py chooses."""


def check_settings(settings: Mapping[str, Any]) -> None:
    """Raise ``SettingError`` for the first setting that cannot be taken."""
    for name, (is_good, accepted) in _others(settings).items():
        if not is_good:
            raise SettingError(name, "…" if name in SECRET else settings[name], accepted)
    for name, numbers in NUMBERS.items():
        if not numbers.holds(settings[name]):
            raise SettingError(name, settings[name], str(numbers))


def _others(settings: Mapping[str, Any]) -> dict[str, tuple[bool, str]]:
    """Return of every other setting whether it can be taken, and what is accepted."""
    run_id, contact = settings["RUN_ID"], str(settings["CONTACT"])
    levels = logging.getLevelNamesMapping()
    return {
        "SECTION": (settings["SECTION"] in SECTIONS, f"one of {', '.join(SECTIONS)}"),
        "DATA_DIR": (bool(settings["DATA_DIR"]), "the folder for articles and state"),
        "RUN_ID": (
            run_id is None or RUN_ID.fullmatch(str(run_id)) is not None,
            "a name of up to 100 letters, digits, '-', '.' and '_'",
        ),
        # It goes into a header.
        "CONTACT": (
            bool(contact.strip()) and contact.isprintable(),
            "an address or a page of who runs the crawler, in one line",
        ),
        "METRICS_FILE": (
            not settings["METRICS_FILE"] or str(settings["METRICS_FILE"]).endswith(".prom"),
            "the path of a file whose name ends in .prom",
        ),
        "NOTIFY_URLS": (
            are_addresses(settings["NOTIFY_URLS"]),
            "addresses of Apprise (kind://…) with commas or blanks between",
        ),
        "HALAMAN_ROUTE": (
            settings["HALAMAN_ROUTE"] in get_args(RouteChoice),
            f"one of {', '.join(get_args(RouteChoice))}",
        ),
        **{
            name: (_is_share(settings[name]), "a number from 0.0 (none) to 1.0 (all)")
            for name in ("HALAMAN_BROWSER_AUDIT", "MAX_FAILED_SHARE")
        },
        **{name: (str(settings[name]) in _SWITCHES, "True or False") for name in SWITCHES},
        "BROWSER_CDP_URL": (
            not settings["BROWSER_CDP_URL"]
            or str(settings["BROWSER_CDP_URL"]).startswith(_CDP_SCHEMES),
            "an address that begins with http://, https://, ws:// or wss://",
        ),
        "LOG_LEVEL": (settings["LOG_LEVEL"] in levels, f"one of {', '.join(levels)}"),
    }


def _is_share(value: object) -> bool:
    return NOT_NEGATIVE.holds(value) and float(str(value)) <= 1.0
