"""Checks of installed programs, settings, environment variables and the clock."""

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies_environment
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from kompascrawler import __version__
from kompascrawler.configuration.setting import SettingError, addresses, shown
from kompascrawler.configuration.table import PROJECT_PAGE, check_settings
from kompascrawler.doctor.result import Result, Subject, checked
from kompascrawler.identity import WIB, published_at
from kompascrawler.outcome.cards import read_cards
from kompascrawler.outcome.notify import check, kind_of
from kompascrawler.outcome.terminal import span
from kompascrawler.store.model import StoreError
from kompascrawler.store.store import open_reader

_SHOWN: Final = ("Scrapy", "Twisted", "lxml")
_EXTRAS: Final[Mapping[str, tuple[tuple[str, ...], str | None]]] = {
    "browser": (("playwright", "scrapy-playwright"), None),
    "metrics": (("prometheus-client",), "METRICS_FILE"),
    "notify": (("apprise",), "NOTIFY_URLS"),
    "warc": (("warcio", "fastwarc"), "WARC_ENABLED"),
    "report": (("jinja2",), "REPORT_FILE"),
    "cloud": (("obstore",), "PUBLISH_URL"),
}
"""Extra → packages that show whether it is installed, and the setting that needs it."""
TOLERANCE: Final = timedelta(minutes=2)
"""By how much clocks may differ."""
SET_CLOCK: Final = "set the clock, for example: timedatectl set-ntp true"


def versions(_: Subject) -> Iterator[Result]:
    """Compare what is installed with what our own package requires."""
    python = f"Python {platform.python_version()}"
    ours = [f"kompascrawler {__version__}", python]
    found = ", ".join(ours + [f"{package} {installed(package)}" for package in _SHOWN])
    try:
        needed = metadata.metadata("kompascrawler")["Requires-Python"]
    except metadata.PackageNotFoundError:
        found += "; kompascrawler is not installed: its requirements are unknown"
        yield Result("versions", "warn", found, "install it from the checkout: pip install .")
        return
    fits = SpecifierSet(needed).contains(platform.python_version(), prereleases=True)
    problems = [] if fits else [f"{python}, but {needed} is required"]
    problems += unmet(metadata.requires("kompascrawler") or ())
    advice = "install kompascrawler into its own virtual environment: pip install ."
    problem = problems and f"not supported: {'; '.join(problems)}"
    yield checked("versions", found, problem, advice)


def extras(subject: Subject) -> Iterator[Result]:
    """Show which extras are installed, and which missing ones a setting needs."""
    requirements = metadata.requires("kompascrawler") or () if installed("kompascrawler") else ()
    for extra, (programs, setting) in _EXTRAS.items():
        missing = [f"{program} is missing" for program in programs if installed(program) is None]
        problems = "; ".join(missing or unmet(requirements, extra))
        name, install = f"extra {extra}", f"in the checkout: pip install '.[{extra}]'"
        if not problems:
            found = ", ".join(f"{program} {installed(program)}" for program in programs)
            yield Result(name, "ok", found)
        elif setting is None:
            found = f"{problems}: articles that need a browser stay incomplete"
            yield Result(name, "warn", found, install)
        else:
            problem = subject.settings[setting] and f"{problems}, and {setting} is set"
            yield checked(name, f"not installed; only {setting} needs it", problem, install)


def unmet(requirements: Sequence[str], extra: str | None = None) -> list[str]:
    """Return which requirements of the core, or of one extra only, are not met."""
    problems = []
    for requirement in map(Requirement, requirements):
        applies = requirement.marker.evaluate if requirement.marker else lambda _: not extra
        if not applies({"extra": extra or ""}) or (extra and applies({"extra": ""})):
            continue
        version, required = installed(requirement.name), requirement.specifier
        if version is None:
            problems.append(f"{requirement.name} is missing")
        elif not required.contains(version, prereleases=True):
            problems.append(f"{requirement.name} {version}, but {required} is required")
    return problems


def installed(name: str) -> str | None:
    """Return the version of a package, None where it is not installed."""
    with suppress(metadata.PackageNotFoundError):
        return metadata.version(name)
    return None


def settings(subject: Subject) -> Iterator[Result]:
    """Check the settings as a crawl does."""
    problem = None
    try:
        check_settings(subject.settings)
    except SettingError as error:
        problem = str(error)
    yield checked("settings", "all valid", problem, "correct it: a crawl would exit with 2")


