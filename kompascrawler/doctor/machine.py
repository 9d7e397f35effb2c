"""Checks of this machine: programs, settings, clock, data folder, store and published files."""

import fcntl
import os
import platform
import pwd
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies_environment
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from packaging.requirements import Requirement

from kompascrawler import __version__
from kompascrawler.configuration.setting import SettingError, addresses, shown
from kompascrawler.configuration.table import PROJECT_PAGE, check_settings
from kompascrawler.dataset.verify import verify
from kompascrawler.doctor.result import Result, Subject, checked, failed
from kompascrawler.identity import WIB, published_at
from kompascrawler.outcome.cards import read_cards
from kompascrawler.outcome.monitoring import check, kind_of
from kompascrawler.store.database import FILE_NAME, VERSION
from kompascrawler.store.disk import explained, replace
from kompascrawler.store.model import NoStore, OlderStore, StoreError
from kompascrawler.store.store import open_reader
from kompascrawler.terminal import first_of, moment, size, span

_EXTRAS: Final[Mapping[str, tuple[tuple[str, ...], str | None]]] = {
    "browser": (("playwright", "scrapy-playwright"), None),
    "metrics": (("prometheus-client",), "METRICS_FILE"),
    "notify": (("apprise",), "NOTIFY_URLS"),
    "warc": (("warcio", "fastwarc"), "WARC_ENABLED"),
    "report": (("jinja2",), "REPORT_FILE"),
    "cloud": (("obstore",), "PUBLISH_URL"),
}
"""Extra → packages that show whether it is installed, and the setting that needs it."""
CLOCK_TOLERANCE: Final = timedelta(minutes=2)
SET_CLOCK: Final = "set the clock, for example: timedatectl set-ntp true"
_LEAST_FREE: Final = 200_000_000
"""Bytes below which the disk counts as full: logs, drafts and backups need room, too."""
_COMFORTABLE: Final = 1_000_000_000
"""Bytes that last for months: a day of the section takes less than 1 MB."""
_FEWEST_NAMES: Final = 10_000
"""Files that the disk should still take: a run publishes one per day of publication."""
_MEND: Final = "`kompascrawler verify` lists all, `kompascrawler verify --repair` mends it"


def versions(_: Subject) -> Iterator[Result]:
    """Compare what is installed with what our own package requires."""
    others = [f"{package} {installed(package)}" for package in ("Scrapy", "Twisted", "lxml")]
    python = f"Python {platform.python_version()}"
    found = ", ".join([f"kompascrawler {__version__}", python, *others])
    if not installed("kompascrawler"):
        found += "; kompascrawler is not installed: its requirements are unknown"
        yield Result("versions", "warn", found, "install it from the checkout: pip install .")
        return
    problems = "; ".join(unmet(metadata.requires("kompascrawler") or ()))
    advice = "install kompascrawler into its own virtual environment: pip install ."
    yield checked("versions", found, problems and f"not supported: {problems}", advice)


def extras(subject: Subject) -> Iterator[Result]:
    """Show which extras are installed, and which missing ones a setting needs."""
    requirements = metadata.requires("kompascrawler") or () if installed("kompascrawler") else ()
    for extra, (programs, setting) in _EXTRAS.items():
        missing = [f"{one} is missing" for one in programs if installed(one) is None]
        problems = "; ".join(missing or unmet(requirements, extra))
        name, install = f"extra {extra}", f"in the checkout: pip install '.[{extra}]'"
        if not problems:
            yield Result(name, "ok", ", ".join(f"{one} {installed(one)}" for one in programs))
        elif setting is None:
            found = f"{problems}: articles that need a browser stay incomplete"
            yield Result(name, "warn", found, install)
        else:
            problem = subject.settings[setting] and f"{problems}, and {setting} is set"
            yield checked(name, f"not installed; only {setting} needs it", problem, install)