def contact(subject: Subject) -> Iterator[Result]:
    """Tell whether the site can reach the person who runs the crawler."""
    stated = str(subject.settings["CONTACT"])
    is_reachable = "@" in stated or "://" in stated
    problem = None if is_reachable else f"{stated} is neither an email address nor a page"
    if stated == PROJECT_PAGE:
        problem = f"{stated} is the project's page, not yours"
    advice = "set KOMPAS_CONTACT (or -s CONTACT=…) to your own address or page"
    yield checked("contact", stated, problem, advice, "warn")


def proxies(subject: Subject) -> Iterator[Result]:
    """Show the proxies that requests use, without their passwords."""
    known: dict[str, str] = getproxies_environment()
    given = {name: url for name, url in sorted(known.items()) if name in ("http", "https") and url}
    urls = {name: url if "://" in url else f"http://{url}" for name, url in given.items()}
    found = ", ".join(f"{name} through {shown(url)}" for name, url in urls.items()) or "none"
    without = subject.environment.get("no_proxy") or subject.environment.get("NO_PROXY")
    if given and without:
        found += f"; not for {without}"
    problem = None if all(urlsplit(url).hostname for url in given.values()) else found
    yield checked("proxy", found, problem, "write it as http://host:port")


def certificates(subject: Subject) -> Iterator[Result]:
    """Tell whether the certificate file that the environment names can be read."""
    if named := subject.environment.get("SSL_CERT_FILE"):
        found = f"SSL_CERT_FILE={named}"
        is_readable = Path(named).is_file() and os.access(named, os.R_OK)
        problem = None if is_readable else f"{found} cannot be read"
        advice = "correct or unset it: no page could be fetched"
        yield checked("certificates", found, problem, advice)


def written_files(subject: Subject) -> Iterator[Result]:
    """Tell whether the metrics and the report can be written."""
    for setting in ("METRICS_FILE", "REPORT_FILE"):
        if named := subject.settings[setting]:
            folder = Path(named).absolute().parent
            is_writable = folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
            problem = None if is_writable else f"{folder} is not a folder that can be written"
            advice = f"make it, or name another file with {setting}"
            what = setting.partition("_")[0].lower()
            yield checked(what, f"{named} can be written", problem, advice)


def notifications(subject: Subject) -> Iterator[Result]:
    """Tell whether Apprise accepts the addresses; nothing is sent."""
    if given := addresses(subject.settings["NOTIFY_URLS"]):
        found = f"Apprise accepts all {len(given)}: {', '.join(map(kind_of, given))}"
        advice = "Apprise's documentation shows the form of these addresses"
        yield checked("notifications", found, "; ".join(check(given)), advice)


def clock(subject: Subject) -> Iterator[Result]:
    """Compare the clock with the times of things that must be in the past."""
    latest, when = max(_known_times(subject), key=lambda mark: mark[1], default=(None, subject.now))
    said = f"{subject.now:%Y-%m-%d %H:%M:%S} UTC"
    age = span((subject.now - when).total_seconds())
    problem = f"{said}, but {latest} is from {when:%Y-%m-%d %H:%M:%S} UTC: the clock is behind"
    is_behind = when > subject.now + TOLERANCE
    found = f"{said}; {latest} is {age} old" if latest else said
    yield checked("clock", found, problem if is_behind else None, SET_CLOCK)


def _known_times(subject: Subject) -> Iterator[tuple[str, datetime]]:
    with suppress(StoreError):  # the check of the store reports it
        for card in read_cards(subject.data_dir, limit=1):
            yield f"run {card.run_id}", datetime.fromisoformat(card.ended_at)
    files = (subject.data_dir / "articles").glob("*/*.jsonl")
    if times := [file.stat().st_mtime for file in files]:
        yield "the newest published file", datetime.fromtimestamp(max(times), UTC)
    with suppress(StoreError), open_reader(subject.data_dir) as reader:
        if when := published_at(reader.newest_listed() or ""):
            yield "the newest article", when.astimezone(UTC)


def zone(subject: Subject) -> Iterator[Result]:
    """Show the local time zone, and check that WIB is still seven hours ahead of UTC."""
    said = f"{subject.now.astimezone():%Z, UTC%z} here; stored times are UTC or carry their offset"
    try:
        jakarta = subject.now.astimezone(ZoneInfo("Asia/Jakarta")).utcoffset()
    except ZoneInfoNotFoundError:
        found = f"{said}; Jakarta's time was not checked: no tzdata"
        yield Result("time zone", "warn", found, "apt install tzdata (or pip install tzdata)")
        return
    problem = f"Jakarta is {jakarta} ahead of UTC, but the crawler reads its times as UTC+07:00"
    is_wrong = jakarta != subject.now.astimezone(WIB).utcoffset()
    advice = "upgrade kompascrawler: WIB in identity.py is wrong"
    yield checked("time zone", said, problem if is_wrong else None, advice)