def unmet(requirements: Sequence[str], extra: str | None = None) -> Iterator[str]:
    """Tell which requirements of the core, or of one extra only, are not met."""
    for requirement in map(Requirement, requirements):
        applies = requirement.marker.evaluate if requirement.marker else lambda _: not extra
        is_meant = applies({"extra": extra or ""}) and not (extra and applies({"extra": ""}))
        version, required = installed(requirement.name), requirement.specifier
        if is_meant and version is None:
            yield f"{requirement.name} is missing"
        elif is_meant and not required.contains(str(version), prereleases=True):
            yield f"{requirement.name} {version}, but {required} is required"


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
    fault = None if "@" in stated or "://" in stated else "neither an email address nor a page"
    fault = "the project's page, not yours" if stated == PROJECT_PAGE else fault
    advice = "set KOMPAS_CONTACT (or -s CONTACT=…) to your own address or page"
    yield checked("contact", stated, fault and f"{stated} is {fault}", advice, "warn")


def network(subject: Subject) -> Iterator[Result]:
    """Show the proxies, without their passwords; tell whether certificates can be read."""
    known: dict[str, str] = getproxies_environment()
    given = {name: url for name, url in sorted(known.items()) if name in ("http", "https") and url}
    urls = {name: url if "://" in url else f"http://{url}" for name, url in given.items()}
    found = ", ".join(f"{name} through {shown(url)}" for name, url in urls.items()) or "none"
    without = subject.environment.get("no_proxy") or subject.environment.get("NO_PROXY")
    if given and without:
        found += f"; not for {without}"
    problem = None if all(urlsplit(url).hostname for url in given.values()) else found
    yield checked("proxy", found, problem, "write it as http://host:port")
    if named := subject.environment.get("SSL_CERT_FILE"):
        found, advice = f"SSL_CERT_FILE={named}", "correct or unset it: no page could be fetched"
        is_readable = Path(named).is_file() and os.access(named, os.R_OK)
        yield checked("certificates", found, not is_readable and f"{found} cannot be read", advice)


def written_files(subject: Subject) -> Iterator[Result]:
    """Tell whether the metrics and the report can be written."""
    for setting in ("METRICS_FILE", "REPORT_FILE"):
        if named := subject.settings[setting]:
            folder = Path(named).absolute().parent
            is_writable = folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
            problem = None if is_writable else f"{folder} is not a folder that can be written"
            advice = f"make it, or name another file with {setting}"
            yield checked(
                setting.removesuffix("_FILE").lower(), f"{named} can be written", problem, advice
            )


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
    problem = f"{said}, but {latest} is from {when:%Y-%m-%d %H:%M:%S} UTC: the clock is behind"
    age = span((subject.now - when).total_seconds())
    found = f"{said}; {latest} is {age} old" if latest else said
    yield checked("clock", found, when > subject.now + CLOCK_TOLERANCE and problem, SET_CLOCK)


def _known_times(subject: Subject) -> Iterator[tuple[str, datetime]]:
    with suppress(StoreError):  # the check of the store reports it
        for card in read_cards(subject.data_dir, limit=1):
            yield f"run {card.run_id}", datetime.fromisoformat(card.ended_at)
    if times := [path.stat().st_mtime for path in subject.data_dir.glob("articles/*/*.jsonl")]:
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
    yield checked("time zone", said, is_wrong and problem, advice)


def writing(subject: Subject) -> Iterator[Result]:
    """Write, sync, rename, lock and use a database in the data folder, then remove it all."""
    folder = subject.data_dir
    if not folder.exists():
        yield _can_be_made(folder)
        return
    try:
        with explained("write to the data folder", folder):
            _use(folder)
    except StoreError as error:
        yield failed("data folder", error)
    else:
        found = f"{folder.absolute()}: files are written, synced, renamed and locked"
        yield Result("data folder", "ok", found)


def _use(data_dir: Path) -> None:
    with tempfile.TemporaryDirectory(prefix=".doctor-", dir=data_dir) as name:
        folder = Path(name)
        replace(folder / "file", b"as the store writes: draft, sync, rename, sync of the folder")
        with (folder / "lock").open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Network file systems lack the shared memory of a write-ahead log.
        with closing(sqlite3.connect(folder / "database")) as database:
            ((mode,),) = database.execute("PRAGMA journal_mode = WAL")
            if mode != "wal":
                raise sqlite3.OperationalError("the file system cannot hold a write-ahead log")
            database.execute("CREATE TABLE test (number)")


def _can_be_made(folder: Path) -> Result:
    above = next(path for path in folder.absolute().parents if path.exists())
    found = f"{folder} does not exist"
    can_be_made = above.is_dir() and os.access(above, os.W_OK | os.X_OK)
    problem = not can_be_made and f"{found} and cannot be created in {above}"
    advice = "let the crawler's user write there, or choose another folder with -s DATA_DIR=…"
    return checked("data folder", f"{found} yet; the first crawl creates it", problem, advice)


def owner(subject: Subject) -> Iterator[Result]:
    """Tell whether the store belongs to this user."""
    path = subject.data_dir / FILE_NAME
    if path.exists() and path.stat().st_uid != os.geteuid():
        theirs, ours = map(_name, (path.stat().st_uid, os.geteuid()))
        advice = f"run crawl and doctor as {theirs}: other users' files end a run with status 3"
        yield Result("user", "warn", f"the store belongs to {theirs}, and you are {ours}", advice)


def _name(user: int) -> str:
    with suppress(KeyError):
        return pwd.getpwuid(user).pw_name
    return f"user {user}"


def disk(subject: Subject) -> Iterator[Result]:
    """Show how much room the disk of the data folder has."""
    place = subject.data_dir.absolute()
    existing = next(path for path in (place, *place.parents) if path.exists())
    free, names = shutil.disk_usage(existing).free, os.statvfs(existing)
    room = f"{size(free)} free ({size(_COMFORTABLE)} recommended, {size(_LEAST_FREE)} required)"
    if free < _COMFORTABLE:
        is_full = free < _LEAST_FREE
        advice = f"free some space{'' if is_full else ' soon'}"
        yield Result("disk", "fail" if is_full else "warn", room, advice)
    elif names.f_files and names.f_favail < _FEWEST_NAMES:
        found = f"{names.f_favail} more files can be created ({_FEWEST_NAMES} recommended)"
        yield Result("disk", "warn", found, "remove files that are not needed (df -i shows where)")
    else:
        yield Result("disk", "ok", room)


def store(subject: Subject) -> Iterator[Result]:
    """Let SQLite check the whole database, and compare it with the published files."""
    try:
        found = verify(subject.data_dir)
        if damage := [one.cause for one in found.findings if one.place == FILE_NAME]:
            yield Result("store", "fail", first_of(damage, 3), _MEND)
            return
        with open_reader(subject.data_dir) as reader:
            articles = reader.counts().articles
        yield Result("store", "ok", f"undamaged, version {VERSION}, {articles} articles")
        wrong = [f"{one.place}: {one.cause}" for one in found.findings]
        problem = wrong and f"{len(wrong)} findings: {first_of(wrong, 3)}"
        published = f"{found.files} files, {found.records} records, as they were published"
        yield checked("published files", published, problem, _MEND)
    except NoStore:
        yield Result("store", "ok", "none yet; the first crawl creates it")
    except OlderStore as error:
        yield Result("store", "warn", str(error), "nothing; check again after the next crawl")
    except StoreError as error:
        yield failed("store", error)


def breakers(subject: Subject) -> Iterator[Result]:
    """List the hosts that get no requests, because they refused us."""
    with suppress(StoreError), open_reader(subject.data_dir) as reader:  # `store` reports it
        for breaker in reader.breakers():
            found = f"{breaker.host} gets no requests since {moment(breaker.opened_at)} UTC"
            advice = "open one of its pages in a browser; --live requests some anyway"
            yield Result("breaker", "warn", f"{found}: {breaker.cause}", advice)
